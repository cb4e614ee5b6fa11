"""First values: distributions, bounds, generators, and those of the layers."""

import math
import subprocess
import sys
import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.errors import ShapeError
from gputensor.nn import init


@pytest.fixture(autouse=True)
def _seed():
    gt.manual_seed(3)


def uniform_in(x, bound):
    """Whether values look uniform in ±bound."""
    a = x.detach().double().numpy().ravel() / bound
    return bool(np.abs(a).max() <= 1 + 1e-6 and np.abs(a).max() > 0.98 and abs(a.std() - 3**-0.5) < 0.02)


def normal_with(x, std):
    a = x.detach().double().numpy().ravel() / std
    return bool(abs(a.mean()) < 0.05 and abs(a.std() - 1) < 0.03 and np.abs(a).max() > 2.5)


@pytest.mark.parametrize(
    ("name", "param", "gain"),
    [
        ("linear", None, 1.0),
        ("conv2d", None, 1.0),
        ("conv_transpose3d", None, 1.0),
        ("sigmoid", None, 1.0),
        ("tanh", None, 5 / 3),
        ("relu", None, 2**0.5),
        ("leaky_relu", None, math.sqrt(2 / 1.0001)),
        ("leaky_relu", 1, 1.0),
        ("selu", None, 0.75),
    ],
)
def test_gains(name, param, gain):
    assert init.calculate_gain(name, param) == pytest.approx(gain)


def test_unknown_gains_are_refused():
    with pytest.raises(ValueError, match="Unsupported nonlinearity swish"):
        init.calculate_gain("swish")
    with pytest.raises(ValueError, match="not a valid number"):
        init.calculate_gain("leaky_relu", True)


def test_functions_fill_in_place_without_recording_and_return_the_tensor():
    w = nn.Parameter(gt.zeros(6, 6))
    for fill in (
        init.uniform_,
        init.normal_,
        init.trunc_normal_,
        init.ones_,
        init.zeros_,
        init.eye_,
        init.xavier_uniform_,
        init.xavier_normal_,
        init.kaiming_uniform_,
        init.kaiming_normal_,
        init.orthogonal_,
        lambda t: init.constant_(t, 2.0),
        lambda t: init.sparse_(t, 0.5),
    ):
        assert fill(w) is w
        assert w.is_leaf
        assert w.requires_grad


def test_a_write_by_filling_is_seen_by_backward():
    w = nn.Parameter(gt.ones(2))
    loss = (w * w).sum()
    init.zeros_(w)
    with pytest.raises(gt.errors.GradError, match="changed in place"):
        loss.backward()


def test_plain_distributions():
    w = gt.empty(100, 100)
    assert uniform_in(init.uniform_(w, -3.0, 3.0), 3.0)
    assert normal_with(init.normal_(w, 0.0, 2.0), 2.0)
    assert set(init.constant_(w, 0.3).unique().tolist()) == {np.float32(0.3)}
    assert w.dtype == gt.float32


@pytest.mark.parametrize("shape", [(60, 80), (20, 30, 2, 3)])
def test_fans_set_the_width(shape):
    w = gt.empty(*shape)
    window = math.prod(shape[2:])
    fan_in, fan_out = shape[1] * window, shape[0] * window
    assert uniform_in(init.xavier_uniform_(w, gain=2.0), 2 * math.sqrt(6 / (fan_in + fan_out)))
    assert normal_with(init.xavier_normal_(w), math.sqrt(2 / (fan_in + fan_out)))
    assert uniform_in(init.kaiming_uniform_(w, nonlinearity="relu"), math.sqrt(6 / fan_in))
    assert uniform_in(init.kaiming_uniform_(w, a=1, mode="fan_out"), math.sqrt(3 / fan_out))
    assert normal_with(init.kaiming_normal_(w, a=math.sqrt(5)), math.sqrt(1 / 3 / fan_in))


@pytest.mark.parametrize(
    "fill", [init.xavier_uniform_, init.xavier_normal_, init.kaiming_uniform_, init.kaiming_normal_]
)
def test_vectors_have_no_fans(fill):
    with pytest.raises(ShapeError, match="fewer than 2 dimensions"):
        fill(gt.empty(3))


def test_an_unknown_fan_is_refused():
    with pytest.raises(ValueError, match="Mode fan not supported"):
        init.kaiming_uniform_(gt.empty(2, 2), mode="fan")


@pytest.mark.parametrize("fill", [init.kaiming_uniform_, init.kaiming_normal_])
def test_empty_tensors_stay_with_a_warning(fill):
    with pytest.warns(UserWarning, match="no-op"):
        fill(gt.empty(0, 3))


