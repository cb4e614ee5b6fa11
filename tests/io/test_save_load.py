"""What `save` writes and `load` gives back, without PyTorch; wrong arguments; where tensors go."""

import argparse
import collections
import dataclasses
import datetime
import enum
import gzip
import io
import pathlib
import warnings

import numpy as np
import pytest

import gputensor as gt
from gputensor.core import dtypes
from gputensor.errors import ArgumentError, DeviceError, MissingError
from gputensor.io import CheckpointError
from tests.io import pickles
from tests.io.pickles import archive, call, integer, pickled, several, storage, tensor, text


def again(obj, **kwargs):
    """obj, saved and loaded."""
    file = io.BytesIO()
    gt.save(obj, file)
    file.seek(0)
    return gt.load(file, **kwargs)


@pytest.mark.parametrize("d", dtypes.ALL, ids=lambda d: d.name)
@pytest.mark.parametrize("mmap", [False, True])
def test_every_dtype_comes_back(tmp_path, d, mmap):
    x = gt.tensor(np.arange(6).reshape(2, 3) % 2).to(d)
    gt.save([x, x.T, x[1], x[0, 0], x[:0]], tmp_path / "a.pt")
    found = gt.load(tmp_path / "a.pt", mmap=mmap)
    for one, other in zip(found, [x, x.T, x[1], x[0, 0], x[:0]], strict=True):
        assert one.dtype is d
        assert one.shape == other.shape
        assert gt.equal(one, other)
    assert found[1].stride() == (1, 3)


def test_what_shares_memory_shares_it_again():
    base = gt.arange(10)
    a, b, c, other = again([base, base[2:5], base.detach(), gt.arange(10)])
    a[3] = 50
    assert (b[1], c[3], other[3]) == (50, 50, 3)
    x = gt.ones(3)
    one, two = again([x, x])
    assert one is two


def test_only_what_is_looked_at_is_written():
    def size(x):
        file = io.BytesIO()
        gt.save(x, file)
        return len(file.getvalue())

    base = gt.zeros(1_000_000)
    assert size(base[:10]) < 2000
    assert size(base.reshape(1000, 1000)[:, 0]) < 6000
    assert size([base[:10], base[-10:]]) < 2000
    assert size([base, base[:10]]) < 4_010_000
    assert size(gt.ones(1).expand(1000, 1000)) < 2000


def test_views_with_gaps_or_negative_steps_have_their_values():
    base = gt.arange(12).reshape(3, 4)
    given = [base[::2, 1], base[:, ::-1], base.T[::-1], gt.arange(5).expand(2, 5)]
    for one, other in zip(again(given), given, strict=True):
        assert gt.equal(one, other)
    gaps, whole = again([base[:, 1], base])
    whole[1, 1] = 50
    assert gaps[1] == 50
    assert gt.equal(again(base[:, 1]), base[:, 1])


def test_one_memory_as_two_dtypes_is_written_twice():
    x = gt.arange(4, dtype=gt.int32)
    a, b = again([x, x.view(gt.float32)])
    assert a.tolist() == [0, 1, 2, 3]
    assert gt.equal(b.view(gt.int32), x)


def test_leaves_and_parameters_keep_requires_grad():
    x = gt.ones(2, requires_grad=True)
    p = gt.nn.Parameter(gt.ones(2))
    found = again({"x": x, "p": p, "frozen": gt.nn.Parameter(gt.ones(1), requires_grad=False), "y": x * 2})
    assert found["x"].requires_grad
    assert found["x"].is_leaf
    assert isinstance(found["p"], gt.nn.Parameter)
    assert not found["frozen"].requires_grad
    assert found["y"].is_leaf
    with gt.no_grad():
        assert again(x).requires_grad


