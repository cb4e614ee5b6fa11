"""Products beyond the table of samples: accumulation, layouts, refusals, and einsum against NumPy's."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DeviceError, DtypeError, ShapeError
from gputensor.linalg import multi_dot


@pytest.mark.parametrize("dtype", [gt.float16, gt.bfloat16])
def test_sixteen_bits_accumulate_in_float32(dtype):
    n = 4096
    ones = gt.ones(n, dtype=dtype)
    assert gt.dot(ones, ones).item() == n
    assert (gt.ones(2, n, dtype=dtype) @ ones).tolist() == [n, n]
    assert (gt.ones(1, n, dtype=dtype) @ gt.ones(n, 2, dtype=dtype)).tolist() == [[n, n]]
    assert gt.einsum("ij->i", gt.ones(2, n, dtype=dtype)).tolist() == [n, n]
    assert gt.tensordot(gt.ones(n, dtype=dtype), ones, 1).dtype is dtype


def test_operands_of_different_dtypes_promote():
    assert (gt.ones(2, 2, dtype=gt.int64) @ gt.ones(2, 2)).dtype is gt.float32
    assert (gt.ones(2, 2, dtype=gt.float16) @ gt.ones(2, 2, dtype=gt.bfloat16)).dtype is gt.float32
    assert (gt.ones(2) @ gt.ones(2, dtype=gt.complex64)).dtype is gt.complex64
    assert (gt.ones(2, 2) @ np.ones((2, 2))).dtype is gt.float64
    assert (np.ones((2, 2)) @ gt.ones(2, 2)).dtype is gt.float64
    assert isinstance(np.ones((2, 2)) @ gt.ones(2, 2), gt.Tensor)


def test_bools_multiply_as_logic():
    a = gt.tensor([[True, False], [False, False]])
    assert (a @ a).tolist() == [[True, False], [False, False]]


@pytest.mark.parametrize(
    "look",
    [
        lambda x: x,
        lambda x: x.T,
        lambda x: x.flip(0),
        lambda x: x[::2, ::2],
        lambda x: x[:1].expand(8, 8),
        lambda x: x[::-1],
    ],
)
def test_operands_in_any_layout_give_the_same(look):
    rng = np.random.default_rng(0)
    x, y = gt.tensor(rng.standard_normal((8, 8))), gt.tensor(rng.standard_normal((8, 8)))
    a, b = look(x), look(y)
    np.testing.assert_allclose((a @ b).numpy(), a.numpy() @ b.numpy(), rtol=1e-13)
    batch = gt.tensor(rng.standard_normal((3, 8, 8)))[:, : a.shape[0], : a.shape[0]]
    np.testing.assert_allclose((batch @ a).numpy(), batch.numpy() @ a.numpy(), rtol=1e-12)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((0, 3), (3, 2)),
        ((2, 0), (0, 3)),
        ((0,), (0,)),
        ((2, 0), (0,)),
        ((0,), (0, 2)),
        ((3, 0, 2), (2, 2)),
        ((2, 3, 0), (0, 4)),
        ((0, 2, 3), (0, 3, 2)),
    ],
)
def test_empty_operands_have_zero_sums_and_gradients(a, b):
    x, y = gt.ones(a, requires_grad=True), gt.ones(b, requires_grad=True)
    out = x @ y
    np.testing.assert_array_equal(out.detach().numpy(), np.ones(a) @ np.ones(b))
    out.sum().backward()
    assert x.grad.shape == a
    assert y.grad.shape == b


def test_a_batch_times_a_matrix_needs_no_batch_of_gradients():
    x = gt.ones(50, 4, 3)
    y = gt.ones(3, 2, requires_grad=True)
    (x @ y).sum().backward()
    assert y.grad.tolist() == [[200, 200]] * 3


def test_refusals_name_shapes_and_the_rule():
    for words, call in (
        (
            r"matmul: shapes \(2, 3\) and \(2, 3\) do not fit: the last dim of the first is 3, the second-last dim of",
            lambda: gt.ones(2, 3) @ gt.ones(2, 3),
        ),
        (r"the only dim of the second is 2", lambda: gt.ones(2, 3) @ gt.ones(2)),
        (r"both operands need at least 1 dim", lambda: gt.ones(()) @ gt.ones(2)),
        (r"the leading dims .* do not broadcast: \(2,\) and \(3,\)", lambda: gt.ones(2, 1, 1) @ gt.ones(3, 1, 1)),
        (r"mm: mat2 must have 2 dims, got shape \(3,\)", lambda: gt.mm(gt.ones(2, 3), gt.ones(3))),
        (r"bmm: shapes", lambda: gt.bmm(gt.ones(2, 2, 3), gt.ones(1, 3, 2))),
        (
            r"addmm: input of shape \(3, 3\) does not broadcast",
            lambda: gt.addmm(gt.ones(3, 3), gt.ones(2, 3), gt.ones(3, 2)),
        ),
        (
            r"einsum: 'j' has size 2 in operand 1, but 3 in one before",
            lambda: gt.einsum("ij,jk", gt.ones(2, 3), gt.ones(2, 4)),
        ),
        (r"einsum: .* names 3 dims of operand 0, which has 2", lambda: gt.einsum("ijk", gt.ones(2, 3))),
        (r"is for 2 operands, got 1", lambda: gt.einsum("ij,jk->ik", gt.ones(2, 3))),
        (r"'k' of the result comes in no operand", lambda: gt.einsum("ij->k", gt.ones(2, 3))),
        (r"comes twice in operand 0, but its dims 0 and 1 have sizes 2 and 3", lambda: gt.einsum("ii", gt.ones(2, 3))),
        (
            r"tensordot: dim 1 of shape \(2, 3\) and dim 0 of shape \(4, 2\)",
            lambda: gt.tensordot(gt.ones(2, 3), gt.ones(4, 2), 1),
        ),
    ):
        with pytest.raises(ShapeError, match=words):
            call()
    for call in (
        lambda: gt.matmul([[1.0]], gt.ones(1)),
        lambda: gt.matmul(gt.ones(1), None),
        lambda: gt.ones(2, 2) @ 3,
        lambda: gt.ones(2, 2) @ [1],
        lambda: gt.einsum("i", [1.0]),
    ):
        with pytest.raises(TypeError):
            call()


def test_in_place_forms_refuse_results_that_do_not_fit():
    x = gt.ones(2)
    with pytest.raises(ShapeError, match="addmm"):
        x.addmm_(gt.ones(2, 3), gt.ones(3, 2))
    n = gt.ones(2, 2, dtype=gt.int64)
    with pytest.raises(DtypeError, match="addmm"):
        n.addmm_(gt.ones(2, 3), gt.ones(3, 2))
    assert x.tolist() == [1, 1]
    assert n.tolist() == [[1, 1], [1, 1]]


def test_beta_zero_does_not_look_at_input():
    nan = gt.full((2, 2), float("nan"))
    assert gt.addmm(nan, gt.ones(2, 3), gt.ones(3, 2), beta=0).tolist() == [[3, 3], [3, 3]]


def test_chains_multiply_in_the_cheapest_order():
    seen = []
    from gputensor.core.apply import observe, unobserve

    def note(prim, operands, result):
        if prim.name == "matmul":
            seen.append(tuple(result.shape))

    observe(note)
    try:
        out = multi_dot([gt.ones(2, 100), gt.ones(100, 2), gt.ones(2, 100), gt.ones(100, 3)])
    finally:
        unobserve(note)
    assert out.tolist() == [[20000, 20000, 20000]] * 2
    assert (100, 100) not in seen
    assert multi_dot([gt.ones(3), gt.ones(3, 2)]).tolist() == [3, 3]
    assert multi_dot([gt.ones(2, 3), gt.ones(3)]).tolist() == [3, 3]


EQUATIONS = [
    "ij,jk", "ij,jk->ki", "ii", "ii->i", "iij->j", "ijij->ij", "i,j", "ij->", "ij->ji", "...", "...i->i...",
    "...ij,...jk", "a...,b...->ab...", "ij,ij->i", "ij,j,i->", "ab,bc,cd,de->ae", "abc,cd,de,ea->b", "i,i,i->i",
    "ijk,ijk->", "bij,bjk->bik", "bij,bkj->bki", "ab,cd->abcd", "aab,bcc->ac", "abcd,dbea->ec", "abc,bad,dce->ae",
    "i...j,j...->i...", "ij,jk,kl,lm,mi->",
    "abc->cab", "a,b,c,d->dbca", "bhwi,bhwij->bhwj",
]  # fmt: skip


@pytest.mark.parametrize("equation", EQUATIONS)
@pytest.mark.parametrize("ones", [False, True])
def test_einsum_is_numpys_with_its_gradients(equation, ones):
    rng = np.random.default_rng(len(equation))
    sizes = {letter: int(rng.integers(1 if ones else 2, 4)) for letter in "abcdehijklmw"}
    arrays = []
    for part in equation.split("->")[0].split(","):
        shape = [s for letter in part.replace("...", ".") for s in ((2, 3) if letter == "." else (sizes[letter],))]
        arrays.append(rng.standard_normal(shape))
    tensors = [gt.tensor(a, requires_grad=True) for a in arrays]
    out = gt.einsum(equation, *tensors)
    np.testing.assert_allclose(out.detach().numpy(), np.einsum(equation, *arrays), rtol=1e-12, atol=1e-12)
    weights = rng.standard_normal(out.shape)
    (out * gt.tensor(weights)).sum().backward()
    step = 1e-6
    for k, a in enumerate(arrays):
        direction = rng.standard_normal(a.shape)
        ends = []
        for sign in (1, -1):
            moved = [b + sign * step * direction if j == k else b for j, b in enumerate(arrays)]
            ends.append(float((np.einsum(equation, *moved) * weights).sum()))
        expected = (ends[0] - ends[1]) / (2 * step)
        np.testing.assert_allclose((tensors[k].grad.numpy() * direction).sum(), expected, rtol=1e-6, atol=1e-7)


def test_random_equations_agree_with_numpy():
    rng = np.random.default_rng(3)
    for _ in range(150):
        sizes = {letter: int(rng.integers(1, 4)) for letter in "abcde"}
        parts = ["".join(rng.choice(list("abcde"), int(rng.integers(0, 4)))) for _ in range(int(rng.integers(1, 5)))]
        used = sorted(set("".join(parts)))
        result = "".join(rng.permutation(used)[: int(rng.integers(0, len(used) + 1))])
        equation = ",".join(parts) + "->" + result
        arrays = [rng.standard_normal([sizes[c] for c in p]) for p in parts]
        ours = gt.einsum(equation, *[gt.tensor(a) for a in arrays])
        np.testing.assert_allclose(ours.numpy(), np.einsum(equation, *arrays), rtol=1e-10, atol=1e-10, err_msg=equation)


def test_operands_on_different_devices_are_named():
    from tests import doubles

    with doubles.installed(devices=1):
        x = gt.ones(2, 2).to("cuda")
        with pytest.raises(DeviceError, match=r"matmul: the operands are on different devices: .*cuda:0.*cpu"):
            x @ gt.ones(2, 2)
