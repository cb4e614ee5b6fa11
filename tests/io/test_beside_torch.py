"""Files go to PyTorch and come from it: values, dtypes, strides, sharing, containers."""

import collections
import io

import numpy as np
import pytest

import gputensor as gt

pytestmark = pytest.mark.torch

DTYPES = [
    "bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64", "float16", "bfloat16", "float32",
    "float64", "complex64", "complex128",
]  # fmt: skip


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def to_torch(torch, tmp_path):
    """to_torch(obj): what PyTorch, with weights_only=True, makes of a file that gputensor wrote."""

    def convert(obj, **kwargs):
        path = tmp_path / "ours.pt"
        gt.save(obj, path)
        return torch.load(path, weights_only=True, **kwargs)

    return convert


@pytest.fixture
def from_torch(torch, tmp_path):
    """from_torch(obj): what gputensor makes of a file that PyTorch wrote."""

    def convert(obj, load=(), **kwargs):
        path = tmp_path / "theirs.pt"
        torch.save(obj, path, **kwargs)
        return gt.load(path, **dict(load))

    return convert


def bits(x):
    """The elements of a tensor of either library, as bytes."""
    if type(x).__module__.startswith("torch"):
        import torch

        return x.detach().contiguous().reshape(-1).clone().view(torch.uint8).numpy().tobytes()
    return np.ascontiguousarray(x.detach().array).tobytes()


def same(ours, theirs):
    """Whether two tensors have the same shape, strides, dtype, bits and requires_grad."""
    return (
        tuple(ours.shape) == tuple(theirs.shape)
        and (tuple(ours.stride()) == tuple(theirs.stride()) or not ours.numel())
        and str(ours.dtype).split(".")[1] == str(theirs.dtype).split(".")[1]
        and bits(ours) == bits(theirs)
        and ours.requires_grad == theirs.requires_grad
    )


@pytest.mark.parametrize("name", DTYPES)
def test_every_dtype_goes_both_ways(torch, to_torch, from_torch, name):
    rng = np.random.default_rng(1)
    values = rng.integers(0, 2 if name == "bool" else 100, (3, 4))
    ours = gt.tensor(values).to(getattr(gt, name))
    theirs = torch.tensor(values).to(getattr(torch, name))
    assert same(ours, to_torch(ours))
    assert same(from_torch(theirs), theirs)
    assert from_torch(theirs.dtype) is ours.dtype
    assert to_torch(ours.dtype) is theirs.dtype


@pytest.mark.parametrize(
    "view",
    [
        lambda x: x,
        lambda x: x.T,
        lambda x: x.permute(1, 0)[:, 1:],
        lambda x: x[1, 2],
        lambda x: x[:, :0],
        lambda x: x.reshape(-1)[5:6].expand(3, 6),
        lambda x: x[1:2].expand(4, 6),
    ],
)
def test_views_keep_their_strides(torch, to_torch, from_torch, view):
    values = np.arange(24.0).reshape(4, 6)
    ours, theirs = view(gt.tensor(values)), view(torch.tensor(values))
    assert same(from_torch(theirs), theirs)
    back = to_torch(ours)
    assert bits(ours) == bits(back)
    assert tuple(ours.shape) == tuple(back.shape)
    if ours.numel():
        assert ours.stride() == back.stride()


def test_tensors_that_share_memory_share_it_on_the_other_side(torch, to_torch, from_torch):
    base = gt.arange(12.0)
    a, b, c = to_torch([base, base[2:8], base.reshape(3, 4).T])
    a[3] = 50
    assert b[1] == c[3, 0] == 50
    base = torch.arange(12.0)
    a, b, c = from_torch([base, base[2:8], base.reshape(3, 4).T])
    a[3] = 50
    assert b[1] == c[3, 0] == 50
    assert c.stride() == (1, 4)


def test_a_write_to_what_is_shared_is_seen_by_the_graph(torch, from_torch):
    base = torch.arange(3.0)
    a, b = from_torch([base, base[:2]])
    w = gt.ones(3, requires_grad=True)
    y = (w * a).sum()
    b.add_(1)
    with pytest.raises(RuntimeError, match="changed in place"):
        y.backward()