def test_containers_come_back_as_they_were():
    ordered = collections.OrderedDict(b=1, a=2)
    ordered._metadata = {"": {"version": 1}}
    shared = {"k": [1]}
    given = {
        "frozen": frozenset({1, 2}), "default": collections.defaultdict(list, a=[1]),
        "none": collections.defaultdict(None),
        "args": argparse.Namespace(lr=0.1, name="x"), "ordered": ordered, "shared": [shared, shared, (shared,)],
        "counter": collections.Counter("hello"), "size": gt.Size([2, 3]), "device": gt.device("cuda:1"),
        "dtype": gt.bfloat16, "bytes": bytes(range(256)), "buffer": bytearray(b"ab"), "text": "\ud800 ü \0",
        "deep": [[[[]]]],
        "ints": [2**31, -(2**31) - 1, 2**2000 // 3, -(2**63)], "floats": [1e-320, float("-inf")], "layout": gt.strided,
        "keys": {1: 1, 1.5: 2, None: 3, (1, "a"): 4, b"x": 5, gt.float32: 6},
    }  # fmt: skip
    found = again(given)
    assert found == given
    for key, value in given.items():
        assert type(found[key]) is type(value)
    assert found["default"].default_factory is list
    assert found["ordered"]._metadata == ordered._metadata
    assert found["shared"][0] is found["shared"][1] is found["shared"][2][0]
    assert np.isnan(again(float("nan")))


def test_a_list_that_holds_itself_comes_back():
    given = [1]
    given.append((given, {"me": given}))
    found = again(given)
    assert found[1][0] is found
    assert found[1][1]["me"] is found


def test_numpys_numbers_become_pythons_and_arrays_stay():
    found = again(
        [np.float32(0.5), np.int8(3), np.bool_(True), np.arange(3), np.array(["ab"]), np.ones((2, 2), order="F")]
    )
    assert found[:3] == [0.5, 3, True]
    assert [type(x) for x in found[:3]] == [float, int, bool]
    assert [type(x) for x in found[3:]] == [np.ndarray] * 3
    assert found[4].tolist() == ["ab"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda: 0, r"obj\['a'\]\[1\] is a function; .*leave it out"),
        (gt.nn.Linear(1, 1), r"save its state_dict\(\)"),
        (gt.optim.SGD([gt.ones(1)], lr=0.1), r"save its state_dict\(\)"),
        (gt.Generator(), r"save its get_state\(\)"),
        (gt.nn.Linear(1, 1), r"obj\['a'\]\[1\] is a .*would run what is in the file"),
        (pathlib.Path("a"), r"obj\['a'\]\[1\] is a pathlib.*Path; .*save str\(x\)"),
        (collections.namedtuple("Pair", "a b")(1, 2), r"obj\['a'\]\[1\] is a .*Pair; .*save its _asdict\(\)"),
        (enum.Enum("Kind", "A").A, r"Kind; .*save its name or its value"),
        (dataclasses.make_dataclass("Config", ["lr"])(0.1), r"Config; .*save dataclasses\.asdict\(x\)"),
        (datetime.datetime(2020, 1, 1), r"datetime; .*save its isoformat\(\)"),
        (range(3), r"a range; .*save list\(x\)"),
        (collections.defaultdict(lambda: 0), "defaultdict with a function"),
        (np.array([object()]), "array of dtype object"),
        (np.longdouble(1), "longdouble"),
        (2**4000, "2,000 bits"),
        (gt.nn.parameter.UninitializedParameter(), "no values yet"),
        (int, "a type; .*save its name"),
    ],
)
def test_what_a_checkpoint_cannot_hold_is_refused_with_its_place(value, words):
    with pytest.raises(ArgumentError, match=words):
        gt.save({"a": [0, value]}, io.BytesIO())


def test_containers_too_deep_are_refused():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ArgumentError, match="too deep"):
        gt.save(deep, io.BytesIO())


def test_the_format_follows_the_ending_and_the_argument(tmp_path):
    value = {"a": gt.ones(2)}
    for name, start in (("a.pt", b"PK"), ("a.pth", b"PK"), ("a", b"PK"), ("a.npz", b"PK"), ("a.SAFETENSORS", b"{")):
        gt.save(value, tmp_path / name)
        data = (tmp_path / name).read_bytes()
        assert data.startswith(start) or data[8:].startswith(start)
        assert gt.load(tmp_path / name)["a"].tolist() == [1, 1]
        assert gt.load(str(tmp_path / name))["a"].tolist() == [1, 1]
    gt.save(value, tmp_path / "b.bin", format="safetensors")
    assert gt.io.load_file(tmp_path / "b.bin")["a"].tolist() == [1, 1]
    gt.save(value, bytes(tmp_path / "c.npz"))
    with np.load(tmp_path / "c.npz") as found:
        assert found["a"].tolist() == [1, 1]
    for ending in ("a.h5", "a.npy"):
        with pytest.raises(ArgumentError, match="are not written"):
            gt.save(value, tmp_path / ending)
    with pytest.raises(ArgumentError, match="format must be one of"):
        gt.save(value, tmp_path / "a.pt", format="hdf5")


