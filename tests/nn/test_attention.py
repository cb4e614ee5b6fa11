"""Attention layers and transformers: beside PyTorch's, and beside the formula."""

import copy

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.errors import ShapeError
from gputensor.nn.attention import SDPBackend, sdpa_kernel
from gputensor.ops import attention
from tests.nn.beside_torch import agree

F = nn.functional
RNG = np.random.default_rng(3)
X, Y = RNG.standard_normal((5, 2, 4)), RNG.standard_normal((3, 2, 4))
WIDE = RNG.standard_normal((3, 2, 6))
PADDING = np.array([[False, True, False], [False, False, False]])
CAUSAL = np.triu(np.ones((5, 5), bool), 1)


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


LAYERS = {
    "itself": (lambda lib: lib.nn.MultiheadAttention(4, 2), lambda lib, m, x: m(x, x, x), (X,)),
    "every head": (
        lambda lib: lib.nn.MultiheadAttention(4, 2, batch_first=True, bias=False),
        lambda lib, m, x, y: m(x, y, y, average_attn_weights=False),
        (X.swapaxes(0, 1), Y.swapaxes(0, 1)),
    ),
    "other widths": (
        lambda lib: lib.nn.MultiheadAttention(4, 2, kdim=6, vdim=4, add_bias_kv=True, add_zero_attn=True),
        lambda lib, m, x, y, z, p: m(x, y, z, key_padding_mask=p),
        (X, WIDE, Y, PADDING),
    ),
    "without weights": (
        lambda lib: lib.nn.MultiheadAttention(4, 2, add_zero_attn=True),
        lambda lib, m, x, y, z, p: m(x, y, z, key_padding_mask=p, need_weights=False),
        (X, Y, Y, PADDING),
    ),
    "causal": (
        lambda lib: lib.nn.MultiheadAttention(4, 2),
        lambda lib, m, x, a: m(x, x, x, attn_mask=a, need_weights=False, is_causal=True),
        (X, CAUSAL),
    ),
    "a mask a head": (
        lambda lib: lib.nn.MultiheadAttention(4, 2),
        lambda lib, m, x, a: m(x, x, x, attn_mask=a),
        (X, RNG.standard_normal((4, 5, 5))),
    ),
    "without batch": (
        lambda lib: lib.nn.MultiheadAttention(4, 2),
        lambda lib, m, x, y, p: m(x, y, y, key_padding_mask=p),
        (X[:, 0], Y[:, 0], PADDING[0]),
    ),
    "encoder layer": (
        lambda lib: lib.nn.TransformerEncoderLayer(4, 2, 6, dropout=0.0),
        lambda lib, m, x, a: m(x, a),
        (X, CAUSAL),
    ),
    "encoder layer norm first": (
        lambda lib: lib.nn.TransformerEncoderLayer(4, 2, 6, 0.0, "gelu", batch_first=True, norm_first=True, bias=False),
        lambda lib, m, x, p: m(x, src_key_padding_mask=p),
        (X, np.arange(10).reshape(5, 2) == 3),
    ),
    "decoder layer": (
        lambda lib: lib.nn.TransformerDecoderLayer(4, 2, 6, dropout=0.0),
        lambda lib, m, x, y, a, p: m(x, y, tgt_mask=a, memory_key_padding_mask=p),
        (X, Y, CAUSAL, PADDING),
    ),
    "decoder layer norm first": (
        lambda lib: lib.nn.TransformerDecoderLayer(4, 2, 6, 0.0, norm_first=True, layer_norm_eps=0.1),
        lambda lib, m, x, y: m(x, y),
        (X, Y),
    ),
    "encoder": (
        lambda lib: lib.nn.TransformerEncoder(
            lib.nn.TransformerEncoderLayer(4, 2, 6, 0.0), 2, lib.nn.LayerNorm(4), enable_nested_tensor=False
        ),
        lambda lib, m, x, a: m(x, a),
        (X, np.where(CAUSAL, -np.inf, 0.0)),
    ),
    "decoder": (
        lambda lib: lib.nn.TransformerDecoder(lib.nn.TransformerDecoderLayer(4, 2, 6, 0.0), 2),
        lambda lib, m, x, y, a: m(x, y, tgt_mask=a, tgt_is_causal=True),
        (X, Y, CAUSAL),
    ),
    "transformer": (
        lambda lib: lib.nn.Transformer(4, 2, 1, 1, 6, 0.0),
        lambda lib, m, y, x: m(y, x, tgt_mask=m.generate_square_subsequent_mask(5, dtype=lib.float64)),
        (Y, X),
    ),
}


