"""Rows of new tensors and of conversions. Random ones draw from a generator of their own."""

import numpy as np

from tests.samples import Sample, f

ANY = ("float32", "float64", "float16", "bfloat16", "complex64", "int64", "bool")
F32, F64 = ("float32",), ("float64",)
STREAM = "the streams of random numbers are our own"


def new(name, call, reference=None, dtypes=F32, **more):
    return Sample(name, call, (), reference=reference, differentiable=False, dtypes=dtypes, **more)


def drawn(name, call, **more):
    """A row with seeded generators, the same for every question and on every device."""
    inputs = more.pop("inputs", ())

    def seeded(lib, *xs):
        lib.manual_seed(3)
        return call(lib, *xs)

    return Sample(
        name,
        seeded,
        inputs,
        differentiable=False,
        dtypes=more.pop("dtypes", F32),
        torch=False,
        reason=STREAM,
        **more,
    )


SAMPLES: list[Sample] = [
    new("tensor", lambda lib: lib.tensor([[1.0, 2], [3, 4]]), lambda: np.array([[1.0, 2], [3, 4]])),
    new("as_tensor", lambda lib: lib.as_tensor([1, 2]), lambda: np.array([1, 2])),
    new("asarray", lambda lib: lib.asarray([1, 2]), lambda: np.array([1, 2])),
    new("from_numpy", lambda lib: lib.from_numpy(np.arange(3)), lambda: np.arange(3)),
    new("frombuffer", lambda lib: lib.frombuffer(bytearray(b"ab"), dtype=lib.uint8), lambda: np.array([97, 98])),
    new("scalar_tensor", lambda lib: lib.scalar_tensor(2), lambda: np.array(2.0)),
    new("zeros", lambda lib: lib.zeros(2, 3), lambda: np.zeros((2, 3))),
    new("ones", lambda lib: lib.ones((2, 3)), lambda: np.ones((2, 3))),
    new("empty", lambda lib: lib.empty(2, 3).fill_(1), lambda: np.ones((2, 3))),
    new("empty_strided", lambda lib: lib.empty_strided((2, 3), (1, 2)).fill_(1), lambda: np.ones((2, 3))),
    new("full", lambda lib: lib.full((2,), 7), lambda: np.full(2, 7)),
    new("eye", lambda lib: lib.eye(2, 3), lambda: np.eye(2, 3)),
    new("arange", lambda lib: lib.arange(1, 2, 0.25), lambda: np.arange(1, 2, 0.25)),
    new("linspace", lambda lib: lib.linspace(-1, 2, 7), lambda: np.linspace(-1, 2, 7)),
    new("logspace", lambda lib: lib.logspace(0, 2, 5), lambda: np.logspace(0, 2, 5)),
    new("range", lambda lib: lib.range(1, 3), lambda: np.arange(1.0, 4.0), torch=False, reason="PyTorch warns of it"),
    new("tril_indices", lambda lib: lib.tril_indices(3, 2), lambda: np.stack(np.tril_indices(3, 0, 2))),
    new("triu_indices", lambda lib: lib.triu_indices(3, 4, 1), lambda: np.stack(np.triu_indices(3, 1, 4))),
    Sample(
        "zeros_like",
        lambda lib, x: lib.zeros_like(x),
        (f(2, 3),),
        reference=np.zeros_like,
        differentiable=False,
        dtypes=ANY,
    ),
    Sample(
        "ones_like",
        lambda lib, x: lib.ones_like(x),
        (f(2, 3),),
        reference=np.ones_like,
        differentiable=False,
        dtypes=ANY,
    ),
    Sample(
        "empty_like",
        lambda lib, x: lib.empty_like(x).fill_(1),
        (f(2, 3),),
        reference=np.ones_like,
        differentiable=False,
        dtypes=ANY,
    ),
    Sample(
        "full_like",
        lambda lib, x: lib.full_like(x, 1),
        (f(2, 3),),
        reference=np.ones_like,
        differentiable=False,
        dtypes=ANY,
    ),
    Sample(
        "new_tensor",
        lambda lib, x: x.new_tensor([1, 2]),
        (f(2),),
        reference=lambda x: np.array([1, 2], x.dtype),
        differentiable=False,
        dtypes=ANY,
    ),
    Sample(
        "new_zeros",
        lambda lib, x: x.new_zeros(2, 3),
        (f(2),),
        reference=lambda x: np.zeros((2, 3), x.dtype),
        differentiable=False,
        dtypes=ANY,
    ),
    Sample(
        "new_ones",
        lambda lib, x: x.new_ones((2, 3)),
        (f(2),),
        reference=lambda x: np.ones((2, 3), x.dtype),
        differentiable=False,
        dtypes=ANY,
    ),
    Sample(
        "new_empty",
        lambda lib, x: x.new_empty(2).fill_(1),
        (f(2),),
        reference=lambda x: np.ones(2, x.dtype),
        differentiable=False,
        dtypes=ANY,
    ),
    Sample(
        "new_full",
        lambda lib, x: x.new_full((2,), 1),
        (f(2),),
        reference=lambda x: np.ones(2, x.dtype),
        differentiable=False,
        dtypes=ANY,
    ),
    # conversions
    Sample(
        "converted to float64",
        lambda lib, x: x.to(lib.float64),
        (f(2, 3),),
        method=lambda x: x.double(),
        reference=lambda x: x,
        dtypes=("float32", "float64", "float16", "bfloat16"),
    ),
    Sample(
        "converted to float32",
        lambda lib, x: x.to(dtype=lib.float32),
        (f(2, 3),),
        method=lambda x: x.float(),
        reference=lambda x: x,
        dtypes=("float32", "float16", "bfloat16"),
        differentiable=False,
    ),
    Sample(
        "converted to complex128",
        lambda lib, x: x.to(lib.complex128),
        (f(2, 3),),
        method=lambda x: x.cdouble(),
        reference=lambda x: x.astype(complex),
        dtypes=("float32", "float64", "complex64"),
    ),
    Sample(
        "converted to other",
        lambda lib, x, y: x.to(y),
        (f(2, 3), f(1, grad=False)),
        method=lambda x, y: x.type_as(y),
        reference=lambda x, y: x,
    ),
    Sample(
        "converted to a memory format",
        lambda lib, x: x.to(memory_format=lib.channels_last),
        (f(2, 3, 2, 2),),
        reference=lambda x: x,
    ),
    Sample(
        "converted to int64",
        lambda lib, x: (x * 4).to(lib.int64),
        (f(2, 3),),
        method=lambda x: (x * 4).long(),
        reference=lambda x: np.trunc(x * 4),
        differentiable=False,
        dtypes=("float32", "float64"),
    ),
    Sample(
        "converted to bool",
        lambda lib, x: x.to(lib.bool),
        (f(2, 3),),
        method=lambda x: x.bool(),
        reference=lambda x: x != 0,
        differentiable=False,
        dtypes=("float32", "float64", "int64", "complex64", "bool"),
    ),
    # random numbers
    drawn("rand", lambda lib: lib.rand(2, 3)),
    drawn("randn", lambda lib: lib.randn(2, 3)),
    drawn("randint", lambda lib: lib.randint(2, 9, (2, 3))),
    drawn("randperm", lambda lib: lib.randperm(6)),
    drawn("normal", lambda lib: lib.normal(1.0, 2.0, (2, 3))),
    drawn("normal of means", lambda lib, x: lib.normal(x, 0.5), inputs=(f(2, 3),)),
    drawn(
        "bernoulli",
        lambda lib, x: lib.bernoulli(x / 3),
        inputs=(f(2, 3, kind="positive"),),
        dtypes=("float32", "float64"),
    ),
    drawn(
        "multinomial",
        lambda lib, x: lib.multinomial(x, 2),
        inputs=(f(2, 3, kind="positive"),),
        dtypes=("float32", "float64"),
    ),
    drawn("rand_like", lambda lib, x: lib.rand_like(x), inputs=(f(2, 3),), dtypes=("float32",)),
    drawn("randn_like", lambda lib, x: lib.randn_like(x), inputs=(f(2, 3),)),
    drawn(
        "randint_like",
        lambda lib, x: lib.randint_like(x, 7),
        inputs=(f(2, 3),),
        dtypes=("float32", "int64"),
    ),
]