@pytest.mark.parametrize(("mean", "std", "a", "b"), [(0.0, 1.0, -2.0, 2.0), (1.0, 0.5, 0.9, 3.0), (0.0, 1.0, 1.5, 2.5)])
def test_truncated_normal_values_have_the_moments_of_their_distribution(mean, std, a, b):
    stats = pytest.importorskip("scipy.stats")
    x = init.trunc_normal_(gt.empty(20000, dtype=gt.float64), mean, std, a, b).numpy()
    expected = stats.truncnorm((a - mean) / std, (b - mean) / std, mean, std)
    assert a <= x.min() < a + 0.05
    assert b - 0.2 < x.max() <= b
    assert abs(x.mean() - expected.mean()) < 0.02
    assert abs(x.std() - expected.std()) < 0.02


def test_truncation_far_from_the_mean_is_a_warning():
    with pytest.warns(UserWarning, match="more than 2 std"):
        x = init.trunc_normal_(gt.empty(100), 0.0, 1.0, 3.0, 4.0)
    assert ((x >= 3.0) & (x <= 4.0)).all()


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 4), (3, 2, 2, 2)])
@pytest.mark.parametrize("dtype", [gt.float32, gt.float64, gt.float16])
def test_orthogonal_matrices_are_orthogonal(shape, dtype):
    w = init.orthogonal_(gt.empty(*shape, dtype=dtype), gain=2.0).double().numpy().reshape(shape[0], -1)
    gram = w @ w.T if w.shape[0] <= w.shape[1] else w.T @ w
    np.testing.assert_allclose(gram, 4 * np.eye(len(gram)), atol=2e-2 if dtype is gt.float16 else 1e-5)


def test_identities():
    assert init.eye_(gt.empty(3, 2)).tolist() == [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    layer = nn.Conv2d(2, 4, 3, padding=1, bias=False, groups=2)
    init.dirac_(layer.weight, groups=2)
    x = gt.randn(1, 2, 4, 4)
    y = layer(x)
    assert y[0, 0].tolist() == x[0, 0].tolist()
    assert y[0, 2].tolist() == x[0, 1].tolist()
    assert y[0, 1].tolist() == gt.zeros(4, 4).tolist()


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (lambda: init.eye_(gt.empty(2)), "eye_: Only tensors with 2 dimensions"),
        (lambda: init.dirac_(gt.empty(2, 2)), "Only tensors with 3, 4, or 5 dimensions"),
        (lambda: init.dirac_(gt.empty(3, 2, 2), groups=2), "dim 0 must be divisible by groups, got 3 and 2"),
        (lambda: init.orthogonal_(gt.empty(2)), "2 or more dimensions"),
        (lambda: init.sparse_(gt.empty(2), 0.5), "sparse_: Only tensors with 2 dimensions"),
    ],
)
def test_wrong_shapes_are_refused(fill, words):
    with pytest.raises(ShapeError, match=words):
        fill()


@pytest.mark.parametrize(("sparsity", "zeros"), [(0.0, 0), (0.25, 25), (0.333, 34), (1.0, 100)])
def test_sparse_columns_have_as_many_zeros_as_said(sparsity, zeros):
    w = init.sparse_(gt.empty(100, 7), sparsity, std=2.0)
    assert (w == 0).sum(0).tolist() == [zeros] * 7
    assert sparsity == 1.0 or abs(w[w != 0].std().item() - 2.0) < 0.3


@pytest.mark.parametrize(
    "fill",
    [
        init.uniform_,
        init.normal_,
        init.trunc_normal_,
        init.xavier_uniform_,
        init.xavier_normal_,
        init.kaiming_uniform_,
        init.kaiming_normal_,
        init.orthogonal_,
        lambda t, generator: init.sparse_(t, 0.5, generator=generator),
    ],
)
def test_a_generator_makes_the_same_values_again(fill):
    one, two, three = gt.empty(5, 5), gt.empty(5, 5), gt.empty(5, 5)
    fill(one, generator=gt.Generator().manual_seed(7))
    fill(two, generator=gt.Generator().manual_seed(7))
    fill(three, generator=gt.Generator().manual_seed(8))
    assert one.tolist() == two.tolist() != three.tolist()