def test_parameters_are_parameters(torch, to_torch, from_torch):
    ours = gt.nn.Parameter(gt.ones(2, 3))
    frozen = gt.nn.Parameter(gt.ones(2), requires_grad=False)
    theirs = to_torch({"a": ours, "b": frozen, "again": ours})
    assert isinstance(theirs["a"], torch.nn.Parameter)
    assert theirs["a"] is theirs["again"]
    assert (theirs["a"].requires_grad, theirs["b"].requires_grad) == (True, False)
    back = from_torch(theirs)
    assert isinstance(back["a"], gt.nn.Parameter)
    assert back["a"] is back["again"]
    assert (back["a"].requires_grad, back["b"].requires_grad) == (True, False)


def test_parameters_and_tensors_with_attributes_are_read(torch, from_torch):
    p, t = torch.nn.Parameter(torch.ones(2)), torch.zeros(2)
    p.lr, t.note = 0.5, "mine"
    a, b = from_torch([p, t])
    assert isinstance(a, gt.nn.Parameter)
    assert (a.lr, b.note) == (0.5, "mine")
    buffer = from_torch(torch.nn.Buffer(torch.ones(2), persistent=False))
    assert isinstance(buffer, gt.nn.Buffer)
    assert buffer.persistent is False


def everything(lib):
    """What programs put into checkpoints, without tensors."""
    ordered = collections.OrderedDict([("b", 1), ("a", [2])])
    ordered._metadata = collections.OrderedDict([("", {"version": 2})])
    shared = [1, 2]
    return {
        "none": None, "yes": True, "no": False, "ints": [0, 1, 255, 256, 65535, 65536, -1, 2**31, -(2**31), 2**200],
        "floats": [0.5, float("inf"), -0.0], "text": "grüße \U0001f600", "bytes": b"a\xff\0", "empty": b"",
        "array": bytearray(b"xyz"), "complex": 1 - 2j, "tuple": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)),
        "set": {1, "a"}, "ordered": ordered, "counter": collections.Counter("aab"), "size": lib.ones(2, 3).shape,
        "device": [lib.device("cpu"), lib.device("cuda", 1)], "shared": [shared, shared], 3: {None: {(1, "a"): 2.5}},
        "long": list(range(3000)), "many": {str(k): k for k in range(2500)}, "": {}, "layout": lib.strided,
    }  # fmt: skip


def check_everything(found, lib):
    wanted = everything(lib)
    assert list(found) == list(wanted)
    for key, value in wanted.items():
        assert found[key] == value
        assert type(found[key]) is type(value)
    assert found["ordered"]._metadata == wanted["ordered"]._metadata
    assert found["shared"][0] is found["shared"][1]
    assert str(found["floats"]) == str(wanted["floats"])


def test_containers_go_to_pytorch(torch, to_torch):
    check_everything(to_torch(everything(gt)), torch)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_containers_come_from_pytorch(torch, from_torch, protocol):
    check_everything(from_torch(everything(torch), pickle_protocol=protocol), gt)


def test_pytorch_can_map_what_gputensor_writes(torch, to_torch):
    found = to_torch({"a": gt.arange(5.0), "b": gt.ones(1000)}, mmap=True)
    assert found["a"].tolist() == [0, 1, 2, 3, 4]
    assert all(x.data_ptr() % 64 == 0 for x in found.values())
    assert found["b"].sum() == 1000


def test_pytorch_reads_the_shapes_alone(torch, to_torch):
    assert to_torch({"a": gt.ones(2, 3)}, map_location="meta")["a"].shape == (2, 3)


def test_a_file_that_is_mapped_here_is_left_as_it_is(torch, from_torch, tmp_path):
    found = from_torch({"a": torch.arange(5.0), "b": torch.ones(3, dtype=torch.uint16)}, load={"mmap": True})
    found["a"][0] = 9
    assert found["b"].tolist() == [1, 1, 1]
    assert torch.load(tmp_path / "theirs.pt")["a"][0] == 0


@pytest.mark.parametrize(
    "name", ["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu"]
)
def test_float8_becomes_bfloat16_with_all_its_values(torch, from_torch, name):
    theirs = torch.arange(256, dtype=torch.int32).to(torch.uint8).view(getattr(torch, name))
    ours = from_torch([theirs, theirs[16:].reshape(2, 120).T])
    assert ours[0].dtype is gt.bfloat16
    np.testing.assert_array_equal(ours[0].float().numpy(), theirs.float().numpy())
    np.testing.assert_array_equal(ours[1].float().numpy(), theirs[16:].reshape(2, 120).T.float().numpy())


