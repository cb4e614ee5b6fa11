"""nn.grad: the gradients of convolutions as functions of their own. And the small files that programs import from."""

import inspect

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn


@pytest.fixture
def rng():
    return np.random.default_rng(5)


SETTINGS = [
    (1, (2, 4, 9), (6, 2, 3), {"stride": 2, "padding": 1, "groups": 2}),
    (1, (1, 1, 6), (1, 1, 2), {"dilation": 3}),
    (2, (2, 3, 7, 6), (4, 3, 3, 2), {"stride": (2, 3), "padding": (1, 0)}),
    (2, (1, 2, 5, 5), (2, 1, 2, 2), {"dilation": 2, "groups": 2}),
    (3, (1, 2, 4, 5, 3), (3, 2, 2, 2, 2), {"stride": 2, "padding": 1}),
]


@pytest.mark.parametrize(("dims", "size", "kernel", "settings"), SETTINGS)
def test_the_functions_are_the_gradients_of_the_convolution(rng, dims, size, kernel, settings):
    x, w = gt.from_numpy(rng.standard_normal(size)), gt.from_numpy(rng.standard_normal(kernel))
    x.requires_grad_()
    w.requires_grad_()
    out = getattr(nn.functional, f"conv{dims}d")(x, w, **settings)
    g = gt.from_numpy(rng.standard_normal(tuple(out.shape))).requires_grad_()
    expected = gt.autograd.grad(out, (x, w), g)
    got_x = getattr(nn.grad, f"conv{dims}d_input")(size, w, g, **settings)
    got_w = getattr(nn.grad, f"conv{dims}d_weight")(x, kernel, g, **settings)
    np.testing.assert_allclose(got_x.detach().numpy(), expected[0].numpy(), rtol=1e-12)
    np.testing.assert_allclose(got_w.detach().numpy(), expected[1].numpy(), rtol=1e-12)
    # both are linear in g, and may be differentiated
    assert gt.autograd.grad(got_x.sum(), g)[0].shape == g.shape
    assert gt.autograd.grad(got_w.sum(), x)[0].shape == x.shape


def test_values_of_gradients_of_convolutions():
    w, g = gt.tensor([[[1.0, 2.0]]]), gt.tensor([[[1.0, 10.0]]])
    assert nn.grad.conv1d_input((1, 1, 3), w, g).tolist() == [[[1.0, 12.0, 20.0]]]
    # with stride 2 the last element belongs to no window
    assert nn.grad.conv1d_input((1, 1, 5), w, g, stride=2).tolist() == [[[1.0, 2.0, 10.0, 20.0, 0.0]]]
    assert nn.grad.conv2d_weight(gt.ones(1, 1, 3, 3), (1, 1, 2, 2), gt.ones(1, 1, 2, 2)).tolist() == [[[[4.0] * 2] * 2]]
    assert (
        nn.grad.conv3d_input((1, 1, 1, 1, 1), gt.full((1, 1, 1, 1, 1), 2.0), gt.full((1, 1, 1, 1, 1), 3.0)).item() == 6
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda: nn.grad.conv1d_input((1, 1, 3), gt.ones(1, 1, 2), gt.ones(1, 1, 3)),
        lambda: nn.grad.conv1d_input((1, 3), gt.ones(1, 1, 2), gt.ones(1, 1, 2)),
        lambda: nn.grad.conv2d_weight(gt.ones(1, 2, 3, 3), (1, 1, 2, 2), gt.ones(1, 1, 2, 2)),
        lambda: nn.grad.conv2d_weight(gt.ones(1, 1, 3, 3), (1, 1, 2, 2), gt.ones(1, 2, 2, 2)),
        lambda: nn.grad.conv2d_input((1, 1, 3, 3), gt.ones(1, 1, 2, 2), gt.ones(1, 1, 2, 2), groups=0),
    ],
)
def test_shapes_that_belong_to_no_convolution_are_refused(call):
    with pytest.raises(gt.errors.ShapeError):
        call()


@pytest.mark.torch
@pytest.mark.parametrize(("dims", "size", "kernel", "settings"), SETTINGS)
def test_the_gradients_of_convolutions_are_pytorchs(rng, dims, size, kernel, settings):
    torch = pytest.importorskip("torch")
    x, w = rng.standard_normal(size), rng.standard_normal(kernel)
    shape = getattr(torch.nn.functional, f"conv{dims}d")(torch.tensor(x), torch.tensor(w), **settings).shape
    g = rng.standard_normal(tuple(shape))
    for name, args in ((f"conv{dims}d_input", (size, w, g)), (f"conv{dims}d_weight", (x, kernel, g))):
        ours, theirs = [
            getattr(lib.nn.grad, name)(
                *[lib.from_numpy(a) if isinstance(a, np.ndarray) else a for a in args], **settings
            )
            for lib in (gt, torch)
        ]
        np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-10)
        assert list(inspect.signature(getattr(nn.grad, name)).parameters) == list(
            inspect.signature(getattr(torch.nn.grad, name)).parameters
        )


def test_files_under_pytorchs_paths():
    assert gt.functional.einsum is gt.einsum
    assert gt.functional.unravel_index is gt.unravel_index
    assert nn.utils.clip_grad.clip_grad_norm_ is nn.utils.clip_grad_norm_
    assert nn.modules.utils._pair(3) == (3, 3)
    assert nn.modules.utils._ntuple(4)([1, 2]) == (1, 2)
    assert nn.common_types._size_2_t == int | tuple[int, int]
    assert nn.common_types._ratio_any_t == float | tuple[float, ...]
    assert gt.types._size == gt.Size | list[int] | tuple[int, ...]
    assert isinstance(3.0, gt.types.Number)
    assert isinstance("cpu", gt.types.Device)


def test_the_old_base_of_schedulers_can_be_derived_from():
    class Halving(gt.optim.lr_scheduler._LRScheduler):
        def get_lr(self):
            return [base * 0.5**self.last_epoch for base in self.base_lrs]

    optimizer = gt.optim.SGD([gt.ones(1, requires_grad=True)], lr=1.0)
    scheduler = Halving(optimizer)
    optimizer.step()
    scheduler.step()
    assert scheduler.get_last_lr() == [0.5]
