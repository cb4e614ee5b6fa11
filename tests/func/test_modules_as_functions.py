"""functional_call and stack_module_state: gradients of each sample, ensembles."""

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.func import functional_call, grad, stack_module_state, vmap
from gputensor.nn.utils import stateless


def network():
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.LayerNorm(32), nn.Linear(32, 3))


@pytest.fixture
def batch():
    rng = np.random.default_rng(0)
    images = gt.from_numpy(rng.standard_normal((5, 1, 6, 6)).astype("float32"))
    return images, gt.from_numpy(rng.integers(0, 3, 5))


def test_gradients_of_each_sample_are_those_of_backward_alone(batch):
    images, labels = batch
    model = network()
    params = {k: v.detach() for k, v in model.named_parameters()}

    def loss(params, image, label):
        out = functional_call(model, params, (image.unsqueeze(0),))
        return nn.functional.cross_entropy(out, label.unsqueeze(0))

    grads = vmap(grad(loss), in_dims=(None, 0, 0))(params, images, labels)
    for k in range(5):
        model.zero_grad()
        nn.functional.cross_entropy(model(images[k : k + 1]), labels[k : k + 1]).backward()
        for name, p in model.named_parameters():
            np.testing.assert_allclose(grads[name].numpy()[k], p.grad.numpy(), rtol=2e-4, atol=1e-6)


def test_an_ensemble_is_its_members(batch):
    images, _ = batch
    models = [network() for _ in range(3)]
    params, buffers = stack_module_state(models)
    assert params["4.weight"].shape == (3, 3, 32)
    assert params["4.weight"].is_leaf
    assert params["4.weight"].requires_grad
    base = network()

    def call(params, buffers, x):
        return functional_call(base, (params, buffers), (x,))

    out = vmap(call, in_dims=(0, 0, None))(params, buffers, images)
    for k, model in enumerate(models):
        np.testing.assert_allclose(out.detach().numpy()[k], model(images).detach().numpy(), rtol=1e-4, atol=1e-6)
    out.sum().backward()
    models[1](images).sum().backward()
    np.testing.assert_allclose(
        params["0.weight"].grad.numpy()[1], models[1][0].weight.grad.numpy(), rtol=1e-3, atol=1e-5
    )


def test_batch_norm_in_eval_mode_stacks_its_buffers():
    models = [nn.BatchNorm1d(4).eval() for _ in range(2)]
    models[1].running_mean += 1
    params, buffers = stack_module_state(models)
    x = gt.randn(3, 4)
    out = vmap(lambda p, b: functional_call(models[0], (p, b), x))(params, buffers)
    np.testing.assert_allclose(out.detach().numpy()[1], models[1](x).detach().numpy(), rtol=1e-5, atol=1e-6)


def test_the_module_is_as_before_also_when_its_forward_raises():
    layer = nn.Linear(2, 2)
    before = layer.weight
    with pytest.raises(RuntimeError):
        functional_call(layer, {"weight": gt.ones(2, 5)}, gt.ones(2))
    assert layer.weight is before
    assert layer._parameters["weight"] is before


def test_tied_weights_take_one_tensor():
    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.a = nn.Linear(2, 2, bias=False)
            self.b = nn.Linear(2, 2, bias=False)
            self.b.weight = self.a.weight

        def forward(self, x):
            return self.a(x) + self.b(x)

    x, new = gt.ones(2), gt.ones(2, 2)
    np.testing.assert_array_equal(functional_call(Tied(), {"a.weight": new}, x).numpy(), [4, 4])
    model = Tied()
    loose = functional_call(model, {"a.weight": new}, x, tie_weights=False)
    np.testing.assert_allclose(loose.detach().numpy(), (model.b(x) + 2).detach().numpy())
    with pytest.raises(ValueError, match="which are tied"):
        functional_call(Tied(), {"a.weight": new, "b.weight": gt.zeros(2, 2)}, x)


def test_strict_wants_all_names_and_no_others():
    layer = nn.Linear(2, 2)
    with pytest.raises(RuntimeError, match="bias"):
        functional_call(layer, {"weight": gt.ones(2, 2)}, gt.ones(2), strict=True)
    with pytest.raises(RuntimeError, match="more"):
        functional_call(
            layer, {"weight": gt.ones(2, 2), "bias": gt.ones(2), "more": gt.ones(2)}, gt.ones(2), strict=True
        )
    out = functional_call(layer, [{"weight": gt.ones(2, 2)}, {"bias": gt.ones(2)}], gt.ones(2), strict=True)
    np.testing.assert_array_equal(out.numpy(), [3, 3])
    with pytest.raises(ValueError, match="several dicts"):
        functional_call(layer, [{"weight": gt.ones(2, 2)}, {"weight": gt.ones(2, 2)}], gt.ones(2))


def test_keyword_arguments_reach_the_module():
    class Scaled(nn.Module):
        def forward(self, x, *, by=1.0):
            return x * by

    assert functional_call(Scaled(), {}, gt.ones(1), {"by": 3.0}).item() == 3.0


def test_models_that_do_not_go_together_are_refused():
    with pytest.raises(RuntimeError, match="at least one"):
        stack_module_state([])
    with pytest.raises(RuntimeError, match="one class"):
        stack_module_state([nn.Linear(2, 2), nn.ReLU()])
    with pytest.raises(RuntimeError, match="mode"):
        stack_module_state([nn.Linear(2, 2), nn.Linear(2, 2).eval()])


def test_the_older_stateless_call_warns_and_does_the_same():
    layer = nn.Linear(2, 1, bias=False)
    with pytest.warns(FutureWarning, match="deprecated"):
        out = stateless.functional_call(layer, {"weight": gt.ones(1, 2)}, gt.tensor([3.0, 4.0]))
    assert out.item() == 7.0


def test_batch_norm_in_training_under_vmap_must_forget_its_running_statistics():
    model = nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 1))
    x = gt.randn(3, 5, 4)
    with pytest.raises(RuntimeError, match="in-place"):
        vmap(model)(x)
    model = gt.func.replace_all_batch_norm_modules_(model)
    out = vmap(model)(x).detach().numpy()
    for k in range(3):
        np.testing.assert_allclose(out[k], model(x[k]).detach().numpy(), rtol=1e-4, atol=1e-5)