@pytest.mark.torch
# PyTorch says of its fast path why it is not taken
@pytest.mark.filterwarnings("ignore:enable_nested_tensor is True")
@pytest.mark.parametrize("name", LAYERS)
def test_an_attention_layer_is_pytorchs(name, torch):
    make, call, arrays = LAYERS[name]
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        agree(torch, make, call, *arrays, second=len(arrays) < 3)


@pytest.mark.torch
def test_evaluation_without_gradients_is_pytorchs_fast_path(torch):
    theirs = torch.nn.TransformerEncoderLayer(4, 2, 6, batch_first=True).eval()
    ours = nn.TransformerEncoderLayer(4, 2, 6, batch_first=True).eval()
    ours.load_state_dict({k: gt.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    x = X.astype("float32")
    with torch.no_grad():
        np.testing.assert_allclose(ours(gt.tensor(x)).detach().numpy(), theirs(torch.tensor(x)).numpy(), atol=1e-5)


@pytest.mark.torch
@pytest.mark.parametrize("options", [{}, {"kdim": 5, "vdim": 3, "bias": False}, {"add_bias_kv": True}])
def test_first_values_are_drawn_as_pytorchs_are(options, torch):
    ours, theirs = nn.MultiheadAttention(64, 2, **options), torch.nn.MultiheadAttention(64, 2, **options)
    assert {k: tuple(v.shape) for k, v in ours.state_dict().items()} == {
        k: tuple(v.shape) for k, v in theirs.state_dict().items()
    }
    for (name, a), (_, b) in zip(ours.named_parameters(), theirs.named_parameters(), strict=True):
        # a standard deviation of at least 64 draws is right within a third
        assert abs(float(a.detach().std()) - float(b.detach().std())) <= 0.33 * float(b.detach().std()), name


def test_one_head_is_the_formula():
    layer = nn.MultiheadAttention(4, 1).double()
    x = gt.tensor(X)
    output, weights = layer(x, x, x)
    w, b = layer.in_proj_weight.detach().numpy(), layer.in_proj_bias.detach().numpy()
    q, k, v = np.split((X @ w.T + b).swapaxes(0, 1), 3, -1)
    scores = q @ k.swapaxes(1, 2) / 2
    shares = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    np.testing.assert_allclose(weights.detach().numpy(), shares, rtol=1e-10)
    expected = (shares @ v).swapaxes(0, 1) @ layer.out_proj.weight.detach().numpy().T
    np.testing.assert_allclose(output.detach().numpy(), expected, rtol=1e-10)


def test_with_and_without_weights_agree():
    layer = nn.MultiheadAttention(4, 2).double()
    x, mask = gt.tensor(X), nn.Transformer.generate_square_subsequent_mask(5, dtype=gt.float64)
    whole, weights = layer(x, x, x, attn_mask=mask)
    for causal in (False, True):
        quick, none = layer(x, x, x, attn_mask=mask, need_weights=False, is_causal=causal)
        assert none is None
        np.testing.assert_allclose(quick.detach().numpy(), whole.detach().numpy(), rtol=1e-10)
    assert weights.shape == (2, 5, 5)
    assert float(weights.triu(1).abs().max()) == 0


def test_dropout_falls_on_the_weights():
    gt.manual_seed(0)
    layer, x = nn.MultiheadAttention(4, 2, dropout=0.5), gt.ones(6, 2, 4)
    weights = layer(x, x, x, average_attn_weights=False)[1]
    assert 0.2 < float((weights == 0).float().mean()) < 0.8
    assert float((layer.eval()(x, x, x)[1] == 0).float().mean()) == 0


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (((5, 2, 3), (5, 2, 4), (5, 2, 4)), r"expected 4 in the last dim of query, got shape \(5, 2, 3\)"),
        (((5, 2, 4), (5, 2, 4), (5, 2, 5)), r"expected 4 in the last dim of value, got shape \(5, 2, 5\)"),
        (((5, 2, 4), (5, 4), (5, 4)), "expected key and value of 3 dims"),
        (((5, 2, 4), (6, 2, 4), (5, 2, 4)), "must have the same sources"),
        (((5, 2, 4), (6, 3, 4), (6, 3, 4)), "must have the same sources and the batch"),
        (((1, 5, 2, 4), (5, 2, 4), (5, 2, 4)), "query should be unbatched 2D or batched 3D"),
    ],
)
def test_wrong_shapes_are_refused(shapes, words):
    with pytest.raises(ShapeError, match=words):
        nn.MultiheadAttention(4, 2)(*[gt.ones(*shape) for shape in shapes])


