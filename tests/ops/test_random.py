"""Random tensors: which numbers, from which stream, and what is refused."""

import math
import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import ArgumentError, DeviceError, DtypeError, GradError, NumberRangeError

FILLERS = {
    "uniform_": lambda x, g: x.uniform_(1, 3, generator=g),
    "normal_": lambda x, g: x.normal_(1, 2, generator=g),
    "exponential_": lambda x, g: x.exponential_(2, generator=g),
    "log_normal_": lambda x, g: x.log_normal_(0, 0.5, generator=g),
    "cauchy_": lambda x, g: x.cauchy_(1, 2, generator=g),
    "geometric_": lambda x, g: x.geometric_(0.3, generator=g),
    "random_": lambda x, g: x.random_(2, 9, generator=g),
    "bernoulli_": lambda x, g: x.bernoulli_(0.3, generator=g),
}
MAKERS = {
    "rand": lambda g: gt.rand(2, 3, generator=g),
    "randn": lambda g: gt.randn(2, 3, generator=g),
    "randint": lambda g: gt.randint(3, 9, (2, 3), generator=g),
    "randperm": lambda g: gt.randperm(6, generator=g),
    "normal": lambda g: gt.normal(1.0, 2.0, (2, 3), generator=g),
    "normal of tensors": lambda g: gt.normal(gt.zeros(2, 1), gt.ones(3), generator=g),
    "bernoulli": lambda g: gt.bernoulli(gt.full((2, 3), 0.4), generator=g),
    "multinomial": lambda g: gt.multinomial(gt.ones(2, 5), 3, generator=g),
    "multinomial with replacement": lambda g: gt.multinomial(gt.ones(2, 5), 7, True, generator=g),
    "rand_like": lambda g: gt.rand_like(gt.zeros(2, 3), generator=g),
    "randn_like": lambda g: gt.randn_like(gt.zeros(2, 3), generator=g),
    "randint_like": lambda g: gt.randint_like(gt.zeros(2, 3), 9, generator=g),
}
DRAWS = {**MAKERS, **{name: lambda g, fill=fill: fill(gt.zeros(2, 3), g) for name, fill in FILLERS.items()}}


def generator(seed=5):
    return gt.Generator().manual_seed(seed)


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_the_same_seed_gives_the_same_numbers(draw):
    first, second = draw(generator()), draw(generator())
    np.testing.assert_array_equal(first.numpy(), second.numpy())


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_the_default_generator_is_used_and_seeded(draw):
    gt.manual_seed(5)
    got = draw(None)
    np.testing.assert_array_equal(got.numpy(), draw(generator()).numpy())


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_a_state_brings_the_same_numbers_again(draw):
    g = generator()
    gt.rand(7, generator=g)
    state = g.get_state()
    assert state.dtype is gt.uint8
    first = draw(g)
    g.set_state(state)
    np.testing.assert_array_equal(first.numpy(), draw(g).numpy())


@pytest.mark.parametrize("fill", FILLERS.values(), ids=FILLERS)
def test_what_a_draw_takes_does_not_depend_on_values_or_parameters(fill):
    g, h = generator(), generator(77)
    fill(gt.zeros(5), g)
    fill(gt.full((5,), 3.0), h)
    position = [int(np.frombuffer(s.get_state().numpy().tobytes()[16:], np.uint64)[0]) for s in (g, h)]
    assert position[0] == position[1] > 0


def test_the_global_state_is_a_tensor_that_saves_and_restores():
    state = gt.get_rng_state()
    first = gt.rand(3)
    gt.set_rng_state(state)
    np.testing.assert_array_equal(first.numpy(), gt.rand(3).numpy())
    assert gt.initial_seed() == gt.manual_seed(gt.initial_seed()).initial_seed()


def test_generators_pickle():
    g = generator()
    gt.rand(3, generator=g)
    twin = pickle.loads(pickle.dumps(g))
    np.testing.assert_array_equal(gt.rand(3, generator=g).numpy(), gt.rand(3, generator=twin).numpy())


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64", "complex64", "complex128"])
def test_floats_come_in_every_floating_dtype(dtype):
    for made in (
        gt.rand(100, dtype=dtype), gt.randn(100, dtype=dtype),
        gt.zeros(100, dtype=dtype).uniform_(), gt.zeros(100, dtype=dtype).normal_(),
    ):  # fmt: skip
        assert made.dtype == gt.as_tensor([], dtype=dtype).dtype
        assert len(set(made.tolist())) > 20


