"""NumPy's files: both ways, and what must never be read from them."""

import io
import os
import zipfile

import numpy as np
import pytest

import gputensor as gt
from gputensor.core import dtypes
from gputensor.io import CheckpointError


def saved(**arrays):
    out = io.BytesIO()
    np.savez(out, **arrays)
    out.seek(0)
    return out


def members(**contents):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in contents.items():
            file.writestr(f"{name}.npy", content)
    out.seek(0)
    return out


def npy(text, data=b"", version=(1, 0)):
    raw = text.encode("latin-1")
    width = 2 if version[0] == 1 else 4
    raw += b" " * (-(len(raw) + 8 + width + 1) % 64) + b"\n"
    return b"\x93NUMPY" + bytes(version) + len(raw).to_bytes(width, "little") + raw + data


def test_numpy_reads_what_is_written(tmp_path):
    given = {d.name: gt.ones(2, 3).to(d) for d in dtypes.ALL if d.name != "bfloat16"}
    given |= {"t": gt.arange(6).reshape(2, 3).T, "zero": gt.zeros(0, 2), "scalar": gt.tensor(2.5), "a/b": gt.ones(1)}
    gt.save({**given, "array": np.arange(3)}, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as found:
        assert sorted(found) == sorted([*given, "array"])
        for name, x in given.items():
            np.testing.assert_array_equal(found[name], x.numpy())
            assert found[name].dtype == x.numpy().dtype
    for mmap in (False, True):
        found = gt.load(tmp_path / "a.npz", mmap=mmap)
        assert all(gt.equal(found[name], x) and found[name].dtype is x.dtype for name, x in given.items())


def test_a_list_is_written_with_numpys_names(tmp_path):
    gt.save([gt.ones(1), gt.zeros(2)], tmp_path / "a.npz")
    assert list(gt.load(tmp_path / "a.npz")) == ["arr_0", "arr_1"]


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("mmap", [False, True])
def test_what_numpy_writes_is_read(tmp_path, save, mmap):
    arrays = {
        "f": np.asfortranarray(np.arange(6.0).reshape(2, 3)), "big": np.arange(3, dtype=">f4"), "c": np.ones(2, ">c16"),
        "zero": np.zeros((0, 2)), "scalar": np.array(2), "bool": np.array([True, False]), "u": np.arange(3, dtype="u2"),
    }  # fmt: skip
    save(tmp_path / "a.npz", **arrays)
    found = gt.load(tmp_path / "a.npz", mmap=mmap)
    for name, a in arrays.items():
        np.testing.assert_array_equal(found[name].numpy(), a)
    assert found["f"].stride() == (1, 2)


def test_one_array_is_a_tensor(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(4).reshape(2, 2))
    for mmap in (False, True):
        assert gt.load(tmp_path / "a.npy", mmap=mmap).tolist() == [[0, 1], [2, 3]]


class Payload:
    """Runs when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_objects_are_never_unpickled(tmp_path):
    canary = tmp_path / "ran"
    file = saved(a=np.array([Payload(str(canary))], dtype=object))
    with pytest.raises(CheckpointError, match=r"Python objects in the member 'a\.npy'"):
        gt.load(file)
    assert not canary.exists()
    np.load(io.BytesIO(file.getvalue()), allow_pickle=True)["a"]
    assert canary.exists()


HEADER = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"nothing", "no array of NumPy's"),
        (b"", "no array of NumPy's"),
        (npy(HEADER % "4,", bytes(15)), "needs 16 bytes, and has 15"),
        (npy(HEADER % "4,", bytes(17)), "needs 16 bytes, and has 17"),
        (npy(HEADER % f"{1 << 62}, {1 << 62}"), "no memory can have"),
        (npy(HEADER % f"0, {1 << 63}"), "no memory can have"),
        (npy(HEADER % ("1, " * 100), bytes(4)), "no memory can have"),
        (npy(HEADER % "-4,", bytes(16)), "no plain array of numbers"),
        (npy(HEADER % "4, *()", bytes(16)), "no plain array of numbers"),
        (npy(HEADER % ("(" * 3000), bytes(16)), "no plain array of numbers"),
        (npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", bytes(4)), "no plain array"),
        (npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", bytes(8)), "Python objects"),
        (npy("{'descr': '|O8', 'fortran_order': False, 'shape': (1,), }", bytes(8)), "Python objects"),
        (npy("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", b"\xff" * 16), "letters that do not exist"),
        (npy("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", bytes(12)), "needs 16 bytes, and has 12"),
        (npy("{'descr': '<U0', 'fortran_order': False, 'shape': (1,), }"), "dtype 'U0'"),
        (npy("{'descr': '<M8', 'fortran_order': False, 'shape': (1,), }", bytes(8)), "dtype 'M8'"),
        (npy("{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }", bytes(16)), "dtype 'f16'"),
        (npy("{'descr': '<f3', 'fortran_order': False, 'shape': (1,), }", bytes(3)), "dtype 'f3'"),
        (npy("{'descr': '|V2', 'fortran_order': False, 'shape': (1,), }", bytes(2)), "perhaps bfloat16"),
        (npy("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }", b"\x07"), "neither 0 nor 1"),
        (npy("__import__('os').system('true')"), "no plain array"),
        (npy(HEADER % "1,", bytes(4), (9, 0)), "version 9"),
        (b"\x93NUMPY\1\0\xff\xff", "header should have 65,535 bytes"),
        (b"\x93NUMPY\2\0\xff\xff\xff\xff", "header should have 4,294,967,295 bytes"),
    ],
)  # fmt: skip
def test_a_lie_is_named(content, words):
    with pytest.raises(CheckpointError) as caught:
        gt.load(members(a=content))
    assert words in str(caught.value)
    if content.startswith(b"\x93NUMPY"):
        with pytest.raises(CheckpointError):
            gt.load(io.BytesIO(content))


def test_versions_two_and_three_are_read():
    for version in ((1, 0), (2, 0), (3, 0)):
        assert gt.load(members(a=npy(HEADER % "2,", bytes(8), version)))["a"].tolist() == [0, 0]


def test_a_changed_byte_is_seen():
    whole = saved(a=np.arange(100)).getvalue()
    start = whole.index(b"\x93NUMPY")
    for k in range(start, start + 900, 7):
        with pytest.raises(CheckpointError, match=r"the bytes of 'a\.npy'"):
            gt.load(io.BytesIO(whole[:k] + bytes([whole[k] ^ 1]) + whole[k + 1 :]))


@pytest.mark.parametrize("pad", range(8))
def test_an_array_that_is_not_aligned_is_read_and_not_mapped(tmp_path, pad):
    np.savez(tmp_path / "a.npz", **{"a" * (pad + 1): np.arange(100.0)})
    whole = bytearray((tmp_path / "a.npz").read_bytes())
    start = whole.index(np.arange(1.0, 5).tobytes())
    assert gt.load(tmp_path / "a.npz", mmap=True)["a" * (pad + 1)].tolist() == [*range(100)]
    whole[start + 6] ^= 1
    (tmp_path / "a.npz").write_bytes(whole)
    if start % 8:  # the sums of what is read are checked
        with pytest.raises(CheckpointError, match="sum"):
            gt.load(tmp_path / "a.npz", mmap=True)
    else:
        assert gt.load(tmp_path / "a.npz", mmap=True)["a" * (pad + 1)][1] != 1


def test_a_compressed_array_is_read_within_max_bytes():
    out = io.BytesIO()
    np.savez_compressed(out, a=np.zeros(1_000_000))
    with pytest.raises(CheckpointError, match="more than max_bytes"):
        gt.load(io.BytesIO(out.getvalue()), max_bytes=1_000_000)
    assert gt.load(io.BytesIO(out.getvalue()), max_bytes=9_000_000)["a"].shape == (1_000_000,)


@pytest.mark.parametrize(
    ("obj", "words"),
    [
        (gt.ones(1), "a dict or a list of tensors, got Tensor"),
        ({"a": "text"}, "'a' is a str"),
        ({"a": np.array(["text"])}, "'a' is a ndarray"),
        ({"../a": gt.ones(1)}, "no name"),
        ({3: gt.ones(1)}, "no name"),
        ({"a": gt.ones(1, dtype=gt.bfloat16)}, r"no bfloat16.*\.float\(\)"),
    ],
)
def test_what_the_format_cannot_hold_is_refused(tmp_path, obj, words):
    with pytest.raises(gt.errors.ArgumentError, match=words):
        gt.save(obj, tmp_path / "a.npz")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("mmap", [False, True])
def test_text_beside_numbers_is_read_as_an_array(tmp_path, mmap):
    names = np.array([["a", "bc"], ["ü€", ""]])
    given = {"names": names, "big": names.astype(">U2"), "raw": np.array([b"ab", b"c"])}
    np.savez(tmp_path / "a.npz", x=np.arange(3), turned=np.asfortranarray(names), **given)
    found = gt.load(tmp_path / "a.npz", mmap=mmap)
    assert found["x"].tolist() == [0, 1, 2]
    for key, value in {**given, "turned": names}.items():
        assert isinstance(found[key], np.ndarray)
        assert np.array_equal(found[key], value)
    np.save(tmp_path / "a.npy", names)
    assert np.array_equal(gt.load(tmp_path / "a.npy", mmap=mmap), names)