def test_conjugated_and_negated_views_have_their_values(torch, from_torch):
    theirs = torch.tensor([1 + 2j, 3 - 4j])
    conj, neg = from_torch([theirs.conj(), torch._neg_view(torch.tensor([2.0, -4.0]))])
    assert conj.tolist() == [1 - 2j, 3 + 4j]
    assert neg.tolist() == [-2, 4]


def test_the_format_of_old_pytorch_is_read(torch, from_torch):
    base = torch.arange(12, dtype=torch.float32)
    given = {
        "a": base, "view": base[3:6], "p": torch.nn.Parameter(torch.ones(2, 2)), "none": torch.empty(0, 3),
        "half": torch.ones(3).half(), "u16": torch.ones(3, dtype=torch.uint16), "text": ["x", 1],
    }  # fmt: skip
    found = from_torch(given, _use_new_zipfile_serialization=False)
    assert found["text"] == ["x", 1]
    for key in ("a", "view", "p", "half", "u16"):
        assert same(found[key], given[key])
    assert found["none"].shape == (0, 3)
    found["a"][4] = 50
    assert found["view"][1] == 50


def test_a_file_without_sums_is_read(torch, from_torch):
    before = torch.serialization.get_crc32_options()
    torch.serialization.set_crc32_options(False)
    try:
        assert from_torch(torch.ones(3)).tolist() == [1, 1, 1]
    finally:
        torch.serialization.set_crc32_options(before)


def test_file_objects_go_both_ways(torch):
    file = io.BytesIO(b"before")
    file.seek(6)
    gt.save([gt.ones(2)], file)
    file.seek(6)
    assert gt.load(file)[0].tolist() == [1, 1]
    file = io.BytesIO(file.getvalue()[6:])
    assert torch.load(file)[0].tolist() == [1, 1]
    file = io.BytesIO()
    torch.save([torch.ones(2)], file)
    file.seek(0)
    assert gt.load(file)[0].tolist() == [1, 1]


def test_numpy_arrays_and_numbers_are_read_and_pytorch_reads_ours(torch, from_torch, tmp_path):
    arrays = [
        np.arange(6).reshape(2, 3), np.asfortranarray(np.ones((2, 3), ">f4")), np.array(["ab", "c"]), np.array(2.5),
        np.zeros((0, 2)), np.array([True, False]), np.array([b"xy"]), np.array([1 + 2j]),
    ]  # fmt: skip
    numbers = [np.float64(1.5), np.float32(2.5), np.int64(3), np.bool_(True), np.str_("text")]
    for protocol in (2, 4, 5):
        back = from_torch([arrays, numbers], pickle_protocol=protocol)
        for one, other in zip([*back[0], *back[1]], [*arrays, *numbers], strict=True):
            np.testing.assert_array_equal(one, other)
            assert one.dtype.newbyteorder("=") == other.dtype.newbyteorder("=")
            assert type(one) is type(other)
    gt.save([arrays, numbers], tmp_path / "ours.pt")
    back = torch.load(tmp_path / "ours.pt", weights_only=False)
    for one, other in zip(back[0], arrays, strict=True):
        np.testing.assert_array_equal(one, other)
    assert back[1] == [1.5, 2.5, 3, True, "text"]
    assert [type(x) for x in back[1]] == [float, float, int, bool, str]


def test_safetensors_files_go_both_ways(torch, tmp_path):
    library = pytest.importorskip("safetensors.torch")
    rng = np.random.default_rng(2)
    for name in DTYPES:
        if name != "complex128":
            values = rng.integers(0, 2, (3, 5))
            gt.save({"x": gt.tensor(values).to(getattr(gt, name)).T, "y": gt.zeros(3)}, tmp_path / "a.safetensors")
            theirs = library.load_file(tmp_path / "a.safetensors")
            assert theirs["x"].dtype == getattr(torch, name)
            np.testing.assert_array_equal(theirs["x"].to(torch.complex128).numpy(), values.T)
            library.save_file({k: v.contiguous() for k, v in theirs.items()}, tmp_path / "b.safetensors", {"k": "v"})
            assert same(gt.load(tmp_path / "b.safetensors")["x"], theirs["x"])
