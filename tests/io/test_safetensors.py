"""Safetensors: round trips, memory-mapped reading, and headers that are not what they should be."""

import contextlib
import io
import json
import re
import struct

import numpy as np
import pytest

import gputensor as gt
from gputensor.core import dtypes
from gputensor.io import CheckpointError


def file_of(header, data=b"", pad=0):
    """A safetensors file with this header, a dict or its text."""
    text = header if isinstance(header, (str, bytes)) else json.dumps(header)
    raw = text.encode() if isinstance(text, str) else text
    raw += b" " * pad
    return struct.pack("<Q", len(raw)) + raw + data


def entry(start, end, shape=None, dtype="U8"):
    return {"dtype": dtype, "shape": [end - start] if shape is None else shape, "data_offsets": [start, end]}


def around(text, *entries):
    """The text with these entries in the places of @."""
    for one in entries:
        text = text.replace("@", json.dumps(one), 1)
    return text


def load(data, **kwargs):
    return gt.load(io.BytesIO(data), **kwargs)


def tensors():
    rng = np.random.default_rng(3)
    return {d.name: gt.tensor(rng.integers(0, 2, (3, 5))).to(d) for d in dtypes.ALL if d.name != "complex128"}


@pytest.mark.parametrize("mmap", [False, True])
def test_every_dtype_comes_back(tmp_path, mmap):
    given = {**tensors(), "scalar": gt.tensor(2.5), "none": gt.zeros(0, 3), "view": gt.arange(6).reshape(2, 3).T[::-1]}
    path = tmp_path / "a.safetensors"
    gt.save(given, path, metadata={"epoch": "3"})
    found = gt.load(path, mmap=mmap)
    assert sorted(found) == sorted(given)
    for name, x in given.items():
        assert found[name].dtype is x.dtype
        assert found[name].shape == x.shape
        assert gt.equal(found[name], x)
        assert found[name].array.flags.aligned
        assert found[name].array.flags.writeable


def test_equal_content_gives_equal_files():
    one, other = io.BytesIO(), io.BytesIO()
    gt.io.save_file(tensors(), one)
    gt.io.save_file(dict(reversed(tensors().items())), other)
    assert one.getvalue() == other.getvalue()
    (size,) = struct.unpack("<Q", one.getvalue()[:8])
    assert size % 8 == 0


def test_a_mapped_file_is_not_changed_by_writes_nor_by_a_new_save(tmp_path):
    path = tmp_path / "a.safetensors"
    gt.save({"x": gt.arange(100_000)}, path)
    before = path.read_bytes()
    x = gt.load(path, mmap=True)["x"]
    x[0] = 7
    assert path.read_bytes() == before
    gt.save({"x": gt.zeros(3)}, path)
    assert x[0] == 7
    assert x[99_999] == 99_999
    assert gt.load(path)["x"].shape == (3,)


def test_a_file_is_opened_for_its_tensors_one_by_one(tmp_path):
    path = tmp_path / "a.safetensors"
    gt.io.save_file({"a": gt.zeros(2), "b": gt.ones(2, 2)}, path, {"k": "v"})
    with gt.io.safe_open(path, framework="pt", device="cpu") as file:
        assert (sorted(file.keys()), file.metadata()) == (["a", "b"], {"k": "v"})
        b = file.get_tensor("b")
        with pytest.raises(KeyError, match=r"no tensor 'c'; keys\(\)"):
            file.get_tensor("c")
    assert b.tolist() == [[1, 1], [1, 1]]
    assert isinstance(file, gt.io.SafeOpen)
    path.write_bytes(b"short")
    with pytest.raises(CheckpointError, match="truncated"):
        gt.io.safe_open(path)
    with pytest.raises(gt.errors.ArgumentError, match="path of a file"):
        gt.io.safe_open(io.BytesIO(), mmap=True)


