"""vmap over tensors of a GPU, which the strict double of CuPy plays: the rules use words of the vocabulary alone."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.func import functional_call, grad, hessian, jacrev, vmap

F = gt.nn.functional
CALLS = {
    "elementwise": lambda x, i: (x * 2 + 1).exp().sin() / (x.abs() + 1),
    "comparison and choice": lambda x, i: gt.where(x > 0, x, -x).clamp(max=1.0),
    "reductions": lambda x, i: gt.stack([x.sum(), x.max(), x.mean(), x.var(), x.prod()]),
    "places": lambda x, i: x.argmax() + x.argsort()[0] + x.topk(2).indices.sum(),
    "products": lambda x, i: gt.outer(x, x) @ x + x.dot(x),
    "indexing": lambda x, i: x[i] + x.gather(0, i.reshape(1)).sum(),
    "writes": lambda x, i: x.clone().mul_(2).index_put_((i.reshape(1),), x[:1], accumulate=True),
    "shapes": lambda x, i: gt.cat([x.reshape(2, 3).T.reshape(-1), x.flip(0)]).unfold(0, 3, 2).sum(1),
    "convolution": lambda x, i: F.conv1d(x.reshape(1, 1, 6), x[:2].reshape(1, 1, 2)),
    "pooling": lambda x, i: F.max_pool1d(x.reshape(1, 1, 6), 2),
    "losses": lambda x, i: F.cross_entropy(x.reshape(1, 6), i.reshape(1)),
    "norms": lambda x, i: F.layer_norm(x, (6,)) + F.softmax(x, 0),
    "matrices": lambda x, i: gt.linalg.solve(gt.outer(x, x) + gt.eye(6, dtype=x.dtype, device=x.device), x),
    "tolerances": lambda x, i: gt.linalg.pinv(x.reshape(2, 3), rtol=x[0].abs() / 9),
    "fourier": lambda x, i: gt.fft.irfft(gt.fft.rfft(x)) + gt.special.erfcx(x),
    "masks": lambda x, i: x.clone().masked_fill_(x > 0, x[0]) + x.masked_scatter(x < 0, x),
    "counts": lambda x, i: gt.histogram(x, 3).hist.sum() + gt.histc(x, 3) + gt.nonzero_static(x > 0, size=3)[:, 0],
    "bags": lambda x, i: F.embedding_bag(
        i + gt.zeros_like(x).long(), x.reshape(6, 1), gt.cat([i.reshape(1) * 0, i.reshape(1)]), mode="max"
    ),
    "lengths": lambda x, i: F.ctc_loss(
        x.reshape(2, 1, 3).log_softmax(-1), gt.ones_like(i).reshape(1), i.reshape(1).clamp(1, 2), i.reshape(1) * 0 + 1
    ),
    "quantiles": lambda x, i: gt.quantile(x, x.sigmoid()) + gt.cov(x, aweights=x * x),
    "sampled images": lambda x, i: F.grid_sample(
        x.reshape(1, 1, 2, 3), x.reshape(1, 1, 3, 2), padding_mode="border", align_corners=False
    ),
    "gradient": lambda x, i: grad(lambda a: (a.sin() * a[i]).sum())(x),
    "second derivatives": lambda x, i: hessian(lambda a: (a**3).sum() * a[0])(x),
}


@pytest.mark.parametrize("name", CALLS)
def test_examples_on_a_gpu_are_those_on_the_cpu(gpus, name):
    rng = np.random.default_rng(1)
    x = gt.from_numpy(rng.standard_normal((3, 6)))
    i = gt.from_numpy(rng.integers(0, 6, 3))
    expected = vmap(CALLS[name])(x, i)
    out = vmap(CALLS[name])(x.cuda(), i.cuda())
    assert out.is_cuda
    np.testing.assert_allclose(out.cpu().numpy(), expected.numpy(), rtol=1e-12)


def test_random_numbers_on_a_gpu_are_those_on_the_cpu(gpus):
    def draw(x):
        return (
            gt.rand_like(x) + F.dropout(x) + gt.randperm(6, device=x.device) + gt.poisson(gt.ones(6, device=x.device))
        )

    for randomness in ("same", "different"):
        gt.manual_seed(1)
        expected = vmap(draw, randomness=randomness)(gt.ones(3, 6))
        gt.manual_seed(1)
        out = vmap(draw, randomness=randomness)(gt.ones(3, 6).cuda())
        np.testing.assert_array_equal(out.cpu().numpy(), expected.numpy())


def test_a_module_and_a_jacobian_on_a_gpu(gpus):
    model = gt.nn.Linear(3, 2).cuda()
    params = {k: v.detach() for k, v in model.named_parameters()}
    x = gt.ones(4, 3).cuda()
    grads = vmap(grad(lambda p, a: functional_call(model, p, (a,)).sum()), in_dims=(None, 0))(params, x)
    np.testing.assert_array_equal(grads["weight"].cpu().numpy(), np.ones((4, 2, 3)))
    jacobian = jacrev(lambda a: functional_call(model, params, (a,)))(x[0])
    np.testing.assert_allclose(jacobian.cpu().numpy(), params["weight"].cpu().numpy())


def test_moving_between_devices_inside_of_vmap(gpus):
    x = gt.arange(6.0).reshape(3, 2)

    def there_and_back(a):
        b = a.cuda() * 2
        assert b.is_cuda
        return b.cpu() + a

    np.testing.assert_array_equal(vmap(there_and_back)(x).numpy(), x.numpy() * 3)
    np.testing.assert_array_equal(vmap(grad(lambda a: there_and_back(a).sum()))(x).numpy(), np.full((3, 2), 3.0))


def test_tensors_of_different_devices_are_refused(gpus):
    with pytest.raises(RuntimeError, match="different devices"):
        vmap(lambda a: a + gt.ones(2).cuda())(gt.ones(3, 2))
