"""Linear algebra at its edges: singular and empty matrices, batches, errors, gradients where values are equal."""

import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.autograd import grad, gradcheck, gradgradcheck
from gputensor.errors import ArgumentError, DtypeError, GradError, LinAlgError, ShapeError
from tests import doubles


def drawn(*shape, dtype="float64", seed=0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal(shape)
    if dtype.startswith("complex"):
        x = x + 1j * rng.standard_normal(shape)
    return gt.from_numpy(x.astype(dtype))


def close(ours, theirs, tolerance=1e-10):
    np.testing.assert_allclose(ours.detach().numpy(), np.asarray(theirs), rtol=tolerance, atol=tolerance)


SINGULAR = gt.tensor([[[1.0, 0.0], [0.0, 1.0]], [[1.0, 2.0], [2.0, 4.0]]])


def test_the_errors_are_runtime_errors_under_the_name_of_pytorch():
    assert gt.linalg.LinAlgError is LinAlgError
    assert issubclass(LinAlgError, RuntimeError)


@pytest.mark.parametrize(
    "call",
    [
        lambda: gt.linalg.inv(SINGULAR),
        lambda: gt.linalg.solve(SINGULAR, gt.ones(2, 2)),
        lambda: gt.linalg.inv_ex(SINGULAR, check_errors=True),
        lambda: gt.linalg.solve_ex(SINGULAR, gt.ones(2, 2), check_errors=True),
    ],
)
def test_the_first_singular_matrix_of_a_batch_is_named(call):
    with pytest.raises(LinAlgError, match=r"\(batch element 1\) the matrix is singular: element 2"):
        call()


def test_the_first_indefinite_matrix_of_a_batch_is_named():
    x = gt.eye(3).repeat(2, 2, 1, 1)
    x[1, 0, 1, 1] = -1
    with pytest.raises(
        LinAlgError, match=r"\(batch element \(1, 0\)\) the matrix is not positive definite: .* order 2"
    ):
        gt.linalg.cholesky(x)
    factor, info = gt.linalg.cholesky_ex(x)
    assert info.tolist() == [[0, 0], [2, 0]]
    close(factor[0, 1], np.eye(3))


def test_a_nan_makes_a_matrix_indefinite_but_not_singular():
    with pytest.raises(LinAlgError, match="not positive definite"):
        gt.linalg.cholesky(gt.full((2, 2), float("nan")))
    assert gt.linalg.inv(gt.full((2, 2), float("nan"))).isnan().all()


def test_info_tells_what_would_have_been_raised():
    assert gt.linalg.inv_ex(SINGULAR).info.tolist() == [0, 2]
    assert gt.linalg.solve_ex(SINGULAR, gt.ones(2, 1)).info.tolist() == [0, 2]
    assert not gt.linalg.solve_ex(SINGULAR, gt.ones(2, 1)).result[1].isfinite().all()
    assert gt.linalg.lu_factor_ex(SINGULAR).info.tolist() == [0, 2]
    with pytest.raises(LinAlgError, match=r"linalg\.lu_factor: \(batch element 1\) element 2 of U's diagonal is zero"):
        gt.linalg.lu_factor(SINGULAR)


def test_info_is_of_the_matrices_as_given_not_of_the_broadcast_ones():
    b = gt.ones(3, 2, 2)
    assert gt.linalg.solve_ex(gt.eye(2), b).info.shape == ()
    assert gt.linalg.solve_ex(SINGULAR[:, None], b).info.tolist() == [[0], [2]]
    assert gt.linalg.solve_ex(SINGULAR[:, None], gt.ones(0, 2, 2)).info.tolist() == [[0], [0]]


def test_the_message_does_not_name_batches_where_there_are_none():
    with pytest.raises(LinAlgError) as caught:
        gt.linalg.inv(gt.zeros(2, 2))
    assert "batch" not in str(caught.value)


@pytest.mark.parametrize("name", ["eigvals", "svdvals", "svd", "eig"])
def test_iterations_over_nan_and_infinity_name_the_matrix_that_has_them(name):
    x = gt.eye(2).repeat(2, 1, 1)
    x[1, 0, 0] = float("nan")
    with pytest.raises(LinAlgError, match=r"did not converge for the matrix \(batch element 1\): it contains NaN"):
        getattr(gt.linalg, name)(x)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize(
    "name",
    ["cholesky", "det", "eig", "eigh", "inv", "lu", "pinv", "qr", "slogdet", "svd", "svdvals", "matrix_rank", "cond"],
)
def test_16_bit_floats_are_refused(name, dtype):
    with pytest.raises(DtypeError, match=r"linalg\.\w+: A must be float32, float64 or complex, got b?float16"):
        getattr(gt.linalg, name)(gt.eye(2, dtype=dtype))


@pytest.mark.parametrize("shape", [(2, 3), (3,), ()])
@pytest.mark.parametrize("name", ["cholesky", "det", "eig", "eigh", "inv", "slogdet", "matrix_exp"])
def test_what_is_no_square_matrix_is_refused(name, shape):
    with pytest.raises(ShapeError, match=rf"linalg\.{name}: A must"):
        getattr(gt.linalg, name)(gt.ones(shape))


def test_other_refusals_are_sentences():
    a = gt.eye(3)
    for call, error, words in (
        (lambda: gt.linalg.solve(a, gt.ones(2)), ShapeError, "the vector B of shape"),
        (lambda: gt.linalg.solve(a, gt.ones(2, 3)), ShapeError, "B must have 3 rows"),
        (lambda: gt.linalg.solve(a, gt.ones(3, 1).double()), DtypeError, "must have the same dtype"),
        (lambda: gt.linalg.qr(a, "economic"), ArgumentError, "mode must be"),
        (lambda: gt.linalg.eigh(a, "X"), ArgumentError, "UPLO must be"),
        (lambda: gt.linalg.lstsq(a, a, driver="qr"), ArgumentError, "driver must be"),
        (lambda: gt.linalg.matrix_norm(a, 3), ArgumentError, "ord must be"),
        (lambda: gt.linalg.vector_norm(a, "fro"), TypeError, "ord must be a number"),
        (lambda: gt.linalg.multi_dot([a]), ShapeError, "at least two"),
        (lambda: gt.linalg.matrix_power(a, 1.5), TypeError, "n must be an int"),
        (lambda: gt.linalg.matrix_power(a > 0, 2), DtypeError, "not defined for booleans"),
        (lambda: gt.linalg.vander(gt.ones(3), N=1), ArgumentError, "N must be at least 2"),
        (lambda: gt.linalg.householder_product(gt.ones(2, 3), gt.ones(2)), ShapeError, "as many rows as columns"),
        (lambda: gt.linalg.tensorinv(gt.ones(2, 3)), ShapeError, "as many elements"),
        (lambda: gt.lu_unpack(a, gt.ones(3)), DtypeError, "pivots must be an int32"),
        (lambda: gt.lobpcg(a, k=2), ShapeError, "must have at least 3 n"),
        (lambda: gt.linalg.inv([[1.0]]), TypeError, "A must be a Tensor"),
    ):
        with pytest.raises(error, match=words):
            call()


def test_empty_matrices_and_batches_have_empty_results():
    none, wide, batch = gt.zeros(0, 0), gt.zeros(0, 3), gt.zeros(0, 2, 2)
    assert gt.linalg.det(none).item() == 1
    assert gt.linalg.slogdet(none)[1].item() == 0
    assert gt.linalg.inv(batch).shape == (0, 2, 2)
    assert gt.linalg.cholesky(batch).shape == (0, 2, 2)
    assert gt.linalg.pinv(wide).shape == (3, 0)
    assert gt.linalg.matrix_rank(wide).item() == 0
    assert gt.linalg.svdvals(wide).shape == (0,)
    assert [t.shape for t in gt.linalg.svd(wide)] == [(0, 0), (0,), (3, 3)]
    assert [t.shape for t in gt.linalg.qr(wide.mT, "complete")] == [(3, 3), (3, 0)]
    assert gt.linalg.eig(batch)[0].dtype == gt.complex64
    assert gt.linalg.matrix_exp(batch).shape == (0, 2, 2)
    assert [t.shape for t in gt.linalg.lu(wide)] == [(0, 0), (0, 0), (0, 3)]
    assert gt.linalg.solve(none, gt.zeros(0, 2)).shape == (0, 2)
    assert gt.linalg.matrix_norm(wide, 2).item() == 0
    assert gt.linalg.cond(none).item() == 0


@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64", "complex128"])
@pytest.mark.parametrize("shape", [(4, 4), (70, 3, 3), (2, 5, 3), (100, 2, 4)])
def test_lu_of_single_matrices_and_of_large_batches_multiplies_back(shape, dtype):
    x = drawn(*shape, dtype=dtype)
    p, lower, upper = gt.linalg.lu(x)
    close(p.to(x.dtype) @ lower @ upper, x.numpy(), 1e-5 if dtype in ("float32", "complex64") else 1e-12)
    assert (lower.abs() <= 2**0.5 + 1e-6).all()


@pytest.mark.parametrize("count", [1, 200])
def test_lu_without_interchanges_multiplies_back(count):
    x = drawn(count, 3, 3) + 4 * gt.eye(3)
    p, lower, upper = gt.linalg.lu(x, pivot=False)
    assert p.numel() == 0
    close(lower @ upper, x.numpy())
    packed, pivots = gt.linalg.lu_factor(x, pivot=False)
    close(gt.linalg.lu_solve(packed, pivots, x), np.broadcast_to(np.eye(3), (count, 3, 3)))


@pytest.mark.parametrize("hermitian", [False, True])
@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize("n", [1, 2, 3, 6, 70])
def test_ldl_solves_indefinite_systems(n, dtype, hermitian):
    x = drawn(2, n, n, dtype=dtype, seed=n)
    x = x + (x.mH if hermitian else x.mT)
    x = x - gt.diag_embed(x.diagonal(0, -2, -1)) * 0.999  # a small diagonal: blocks of two
    b = drawn(2, n, 2, dtype=dtype, seed=1)
    factors = gt.linalg.ldl_factor(x, hermitian=hermitian)
    close(x @ gt.linalg.ldl_solve(*factors, b, hermitian=hermitian), b.numpy(), 1e-7)
    assert n < 3 or (factors.pivots < 0).any()


def test_a_vector_is_solved_for_where_b_is_one_dimensional_or_has_the_batch_of_a():
    a, b = drawn(2, 3, 3), drawn(2, 3)
    x = gt.linalg.solve(a, b)
    close((a @ x[..., None])[..., 0], b.numpy())
    close(gt.linalg.solve(a, b[0]), np.linalg.solve(a.numpy(), b[0].numpy()[..., None])[..., 0])


def test_one_matrix_and_many_right_sides_are_one_elimination():
    from gputensor.core.apply import observe, unobserve

    seen = []

    def note(prim, given, result):
        if repr(prim) == "solve":
            seen.append([tuple(t.shape) for t in given])

    a, b = drawn(3, 3), drawn(5, 2, 3, 4)
    observe(note)
    try:
        x = gt.linalg.solve(a, b)
    finally:
        unobserve(note)
    assert seen == [[(3, 3), (3, 40)]]
    close(a @ x, b.numpy())


def test_triangles_read_one_half_only_and_divide_by_zero_silently():
    a = gt.tensor([[2.0, float("nan")], [1.0, 4.0]])
    assert gt.linalg.solve_triangular(a, gt.tensor([[2.0], [5.0]]), upper=False).tolist() == [[1.0], [1.0]]
    assert gt.linalg.solve_triangular(gt.zeros(1, 1), gt.ones(1, 1), upper=True).tolist() == [[float("inf")]]
    assert gt.linalg.solve_triangular(gt.zeros(1, 1), gt.ones(1, 1), upper=True, unitriangular=True).tolist() == [[1.0]]


def test_the_other_triangle_is_not_read_by_cholesky_and_eigh():
    a = gt.tensor([[4.0, float("nan")], [2.0, 5.0]])
    assert gt.linalg.cholesky(a).tolist() == [[2.0, 0.0], [1.0, 2.0]]
    assert gt.linalg.cholesky(a.mT, upper=True).tolist() == [[2.0, 1.0], [0.0, 2.0]]
    assert gt.linalg.eigvalsh(a).isfinite().all()
    assert gt.linalg.eigvalsh(a.mT, UPLO="U").isfinite().all()


def test_the_gradient_of_det_is_right_where_the_matrix_is_singular():
    for rank in (2, 1, 0):
        x = gt.diag(gt.tensor([2.0] * rank + [0.0] * (3 - rank), dtype=gt.float64)).requires_grad_()
        (g,) = grad(gt.det(x), x)
        close(g, np.diag([0.0, 0.0, 4.0]) if rank == 2 else np.zeros((3, 3)))
    x = (drawn(3, 2) @ drawn(2, 3, seed=1)).requires_grad_()
    assert gradcheck(gt.det, (x,))
    assert gradgradcheck(gt.det, (x,))


def test_gradients_of_values_are_finite_where_they_are_equal():
    x = gt.eye(3, dtype=gt.float64).requires_grad_()
    for call in (gt.linalg.svdvals, gt.linalg.eigvalsh, lambda t: gt.linalg.svd(t).S, lambda t: gt.linalg.eigh(t)[0]):
        (g,) = grad(call(x).sum(), x)
        close(g, np.eye(3))
    (g,) = grad(gt.linalg.matrix_norm(x, "nuc"), x)
    close(g, np.eye(3))


def test_gradients_of_vectors_are_not_finite_where_values_are_equal():
    x = gt.eye(3, dtype=gt.float64).requires_grad_()
    (g,) = grad((gt.linalg.eigh(x)[1] * drawn(3, 3)).sum(), x)
    assert not g.isfinite().all()


@pytest.mark.parametrize("dtype", ["float64", "complex128"])
@pytest.mark.parametrize("call", [lambda x: gt.slogdet(x)[1], gt.logdet, lambda x: gt.linalg.slogdet(x)[1]])
def test_the_gradient_of_the_log_of_no_determinant_is_infinite_and_has_none_itself(call, dtype):
    x = SINGULAR.to(getattr(gt, dtype)).requires_grad_()
    (g,) = grad(call(x)[1].real if call(x).is_complex() else call(x)[1], x)
    assert not np.isfinite(g[1].numpy()).any()
    for at, error in ((x, r"slogdet: \(batch element 1\) the matrix is singular"), (x[1], "slogdet: the matrix is")):
        with pytest.raises(LinAlgError, match=error):
            grad(abs(call(at)).sum(), x, create_graph=True)
    (g,) = grad(abs(call(x[0] * 3)).sum(), x, create_graph=True)
    close(g[0], np.eye(2))


def test_a_pseudo_inverse_has_a_gradient_where_singular_values_are_equal():
    x = gt.eye(3, dtype=gt.float64)[:, :2].clone().requires_grad_()
    assert gradcheck(gt.linalg.pinv, (x,))


def test_the_complete_qr_of_a_tall_matrix_refuses_its_gradient_by_name():
    q, _ = gt.linalg.qr(gt.ones(3, 2, requires_grad=True), "complete")
    with pytest.raises(GradError, match="mode='complete' has no gradient"):
        q.sum().backward()


@pytest.mark.parametrize("rank", [3, 2])
def test_least_squares_of_all_drivers_agree_and_have_gradients(rank):
    a = (drawn(5, rank) @ drawn(rank, 3, seed=1)).requires_grad_()
    b = drawn(5, 2, seed=2).requires_grad_()
    wanted = np.linalg.lstsq(a.detach().numpy(), b.detach().numpy())
    for driver in ("gelsy", "gelsd", "gelss"):
        solution, residuals, found, values = gt.linalg.lstsq(a, b, driver=driver)
        close(solution, wanted[0])
        assert found.item() == rank
        close(residuals, wanted[1] if driver != "gelsy" else [])
        close(values, wanted[3] if driver != "gelsy" else [])
    if rank == 3:
        assert gradcheck(lambda a, b: gt.linalg.lstsq(a, b).solution, (a, b))


def test_least_squares_of_a_million_rows():
    a, b = drawn(1_000_000, 2, dtype="float32"), drawn(1_000_000, dtype="float32", seed=1)
    x = gt.linalg.lstsq(a, b).solution
    assert (a.mT @ (a @ x - b)).abs().max() < 10


def test_a_hundred_thousand_small_matrices_are_no_loop(monkeypatch):
    from gputensor.arrays.numpy_ import factorizations

    monkeypatch.setattr(factorizations, "_lapack", None)  # a matrix at a time
    monkeypatch.setattr(factorizations, "_blas", None)
    x = drawn(100_000, 2, 2) + 5 * gt.eye(2)
    packed, pivots = gt.linalg.lu_factor(x)
    close(x @ gt.linalg.lu_solve(packed, pivots, x), x.numpy())


def test_matrix_exponentials_of_any_size():
    x = gt.tensor([[0.0, 1.0], [-1.0, 0.0]], dtype=gt.float64)
    for size in (1e-8, 1.0, 50.0):
        close((size * x).matrix_exp(), [[np.cos(size), np.sin(size)], [-np.sin(size), np.cos(size)]], 1e-11)
    both = gt.stack([x * 0, x * 20]).matrix_exp()
    close(both[0], np.eye(2))
    assert gt.full((2, 2), float("nan")).matrix_exp().isnan().all()
    assert gt.eye(2, dtype=gt.bfloat16).matrix_exp().dtype == gt.bfloat16


def test_a_power_is_a_tensor_of_its_own():
    x = gt.eye(2)
    for n in (0, 1):
        y = gt.linalg.matrix_power(x, n)
        y.add_(1)
        assert x.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_random_projections_find_a_low_rank():
    gt.manual_seed(0)
    x = (drawn(30, 3) @ drawn(3, 20, seed=1)).requires_grad_()
    u, s, v = gt.svd_lowrank(x, 3)
    close(u @ gt.diag(s) @ v.mT, x.detach().numpy(), 1e-8)
    assert gradcheck(lambda t: (lambda r: r[0] @ gt.diag(r[1]) @ r[2].mT)(gt.svd_lowrank(t, 3)), (x,), fast_mode=True)
    u, s, v = gt.pca_lowrank(x.detach().mT, 3, center=False)
    assert (u.shape, s.shape, v.shape) == ((20, 3), (3,), (30, 3))


@pytest.mark.parametrize("largest", [True, False])
def test_the_block_iteration_finds_the_ends_of_the_spectrum(largest):
    gt.manual_seed(0)
    x = drawn(40, 40)
    a = x @ x.mT / 40 + gt.diag(gt.arange(1.0, 41.0, dtype=gt.float64))
    b = gt.diag(gt.linspace(1, 2, 40, dtype=gt.float64))
    for weight in (None, b):
        values, vectors = gt.lobpcg(a, k=3, B=weight, largest=largest)
        w = np.eye(40) if weight is None else weight.numpy()
        wanted = np.sort(np.linalg.eigvals(np.linalg.solve(w, a.numpy())).real)
        close(values, wanted[::-1][:3] if largest else wanted[:3], 1e-6)
        close(a @ vectors, w @ vectors.numpy() * values.numpy(), 1e-4)


def test_the_condition_of_a_singular_matrix_is_infinite():
    for p in (1, -1, "fro", float("inf")):
        assert gt.linalg.cond(gt.ones(2, 2), p).item() == float("inf")
    assert gt.linalg.cond(gt.ones(2, 3), -2).item() < 1e-6


def test_results_are_printed_with_their_names():
    assert repr(gt.linalg.eigh(gt.eye(1))) == (
        "gputensor.return_types.linalg_eigh(\neigenvalues=tensor([1.]),\neigenvectors=tensor([[1.]]))"
    )


def test_out_refuses_to_lose_gradients():
    x = gt.eye(2, requires_grad=True)
    with pytest.raises(GradError, match="with out= no gradient is recorded"):
        gt.linalg.inv(x, out=gt.empty(0))
    with pytest.raises(TypeError, match="out must be a tuple of 2 Tensors"):
        gt.linalg.qr(gt.eye(2), out=gt.empty(0))


@pytest.fixture
def cuda():
    with doubles.installed():
        yield gt.device("cuda")


def test_singular_and_indefinite_matrices_are_named_on_the_double_of_cupy(cuda):
    singular = SINGULAR.cuda()
    with pytest.raises(LinAlgError, match=r"\(batch element 1\) the matrix is singular"):
        gt.linalg.inv(singular)
    with pytest.raises(LinAlgError, match="element 2 of U's diagonal is zero"):
        gt.linalg.lu_factor(singular[1])
    with pytest.raises(LinAlgError, match=r"\(batch element 1\) the matrix is not positive definite"):
        gt.linalg.cholesky(gt.stack([gt.eye(2), -gt.eye(2)]).cuda())
    assert gt.linalg.eig(singular)[0].device.type == "cuda"
    with pytest.raises(ArgumentError, match="on a GPU 'gels'"):
        gt.linalg.lstsq(singular, singular, driver="gelsd")


def test_gradients_of_very_large_singular_values():
    x = (gt.eye(2) * gt.tensor([1e20, 5e19])).requires_grad_()
    gt.linalg.svdvals(x)[0].backward()
    np.testing.assert_allclose(x.grad.numpy(), [[1.0, 0.0], [0.0, 0.0]], atol=1e-6)


def test_nan_and_infinity_in_factorizations():
    x = gt.full((2, 2, 2), float("nan"))
    x[0] = gt.eye(2)
    x.requires_grad_()
    gt.linalg.det(x).sum().backward()
    assert x.grad[0].tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert x.grad[1].isnan().all()
    with pytest.raises(gt.linalg.LinAlgError, match="order 1"):
        gt.linalg.cholesky(gt.tensor([[float("inf"), 0.0], [0.0, 1.0]]))


@pytest.mark.parametrize("dtype", [gt.float64, gt.complex128])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_gradient_of_det_is_the_matrix_of_cofactors(n, dtype):
    rng = np.random.default_rng(n)
    x = rng.standard_normal((5, n, n)) + (1j * rng.standard_normal((5, n, n)) if dtype.is_complex else 0)
    t = gt.from_numpy(x).requires_grad_()
    gt.linalg.det(t).sum().real.backward()
    expected = np.linalg.det(x)[:, None, None] * np.linalg.inv(x).swapaxes(1, 2)
    np.testing.assert_allclose(t.grad.numpy(), expected.conj(), rtol=1e-9)


def test_a_determinant_of_nan_warns_of_nothing():
    x = gt.full((2, 2), float("nan"))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"gputensor\.")
        assert gt.isnan(gt.linalg.det(x))
        assert gt.isnan(gt.linalg.slogdet(x).logabsdet)
    assert caught == []


def test_matrices_that_do_not_fit_give_one_error_without_the_one_it_came_from():
    for x, y in ((gt.ones(2, 2), gt.ones(3, 3)), (gt.ones(2, 2, 3), gt.ones(3, 3, 2))):
        with pytest.raises(ShapeError, match="matmul: ") as caught:
            x @ y
        assert caught.value.__context__ is None or caught.value.__suppress_context__