def test_uniform_numbers_stay_in_their_range():
    for dtype in ("float16", "bfloat16", "float32", "float64"):
        x = gt.rand(20000, dtype=dtype).double().numpy()
        assert x.min() >= 0
        assert x.max() < 1
    y = gt.zeros(1000).uniform_(-2, 3).numpy()
    assert y.min() >= -2
    assert y.max() <= 3
    assert y.min() < -1.9
    assert y.max() > 2.9


def test_complex_normals_have_variance_one():
    z = gt.randn(50000, dtype=gt.complex64, generator=generator()).numpy()
    assert abs(np.mean(np.abs(z) ** 2) - 1) < 0.03
    assert abs(np.mean(z.real**2) - 0.5) < 0.02


def test_moments_of_the_fillers():
    g, n = generator(), 60000
    close = {
        "uniform_": (2, 1 / 3), "normal_": (1, 4), "exponential_": (0.5, 0.25),
        "log_normal_": (math.exp(0.125), math.exp(0.25) * (math.exp(0.25) - 1)),
        "geometric_": (1 / 0.3, 0.7 / 0.09), "random_": (5, 4), "bernoulli_": (0.3, 0.21),
    }  # fmt: skip
    for name, (mean, variance) in close.items():
        x = FILLERS[name](gt.zeros(n, dtype=gt.float64), g).numpy()
        assert abs(x.mean() - mean) < 5 * math.sqrt(variance / n), name
        assert abs(x.var() / variance - 1) < 0.1, name
    quartiles = np.quantile(FILLERS["cauchy_"](gt.zeros(n, dtype=gt.float64), g).numpy(), [0.25, 0.5, 0.75])
    np.testing.assert_allclose(quartiles, [-1, 1, 3], atol=0.1)


def test_normal_takes_means_and_deviations():
    mean = gt.tensor([[0.0], [1000.0]])
    x = gt.normal(mean, gt.tensor([1.0, 0.0, 2.0]), generator=generator())
    assert x.shape == (2, 3)
    np.testing.assert_array_equal(x[:, 1].numpy(), [0, 1000])
    assert abs(x[1, 0].item() - 1000) < 10
    assert gt.normal(mean.double(), gt.ones(1)).dtype is gt.float64
    assert gt.normal(0.0, gt.ones(3)).shape == (3,)
    assert not gt.normal(gt.zeros(2, requires_grad=True), 1.0).requires_grad


def test_bernoulli_follows_the_probabilities():
    p = gt.tensor([0.0, 0.25, 1.0]).expand(40000, 3)
    share = gt.bernoulli(p, generator=generator()).numpy().mean(0)
    np.testing.assert_allclose(share, [0, 0.25, 1], atol=0.01)
    assert share[0] == 0
    assert share[2] == 1
    mask = gt.zeros(40000, dtype=gt.bool).bernoulli_(0.25, generator=generator())
    assert abs(mask.numpy().mean() - 0.25) < 0.01


@pytest.mark.parametrize("rows", [1, 3, 1000])
def test_multinomial_with_replacement_follows_the_weights(rows):
    weights = np.array([0.0, 1.0, 0.0, 3.0, 0.0])
    n = 60000 // rows
    got = gt.multinomial(gt.tensor(np.tile(weights, (rows, 1))), n, True, generator=generator()).numpy()
    assert got.shape == (rows, n)
    assert set(np.unique(got)) == {1, 3}
    assert abs((got == 3).mean() - 0.75) < 0.01


def test_multinomial_without_replacement_takes_each_once_and_the_heavy_first():
    got = gt.multinomial(gt.tensor([[1.0, 1.0, 1.0, 0.0]]).expand(500, 4), 3, generator=generator()).numpy()
    assert (np.sort(got, 1) == [0, 1, 2]).all()
    first = gt.multinomial(gt.tensor([1.0, 3.0]).expand(20000, 2), 1, generator=generator()).numpy()
    assert abs((first == 1).mean() - 0.75) < 0.015


def test_randperm_is_a_permutation_in_any_dtype():
    for dtype in (gt.int64, gt.int32, gt.uint8, gt.float32, gt.float64):
        got = gt.randperm(50, dtype=dtype, generator=generator())
        assert got.dtype is dtype
        assert sorted(got.tolist()) == list(range(50))


def test_random_without_limits_fills_what_the_dtype_counts_exactly():
    for dtype, most in ((gt.uint8, 255), (gt.int8, 127), (gt.float16, 2048), (gt.bfloat16, 256), (gt.bool, 1)):
        x = gt.zeros(4000, dtype=dtype).random_(generator=generator()).double()
        assert x.numpy().min() >= 0
        assert most * 0.9 <= x.numpy().max() <= most