def test_file_objects_of_all_kinds_are_written_and_read(tmp_path):
    class Slow(io.RawIOBase):
        """Takes and gives few bytes at a time."""

        def __init__(self):
            self.data = io.BytesIO()

        def writable(self):
            return True

        def write(self, data):
            return self.data.write(data[:100])

    slow = Slow()
    gt.save([gt.ones(100)], slow)
    slow.data.seek(0)
    assert gt.load(slow.data)[0].sum() == 100
    with gzip.open(tmp_path / "a.gz", "wb") as file:
        gt.save([gt.ones(100)], file)
    with gzip.open(tmp_path / "a.gz", "rb") as file:
        assert gt.load(file)[0].sum() == 100
    with open(tmp_path / "a.pt", "wb") as file:
        gt.save([gt.ones(100)], file)
    with open(tmp_path / "a.pt", "rb") as file:
        assert gt.load(file)[0].sum() == 100
        assert not file.closed


def test_wrong_files_and_arguments_are_named(tmp_path):
    for wrong in (3, None, ["a.pt"]):
        with pytest.raises(TypeError, match="expected a path or a file object"):
            gt.save({}, wrong)
        with pytest.raises(TypeError, match="expected a path or a file object"):
            gt.load(wrong)
    with pytest.raises(TypeError, match="mode 'wb'"):
        gt.save({}, io.StringIO())
    with pytest.raises(TypeError, match="mode 'rb'"):
        gt.load(io.StringIO("abc"))
    with pytest.raises(FileNotFoundError, match="there is no such file, its folder is there"):
        gt.load(tmp_path / "a.pt")
    with pytest.raises(FileNotFoundError, match="nor is its folder"):
        gt.load(tmp_path / "b" / "a.pt")
    with pytest.raises(IsADirectoryError, match="load"):
        gt.load(tmp_path)
    with pytest.raises(ArgumentError, match="pipe or a device"):
        gt.load("/dev/null")
    for name, value in (("max_bytes", "1"), ("max_bytes", -1), ("max_header", 1.5), ("weights_only", "yes")):
        with pytest.raises(ArgumentError, match=name):
            gt.load(io.BytesIO(), **{name: value})
    with pytest.raises(ArgumentError, match="pickle_module"):
        gt.load(io.BytesIO(), pickle_module=gt)
    with pytest.raises(TypeError, match="unexpected keyword arguments: colour"):
        gt.load(io.BytesIO(), colour="red")
    with pytest.raises(ArgumentError, match="path of a file"):
        gt.load(io.BytesIO(), mmap=True)


def test_arguments_of_pytorch_programs_are_taken():
    import pickle

    file = io.BytesIO()
    gt.save([1], file, pickle, 4, False)
    for kwargs in ({"weights_only": False}, {"weights_only": None}, {"pickle_module": pickle}, {"encoding": "latin1"}):
        file.seek(0)
        assert gt.load(file, **kwargs) == [1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (bytes(1000), "512 zeros"),
        (b"hello", "is no checkpoint that is known: it begins with b'hello'"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"<!DOCTYPE html>", "web page"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"BZh9", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x89HDF\r\n", "h5py"),
        (b"GGUF", "GGUF"),
        (b"x" * 257 + b"ustar", "tar archive"),
        (b"\x80\x04\x95abc", "plain pickle"),
        (bytes.fromhex("80028a0a6cfc9c46f9206aa850192e"), "truncated at byte 15"),
    ],
)
def test_other_files_are_called_by_their_name(content, words):
    with pytest.raises(CheckpointError, match=words):
        gt.load(io.BytesIO(content))
    assert issubclass(CheckpointError, (ValueError, RuntimeError))


# ---------------------------------------------------------------- where tensors go