def test_wrong_masks_and_settings_are_refused():
    layer, x = nn.MultiheadAttention(4, 2), gt.ones(5, 2, 4)
    with pytest.raises(ShapeError, match="2D attn_mask is"):
        layer(x, x, x, attn_mask=gt.zeros(4, 5))
    with pytest.raises(ShapeError, match="key_padding_mask must be"):
        layer(x, x, x, key_padding_mask=gt.zeros(5, 2, dtype=gt.bool))
    with pytest.raises(TypeError, match="only bool and floating types of attn_mask"):
        layer(x, x, x, attn_mask=gt.zeros(5, 5, dtype=gt.int64))
    with pytest.raises(RuntimeError, match="is_causal is a hint"):
        layer(x, x, x, is_causal=True)
    with pytest.raises(ValueError, match="divisible by num_heads"):
        nn.MultiheadAttention(5, 2)
    with pytest.warns(UserWarning, match="mismatched key_padding_mask and attn_mask"):
        layer(x, x, x, attn_mask=gt.zeros(5, 5), key_padding_mask=gt.zeros(2, 5, dtype=gt.bool))
    with pytest.raises(ShapeError, match=r"Transformer\(d_model=4, nhead=2\): expected 4 in the last dim"):
        nn.Transformer(4, 2, 1, 1, 8)(gt.ones(5, 2, 4), gt.ones(5, 2, 3))
    with pytest.raises(RuntimeError, match="the batch number of src and tgt must be equal"):
        nn.Transformer(4, 2, 1, 1, 8)(gt.ones(5, 2, 4), gt.ones(5, 3, 4))
    with pytest.raises(RuntimeError, match="activation should be relu/gelu"):
        nn.TransformerEncoderLayer(4, 2, activation="tanh")


def test_a_causal_mask_is_found_out():
    layer = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 6, 0.0), 1).double()
    x, mask = gt.tensor(X), nn.Transformer.generate_square_subsequent_mask(5, dtype=gt.float64)
    expected = layer(x, mask, is_causal=False).detach().numpy()
    np.testing.assert_allclose(layer(x, mask).detach().numpy(), expected, rtol=1e-10)
    assert not np.allclose(layer(x).detach().numpy(), expected)


def test_layers_of_a_stack_begin_equal_and_are_apart():
    layer = nn.TransformerEncoderLayer(4, 2, 6)
    stack = nn.TransformerEncoder(layer, 2)
    first, second = stack.layers
    assert first.linear1.weight.tolist() == second.linear1.weight.tolist() == layer.linear1.weight.tolist()
    assert first.linear1.weight is not second.linear1.weight
    assert repr(copy.deepcopy(stack)) == repr(stack)