def test_the_like_forms_keep_shape_dtype_and_memory_format():
    x = gt.zeros(2, 3, 4, 5, dtype=gt.float64).to(memory_format=gt.channels_last)
    for made in (gt.rand_like(x), gt.randn_like(x), gt.randint_like(x, 5)):
        assert made.dtype is gt.float64
        assert made.stride() == x.stride()
    assert gt.rand_like(x, dtype=gt.float32, memory_format=gt.contiguous_format).is_contiguous()


def test_filling_is_recorded_as_a_write_that_ends_gradients():
    w = gt.ones(3, requires_grad=True)
    x = w * 2
    y = x * 1
    y.normal_()
    (y * 3 + x).sum().backward()
    assert w.grad.tolist() == [2, 2, 2]


def test_a_refused_fill_changes_nothing_and_takes_no_words():
    g = generator()
    before = g.get_state().tolist()
    leaf = gt.ones(2, requires_grad=True)
    with pytest.raises(GradError, match="leaf"):
        leaf.normal_(generator=g)
    with pytest.raises(NumberRangeError, match="std must not be negative"):
        gt.ones(2).normal_(0, -1, generator=g)
    with pytest.raises(DtypeError, match=r"normal_: not defined for int64"):
        gt.ones(2, dtype=gt.int64).normal_(generator=g)
    with pytest.raises(ValueError, match="read-only"):
        gt.from_numpy(np.broadcast_to(np.ones(1), (1,))).uniform_(generator=g)
    assert leaf.tolist() == [1, 1]
    assert g.get_state().tolist() == before


def test_bad_arguments_get_sentences():
    for error, words, call in (
        (TypeError, "generator must be a gputensor.Generator", lambda: gt.rand(2, generator=3)),
        (NumberRangeError, "low must be below high, got 5 and 5", lambda: gt.randint(5, 5, (2,))),
        (NumberRangeError, r"do not all fit into uint8", lambda: gt.randint(300, (2,), dtype=gt.uint8)),
        (TypeError, "size is missing", lambda: gt.randint()),
        (TypeError, "high is missing", lambda: gt.randint((2,))),
        (ArgumentError, "cannot draw 4 of 3 indices without replacement", lambda: gt.multinomial(gt.ones(3), 4)),
        (NumberRangeError, "positive sum", lambda: gt.multinomial(gt.zeros(3), 1)),
        (DtypeError, "expected floating-point weights", lambda: gt.multinomial(gt.ones(3, dtype=gt.int64), 1)),
        (NumberRangeError, "between 0 and 1", lambda: gt.bernoulli(gt.tensor([2.0]))),
        (NumberRangeError, "do not fit into int8", lambda: gt.randperm(300, dtype=gt.int8)),
        (TypeError, "size is needed", lambda: gt.normal(0.0, 1.0)),
        (NumberRangeError, "from must not be above to", lambda: gt.zeros(2).uniform_(2, 1)),
    ):
        with pytest.raises(error, match=words):
            call()


def test_a_generator_of_another_device_is_refused():
    with pytest.raises((DeviceError, RuntimeError)):
        gt.rand(2, generator=gt.Generator("cuda"))