def test_layers_begin_as_pytorchs():
    linear = nn.Linear(100, 60)
    assert uniform_in(linear.weight, 0.1)
    assert uniform_in(nn.Linear(100, 600).bias, 0.1)
    conv = nn.Conv2d(16, 64, (2, 3), groups=2)
    assert uniform_in(conv.weight, 1 / math.sqrt(8 * 6))
    assert uniform_in(nn.Conv1d(4, 900, 4).bias, 0.25)
    assert uniform_in(nn.ConvTranspose2d(8, 32, 3).weight, 1 / math.sqrt(32 * 9))
    assert uniform_in(nn.Bilinear(25, 10, 20).weight, 0.2)
    assert normal_with(nn.Embedding(100, 50).weight, 1.0)
    assert nn.Embedding(4, 2, padding_idx=1).weight[1].tolist() == [0.0, 0.0]
    for layer in (nn.BatchNorm2d(3), nn.LayerNorm(3), nn.GroupNorm(1, 3)):
        assert layer.weight.tolist() == [1.0] * 3
        assert layer.bias.tolist() == [0.0] * 3
    assert nn.RMSNorm(2).weight.tolist() == [1.0, 1.0]
    assert nn.PReLU(2, init=0.5).weight.tolist() == [0.5, 0.5]


def test_a_layer_without_inputs_has_a_bias_of_zero():
    with pytest.warns(UserWarning, match="no-op"):
        assert nn.Linear(0, 3).bias.tolist() == [0.0] * 3


def test_a_seed_makes_the_same_layers_again():
    nets = []
    for _ in range(2):
        gt.manual_seed(11)
        nets.append(nn.Sequential(nn.Linear(3, 4), nn.Conv2d(1, 2, 3), nn.Embedding(4, 5)))
    for p, q in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        assert p.tolist() == q.tolist()


def test_layers_can_be_drawn_anew():
    linear, norm = nn.Linear(3, 3), nn.BatchNorm1d(3)
    before = linear.weight.tolist()
    linear.reset_parameters()
    assert linear.weight.tolist() != before
    norm(gt.randn(4, 3) + 5)
    norm.reset_parameters()
    assert norm.running_mean.tolist() == [0.0] * 3
    assert norm.running_var.tolist() == [1.0] * 3
    assert norm.num_batches_tracked.item() == 0


@pytest.mark.torch
def test_what_is_not_random_is_pytorchs():
    torch = pytest.importorskip("torch")
    for fill in (
        lambda lib: lib.nn.init.eye_(lib.empty(3, 5)),
        lambda lib: lib.nn.init.dirac_(lib.empty(6, 2, 3, 4), groups=2),
        lambda lib: lib.nn.init.dirac_(lib.empty(2, 6, 3)),
        lambda lib: lib.nn.init.dirac_(lib.empty(2, 2, 3, 2, 2)),
    ):
        assert fill(gt).tolist() == fill(torch).tolist()


@pytest.mark.parametrize("arguments", [(float("nan"), 1.0), (0.0, float("inf"))])
def test_a_truncated_normal_without_a_shape_is_refused_and_does_not_hang(arguments):
    with pytest.raises(ValueError, match="mean and std must be finite"):
        gt.nn.init.trunc_normal_(gt.empty(3), *arguments)


@pytest.mark.parametrize(
    ("mean", "std", "a", "b"),
    [
        (1e30, 1.0, -2.0, 2.0),
        (-1e30, 1e-300, -2.0, 2.0),
        (0.0, 1e-30, 5.0, 5.0),
        (0.0, 1.0, 1e30, 1e31),
        (0.0, 1e30, -2.0, 2.0),
        (1e-10, 1e-30, -1e30, 1e-30),
        (0.0, 1.0, 40.0, 1e9),
        (0.0, 1e-3, -1e30, -1e-3),
    ],
)
def test_a_truncated_normal_ends_wherever_its_bounds_are(mean, std, a, b):
    code = f"""
import warnings
import gputensor as gt
warnings.simplefilter("ignore")
x = gt.nn.init.trunc_normal_(gt.empty(1000), {mean}, {std}, {a}, {b}).double()
assert ((x >= {a} - 1e-6 * abs({a})) & (x <= {b} + 1e-6 * abs({b}))).all(), x
"""
    # a loop that does not end would hang the tests
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_tail_of_a_truncated_normal_has_the_moments_of_its_distribution():
    stats = pytest.importorskip("scipy.stats")
    for mean, a, b in ((0.0, 3.0, 9.0), (0.0, -4.0, -3.5), (1.0, 1.8, 1.9)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            x = init.trunc_normal_(gt.empty(20000, dtype=gt.float64), mean, 1.0, a, b).numpy()
        assert stats.kstest(x, stats.truncnorm(a - mean, b - mean, mean).cdf).pvalue > 1e-4


def test_the_old_name_of_dirac_warns_and_does_the_same():
    with pytest.warns(FutureWarning, match="deprecated"):
        assert init.dirac(gt.empty(1, 1, 3)).tolist() == [[[0.0, 1.0, 0.0]]]
