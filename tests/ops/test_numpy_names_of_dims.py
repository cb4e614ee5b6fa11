"""axis and keepdims, NumPy's names of dim and keepdim, wherever PyTorch takes them."""

import pytest

import gputensor as gt

X = [[1.0, 5.0, 3.0], [4.0, 2.0, 6.0], [9.0, 7.0, 8.0]]
PLACES = [[0, 1, 2], [2, 0, 1], [1, 2, 0]]

# name, arguments after the first tensor, named arguments with dim in them
CALLS = [
    ("chunk", (2,), {"dim": 1}),
    ("unsafe_chunk", (2,), {"dim": 1}),
    ("tensor_split", (2,), {"dim": 1}),
    ("unsafe_split", (2,), {"dim": 1}),
    ("split_with_sizes", ([1, 2],), {"dim": 1}),
    ("unsafe_split_with_sizes", ([1, 2],), {"dim": 1}),
    ("split_copy", (2,), {"dim": 1}),
    ("split_with_sizes_copy", ([1, 2],), {"dim": 1}),
    ("unbind", (), {"dim": 1}),
    ("unbind_copy", (), {"dim": 1}),
    ("narrow", (), {"dim": 1, "start": 1, "length": 2}),
    ("narrow_copy", (), {"dim": 1, "start": 1, "length": 2}),
    ("select", (), {"dim": 1, "index": 2}),
    ("select_copy", (), {"dim": 1, "index": 2}),
    ("slice_copy", (), {"dim": 1, "start": 1}),
    ("select_scatter", ("row",), {"dim": 1, "index": 2}),
    ("slice_scatter", ("x",), {"dim": 1}),
    ("squeeze", (), {"dim": 1}),
    ("squeeze_", (), {"dim": 1}),
    ("squeeze_copy", (), {"dim": 1}),
    ("unsqueeze", (), {"dim": 1}),
    ("unsqueeze_", (), {"dim": 1}),
    ("unsqueeze_copy", (), {"dim": 1}),
    ("unflatten", (), {"dim": 1, "sizes": (1, 3)}),
    ("gather", (), {"dim": 1, "index": "places"}),
    ("take_along_dim", ("places",), {"dim": 1}),
    ("scatter", (), {"dim": 1, "index": "places", "src": "x"}),
    ("scatter_", (), {"dim": 1, "index": "places", "src": "x"}),
    ("scatter_add", (), {"dim": 1, "index": "places", "src": "x"}),
    ("scatter_add_", (), {"dim": 1, "index": "places", "src": "x"}),
    ("scatter_reduce", (), {"dim": 1, "index": "places", "src": "x", "reduce": "amax"}),
    ("scatter_reduce_", (), {"dim": 1, "index": "places", "src": "x", "reduce": "amax"}),
    ("index_select", (), {"dim": 1, "index": "two"}),
    ("index_add", (), {"dim": 1, "index": "two", "source": "columns"}),
    ("index_add_", (), {"dim": 1, "index": "two", "source": "columns"}),
    ("index_copy", (), {"dim": 1, "index": "two", "source": "columns"}),
    ("index_copy_", (), {"dim": 1, "index": "two", "source": "columns"}),
    ("index_reduce", (), {"dim": 1, "index": "two", "source": "columns", "reduce": "prod"}),
    ("index_reduce_", (), {"dim": 1, "index": "two", "source": "columns", "reduce": "prod"}),
    ("index_fill", (), {"dim": 1, "index": "two", "value": 7.0}),
    ("index_fill_", (), {"dim": 1, "index": "two", "value": 7.0}),
    ("renorm", (), {"p": 2, "dim": 1, "maxnorm": 1.0}),
    ("renorm_", (), {"p": 2, "dim": 1, "maxnorm": 1.0}),
    ("cross", ("y",), {"dim": 0}),
    ("diff", (), {"dim": 0}),
    ("trapezoid", (), {"dim": 0}),
    ("trapz", (), {"dim": 0}),
    ("cumulative_trapezoid", (), {"dim": 0}),
    ("cosine_similarity", ("y",), {"dim": 0}),
    ("size", (), {"dim": 1}),
    ("stride", (), {"dim": 1}),
    ("softmax", (), {"dim": 0}),
    ("log_softmax", (), {"dim": 0}),
    ("repeat_interleave", (2,), {"dim": 1}),
    ("sort", (), {"dim": 0}),
    ("argsort", (), {"dim": 0}),
    ("topk", (2,), {"dim": 0}),
    ("cumsum", (), {"dim": 0}),
    ("cumsum_", (), {"dim": 0}),
    ("quantile", (0.5,), {"dim": 1, "keepdim": True}),
    ("nanquantile", (0.5,), {"dim": 1, "keepdim": True}),
    ("sum", (), {"dim": 1, "keepdim": True}),
    ("std", (), {"dim": 1, "keepdim": True}),
    ("amax", (), {"dim": 1, "keepdim": True}),
    ("median", (), {"dim": 1, "keepdim": True}),
    ("kthvalue", (2,), {"dim": 1, "keepdim": True}),
    ("fft.fft", (), {"dim": 0}),
    ("fft.ifft", (), {"dim": 0}),
    ("fft.rfft", (), {"dim": 0}),
    ("fft.irfft", (), {"dim": 0}),
    ("fft.hfft", (), {"dim": 0}),
    ("fft.ihfft", (), {"dim": 0}),
    ("fft.fft2", (), {"dim": (0,)}),
    ("fft.ifft2", (), {"dim": (0,)}),
    ("fft.rfft2", (), {"dim": (0,)}),
    ("fft.irfft2", (), {"dim": (0,)}),
    ("fft.hfft2", (), {"dim": (0,)}),
    ("fft.ihfft2", (), {"dim": (0,)}),
    ("fft.fftn", (), {"dim": (0,)}),
    ("fft.ifftn", (), {"dim": (0,)}),
    ("fft.rfftn", (), {"dim": (0,)}),
    ("fft.irfftn", (), {"dim": (0,)}),
    ("fft.hfftn", (), {"dim": (0,)}),
    ("fft.ihfftn", (), {"dim": (0,)}),
    ("fft.fftshift", (), {"dim": 0}),
    ("fft.ifftshift", (), {"dim": 0}),
    ("linalg.norm", (), {"dim": 0, "keepdim": True}),
    ("linalg.vector_norm", (), {"dim": 0, "keepdim": True}),
    ("linalg.matrix_norm", (), {"dim": (1, 0), "keepdim": True, "ord": 1}),
    ("linalg.vecdot", ("y",), {"dim": 0}),
    ("linalg.cross", ("y",), {"dim": 0}),
]
IDS = [name for name, _, _ in CALLS]
NUMPYS = {"dim": "axis", "keepdim": "keepdims"}


