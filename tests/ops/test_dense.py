"""Linear and bilinear maps, embeddings, one-hot rows and attention."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn import functional as F
from tests.ops.agreement import agrees
from tests.ops.derivatives import derivatives_agree


@pytest.fixture
def rng():
    return np.random.default_rng(10)


def test_a_wrong_width_gets_a_sentence():
    with pytest.raises(
        gt.errors.ShapeError,
        match=r"linear: input of shape \(2, 5\) has width 5 in its last dim, weight \(3, 4\) expects 4",
    ):
        F.linear(gt.ones(2, 5), gt.ones(3, 4))
    with pytest.raises(gt.errors.ShapeError, match="0-d"):
        F.linear(gt.ones(()), gt.ones(3, 4))
    with pytest.raises(gt.errors.ShapeError, match=r"weight must have shape \(out, in\)"):
        F.linear(gt.ones(2, 4), gt.ones(3, 4, 4))
    with pytest.raises(gt.errors.ShapeError, match="bias of shape"):
        F.linear(gt.ones(2, 4), gt.ones(3, 4), gt.ones(4))
    with pytest.raises(TypeError, match="linear: bias must be a Tensor, got float"):
        F.linear(gt.ones(2, 4), gt.ones(3, 4), 1.0)
    with pytest.raises(TypeError, match="linear: input must be a Tensor, got list"):
        F.linear([1.0], gt.ones(3, 4))
    with pytest.raises(gt.errors.ShapeError, match="bilinear: input1"):
        F.bilinear(gt.ones(2, 4), gt.ones(2, 3), gt.ones(5, 3, 4))


def test_linear_promotes_and_sums_16_bits_in_float32():
    assert F.linear(gt.ones(2, 4), gt.ones(3, 4, dtype=gt.float64), gt.ones(3)).dtype is gt.float64
    ones = gt.ones(1, 4096, dtype=gt.bfloat16)
    assert F.linear(ones, ones).item() == 4096
    bias = gt.zeros(1, dtype=gt.bfloat16, requires_grad=True)
    F.linear(gt.ones(4096, 1, dtype=gt.bfloat16), gt.ones(1, 1, dtype=gt.bfloat16), bias).sum().backward()
    assert bias.grad.item() == 4096


def test_a_linear_layer_is_one_node():
    w, b = gt.ones(3, 4, requires_grad=True), gt.ones(3, requires_grad=True)
    assert F.linear(gt.ones(2, 4), w, b).grad_fn.name() == "AddmmBackward0"


@pytest.mark.torch
@pytest.mark.parametrize("shape", [(3, 4), (4,), (2, 3, 4), (0, 4), (2, 0, 4)], ids=str)
def test_derivatives_of_linear_maps_are_those_of_pytorch(rng, shape):
    x, w, b = rng.standard_normal(shape), rng.standard_normal((5, 4)), rng.standard_normal(5)
    derivatives_agree(lambda F, x, w, b: F.linear(x, w, b), x, w, b)
    derivatives_agree(lambda F, x, w: F.linear(x, w), x, w)
    derivatives_agree(lambda F, x, w, b: F.linear(x, w, b), x, w, rng.standard_normal(1))
    y, m = rng.standard_normal((*shape[:-1], 3)), rng.standard_normal((5, 4, 3))
    derivatives_agree(lambda F, x, y, m, b: F.bilinear(x, y, m, b), x, y, m, b)


def test_an_index_outside_of_the_table_gets_a_sentence():
    w = gt.ones(5, 2)
    for bad in (5, -1):
        with pytest.raises(IndexError, match=f"embedding: index {bad} is out of range for 5 rows; use 0 <= index < 5"):
            F.embedding(gt.tensor([0, bad]), w)
    with pytest.raises(TypeError, match=r"must be int64 or int32, got float32; use \.long\(\)"):
        F.embedding(gt.ones(2), w)
    with pytest.raises(ValueError, match=r"weight must have shape \(rows, width\)"):
        F.embedding(gt.tensor([0]), gt.ones(5))
    with pytest.raises(IndexError, match="padding_idx 5 is out of range"):
        F.embedding(gt.tensor([0]), w, padding_idx=5)
    with pytest.raises(ValueError, match="sparse gradients are not supported"):
        F.embedding(gt.tensor([0]), w, sparse=True)


def test_rows_that_are_read_often_add_up_in_float32():
    w = gt.zeros(3, 2, dtype=gt.bfloat16, requires_grad=True)
    F.embedding(gt.zeros(4096, dtype=gt.int64), w).sum().backward()
    assert w.grad.tolist() == [[4096, 4096], [0, 0], [0, 0]]


def test_max_norm_scales_the_rows_that_are_read_in_the_table_itself():
    w = gt.tensor([[3.0, 4.0], [0.3, 0.4], [6.0, 8.0]])
    out = F.embedding(gt.tensor([0, 1, 0]), w, max_norm=1.0)
    np.testing.assert_allclose(w.numpy(), [[0.6, 0.8], [0.3, 0.4], [6.0, 8.0]], rtol=1e-5)
    np.testing.assert_allclose(out.numpy(), w.numpy()[[0, 1, 0]])


@pytest.mark.torch
@pytest.mark.parametrize(
    "arguments", [{}, {"padding_idx": 2}, {"padding_idx": -1}, {"scale_grad_by_freq": True}], ids=str
)
@pytest.mark.parametrize("shape", [(), (9,), (2, 3)], ids=str)
def test_embeddings_and_their_gradients_are_those_of_pytorch(rng, shape, arguments):
    index = rng.integers(0, 4, shape)
    derivatives_agree(lambda F, n, w: F.embedding(n, w, **arguments), index, rng.standard_normal((4, 3)))


@pytest.mark.torch
def test_the_gradient_of_a_large_table_is_that_of_pytorch(rng):
    index, w = rng.integers(0, 500, 3000), rng.standard_normal((1000, 8))
    derivatives_agree(lambda F, n, w: F.embedding(n, w) * F.embedding(n, w), index, w)


@pytest.mark.torch
@pytest.mark.parametrize(
    "code",
    [
        "L.nn.functional.one_hot(T([[0, 2], [1, 0]]))",
        "L.nn.functional.one_hot(T([0, 2]), 5)",
        "L.nn.functional.one_hot(T(1), 2)",
        "L.nn.functional.one_hot(Z(0, dtype=L.int64), 3)",
        "L.nn.functional.one_hot(Z(0, dtype=L.int64))",
        "L.nn.functional.one_hot(T([0, 3]), 3)",
        "L.nn.functional.one_hot(T([0, -1]))",
        "L.nn.functional.one_hot(T([0.0]))",
        "L.nn.functional.embedding(T([1, 0], dtype=L.int32), A(6.).reshape(3, 2), max_norm=2.0, norm_type=1.0)",
        "L.nn.functional.embedding(T([3]), A(6.).reshape(3, 2))",
        "L.nn.functional.linear(A(4.), A(8.).reshape(2, 4), A(2.))",
        "L.nn.functional.linear(A(4.), A(4.))",
        "L.nn.functional.linear(A(8.).reshape(2, 4), A(4.))",
        "L.nn.functional.linear(A(8).reshape(2, 4), A(8).reshape(2, 4), A(2))",
        "L.nn.functional.linear(A(8.).reshape(2, 4), A(6.).reshape(2, 3))",
    ],
)
def test_results_and_errors_are_those_of_pytorch(code):
    agrees(code)


def test_a_query_that_sees_nothing_gives_zeros_and_no_nan():
    x = gt.randn(3, 4, requires_grad=True)
    mask = gt.tensor([[True, True, True], [False, False, False], [True, False, False]])
    out = F.scaled_dot_product_attention(x, x, x, attn_mask=mask)
    out.sum().backward()
    assert not out[1].any()
    assert gt.isfinite(x.grad).all()


def test_attention_refuses_what_does_not_fit():
    x = gt.ones(3, 4)
    with pytest.raises(ValueError, match="attn_mask or is_causal=True, not both"):
        F.scaled_dot_product_attention(x, x, x, attn_mask=gt.ones(3, 3), is_causal=True)
    with pytest.raises(ValueError, match="query needs at least 2 dims"):
        F.scaled_dot_product_attention(gt.ones(4), x, x)
    with pytest.raises(ValueError, match="enable_gqa needs heads of query"):
        F.scaled_dot_product_attention(gt.ones(3, 2, 4), gt.ones(2, 2, 4), gt.ones(2, 2, 4), enable_gqa=True)
    with pytest.raises(TypeError, match="attn_mask must be bool or floating-point"):
        F.scaled_dot_product_attention(x, x, x, attn_mask=gt.ones(3, 3).long())


@pytest.mark.torch
def test_attention_and_its_derivatives_are_those_of_pytorch(rng):
    q, k, v = (rng.standard_normal((2, 3, *s)) for s in ((5, 4), (6, 4), (6, 2)))
    seen = rng.random((5, 6)) < 0.5
    seen[2] = False
    attend = "scaled_dot_product_attention"
    derivatives_agree(lambda F, *t: getattr(F, attend)(*t), q, k, v)
    derivatives_agree(lambda F, *t: getattr(F, attend)(*t, is_causal=True), q, k, v)
    derivatives_agree(lambda F, *t: getattr(F, attend)(*t, scale=0.3), q, k, v)
    derivatives_agree(lambda F, q, k, v, m: getattr(F, attend)(q, k, v, attn_mask=m), q, k, v, seen)
    derivatives_agree(
        lambda F, q, k, v, m: getattr(F, attend)(q, k, v, attn_mask=m), q, k, v, rng.standard_normal((2, 1, 5, 6))
    )
    wide = rng.standard_normal((2, 6, 5, 4))
    derivatives_agree(lambda F, *t: getattr(F, attend)(*t, enable_gqa=True), wide, k, v)