def test_float8_becomes_bfloat16():
    data = bytes([0x38, 0x7E, 0xFE, 0x01])
    found = load(file_of({"a": entry(0, 4, dtype="F8_E4M3")}, data))["a"]
    assert found.dtype is gt.bfloat16
    assert found.tolist() == [1.0, 448.0, -448.0, 2.0**-9]


GOOD = {"a": entry(0, 2), "b": entry(2, 6, [2, 2])}
LIES = {
    "a hole": (file_of({"a": entry(0, 2), "b": entry(3, 6)}, bytes(6)), "leaves 1 bytes free after the tensor 'a'"),
    "a hole at the start": (file_of({"a": entry(1, 2)}, bytes(2)), "leaves 1 bytes free after the header"),
    "an overlap": (file_of({"a": entry(0, 4), "b": entry(2, 6)}, bytes(6)), "overlaps the tensor 'a'"),
    "two in one place": (file_of({"a": entry(0, 4), "b": entry(0, 4)}, bytes(4)), "overlaps"),
    "bytes at the end": (file_of(GOOD, bytes(7)), "1 bytes after the tensor 'b', the last"),
    "no bytes at the end": (file_of(GOOD, bytes(5)), "truncated"),
    "a size that differs": (file_of({"a": entry(0, 4, [3])}, bytes(4)), "needs 3 bytes, and has 4"),
    "a size of exabytes": (file_of({"a": entry(0, 4, [1 << 40, 1 << 40])}, bytes(4)), "no memory can have"),
    "a size that wraps": (file_of({"a": entry(0, 0, [1 << 62, 4], "F32")}), "no memory can have"),
    "an end before its start": (file_of({"a": {**entry(0, 4), "data_offsets": [4, 0]}}, bytes(4)), "needs 4 bytes"),
    "a negative size": (file_of({"a": entry(0, 4, [-4])}, bytes(4)), "expected an int"),
    "a size that is no int": (file_of({"a": entry(0, 4, [4.0])}, bytes(4)), "expected an int"),
    "a size in words": (file_of({"a": entry(0, 4, ["4"])}, bytes(4)), "expected an int"),
    "a number of 1,000 digits": (file_of({"a": entry(0, 4, [10**1000])}, bytes(4)), "expected an int"),
    "a hundred dims": (file_of({"a": entry(0, 1, [1] * 100)}, bytes(1)), "at most 64 numbers"),
    "three offsets": (file_of({"a": {**entry(0, 4), "data_offsets": [0, 2, 4]}}, bytes(4)), "at most 2 numbers"),
    "one offset": (file_of({"a": {**entry(0, 4), "data_offsets": [4]}}, bytes(4)), "lacks"),
    "no dtype": (file_of({"a": {"shape": [4], "data_offsets": [0, 4]}}, bytes(4)), "lacks dtype"),
    "a dtype that is none": (file_of({"a": entry(0, 4, dtype="F7")}, bytes(4)), "the dtype 'F7'"),
    "four bits": (file_of({"a": entry(0, 4, dtype="F4")}, bytes(4)), "4-bit floats"),
    "a key that is none": (file_of({"a": {**entry(0, 4), "code": "x"}}, bytes(4)), "'code'"),
    "bools that are neither": (file_of({"a": entry(0, 4, dtype="BOOL")}, b"\0\1\2\1"), "neither 0 nor 1"),
    "one name twice": (file_of(around('{"a":@,"a":@}', entry(0, 2), entry(2, 4)), bytes(4)), "two entries of the name"),
    "one name twice, spelled otherwise": (
        file_of(around('{"a":@,"\\u0061":@}', entry(0, 2), entry(2, 4)), bytes(4)), "two entries",
    ),
    "one key twice": (file_of('{"a":{"dtype":"U8","dtype":"U8","shape":[0],"data_offsets":[0,0]}}'), "twice"),
    "metadata twice": (file_of('{"__metadata__":{},"__metadata__":{}}'), "two entries"),
    "metadata of a number": (file_of('{"__metadata__":{"a":3}}'), "expected text in quotes"),
    "metadata that is a list": (file_of('{"__metadata__":[]}'), "expected '{'"),
    "one note twice": (file_of('{"__metadata__":{"a":"1","a":"2"}}'), "two entries 'a'"),
    "deep lists": (file_of('{"a":' + "[" * 100_000 + "]" * 100_000 + "}"), "expected '{'"),
    "deep dicts": (file_of('{"a":' * 100_000 + "}" * 100_000), "which the format does not know"),
    "deep metadata": (file_of('{"__metadata__":' + '{"a":' * 10_000), "expected text in quotes"),
    "a list": (file_of(b'{"a":[]}'), "expected '{'"),
    "a comma too many": (file_of('{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},}'), "expected text"),
    "text behind": (file_of(json.dumps(GOOD) + "x", bytes(6)), "nothing but spaces"),
    "lines before": (file_of("\n" + json.dumps(GOOD), bytes(6)), "begins with"),
    "half a letter": (file_of(b'{"\xff":' + json.dumps(entry(0, 2)).encode() + b"}", bytes(2)), "no UTF-8"),
    "half of a pair": (file_of(around('{"\\ud800":@}', entry(0, 2)), bytes(2)), "no UTF-8"),
    "a line in a name": (file_of(around('{"a\nb":@}', entry(0, 2)), bytes(2)), "expected text"),
    "a name of 100 KB": (file_of({"a" * 100_000: entry(0, 2)}, bytes(2)), "text of 100,002 bytes"),
    "no end": (file_of('{"a"'), "expected ':'"),
    "a comment": (file_of(around('{/**/"a":@}', entry(0, 2)), bytes(2)), "expected text"),
    "a header beyond the file": (struct.pack("<Q", 1 << 63) + b"{}", "header should have 9,223,372,036,854,775,808"),
    "a header of nothing": (struct.pack("<Q", 0) + b"{", "expected '{' at its byte 0"),
}  # fmt: skip