RANDOM = """
L.rand(2).shape
L.rand()
L.rand(()).shape
L.rand((2,3)).shape
L.rand(2,dtype=L.int64)
L.rand(2,generator=3)
L.rand(size=(2,)).shape
L.rand(-1)
L.randn(2,dtype=L.int64)
L.randn(2,requires_grad=True).requires_grad
L.randint(5,(2,)).dtype
L.randint(2,5,(2,)).shape
L.randint(low=2,high=5,size=(2,)).shape
L.randint(high=5,size=(2,)).shape
L.randint(5,size=(2,)).shape
L.randint(5,5,(2,))
L.randint(5,4,(2,))
L.randint(0,(2,))
L.randint(5,(2,),dtype=L.float32).dtype
L.randint(300,(2,),dtype=L.uint8)
L.randint(0,256,(2,),dtype=L.uint8).dtype
L.randint(-1,5,(2,),dtype=L.uint8)
L.randint(0,2,(2,),dtype=L.bool).dtype
L.randint(0,3,(2,),dtype=L.bool)
L.randint(0,5.5,(2,))
L.randint(5,2)
L.randint(2**63,(2,),dtype=L.int32)
L.randint(-2**63,2**63-1,(2,)).dtype
L.randint(T(5),(2,)).dtype
L.randint(5,(2,),requires_grad=True)
L.randperm(0)
L.randperm(1)
L.randperm(-1)
L.randperm(4,dtype=L.float32).dtype
L.randperm(300,dtype=L.int8)
L.randperm(4,dtype=L.bool)
L.normal(0,1,(2,)).dtype
L.normal(0,0,size=(2,),dtype=L.float64)
L.normal(Z(2),L.ones(3))
L.normal(Z(2,1),L.ones(3)).shape
L.normal(T([1.,2.]),0.0)
L.normal(3.0,Z(2))
L.normal(std=O(2))
L.normal(Z(2),-1.0)
L.normal(Z(2),-O(2))
L.normal(0.0,1.0)
L.normal(Z(2,dtype=L.int64),1.0)
L.normal(Z(2,dtype=L.float64),O(2)).dtype
L.normal(0.0,-1.0,(2,))
L.bernoulli(T([0.,1.]))
L.bernoulli(T([2.]))
L.bernoulli(T([-.1]))
L.bernoulli(T([float('nan')]))
L.bernoulli(T([1,0]))
L.bernoulli(T([1.,0]),0.0)
L.bernoulli(T([1.,0]),1.0)
L.bernoulli(T([1,0]),p=1.0)
T([1.,0]).bernoulli()
T([1.,0]).bernoulli(p=0.0)
T([1.,0]).bernoulli_(0.0)
T([1.,0]).bernoulli_(T([0.,1.]))
T([1,0]).bernoulli_(T([0.,1.]))
T([1,0]).bernoulli_(1.5)
T([True,False]).bernoulli_(1.0)
L.multinomial(T([0.,1,0]),1)
L.multinomial(T([0.,1,0]),2,replacement=True)
L.multinomial(T([[0.,1,0],[1,0,0]]),1)
L.multinomial(T([0.,1,0]),4)
L.multinomial(T([0.,1,0]),4,True)
L.multinomial(T([0.,0,0]),1)
L.multinomial(T([-1.,2,0]),1)
L.multinomial(T([float('inf'),2,0]),1)
L.multinomial(T([float('nan'),2,0]),1)
L.multinomial(T([1,2,0]),1)
L.multinomial(T([1.,2,0]),0)
L.multinomial(O(2,2,2),1)
L.multinomial(T(1.),1)
L.multinomial(O(0),1)
L.multinomial(O(0,3),1)
L.multinomial(O(1,dtype=L.float16),1)
L.rand_like(Z(2,dtype=L.int64))
L.rand_like(Z(2,dtype=L.int64),dtype=L.float32).dtype
L.randint_like(Z(2),5).dtype
L.randint_like(Z(2),4,5)
L.randint_like(Z(2),low=4,high=5,dtype=L.int64)
Z(2).uniform_(1,1)
Z(2).uniform_(2,1)
Z(2).uniform_(0,float('inf'))
Z(2,dtype=L.int64).uniform_()
Z(2).uniform_(**{'from':1,'to':1})
Z(2).uniform_(a=1,b=2)
Z(2).normal_(mean=1,std=0)
Z(2).normal_(0,-1)
Z(2,dtype=L.int64).normal_()
Z(2).exponential_(0)
Z(2).exponential_(-1)
Z(2).exponential_(lambd=2).dtype
Z(2,dtype=L.int64).exponential_()
Z(2,dtype=L.int64).random_().dtype
Z(2).random_(4,5)
Z(2).random_(1)
Z(2).random_(5,2)
Z(2,dtype=L.uint8).random_(300)
Z(2).random_(0,None).dtype
Z(2,dtype=L.int64).random_(-2**63,None).dtype
Z(2).log_normal_(0,-1)
Z(2).log_normal_(mean=1,std=2).dtype
Z(2).cauchy_(0,-1)
Z(2).cauchy_(median=0,sigma=1).dtype
Z(2).geometric_(0)
Z(2).geometric_(1)
Z(2).geometric_(2)
Z(2,dtype=L.int64).geometric_(0.999999999)
Z(2,requires_grad=True).uniform_()
L.manual_seed(-1).initial_seed()
L.manual_seed(1.5).initial_seed()
L.manual_seed('a')
L.set_rng_state(Z(3))
L.set_rng_state(Z(3,dtype=L.uint8))
L.Generator('cpu').device
L.Generator().get_state().dtype
L.seed()>0
"""


@pytest.mark.torch
@pytest.mark.parametrize("code", [line for line in RANDOM.splitlines() if line])
def test_forms_and_refusals_agree_with_pytorch(code):
    from tests.ops.agreement import agrees

    agrees(code)