def forms(lib, name, args, named):
    """Every form of the call that there is, as functions of the named arguments."""
    given = {
        "x": lib.tensor(X),
        "y": lib.tensor(X).T + 1,
        "row": lib.tensor([1.0, 2.0, 3.0]),
        "columns": lib.tensor(X)[:, :2],
        "places": lib.tensor(PLACES),
        "two": lib.tensor([2, 0]),
    }
    rest = [given.get(a, a) if isinstance(a, str) else a for a in args]
    words = {k: given.get(v, v) if isinstance(v, str) else v for k, v in named.items()}
    made = []
    space, _, short = name.rpartition(".")
    if not name.endswith("_") and name not in ("size", "stride"):
        function = getattr(getattr(lib, space) if space else lib, short)
        made.append(lambda **changed: function(lib.tensor(X), *rest, **changed))
    if not space and hasattr(lib.Tensor, name) and name != "unflatten":  # whose method is none of PyTorch's C++
        made.append(lambda **changed: getattr(lib.tensor(X), name)(*rest, **changed))
    return made, words


def flat(result):
    """A result as nested lists."""
    if isinstance(result, tuple):
        return [flat(r) for r in result]
    return result.tolist() if hasattr(result, "tolist") else result


def renamed(words):
    return {NUMPYS.get(k, k): v for k, v in words.items()}


@pytest.mark.parametrize(("name", "args", "named"), CALLS, ids=IDS)
def test_numpys_names_mean_the_same(name, args, named):
    made, words = forms(gt, name, args, named)
    for form in made:
        assert flat(form(**renamed(words))) == flat(form(**words))


