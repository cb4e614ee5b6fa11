"""Layers of rare pooling, sequences and large vocabularies: values by hand, settings that do not fit, and PyTorch's."""

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn


def ramp(*shape):
    return gt.arange(float(np.prod(shape))).reshape(shape)


@pytest.mark.parametrize(
    ("layer", "x", "expected"),
    [
        (lambda: nn.Upsample(scale_factor=2), [[[1.0, 2.0]]], [[[1, 1, 2, 2]]]),
        (lambda: nn.Upsample(3, mode="linear", align_corners=True), [[[1.0, 2.0]]], [[[1, 1.5, 2]]]),
        (lambda: nn.UpsamplingNearest2d(scale_factor=2), [[[[7.0]]]], [[[[7, 7], [7, 7]]]]),
        (lambda: nn.UpsamplingBilinear2d((1, 3)), [[[[1.0, 2.0]]]], [[[[1, 1.5, 2]]]]),
        (lambda: nn.Unfold((1, 2)), [[[1.0, 2.0, 3.0]]], [[1, 2], [2, 3]]),
        (lambda: nn.Fold((1, 3), (1, 2)), [[1.0, 2.0], [2.0, 3.0]], [[[1, 4, 3]]]),
        (lambda: nn.PixelShuffle(2), [[[1]], [[2]], [[3]], [[4]]], [[[1, 2], [3, 4]]]),
        (lambda: nn.PixelUnshuffle(2), [[[1, 2], [3, 4]]], [[[1]], [[2]], [[3]], [[4]]]),
        (lambda: nn.ChannelShuffle(2), [[[1], [2], [3], [4]]], [[[1], [3], [2], [4]]]),
        (lambda: nn.LPPool1d(2, 2), [[3.0, 4.0]], [[5]]),
        (lambda: nn.LPPool2d(1, 2), [[[3.0, 4.0], [1.0, 1.0]]], [[[9]]]),
        (lambda: nn.LPPool3d(3, 2), [[[[1.0, 1.0], [1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]]], [[[[2]]]]),
        (lambda: nn.FractionalMaxPool2d(2, 1), [[[1.0, 5.0], [3.0, 4.0]]], [[[5]]]),
        (lambda: nn.FractionalMaxPool3d(1, 1), [[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]]], [[[[8]]]]),
        (lambda: nn.CrossMapLRN2d(3, alpha=3.0, beta=1.0), [[[[1.0]], [[1.0]]]], [[[[1 / 3]], [[1 / 3]]]]),
        (lambda: nn.SyncBatchNorm(1, eps=0.0, affine=False), [[1.0], [3.0]], [[-1], [1]]),
        (lambda: nn.Sequential(), [[1.0]], [[1]]),
    ],
)
def test_layers_give_the_values_computed_by_hand(layer, x, expected):
    np.testing.assert_allclose(layer()(gt.tensor(x)).detach().numpy(), expected, rtol=1e-6)


def test_unpooling_puts_the_maxima_back():
    for layer, pool, shape in (
        (nn.MaxUnpool1d(2), nn.MaxPool1d(2, return_indices=True), (1, 4)),
        (nn.MaxUnpool2d(2), nn.MaxPool2d(2, return_indices=True), (1, 4, 4)),
        (nn.MaxUnpool3d(2), nn.MaxPool3d(2, return_indices=True), (1, 4, 2, 2)),
    ):
        x = ramp(*shape)
        values, places = pool(x)
        back = layer(values, places)
        assert back.shape == x.shape
        assert back.sum() == values.sum()
        assert set(back[back > 0].tolist()) == set(values.flatten().tolist())


def test_a_bag_is_a_sum_and_its_padding_counts_nowhere():
    table = gt.tensor([[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]])
    bag = nn.EmbeddingBag.from_pretrained(table, mode="sum", padding_idx=1)
    assert bag(gt.tensor([[0, 1, 2]])).tolist() == [[5, 50]]
    assert bag(gt.tensor([0, 1, 2, 2]), gt.tensor([0, 1, 1])).tolist() == [[1, 10], [0, 0], [8, 80]]
    assert nn.EmbeddingBag.from_pretrained(table, mode="max")(gt.tensor([[0, 1]])).tolist() == [[2, 20]]
    assert repr(bag) == "EmbeddingBag(3, 2, mode='sum', padding_idx=1)"
    with pytest.raises(ValueError, match="padding_idx must be within"):
        nn.EmbeddingBag(3, 2, padding_idx=3)


def test_ctc_counts_the_alignments():
    even = gt.log_softmax(gt.zeros(2, 1, 2), 2)
    loss = nn.CTCLoss(reduction="none")(even, gt.tensor([[1]]), (2,), (1,))
    np.testing.assert_allclose(loss.exp().tolist(), [4 / 3], rtol=1e-6)
    hopeless = nn.CTCLoss(reduction="none", zero_infinity=True)(even, gt.tensor([[1, 1]]), (2,), (2,))
    assert hopeless.tolist() == [0]


def test_batch_norms_are_converted_with_their_parameters():
    model = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2), nn.Sequential(nn.BatchNorm1d(3)))
    weight, mean = model[1].weight, model[1].running_mean
    synced = nn.SyncBatchNorm.convert_sync_batchnorm(model)
    assert [type(m).__name__ for m in synced.modules()].count("SyncBatchNorm") == 2
    assert synced[1].weight is weight
    assert synced[1].running_mean is mean
    with pytest.raises(ValueError, match="2 channels"):
        synced[1](gt.ones(1, 3, 1, 1))