ON_GPU = archive(pickled(call("collections.OrderedDict") + integer(0) + tensor(storage(location="cuda:0")) + b"s"))


def test_a_checkpoint_of_a_gpu_opens_on_the_cpu_with_a_warning():
    with pytest.warns(UserWarning, match=r"saved from cuda:0 are loaded to the CPU.*map_location='cpu'") as caught:
        found = gt.load(io.BytesIO(ON_GPU))
    assert found[0].device == gt.device("cpu")
    assert caught[0].filename == __file__
    for place in (
        "cpu", gt.device("cpu"), {"cuda:0": "cpu"}, {"cuda:0": gt.device("cpu")}, lambda memory, where: memory,
        lambda memory, where: memory.cpu(), lambda memory, where: "cpu", b"cpu",
    ):  # fmt: skip
        assert gt.load(io.BytesIO(ON_GPU), place)[0].device.type == "cpu"


@pytest.mark.parametrize("location", ["mps", "xla:0", "npu:3", ""])
def test_other_devices_open_on_the_cpu(location):
    file = io.BytesIO(archive(pickled(tensor(storage(location=location)))))
    with pytest.warns(UserWarning, match="loaded to the CPU"):
        assert gt.load(file).device.type == "cpu"


def test_tensors_go_where_map_location_says(gpus):
    seen = []

    def place(memory, where):
        seen.append((memory.nbytes(), memory.size(), where))
        return memory.cuda(1)

    for given, wanted in (
        (None, "cuda:0"), ("cuda:1", "cuda:1"), (1, "cuda:1"), (gt.device("cuda", 1), "cuda:1"), ("cpu", "cpu"),
        ({"cuda:0": "cuda:1"}, "cuda:1"), ({"cpu": "cuda:1"}, "cuda:0"), (place, "cuda:1"),
        (lambda memory, where: None, "cuda:0"), (lambda memory, where: memory.to("cuda:1"), "cuda:1"),
        (lambda memory, where: memory, "cpu"),
    ):  # fmt: skip
        assert str(gt.load(io.BytesIO(ON_GPU), given)[0].device) == wanted
    assert seen == [(16, 16, "cuda:0")]


def test_tensors_of_a_gpu_are_written_and_come_back_to_it(gpus, tmp_path):
    x = gt.arange(6.0).reshape(2, 3).cuda(1)
    given = {"x": x, "row": x[1], "t": x.T, "gaps": gt.arange(6).cuda(1)[::2], "cpu": gt.ones(1)}
    for name in ("a.pt", "a.safetensors", "a.npz"):
        gt.save(given, tmp_path / name)
        found = gt.load(tmp_path / name)
        for key, value in given.items():
            assert gt.equal(found[key].cpu(), value.cpu())
            assert str(found[key].device) == ("cuda:1" if name == "a.pt" and key != "cpu" else "cpu")
        assert gt.load(tmp_path / name, "cuda:0")["x"].device == gt.device("cuda:0")
    found = gt.load(tmp_path / "a.pt")
    found["x"][1, 0] = 50
    assert found["row"][0] == found["t"][0, 1] == 50


def test_a_map_location_that_cannot_be_is_refused():
    with pytest.raises(ArgumentError, match="map_location must be"):
        gt.load(io.BytesIO(ON_GPU), 1.5)
    with pytest.raises(ArgumentError, match="meta"):
        gt.load(io.BytesIO(ON_GPU), "meta")
    with pytest.raises(DeviceError):
        gt.load(io.BytesIO(ON_GPU), "gpu")
    with pytest.raises(ArgumentError, match="must return the storage"):
        gt.load(io.BytesIO(ON_GPU), lambda memory, where: 1.5)

    def wrong(memory, where):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        gt.load(io.BytesIO(ON_GPU), wrong)


