"""Writes through the views of this family, and through their bases: values and gradients are PyTorch's."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError, ShapeError

VIEWS = {
    "diagonal": lambda lib, x: x.diagonal(0, 0, 1),
    "diagonal off": lambda lib, x: x.diagonal(1, 1, 2),
    "narrow": lambda lib, x: x.narrow(1, 1, 2),
    "unfold apart": lambda lib, x: x.unfold(2, 2, 2),
    "transpose": lambda lib, x: x.transpose(0, 2),
    "permute": lambda lib, x: x.permute(2, 0, 1),
    "movedim": lambda lib, x: x.movedim(0, 1),
    "mT": lambda lib, x: x.mT,
    "unsqueeze": lambda lib, x: x.unsqueeze(1),
    "squeeze": lambda lib, x: x.unsqueeze(0).squeeze(0),
    "unflatten": lambda lib, x: x.unflatten(2, (2, 2)),
    "view": lambda lib, x: x.view(-1, 4),
    "flatten": lambda lib, x: x.flatten(1),
    "as_strided": lambda lib, x: x.as_strided((2, 3), (1, 4), 1),
    "tensor_split": lambda lib, x: x.tensor_split(2, 1)[1],
    "hsplit": lambda lib, x: x.hsplit([1])[1],
    "select of transpose": lambda lib, x: x.transpose(0, 2)[1],
    "reshape that may copy": lambda lib, x: x.transpose(0, 1).reshape(-1),
    "expand of nothing": lambda lib, x: x.expand(3, 4, 4),
    "detached": lambda lib, x: x.detach().transpose(0, 1),
    "channels last": lambda lib, x: x[None].contiguous(memory_format=lib.channels_last)[0],
    "chain": lambda lib, x: x.permute(1, 2, 0).narrow(0, 1, 2).diagonal(0, 0, 2).unsqueeze(0),
}
WRITES = (
    lambda lib, v, k: v.mul_(1.5),
    lambda lib, v, k: v.add_(k),
    lambda lib, v, k: v.exp_() if k % 2 else v.neg_(),
    lambda lib, v, k: v.zero_(),
    lambda lib, v, k: v.copy_(v.detach() * 0.5 + 1),
    lambda lib, v, k: v.mul_(v.detach() * 0.25 + 1),
)


def program(lib, seed, name):
    """A random sequence of views, writes and reads; the values, and the gradients of two leaves."""
    rng = np.random.default_rng(seed)
    start = rng.standard_normal((3, 4, 4)) * 0.5
    w = lib.tensor(start, requires_grad=True)
    u = lib.tensor(0.7, dtype=lib.float64, requires_grad=True)
    x = w * 1
    alive = [x]
    total = 0
    for k in range(int(rng.integers(3, 8))):
        pick = int(rng.integers(4))
        if pick == 0 or k == 0:
            made = VIEWS[name](lib, x)
            alive.append(made)
        v = alive[int(rng.integers(len(alive)))]
        if pick == 1:
            total = total + (v * v).sum()
        elif pick == 2:
            v.mul_(u)
        else:
            WRITES[int(rng.integers(len(WRITES)))](lib, v, k)
    total = total + sum((v * (j + 1)).sum() for j, v in enumerate(alive)) + (x * x).sum()
    total.backward()
    return [v.detach().numpy() for v in alive], w.grad.numpy(), None if u.grad is None else u.grad.numpy()


@pytest.mark.torch
@pytest.mark.parametrize("name", VIEWS)
def test_random_programs_of_views_and_writes_agree_with_pytorch(name):
    torch = pytest.importorskip("torch")
    agreed = 0
    for seed in range(60):
        outcomes = []
        for lib in (gt, torch):
            try:
                outcomes.append(program(lib, seed, name))
            except RuntimeError as error:
                outcomes.append(error)
        ours, theirs = outcomes
        if isinstance(theirs, RuntimeError):
            assert isinstance(ours, RuntimeError) or "detach" in name, f"seed {seed}: PyTorch refuses: {theirs}"
            continue
        assert not isinstance(ours, RuntimeError), f"seed {seed}: {ours}"
        agreed += 1
        for a, b in zip(ours[0], theirs[0], strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12, err_msg=f"seed {seed}")
        np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-10, atol=1e-12, err_msg=f"seed {seed}")
        assert (ours[2] is None) == (theirs[2] is None)
        if ours[2] is not None:
            np.testing.assert_allclose(ours[2], theirs[2], rtol=1e-10, err_msg=f"seed {seed}")
    assert agreed > 20


@pytest.mark.parametrize("name", VIEWS)
def test_a_written_view_shows_in_its_base_and_back(name):
    x = gt.arange(48.0).reshape(3, 4, 4).clone()
    v = VIEWS[name](gt, x)
    shared = np.shares_memory(v.numpy(), x.numpy())
    before = x.sum().item()
    v.add_(1)
    assert x.sum().item() == before + (v.numel() if shared else 0)
    x.zero_()
    assert (v.sum().item() == 0) == shared
    assert shared == ("copy" not in name and "channels" not in name)


@pytest.mark.parametrize(
    "split", [lambda x: x.split(2), lambda x: x.chunk(2), lambda x: x.unbind(0), lambda x: x.split([1, 3])]
)
def test_views_made_together_refuse_writes_while_recording(split):
    w = gt.ones(4, 2, requires_grad=True)
    x = w * 1
    with pytest.raises(GradError, match="a view that is one of several made together cannot be written"):
        split(x)[0].mul_(2)
    parts = split(gt.ones(4, 2))
    parts[0].mul_(2)
    assert parts[0].flatten().tolist()[0] == 2


def test_expansions_refuse_writes():
    x = gt.zeros(5)
    with pytest.raises(GradError, match="clone"):
        gt.zeros(1).expand(3).add_(1)
    with pytest.raises(GradError, match="clone"):
        gt.zeros(1).expand(3).detach().add_(1)
    with pytest.raises(GradError, match="clone"):
        gt.meshgrid(gt.zeros(2), gt.zeros(2))[0].add_(1)
    x.unfold(0, 2, 2).add_(1)
    assert x.tolist() == [1, 1, 1, 1, 0]


@pytest.mark.parametrize("dtype", [gt.float32, gt.bfloat16])
def test_an_expansion_that_repeats_nothing_is_written(dtype):
    x = gt.ones(2, dtype=dtype)
    x.expand(1, 2).mul_(3)
    x.broadcast_to(1, 2)[0].add_(1)
    assert x.tolist() == [4, 4]
    every = gt.ones(6, dtype=dtype)
    every[::2].expand(1, 3).mul_(3)
    assert every.tolist() == [3, 1, 3, 1, 3, 1]
    wide = gt.ones(1, 2, dtype=dtype)
    wide.expand(3, 2)[1].mul_(3)  # one of the rows, which is all of them
    assert wide.tolist() == [[3, 3]]
    assert wide.expand(0, 2).mul_(5).shape == (0, 2)
    frozen = np.ones(2)
    frozen.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        gt.from_numpy(frozen).expand(1, 2).mul_(3)


WINDOW_WRITES = {
    "mul_": lambda lib, v: v.mul_(2),
    "sub_": lambda lib, v: v.sub_(lib.arange(1.0, 1 + v.shape[0] * v.shape[1]).reshape(v.shape)),
    "add_ of a row": lambda lib, v: v.add_(lib.arange(1.0, 1 + v.shape[1])),
    "add_ of a column": lambda lib, v: v.add_(lib.arange(1.0, 1 + v.shape[0])[:, None], alpha=2),
    "copy_": lambda lib, v: v.copy_(lib.arange(1.0, 1 + v.shape[0] * v.shape[1]).reshape(v.shape)),
    "fill_": lambda lib, v: v.fill_(7.0),
    "set": lambda lib, v: v.__setitem__(1, 7.0),
    "a window": lambda lib, v: v[1].mul_(3),
    "one of each": lambda lib, v: v[:, 1].mul_(3),
}


@pytest.mark.parametrize(("size", "step"), [(3, 1), (4, 2), (2, 1), (2, 3)])
@pytest.mark.parametrize("name", WINDOW_WRITES)
def test_windows_are_written_one_after_the_other_and_gradients_follow(name, size, step):
    w = gt.arange(1.0, 9.0, dtype=gt.float64, requires_grad=True)
    gt.autograd.gradcheck(lambda w: _windows_written(gt, w, name, size, step), (w,))


@pytest.mark.torch
@pytest.mark.parametrize(("size", "step"), [(3, 1), (4, 2), (2, 1), (2, 3)])
@pytest.mark.parametrize("name", WINDOW_WRITES)
def test_windows_are_written_as_in_pytorch(name, size, step):
    torch = pytest.importorskip("torch")
    ours, theirs = [_windows_written(lib, lib.arange(1.0, 9.0), name, size, step) for lib in (gt, torch)]
    assert ours.tolist() == theirs.tolist()


def _windows_written(lib, w, name, size, step):
    x = w * 1
    WINDOW_WRITES[name](lib, x.unfold(0, size, step))
    return x


def test_functions_of_whole_tensors_write_windows_from_what_was_there():
    x = gt.arange(1.0, 6.0)
    x.unfold(0, 3, 1).tril_()
    assert x.tolist() == [1, 2, 3, 4, 5]
    x.unfold(0, 3, 1).triu_()
    assert x.tolist() == [1, 0, 0, 0, 5]
    with pytest.raises(ShapeError, match="mul_"):
        x.unfold(0, 3, 1).mul_(gt.ones(2, 3))


def test_a_view_as_another_dtype_shares_memory_but_no_history():
    w = gt.ones(4, requires_grad=True)
    x = w * 1
    bits = x.view(gt.int32)
    assert not bits.requires_grad
    y = gt.ones(2)
    y.view(gt.int32)[0] = 0
    assert y.tolist() == [0, 1]
    saved = (gt.ones(3, requires_grad=True) * 1).exp()
    saved.detach().view(gt.int32).zero_()
    with pytest.raises(GradError, match="zero_"):
        saved.sum().backward()


def test_as_strided_reaches_the_whole_memory_and_no_further():
    x = gt.arange(6.0)
    part = x[2:]
    assert part.as_strided((3,), (1,), 0).tolist() == [0, 1, 2]
    assert part.storage_offset() == 2
    for size, stride, offset in (((7,), (1,), 0), ((2,), (6,), 0), ((1,), (1,), 6), ((2, 2), (3, 3), 1)):
        with pytest.raises(gt.errors.ShapeError, match=r"as_strided: .* reach element"):
            part.as_strided(size, stride, offset)
    w = gt.arange(6.0).requires_grad_()
    v = (w * 1)[2:]
    v.as_strided((3,), (1,), 1).sum().backward()
    assert w.grad.tolist() == [0, 0, 1, 1, 0, 0]