@pytest.mark.parametrize(("name", "args", "named"), CALLS, ids=IDS)
def test_both_names_of_one_argument_are_refused(name, args, named):
    made, words = forms(gt, name, args, named)
    other = (1,) if isinstance(named["dim"], tuple) else -3
    for form in made:
        with pytest.raises(TypeError, match="dim and axis are two names of one argument"):
            form(**{**words, "dim": other}, axis=words["dim"])


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:index_reduce.. is in beta")
@pytest.mark.parametrize(("name", "args", "named"), CALLS, ids=IDS)
def test_pytorch_takes_numpys_names_here_too(name, args, named):
    torch = pytest.importorskip("torch")
    theirs, their_words = forms(torch, name, args, named)
    ours, words = forms(gt, name, args, named)
    assert len(ours) == len(theirs)
    for form, their_form in zip(ours, theirs, strict=True):
        got, expected = flat(form(**renamed(words))), flat(their_form(**renamed(their_words)))
        _close(got, expected)


def _close(got, expected):
    if isinstance(got, list):
        assert len(got) == len(expected)
        for a, b in zip(got, expected, strict=True):
            _close(a, b)
    else:
        assert got == pytest.approx(expected, abs=1e-5)


def test_a_missing_argument_after_dim_is_named():
    with pytest.raises(TypeError, match="gather: index"):
        gt.gather(gt.zeros(2), 0)
    with pytest.raises(TypeError, match="gather: dim must be an int, got NoneType"):
        gt.gather(gt.zeros(2), index=gt.tensor([0]))
    with pytest.raises(TypeError, match="index_add: source"):
        gt.index_add(gt.zeros(2), 0, gt.tensor([0]))
    with pytest.raises(TypeError, match="select: index"):
        gt.zeros(2).select(0)
    with pytest.raises(TypeError, match="narrow: length"):
        gt.zeros(2).narrow(0, 1)
    with pytest.raises(TypeError, match="renorm: maxnorm"):
        gt.zeros(2, 2).renorm(2, 0)
    with pytest.raises(TypeError, match="unflatten: sizes"):
        gt.unflatten(gt.zeros(2, 2), 0)


def test_the_distance_of_pairs_takes_keepdims():
    x, y = gt.tensor([[0.0, 3.0]]), gt.tensor([[4.0, 0.0]])
    distance = gt.nn.functional.pairwise_distance(x, y, eps=0.0, keepdims=True)
    assert distance.tolist() == [[5.0]]
    with pytest.raises(TypeError, match="keepdim and keepdims are two names"):
        gt.nn.functional.pairwise_distance(x, y, keepdim=True, keepdims=True)


REFUSED = {
    "sort": (), "argsort": (), "topk": (2,), "mode": (), "kthvalue": (2,), "diff": (), "trapezoid": (), "trapz": (),
    "cumulative_trapezoid": (), "chunk": (2,), "unsafe_chunk": (2,), "tensor_split": (2,), "unbind": (),
    "split_with_sizes": ([1, 2],), "unsafe_split": (2,), "unsafe_split_with_sizes": ([1, 2],), "slice_scatter": ("x",),
    "slice_copy": (), "split_copy": (2,), "split_with_sizes_copy": ([1, 2],), "unbind_copy": (),
    "cosine_similarity": ("x",), "linalg.vecdot": ("x",), "linalg.cross": ("x",), "linalg.matrix_norm": (),
    "fft.fft": (), "fft.ifft": (), "fft.rfft": (), "fft.irfft": (), "fft.hfft": (), "fft.ihfft": (), "fft.fft2": (),
    "fft.ifft2": (), "fft.rfft2": (), "fft.irfft2": (), "fft.hfft2": (), "fft.ihfft2": (),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_axis_of_none_is_no_default_and_does_not_flatten(name):
    x = gt.tensor(X)
    owner = gt
    for part in name.split("."):
        owner = getattr(owner, part)
    rest = [x if a == "x" else a for a in REFUSED[name]]
    owner(x, *rest)
    calls = [lambda: owner(x, *rest, axis=None)]
    if hasattr(x, name):
        calls.append(lambda: getattr(x, name)(*rest, axis=None))
    for call in calls:
        with pytest.raises(TypeError, match=f"{name.split('.')[-1]}: axis must be a dim, got None"):
            call()


@pytest.mark.parametrize("name", ["cat", "concat", "concatenate", "stack"])
def test_a_join_takes_one_of_the_two_names(name):
    x, join = gt.tensor(X), getattr(gt, name)
    assert join([x, x], axis=1).shape == join([x, x], dim=1).shape
    with pytest.raises(TypeError, match=f"{name}: axis must be a dim, got None"):
        join([x, x], axis=None)
    with pytest.raises(TypeError, match=f"{name}: dim and axis are two names"):
        join([x, x], axis=1, dim=1)