def test_a_loaded_model_gives_what_the_saved_one_gave(tmp_path):
    def make():
        return gt.nn.Sequential(gt.nn.Conv1d(1, 2, 3), gt.nn.BatchNorm1d(2), gt.nn.Flatten(), gt.nn.LazyLinear(3))

    model, x = make(), gt.randn(4, 1, 8)
    model(x)
    optimizer = gt.optim.Adam(model.parameters())
    model(x).sum().backward()
    optimizer.step()
    for name in ("a.pt", "a.safetensors"):
        gt.save(model.state_dict(), tmp_path / name)
        fresh = make()
        fresh.load_state_dict(gt.load(tmp_path / name))
        assert gt.equal(fresh.eval()(x), model.eval()(x))
    gt.save(optimizer.state_dict(), tmp_path / "o.pt")
    other = gt.optim.Adam(fresh.parameters())
    other.load_state_dict(gt.load(tmp_path / "o.pt"))
    assert str(other.state_dict()) == str(optimizer.state_dict())


# ---------------------------------------------------------------- gputensor.serialization


def test_trusted_classes_are_remembered_and_change_nothing():
    names = gt.serialization
    file = archive(pickled(call("pathlib.PosixPath")))
    names.add_safe_globals([pathlib.PosixPath])
    names.add_safe_globals([pathlib.PosixPath, int])
    assert names.get_safe_globals() == [pathlib.PosixPath, int]
    with names.safe_globals([float]):
        assert names.get_safe_globals() == [pathlib.PosixPath, int, float]
        with pytest.raises(CheckpointError, match="PosixPath"):
            gt.load(io.BytesIO(file))
    assert names.get_safe_globals() == [pathlib.PosixPath, int]
    names.clear_safe_globals()
    assert names.get_safe_globals() == []


def test_unknown_names_of_a_file_are_listed():
    inner = call("pathlib.PosixPath") + b"0" + call("os.system") + b"0" + call("pathlib.PosixPath") + b"0" + tensor()
    listed = gt.serialization.get_unsafe_globals_in_checkpoint
    assert listed(io.BytesIO(archive(pickled(inner)))) == ["pathlib.PosixPath", "os.system"]
    protocol4 = b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93h\x00h\x01\x93."
    assert listed(io.BytesIO(archive(protocol4))) == ["os.system"]
    with pytest.raises(CheckpointError):
        listed(io.BytesIO(b"abc"))


def test_the_rest_of_pytorchs_serialization_says_why_it_is_missing():
    with pytest.raises(MissingError, match="map_location"):
        _ = gt.serialization.register_package
    assert not hasattr(gt.serialization, "nobody")


def test_nothing_is_warned_about():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again({"a": gt.ones(2), "b": gt.nn.Parameter(gt.ones(1))})


# ---------------------------------------------------------------- what tensors carry


def test_attributes_of_tensors_come_back():
    x, p, plain = gt.ones(2), gt.nn.Parameter(gt.ones(2)), gt.ones(3)
    half = gt.ones(2, dtype=gt.uint32)
    b = gt.nn.Buffer(gt.zeros(2), persistent=False)
    x.tag, p.tag, p.twin, half.tag, b.tag = {"a": [1, plain]}, 3, x, "u", "b"
    found = again({"x": x, "p": p, "plain": plain, "half": half, "b": b})
    assert found["x"].tag["a"][1] is found["plain"]
    assert type(found["p"]) is gt.nn.Parameter
    assert (found["p"].tag, found["half"].tag, found["half"].dtype) == (3, "u", gt.uint32)
    assert found["p"].twin is found["x"]
    assert isinstance(found["b"], gt.nn.Buffer)
    assert (found["b"].persistent, found["b"].tag) == (False, "b")
    assert vars(found["plain"]) == {}
    x.tag = print
    with pytest.raises(ArgumentError, match=r"obj\['x'\]\.tag is a builtin_function_or_method"):
        again({"x": x})
    odd = argparse.Namespace(**{"input-file": 3})
    assert vars(again(odd)) == {"input-file": 3}
    for name in ("_get_kwargs", "__class_getitem__"):
        with pytest.raises(ArgumentError, match=name):
            again(argparse.Namespace(**{name: 1}))


@pytest.mark.torch
def test_attributes_of_tensors_go_both_ways():
    torch = pytest.importorskip("torch")
    x, p, b = gt.ones(2), gt.nn.Parameter(gt.ones(2)), gt.nn.Buffer(gt.zeros(2), persistent=False)
    x.tag, p.tag = [1], "p"
    file = io.BytesIO()
    gt.save([x, p, b], file)
    file.seek(0)
    found = torch.load(file, weights_only=True)
    assert (found[0].tag, found[1].tag) == ([1], "p")
    assert isinstance(found[1], torch.nn.Parameter)
    assert isinstance(found[2], torch.nn.Buffer)
    assert found[2].persistent is False
    file = io.BytesIO()
    torch.save(found, file)
    file.seek(0)
    back = gt.load(file)
    assert (back[0].tag, back[1].tag, back[2].persistent) == ([1], "p", False)


