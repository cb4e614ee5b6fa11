"""vmap: dims, nesting, in-place operations, random numbers, refusals."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.arrays.batched import BatchNamespace
from gputensor.arrays.vocabulary import Namespace
from gputensor.func import grad, jacrev, vmap


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def test_every_word_of_the_vocabulary_has_a_rule():
    words = {name for cls in Namespace.__mro__ for name in vars(cls) if not name.startswith("_")}
    rules = {name for cls in BatchNamespace.__mro__ for name in vars(cls) if not name.startswith("_")}
    assert words - rules == set()


def test_in_dims_and_out_dims_choose_the_dims(rng):
    x, y = gt.from_numpy(rng.standard_normal((2, 5, 3))), gt.from_numpy(rng.standard_normal((3, 5)))
    out = gt.vmap(lambda a, b: a * b, in_dims=(1, -1), out_dims=-1)(x, y)
    np.testing.assert_array_equal(out.numpy(), np.stack([x.numpy()[:, k] * y.numpy()[:, k] for k in range(5)], -1))


def test_in_dims_and_out_dims_are_trees():
    data = {"a": gt.arange(3.0), "b": [gt.ones(2), 5]}
    mapped = gt.vmap(
        lambda d: {"sum": d["a"] + d["b"][0], "same": d["b"][1]},
        in_dims=({"a": 0, "b": None},),
        out_dims={"sum": 1, "same": None},
    )
    out = mapped(data)
    np.testing.assert_array_equal(out["sum"].numpy(), [[1, 2, 3], [1, 2, 3]])
    assert out["same"] == 5


def test_a_result_that_is_the_same_for_all_examples_is_repeated():
    np.testing.assert_array_equal(gt.vmap(lambda x: gt.arange(2))(gt.ones(3)).numpy(), [[0, 1]] * 3)
    assert gt.vmap(lambda x: gt.arange(2), out_dims=None)(gt.ones(3)).shape == (2,)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: vmap(gt.sin)(gt.tensor(1.0)), "0-d"),
        (lambda: vmap(gt.sin)(), "no inputs"),
        (lambda: vmap(gt.add)(gt.ones(2), gt.ones(3)), "one size"),
        (lambda: vmap(gt.mul)(gt.ones(2), 3), "type int"),
        (lambda: vmap(gt.sin, in_dims=None)(gt.ones(2)), "in_dims must be"),
        (lambda: vmap(gt.sin, in_dims=(None,))(gt.ones(2)), "no input is mapped"),
        (lambda: vmap(gt.add, in_dims=(0,))(gt.ones(2), gt.ones(2)), "does not fit the structure"),
        (lambda: vmap(gt.sin, in_dims=1)(gt.ones(2)), "in_dim=1"),
        (lambda: vmap(lambda x: 1)(gt.ones(2)), "only return Tensors"),
        (lambda: vmap(lambda x: x, out_dims=None)(gt.ones(2)), "out_dim is None"),
        (lambda: vmap(lambda x: x, out_dims=(0, 0))(gt.ones(2)), "out_dims does not fit"),
        (lambda: vmap(gt.sin, chunk_size=0), "chunk_size"),
    ],
)
def test_arguments_that_do_not_fit_raise(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_an_out_dim_out_of_range_raises():
    with pytest.raises(IndexError, match="out_dim 2"):
        vmap(lambda x: x, out_dims=2)(gt.ones(2, 3))


def test_nested_vmaps_hide_one_dim_each(rng):
    x, y = gt.from_numpy(rng.standard_normal((2, 4))), gt.from_numpy(rng.standard_normal((3, 4)))
    products = vmap(vmap(gt.dot, in_dims=(None, 0)), in_dims=(0, None))(x, y)
    np.testing.assert_allclose(products.numpy(), x.numpy() @ y.numpy().T)


def test_a_closure_over_an_outer_examples_tensor(rng):
    x, y = gt.from_numpy(rng.standard_normal(2)), gt.from_numpy(rng.standard_normal((3, 4)))
    out = vmap(lambda a: vmap(lambda b: a * b.sum())(y))(x)
    np.testing.assert_allclose(out.numpy(), x.numpy()[:, None] * y.numpy().sum(1))


def test_chunks_give_the_same(rng):
    x = gt.from_numpy(rng.standard_normal((7, 3)))
    for size in (1, 2, 3, 7, 10):
        out, other = vmap(lambda a: (a.sin(), a.sum()), out_dims=(1, 0), chunk_size=size)(x)
        np.testing.assert_array_equal(out.numpy(), np.sin(x.numpy()).T)
        np.testing.assert_allclose(other.numpy(), x.numpy().sum(1))


def test_no_examples_give_no_results():
    out = vmap(lambda a: (a @ a).sum())(gt.ones(0, 2, 2))
    assert out.shape == (0,)


def test_an_index_of_each_example_reads_and_writes(rng):
    x, i = gt.from_numpy(rng.standard_normal((3, 4))), gt.tensor([0, 3, 1])
    np.testing.assert_array_equal(vmap(lambda a, k: a[k])(x, i).numpy(), x.numpy()[[0, 1, 2], [0, 3, 1]])

    def put(a, k):
        a = a.clone()
        a[k] = 0.0
        return a

    expected = x.numpy().copy()
    expected[[0, 1, 2], [0, 3, 1]] = 0
    np.testing.assert_array_equal(vmap(put)(x, i).numpy(), expected)


def test_in_place_operations_write_each_example(rng):
    def f(a):
        out = a.new_zeros(2, 3)
        out[0] = a
        out[1].add_(a * 2)
        out.mul_(3)
        return out

    x = gt.from_numpy(rng.standard_normal((4, 3)))
    np.testing.assert_allclose(vmap(f)(x).numpy(), np.stack([x.numpy() * 3, x.numpy() * 6], 1))
    (g,) = gt.autograd.grad(vmap(f)(x.requires_grad_()).sum(), x)
    np.testing.assert_allclose(g.numpy(), np.full((4, 3), 9.0))


def test_an_argument_is_written_in_place_through_vmap():
    x = gt.zeros(3, 2)
    vmap(lambda a: a.add_(1))(x)
    np.testing.assert_array_equal(x.numpy(), np.ones((3, 2)))


def test_writing_into_what_needs_a_gradient_outside_raises():
    x = gt.ones(3, 2, requires_grad=True) * 1
    with pytest.raises(RuntimeError, match="made by vmap"):
        vmap(lambda a: a.add_(1))(x)


@pytest.mark.parametrize(
    "write", [lambda z, a: z.add_(a), lambda z, a: z.copy_(a), lambda z, a: z.__setitem__(0, a[0])]
)
def test_writing_examples_into_a_tensor_that_is_the_same_for_all_raises(write):
    with pytest.raises(RuntimeError, match="in-place operations are not possible"):
        vmap(lambda a: write(gt.zeros(2), a))(gt.ones(3, 2))


@pytest.mark.parametrize(
    "ask",
    [
        lambda a: a if a.sum() > 0 else -a,
        lambda a: a * a.sum().item(),
        lambda a: a.tolist(),
        lambda a: a.numpy(),
        lambda a: a[a > 0],
        lambda a: gt.nonzero(a),
        lambda a: gt.unique(a),
    ],
)
def test_asking_for_values_of_the_examples_raises(ask):
    with pytest.raises(RuntimeError, match="data-dependent control flow"):
        vmap(ask)(gt.ones(3, 2))


def test_what_is_the_same_for_all_may_be_asked():
    w = gt.tensor([1.0, -1.0])
    out = vmap(lambda a: a[w > 0] * w[0].item())(gt.ones(3, 2))
    np.testing.assert_array_equal(out.numpy(), np.ones((3, 1)))


def test_a_tensor_inside_of_vmap_shows_its_examples():
    seen = []
    vmap(lambda a: (seen.append(repr(a)), a)[1])(gt.ones(2, 3))
    assert seen[0].startswith("Batched(each of tensor([[1., 1., 1.],")


def test_a_tensor_inside_of_vmap_has_the_shape_dtype_and_device_of_an_example():
    def look(a):
        assert a.shape == (3,)
        assert a.dtype is gt.float32
        assert a.device == gt.device("cpu")
        assert a.numel() == 3
        assert a.to("cpu") is a
        return a

    vmap(look)(gt.ones(2, 3))


def test_tensors_outside_are_untouched_by_a_vmap_that_raises():
    with pytest.raises(ZeroDivisionError):
        vmap(lambda a: a * (1 / 0))(gt.ones(2))
    assert vmap(lambda a: gt.rand(2), randomness="same")(gt.ones(2)).shape == (2, 2)


# ---------------------------------------------------------------- random numbers


DRAWS = [
    lambda a: gt.rand(5),
    lambda a: gt.randn(5, dtype=gt.float64),
    lambda a: gt.randint(0, 1000, (5,)),
    lambda a: gt.randperm(50),
    lambda a: gt.rand_like(a),
    lambda a: gt.normal(a, gt.ones(5)),
    lambda a: gt.normal(gt.zeros(5), 1.0),
    lambda a: gt.bernoulli(a * 0 + 0.5).repeat(9) * gt.rand(45),
    lambda a: gt.multinomial(gt.ones(100), 5),
    lambda a: gt.multinomial(a * 0 + 1, 5, replacement=True) + gt.randint(0, 1000, (5,)),
    lambda a: gt.nn.functional.dropout(a + 1) * gt.rand(5),
    lambda a: gt.nn.functional.dropout(gt.ones(60)),
    lambda a: gt.nn.functional.gumbel_softmax(a),
    lambda a: gt.nn.functional.rrelu(a - 10, training=True),
    lambda a: a.clone().uniform_(),
    lambda a: a.new_empty(5).normal_(),
    lambda a: a.new_empty(5).exponential_(),
]


@pytest.mark.parametrize("draw", DRAWS, ids=range(len(DRAWS)))
def test_random_numbers_are_refused_different_or_the_same(draw):
    x = gt.zeros(3, 5)
    with pytest.raises(RuntimeError, match="randomness error mode"):
        vmap(draw)(x)
    different = vmap(draw, randomness="different")(x).numpy()
    assert different.shape[0] == 3
    assert (different[0] != different[1]).any()
    assert (different[1] != different[2]).any()
    same = vmap(draw, randomness="same")(x).numpy()
    np.testing.assert_array_equal(same[0], same[1])
    np.testing.assert_array_equal(same[0], same[2])


def test_different_draws_take_the_words_of_all_examples_and_are_repeatable():
    gt.manual_seed(3)
    flat = gt.rand(12)
    after = gt.rand(2)
    gt.manual_seed(3)
    examples = vmap(lambda a: gt.rand(4), randomness="different")(gt.zeros(3))
    np.testing.assert_array_equal(examples.numpy(), flat.numpy().reshape(3, 4))
    np.testing.assert_array_equal(gt.rand(2).numpy(), after.numpy())


def test_filling_a_tensor_that_is_the_same_for_all_with_different_numbers_raises():
    with pytest.raises(RuntimeError, match="same for all"):
        vmap(lambda a: gt.zeros(2).uniform_(), randomness="different")(gt.zeros(3))


def test_a_probability_out_of_range_in_one_example_raises():
    with pytest.raises(RuntimeError, match="between 0 and 1"):
        vmap(gt.bernoulli, randomness="same")(gt.tensor([0.5, 2.0]))


def test_the_same_draw_compares_with_each_examples_probability():
    p = gt.tensor([0.0, 0.5, 1.0])
    out = vmap(lambda q: gt.bernoulli(q.expand(64)), randomness="same")(p).numpy()
    assert out[0].sum() == 0
    assert 0 < out[1].sum() < 64
    assert out[2].sum() == 64


def test_nested_vmaps_with_different_randomness():
    out = vmap(lambda a: vmap(lambda b: gt.rand(2), randomness="same")(a), randomness="different")(gt.zeros(3, 4))
    np.testing.assert_array_equal(out.numpy()[:, 0], out.numpy()[:, 3])
    assert (out.numpy()[0] != out.numpy()[1]).all()
    out = vmap(lambda a: vmap(lambda b: gt.rand(2), randomness="different")(a), randomness="same")(gt.zeros(3, 4))
    np.testing.assert_array_equal(out.numpy()[0], out.numpy()[2])
    assert (out.numpy()[:, 0] != out.numpy()[:, 1]).all()


# ---------------------------------------------------------------- words with rules of their own


def loop(f, *xs):
    return np.stack([f(*[x[k] for x in xs]).numpy() for k in range(len(xs[0]))])


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("mapped", [(0, None, None), (None, 0, None), (None, None, 0), (0, 0, 0), (None, 0, 0)])
def test_convolution_and_its_gradients_fold_the_examples_into_images_or_channels(rng, groups, mapped):
    shapes = (2, 4, 6, 5), (6, 4 // groups, 3, 2), (6,)
    xs = [gt.from_numpy(rng.standard_normal((3, *s) if d == 0 else s)) for s, d in zip(shapes, mapped, strict=True)]

    def f(x, w, b):
        y = gt.nn.functional.conv2d(x, w, b, stride=(2, 1), padding=(1, 0), groups=groups)
        return gt.nn.functional.conv_transpose2d(y.sin(), w, stride=(2, 1), padding=(1, 0), groups=groups)

    def g(*args):
        return grad(lambda *a: f(*a).sin().sum(), (0, 1))(*args)

    for function in (lambda *a: (f(*a),), g):
        got = vmap(function, in_dims=mapped)(*xs)
        each = [function(*[x[k] if d == 0 else x for x, d in zip(xs, mapped, strict=True)]) for k in range(3)]
        for ours, theirs in zip(got, zip(*each, strict=True), strict=True):
            np.testing.assert_allclose(ours.numpy(), np.stack([t.numpy() for t in theirs]), rtol=1e-9, atol=1e-9)


def test_searching_in_each_examples_own_sequence(rng):
    x = gt.from_numpy(np.sort(rng.integers(0, 6, (4, 7)), 1).astype(float))
    v = gt.from_numpy(rng.integers(-1, 7, (4, 5)).astype(float))
    for right in (False, True):
        np.testing.assert_array_equal(
            vmap(lambda a, b, right=right: gt.searchsorted(a, b, right=right))(x, v).numpy(),
            loop(lambda a, b, right=right: gt.searchsorted(a, b, right=right), x, v),
        )


def test_index_arrays_apart_and_together_with_examples_of_their_own(rng):
    x = gt.from_numpy(rng.standard_normal((3, 4, 5, 6)))
    i, j = gt.from_numpy(rng.integers(0, 4, (3, 2))), gt.from_numpy(rng.integers(0, 5, (3, 2)))
    k = gt.from_numpy(rng.integers(0, 6, (3, 2)))
    for f in (
        lambda a, i, j, k: a[i, j],
        lambda a, i, j, k: a[:, j, k],
        lambda a, i, j, k: a[i, :, k],
        lambda a, i, j, k: a[i, j, k],
        lambda a, i, j, k: a[:, :, k],
        lambda a, i, j, k: a[i, 1:3, k],
    ):
        np.testing.assert_array_equal(vmap(f)(x, i, j, k).numpy(), loop(f, x, i, j, k))
        one = vmap(lambda a, f=f: f(a, i[0], j[0], k[0]))(x)
        np.testing.assert_array_equal(one.numpy(), loop(lambda a, f=f: f(a, i[0], j[0], k[0]), x))
        other = vmap(lambda i, j, k, f=f: f(x[0], i, j, k))(i, j, k)
        np.testing.assert_array_equal(other.numpy(), loop(lambda i, j, k, f=f: f(x[0], i, j, k), i, j, k))


def test_dtypes_other_than_float64(rng):
    for dtype in (gt.float16, gt.bfloat16, gt.int64, gt.uint8, gt.complex64, gt.bool):
        x = gt.from_numpy(rng.integers(0, 3, (3, 4))).to(dtype)
        np.testing.assert_array_equal(
            vmap(lambda a: (a + a).sum())(x).to(gt.complex64).numpy(), loop(lambda a: (a + a).sum().to(gt.complex64), x)
        )


def test_a_custom_function_needs_no_rule():
    class Cube(gt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * 3 * x**2

    x = gt.tensor([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(vmap(Cube.apply)(x).numpy(), [1, 8, 27])
    np.testing.assert_array_equal(vmap(grad(Cube.apply))(x).numpy(), [3, 12, 27])
    np.testing.assert_array_equal(jacrev(Cube.apply)(x).numpy(), np.diag([3.0, 12, 27]))


def test_ordinary_tensors_know_nothing_of_a_vmap_at_work():
    def f(a):
        constant = gt.ones(2) * 3
        assert constant.xp.library == "numpy"
        return a + constant

    np.testing.assert_array_equal(vmap(f)(gt.zeros(2, 2)).numpy(), np.full((2, 2), 3.0))