@pytest.mark.parametrize("kind", LIES)
def test_a_lie_is_named(kind):
    data, words = LIES[kind]
    with pytest.raises(CheckpointError) as caught:
        load(data)
    assert words in str(caught.value)


def test_the_good_one_is_good_also_with_spaces():
    for data in (
        file_of(GOOD, bytes(6)),
        file_of(GOOD, bytes(6), pad=50),
        file_of(json.dumps(GOOD, indent=4), bytes(6)),
        file_of(json.dumps(GOOD) + "\n", bytes(6)),
        file_of('{"__metadata__":null,' + json.dumps(GOOD)[1:], bytes(6)),
    ):
        assert load(data)["b"].shape == (2, 2)
    assert load(file_of({"__metadata__": {"a": "b"}})) == {}
    assert load(file_of("{}")) == {}


def test_every_truncation_and_every_changed_byte_is_a_value_or_the_one_error():
    whole = file_of(GOOD, bytes(6))
    for end in range(len(whole)):
        with pytest.raises(CheckpointError):
            load(whole[:end])
    for k in range(len(whole)):
        for value in (0, 255, whole[k] ^ 1):
            with contextlib.suppress(CheckpointError):
                load(whole[:k] + bytes([value]) + whole[k + 1 :])


def test_a_long_header_is_refused_unless_it_is_allowed():
    data = file_of({"a": entry(0, 2)}, bytes(2), pad=26 << 20)
    with pytest.raises(CheckpointError, match="max_header="):
        load(data)
    assert load(data, max_header=30 << 20)["a"].shape == (2,)


def test_a_header_of_many_tensors_takes_limited_memory():
    many = ",".join(f'"{k}":{{"dtype":"U8","shape":[],"data_offsets":[{k},{k + 1}]}}' for k in range(80_000))
    with pytest.raises(CheckpointError, match="max_bytes="):
        load(file_of("{" + many + "}", bytes(80_000)))
    assert len(load(file_of("{" + many + "}", bytes(80_000)), max_bytes=200 << 20)) == 80_000