class Raw(io.RawIOBase):
    """A file that says it wrote so much."""

    def __init__(self, count):
        self.count = count

    def writable(self):
        return True

    def write(self, data):
        return self.count


class Silent:
    """A file object whose write says nothing, as many do."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))


def test_a_file_that_takes_nothing_is_no_file_that_took_all():
    for count, words in ((None, "takes nothing now"), (0, "wrote 0 of"), (-1, "wrote -1 of")):
        with pytest.raises(OSError, match=words):
            gt.save([1], Raw(count))
    silent = Silent()
    gt.save([1], silent)
    assert gt.load(io.BytesIO(b"".join(silent.parts))) == [1]


def test_places_in_a_warning_are_printable_and_short():
    places = ["\x1b[2J\x1b]0;owned\x07", "x" * 900, "cuda:" + "9" * 800]
    value = b"(" + b"".join(tensor(storage(key=str(k), location=p)) for k, p in enumerate(places)) + b"t"
    file = io.BytesIO(archive(pickled(value), [(f"data/{k}", bytes(16)) for k in range(3)]))
    with pytest.warns(UserWarning, match="loaded to the CPU") as caught:
        gt.load(file)
    message = str(caught[0].message)
    assert message.isprintable()
    assert len(message) < 300
    with pytest.raises(CheckpointError, match="longer than any"):
        gt.load(io.BytesIO(archive(pickled(tensor(storage(location="x" * 5000))))))


# ---------------------------------------------------------------- mistakes of programs


def test_mistakes_with_files_are_named(tmp_path, monkeypatch):
    gt.save([1], tmp_path / "a.pt")
    content = (tmp_path / "a.pt").read_bytes()
    for wrong in (content, b"x" * 5000):
        with pytest.raises(ArgumentError, match=r"is no path.*io\.BytesIO"):
            gt.load(wrong)
    with pytest.raises(ArgumentError, match="zero byte"):
        gt.save(1, "a\0b")
    with open(tmp_path / "a.pt", "rb") as file, pytest.raises(io.UnsupportedOperation, match="mode 'wb'"):
        gt.save(1, file)

    def forbidden(path, *args):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("gputensor.io.atomic.os.open", forbidden)
    with pytest.raises(PermissionError, match="no new file may be made in its folder"):
        gt.save(1, tmp_path / "a.pt")


def test_values_that_no_machine_has_are_refused_in_few_words():
    for value, words in (
        (call("torch.device", text("cuda"), integer((1 << 71) - 1)), "no machine has"),
        (call("torch.device", text("cuda:" + "9" * 5000)), "no machine has"),
        (
            pickles.name("argparse.Namespace") + b")\x81}" + text("_get_kwargs") + integer(1) + b"sb",
            "hide its '_get_kwargs'",
        ),
        (call("torch.Size", several(b"\x8b\x00\x04\x00\x00" + b"\x7f" * 1024)), "no memory can have"),
    ):
        with pytest.raises(CheckpointError, match=words) as caught:
            gt.load(io.BytesIO(archive(pickled(value))))
        assert len(str(caught.value)) < 500


@pytest.mark.parametrize("metadata", [{"conj": True}, {"neg": True}, {"conj": True, "neg": True}])
def test_conjugated_tensors_of_many_megabytes_are_read(metadata):
    count = 4_000_000
    marks = b"}" + b"".join(text(key) + b"\x88s" for key in metadata)
    value = tensor(storage("torch.ComplexFloatStorage", count=count), size=(count,), more=marks)
    data = np.full(count, 1 + 2j, np.complex64).tobytes()
    found = gt.load(io.BytesIO(archive(pickled(value), [("data/0", data)])))
    wanted = (1 - 2j if "conj" in metadata else 1 + 2j) * (-1 if "neg" in metadata else 1)
    assert found[0].item() == found[-1].item() == wanted
