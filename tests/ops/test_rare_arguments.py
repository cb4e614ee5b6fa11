"""Arguments at the edge of what a function takes, each of which PyTorch's own list of samples asks for."""

import math

import pytest

import gputensor as gt


def test_no_differences_leave_out_what_would_be_joined():
    x = gt.tensor([[1, 2], [3, 4]])
    assert gt.diff(x, 0, 0, gt.zeros(1, 2, dtype=gt.int64)).tolist() == x.tolist()


def test_no_spacing_is_a_spacing_of_one():
    x = gt.tensor([1.0, 4.0, 9.0])
    assert gt.gradient(x, spacing=None)[0].tolist() == gt.gradient(x)[0].tolist() == [3.0, 4.0, 5.0]


def test_the_covariance_of_one_variable_has_no_dims():
    x = gt.tensor([[1.0, 3.0]])
    assert gt.cov(x).shape == gt.corrcoef(x).shape == ()
    assert gt.cov(x).item() == 2.0
    assert gt.corrcoef(x).item() == 1.0


def test_what_the_weights_leave_of_the_freedom_has_its_part_in_the_gradient():
    # with two observations, sum(w (x - m)**2) / (sum(w) - sum(w*w) / sum(w)) does not depend on the weights
    weights = gt.tensor([0.5, 2.0], dtype=gt.float64, requires_grad=True)
    covariance = gt.cov(gt.tensor([1.0, 4.0], dtype=gt.float64), aweights=weights)
    covariance.backward()
    assert covariance.item() == pytest.approx(4.5)
    assert weights.grad.tolist() == pytest.approx([0.0, 0.0], abs=1e-12)


@pytest.mark.parametrize("dtype", [gt.uint8, gt.float32, gt.bool])
def test_an_index_of_nothing_may_have_any_dtype(dtype):
    assert gt.gather(gt.ones(3), 0, gt.empty(0, dtype=dtype)).shape == (0,)


def test_places_are_int64_whatever_they_were():
    assert [t.dtype for t in gt.unravel_index(gt.tensor([5], dtype=gt.int16), (2, 3))] == [gt.int64] * 2


def test_products_keep_a_dtype_of_integers_where_a_dim_of_size_one_is_summed_first():
    x, y = gt.ones(1, 2, dtype=gt.int32), gt.ones(3, 2, dtype=gt.int32)
    found = gt.tensordot(x, y, dims=([0], [0]))
    assert (found.dtype, found.tolist()) == (gt.int32, [[3, 3], [3, 3]])


def test_the_sum_to_no_dims_is_a_sum():
    assert gt.tensor(True).sum_to_size(()).dtype == gt.int64


def test_nothing_is_normalized_to_nothing():
    x = gt.empty(0)
    assert gt.nn.functional.batch_norm(x, x, x, training=True).shape == (0,)


def test_channels_of_integers_have_whole_means_and_are_divided_as_floats():
    found = gt.nn.functional.local_response_norm(gt.ones(1, 2, 1, dtype=gt.int64), 2, alpha=1.0, beta=1.0)
    assert found.flatten().tolist() == [1.0, 0.5]


def test_a_place_to_start_from_is_no_boolean():
    with pytest.raises(RuntimeError, match="narrow: start must be an integer"):
        gt.narrow(gt.arange(3), 0, gt.tensor(True), 1)


@pytest.mark.parametrize("function", [gt.maximum, gt.minimum, gt.fmax, gt.fmin, gt.atan2, gt.heaviside])
def test_functions_of_two_tensors_refuse_numbers(function):
    for operands in ((gt.ones(2), 1.0), (1.0, gt.ones(2))):
        with pytest.raises(TypeError, match=r"both operands must be Tensors, got float 1\.0"):
            function(*operands)


def test_squares_of_booleans_do_not_fit_into_booleans():
    with pytest.raises(RuntimeError, match="square_: the result is int64"):
        gt.tensor([True]).square_()


def test_sums_of_complex_exponentials_keep_infinities():
    inf = math.inf
    x = gt.tensor([complex(-inf, 0), complex(-inf, 2), complex(inf, 0)])
    y = gt.tensor([complex(-inf, 0), complex(1, 2), complex(inf, 0)])
    assert gt.logaddexp(x, y).tolist() == [complex(-inf, 0), complex(1, 2), complex(inf, 0)]


def test_a_sum_of_complex_exponentials_does_not_overflow():
    x = gt.tensor([1000 + 1j], dtype=gt.complex128, requires_grad=True)
    y = gt.tensor([-1000 + 4j], dtype=gt.complex128, requires_grad=True)
    found = gt.logaddexp(x, y)
    assert found.tolist() == [1000 + 1j]
    found.real.sum().backward()
    assert (x.grad.tolist(), y.grad.tolist()) == ([1], [0])


def test_the_gradient_of_eigenvectors_is_symmetric_as_the_matrices_are():
    a = gt.tensor([[2.0, 1.0], [1.0, 5.0]], dtype=gt.float64, requires_grad=True)
    (gt.linalg.eigh(a).eigenvectors.abs() * gt.tensor([[1.0, 2.0], [3.0, 5.0]], dtype=gt.float64)).sum().backward()
    assert gt.allclose(a.grad, a.grad.mT)


def test_attention_of_16_bits_keeps_the_scores_in_32_on_the_cpu():
    q = gt.tensor([[16.0, 16.0]], dtype=gt.bfloat16)
    k = gt.tensor([[16.0, 16.0], [16.0, 15.9375]], dtype=gt.bfloat16)
    v = gt.tensor([[0.0], [1.0]], dtype=gt.bfloat16)
    exact = gt.nn.functional.scaled_dot_product_attention(q.double(), k.double(), v.double()).item()
    assert gt.nn.functional.scaled_dot_product_attention(q, k, v).item() == pytest.approx(exact, rel=0.01)