@pytest.mark.parametrize(
    ("obj", "words"),
    [
        ([gt.ones(1)], "a dict of named tensors, got list"),
        ({"a": 3}, "'a' is a int"),
        ({"a": {"b": gt.ones(1)}}, "flatten dicts"),
        ({3: gt.ones(1)}, "3 is no name"),
        ({"__metadata__": gt.ones(1)}, "no name"),
        ({"\ud800": gt.ones(1)}, "no name|UTF-8"),
        ({"a": gt.ones(1, dtype=gt.complex128)}, "no gputensor.complex128"),
    ],
)
def test_what_the_format_cannot_hold_is_refused_and_the_old_file_stays(tmp_path, obj, words):
    path = tmp_path / "a.safetensors"
    path.write_bytes(b"old")
    with pytest.raises(gt.errors.ArgumentError, match=words):
        gt.save(obj, path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.safetensors"]


def test_metadata_is_text():
    for wrong in ({"a": 3}, {3: "a"}, [("a", "b")]):
        with pytest.raises(gt.errors.ArgumentError, match="metadata"):
            gt.io.save_file({}, io.BytesIO(), wrong)
    with pytest.raises(gt.errors.ArgumentError, match=r"metadata is for \.safetensors"):
        gt.save({}, io.BytesIO(), metadata={"a": "b"})


def test_many_small_tensors_load_and_more_are_allowed_everywhere(tmp_path, monkeypatch):
    path = tmp_path / "a.safetensors"
    gt.io.save_file({f"t{k}": gt.ones(4) for k in range(25_000)}, path)
    assert len(gt.load(path)) == len(gt.io.load_file(path)) == 25_000
    monkeypatch.setattr("gputensor.io.faults.HEADROOM", 1 << 20)
    with pytest.raises(CheckpointError, match="max_bytes=") as caught:
        gt.load(path)
    enough = int(re.search(r"max_bytes=([\d_]+)", str(caught.value))[1])
    assert len(gt.io.load_file(path, max_bytes=enough)) == 25_000
    with gt.io.safe_open(path, max_bytes=enough) as file:
        assert len(file.keys()) == 25_000


@pytest.mark.parametrize("mmap", [False, True])
def test_tensors_are_read_in_parts(tmp_path, mmap):
    path = tmp_path / "a.safetensors"
    x, y = gt.arange(24.0).reshape(4, 6), gt.arange(4, dtype=gt.bfloat16)
    gt.save({"y": y, "x": x, "scalar": gt.tensor(2)}, path)
    with gt.io.safe_open(path, mmap=mmap) as file:
        assert file.offset_keys() == ["scalar", "x", "y"]
        part = file.get_slice("x")
        assert (part.get_shape(), part.get_dtype()) == ([4, 6], "F32")
        assert file.get_slice("y").get_dtype() == "BF16"
        for key in (1, -1, slice(1, 3), (slice(None), 2), (..., slice(0, 6, 2)), (3, 5), slice(2, 2)):
            assert gt.equal(part[key], x[key])
        assert gt.equal(file.get_slice("y")[1:], y[1:])
        assert file.get_slice("scalar")[...] == 2
        part[1:3][0] = 5
        assert gt.equal(part[:], x)
        with pytest.raises(IndexError):
            part[4]
        with pytest.raises(gt.errors.ArgumentError, match="ints and slices"):
            part[[1, 2]]
        with pytest.raises(KeyError, match="no tensor 'c'"):
            file.get_slice("c")
    for late in (lambda: file.get_tensor("x"), lambda: part[0], lambda: file.get_slice("x")):
        with pytest.raises(gt.errors.ArgumentError, match="file is closed"):
            late()