def test_adaptive_softmax_is_a_distribution_and_says_the_same_everywhere():
    gt.manual_seed(3)
    layer = nn.AdaptiveLogSoftmaxWithLoss(8, 12, [3, 7], div_value=2.0, head_bias=True)
    x, target = gt.randn(6, 8), gt.tensor([0, 2, 3, 6, 7, 11])
    full = layer.log_prob(x)
    np.testing.assert_allclose(full.exp().sum(1).tolist(), np.ones(6), rtol=1e-5)
    out = layer(x, target)
    np.testing.assert_allclose(out.output.tolist(), full[gt.arange(6), target].tolist(), rtol=1e-5)
    assert out.loss.item() == pytest.approx(-out.output.mean().item())
    assert layer.predict(x).shape == (6,)
    assert layer(x[0], target[0]).output.shape == ()
    with pytest.raises(IndexError, match="from 0 to 11"):
        layer(x, target + 1)
    with pytest.raises(ValueError, match="ascending"):
        nn.AdaptiveLogSoftmaxWithLoss(8, 12, [7, 3])


@pytest.mark.torch
def test_adaptive_softmax_is_pytorchs():
    torch = pytest.importorskip("torch")
    theirs = torch.nn.AdaptiveLogSoftmaxWithLoss(8, 12, [3, 7], div_value=2.0, dtype=torch.float64)
    ours = nn.AdaptiveLogSoftmaxWithLoss(8, 12, [3, 7], div_value=2.0, dtype=gt.float64)
    ours.load_state_dict({k: gt.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    assert repr(ours) == repr(theirs)
    rng = np.random.default_rng(0)
    x, target = rng.standard_normal((20, 8)), rng.integers(0, 12, 20)
    a, b = ours(gt.tensor(x), gt.tensor(target)), theirs(torch.tensor(x), torch.tensor(target))
    np.testing.assert_allclose(a.output.detach().numpy(), b.output.detach().numpy())
    a.loss.backward()
    b.loss.backward()
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), atol=1e-12)
    x, y = gt.tensor(x), torch.tensor(x)
    np.testing.assert_allclose(ours.log_prob(x).detach().numpy(), theirs.log_prob(y).detach().numpy())
    assert ours.predict(x).tolist() == theirs.predict(y).tolist()


@pytest.mark.torch
@pytest.mark.parametrize("size", [1, 3, 4, 9])
def test_cross_map_normalization_has_the_values_of_pytorch(size):
    torch = pytest.importorskip("torch")
    x = np.random.default_rng(0).standard_normal((2, 5, 2, 3))
    theirs = torch.nn.CrossMapLRN2d(size, alpha=0.1, beta=0.5, k=2)
    ours = nn.CrossMapLRN2d(size, alpha=0.1, beta=0.5, k=2)
    assert repr(ours) == repr(theirs)
    np.testing.assert_allclose(ours(gt.tensor(x)).numpy(), theirs(torch.tensor(x)).numpy(), rtol=1e-12)
    with pytest.raises(ValueError, match="height, width"):
        ours(gt.ones(2, 3, 4))


@pytest.mark.torch
@pytest.mark.parametrize("shape", [(), (2,)])
def test_linear_cross_entropy_is_pytorchs(shape):
    torch = pytest.importorskip("torch")
    theirs = torch.nn.LinearCrossEntropyLoss(4, 5, out_features=shape, bias=True, dtype=torch.float64)
    ours = nn.LinearCrossEntropyLoss(4, 5, out_features=shape, bias=True, dtype=gt.float64)
    ours.load_state_dict({k: gt.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    assert repr(ours) == repr(theirs)
    rng = np.random.default_rng(0)
    x, target = rng.standard_normal((3, 4)), rng.integers(0, 5, (3, *shape))
    a, b = ours(gt.tensor(x), gt.tensor(target)), theirs(torch.tensor(x), torch.tensor(target))
    assert a.item() == pytest.approx(b.item())
    with pytest.raises(ValueError, match="ignore_index"):
        gt.nn.functional.linear_cross_entropy(gt.ones(2, 3), gt.ones(4, 3), gt.ones(2, 4), ignore_index=1)


def test_linear_cross_entropy_of_an_even_choice_is_the_logarithm_of_the_classes():
    layer = nn.LinearCrossEntropyLoss(2, 4, options=nn.LinearCrossEntropyOptions(batch_chunk_size=1))
    gt.nn.init.zeros_(layer.linear.weight)
    assert layer(gt.ones(3, 2), gt.tensor([0, 1, 2])).item() == pytest.approx(np.log(4))
    with pytest.raises(ValueError, match="chunking_method"):
        nn.LinearCrossEntropyOptions(chunking_method="by hand")
    with pytest.raises(ValueError, match="acc_policy"):
        nn.LinearCrossEntropyOptions(acc_policy="fast")
    with pytest.raises(ValueError, match="weight must have shape"):
        nn.LinearCrossEntropyLoss(2, 4, weight=gt.ones(3))


def test_old_names_warn():
    with pytest.warns(FutureWarning, match="NLLLoss2d"):
        loss = nn.NLLLoss2d()
    assert loss(gt.full((1, 2, 1, 1), -0.5), gt.tensor([[[1]]])).item() == 0.5
    with pytest.warns(FutureWarning, match="Container"):
        assert isinstance(nn.Container(a=nn.ReLU()).a, nn.ReLU)
    for name in ("upsample", "upsample_nearest", "upsample_bilinear"):
        with pytest.warns(UserWarning, match="use interpolate"):
            getattr(nn.functional, name)(gt.ones(1, 1, 1, 1), 2)


@pytest.mark.parametrize("options", [{}, {"output_size": 2, "output_ratio": 0.5}, {"output_ratio": 1.5}])
def test_fractional_pools_need_one_size_that_is_smaller(options):
    with pytest.raises(ValueError, match="output_ratio"):
        nn.FractionalMaxPool2d(2, **options)