def test_a_query_that_sees_nothing_gets_zeros_and_no_gradient():
    q, k, v = [gt.tensor(RNG.standard_normal((3, 4)), requires_grad=True) for _ in range(3)]
    mask = gt.tensor([[True, True, False], [False, False, False], [True, True, True]])
    for given in (mask, gt.where(mask, 0.0, float("-inf")).double()):
        out = F.scaled_dot_product_attention(q, k, v, given)
        assert out[1].tolist() == [0.0] * 4
        (g,) = gt.autograd.grad(out.sum(), q)
        assert g[1].tolist() == [0.0] * 4
        assert bool(g.isfinite().all())
    assert gt.autograd.gradgradcheck(lambda a, b: F.scaled_dot_product_attention(a, b, b, mask), (q, k))


@pytest.mark.torch
def test_grouped_heads_are_pytorchs(torch):
    q, k = RNG.standard_normal((2, 6, 5, 4)), RNG.standard_normal((2, 2, 3, 4))
    ours, theirs = [
        lib.nn.functional.scaled_dot_product_attention(lib.tensor(q), lib.tensor(k), lib.tensor(k), enable_gqa=True)
        for lib in (gt, torch)
    ]
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-10)


@pytest.mark.parametrize("kind", ["none", "causal", "bool", "added", "one row", "grouped", "bfloat16"])
def test_without_gradients_long_sequences_are_computed_in_parts(kind, monkeypatch):
    rng = np.random.default_rng(0)
    q, k, v = [gt.tensor(rng.standard_normal((2, 4, n, 3)).astype(np.float32)) for n in (7, 5, 5)]
    options: dict = {"is_causal": kind == "causal"}
    if kind == "bool":
        options["attn_mask"] = gt.tensor(rng.random((2, 1, 7, 5)) < 0.5)
    elif kind == "added":
        options["attn_mask"] = gt.tensor(rng.standard_normal((7, 5)).astype(np.float32))
    elif kind == "one row":
        options["attn_mask"] = gt.tensor([True, False, True, True, False])
    elif kind == "grouped":
        k, v, options = k[:, :2], v[:, :2], {"enable_gqa": True}
    elif kind == "bfloat16":
        q, k, v = q.bfloat16(), k.bfloat16(), v.bfloat16()
    whole = F.scaled_dot_product_attention(q, k, v, **options)
    monkeypatch.setattr(attention, "_is_fused", lambda *_: False)  # as on a GPU
    sizes = []
    mixed = attention._mixed
    monkeypatch.setitem(attention._AT_ONCE, "cpu", 2 * 4 * 5 * 2)
    monkeypatch.setattr(attention, "_mixed", lambda q, *rest: sizes.append(q.shape[-2]) or mixed(q, *rest))
    parts = F.scaled_dot_product_attention(q, k, v, **options)
    assert sizes == [2, 2, 2, 1]
    assert parts.dtype is whole.dtype
    gt.testing.assert_close(parts, whole)
    sizes.clear()
    F.scaled_dot_product_attention(q.clone().requires_grad_(), k, v, **options)
    assert sizes == [7]  # the weights are saved as a whole


def test_16_bit_attention_is_rounded_once():
    x = gt.tensor(RNG.standard_normal((3, 4)))
    exact = F.scaled_dot_product_attention(x, x, x).numpy()
    for dtype, digits in ((gt.float16, 2e-3), (gt.bfloat16, 2e-2)):
        half = x.to(dtype)
        out = F.scaled_dot_product_attention(half, half, half)
        assert out.dtype == dtype
        np.testing.assert_allclose(out.double().numpy(), exact, atol=digits)


def test_backends_are_accepted():
    x = gt.ones(1, 1)
    for backends in (SDPBackend.MATH, [SDPBackend.FLASH_ATTENTION, SDPBackend.EFFICIENT_ATTENTION]):
        with sdpa_kernel(backends, set_priority=True):
            assert F.scaled_dot_product_attention(x, x, x).tolist() == [[1.0]]
    with pytest.raises(TypeError, match="must be an SDPBackend"), sdpa_kernel("math"):
        pass
    with pytest.raises(RuntimeError, match="at least one"), sdpa_kernel([]):
        pass
    assert [b.value for b in SDPBackend] == [-1, 0, 1, 2, 3, 4]
