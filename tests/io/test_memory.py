"""The memory that saving and loading take, measured in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MEASURE = """if True:
    import io, resource, sys
    import numpy as np
    import gputensor as gt

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    action, path, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    gt.load(io.BytesIO(open(path + ".warm", "rb").read()))
    if action == "save":
        x = gt.ones(size // 8, dtype=gt.float32)
        value = {"a": x, "b": gt.ones(size // 16, dtype=gt.float64).reshape(2, -1).T}
        before = peak()
        gt.save(value, path)
    else:
        before = peak()
        try:
            kept = gt.load(path, mmap=action == "mmap")
        except gt.io.CheckpointError as error:
            print(str(error)[:200], file=sys.stderr)
    print(peak() - before)
"""


def growth(action, path, size=0):
    """The bytes by which the peak of a process grew."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, action, str(path), str(size)], env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.fixture
def place(tmp_path):
    """place(name): a path, with a small file beside it that warms the reader up."""
    import gputensor as gt

    def make(name):
        gt.save({"a": gt.ones(3)}, tmp_path / "a.pt")
        os.rename(tmp_path / "a.pt", tmp_path / f"{name}.warm")
        return tmp_path / name

    return make


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["pt", "safetensors", "npz"])
def test_large_files_are_not_copied_in_memory(place, ending):
    size = 200 << 20
    path = place(f"large.{ending}")
    written = growth("save", path, size)
    # b is transposed; its rows are written a piece at a time
    assert written < 64 << 20
    assert path.stat().st_size > size * 0.99
    read = growth("load", path)
    print(f"{ending}: saving {size >> 20} MB takes {written >> 20} MB more, loading it {read >> 20} MB")
    assert read < size + (64 << 20)
    assert growth("mmap", path) < 64 << 20


@pytest.mark.slow
@pytest.mark.parametrize(
    "word", [b"]", b"}", b"\x8f", b")\x85", b"K\x01\x85", b"}q\x00", b"N", b"X\x02\0\0\0ab", b"\x8a\x05abcde"]
)
@pytest.mark.parametrize("count", [400_000, 4_000_000])
def test_hostile_files_take_no_more_than_is_promised(place, word, count):
    from tests.io.pickles import archive, pickled

    path = place("hostile.pt")
    path.write_bytes(archive(pickled(b"(" + word * count + b"t")))
    assert growth("load", path) < (64 << 20) + 2 * path.stat().st_size


@pytest.mark.slow
def test_dicts_take_no_more_than_is_promised(place):
    from tests.io.pickles import archive, integer, pickled

    for count in (100_000, 400_000):
        path = place("hostile.pt")
        parts = []
        for k in range(count):
            parts.append(b"X\x05\0\0\0" + f"{k:05x}".encode() + b"r" + k.to_bytes(4, "little") + integer(k))
        items = b"".join(parts)
        path.write_bytes(archive(pickled(b"}(" + items + b"u")))
        assert growth("load", path) < (64 << 20) + 2 * path.stat().st_size


@pytest.mark.slow
def test_headers_take_no_more_than_is_promised(place):
    from tests.io.test_safetensors import file_of

    for count in (15_000, 24_000, 300_000):
        path = place("hostile.safetensors")
        many = ",".join(f'"{k}":{{"dtype":"U8","shape":[],"data_offsets":[{k},{k + 1}]}}' for k in range(count))
        path.write_bytes(file_of("{" + many + "}", bytes(count)))
        assert growth("load", path) < (64 << 20) + 2 * path.stat().st_size


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bytes", "floats", "words", "tensors", "sets"])
def test_values_that_just_fit_take_no_more_than_is_promised(place, kind):
    import gputensor as gt

    value = {
        "bytes": lambda: {"blob": bytes(60_000_000)},
        "floats": lambda: [k / 7 for k in range(1_700_000)],
        "words": lambda: {f"word{k}": k for k in range(360_000)},
        "tensors": lambda: [gt.ones(3) * k for k in range(19_000)],
        "sets": lambda: [{k} for k in range(120_000)],
    }[kind]()
    path = place("values.pt")
    gt.save(value, path)
    assert growth("load", path) < (64 << 20) + 2 * path.stat().st_size
