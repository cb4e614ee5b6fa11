"""Zip archives that lie: headers that contradict each other, holes, overlaps, bombs, other containers."""

import io
import struct
import zipfile
import zlib

import numpy as np
import pytest

import gputensor as gt
from gputensor.io import CheckpointError
from gputensor.io.faults import Budget
from gputensor.io.source import Source
from gputensor.io.zip_reader import Archive
from gputensor.io.zip_writer import ZipWriter
from tests.io.pickles import archive, integer, pickled, several, storage, tensor, text

VALUE = pickled(several(text("a"), tensor()))
GOOD = archive(VALUE)


def load(data, **kwargs):
    return gt.load(io.BytesIO(data), **kwargs)


def refused(data, words, **kwargs):
    with pytest.raises(CheckpointError) as caught:
        load(bytes(data), **kwargs)
    assert words in str(caught.value)


def changed(at, value, data=GOOD):
    """The archive with these bytes at this place, counted from its start, or from its end if negative."""
    out = bytearray(data)
    at = at if at >= 0 else len(out) + at
    out[at : at + len(value)] = value
    return out


def central(name, data=GOOD):
    """Where the directory speaks of a member."""
    return data.rindex(name.encode()) - 46


def local(name, data=GOOD):
    return data.index(name.encode()) - 30


def test_the_good_one_is_good():
    assert load(GOOD)[1].tolist() == [0, 0, 0, 0]


def test_every_truncation_is_refused():
    for end in range(len(GOOD)):
        with pytest.raises(CheckpointError):
            load(GOOD[:end])


def test_every_changed_byte_gives_a_value_or_the_one_error():
    refusals = 0
    for k in range(len(GOOD)):
        for value in (0, 0xFF, GOOD[k] ^ 1):
            try:
                load(changed(k, bytes([value])))
            except CheckpointError:
                refusals += 1
    assert refusals > 2 * len(GOOD)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (changed(local("archive/data/0") + 14, b"\1\2\3\4"), "two headers of 'archive/data/0' that contradict"),
        (changed(local("archive/data/0") + 22, struct.pack("<I", 99)), "two headers"),
        (changed(local("archive/data/0") + 30, b"A"), "two headers"),
        (changed(central("archive/data/0") + 24, struct.pack("<I", 99)), "stored member 'archive/data/0' has 99"),
        (changed(central("archive/data/0") + 8, b"\1"), "encrypted"),
        (changed(central("archive/data/0") + 10, struct.pack("<H", 12)), "packed by method 12"),
        (changed(central("archive/data/0") + 34, b"\7"), "another file of a split zip"),
        (changed(central("archive/data/0") + 42, struct.pack("<I", 1)), "overlaps"),
        (changed(central("archive/data/0") + 42, struct.pack("<I", 1 << 30)), "bytes free"),
        (changed(central("archive/data/0") + 46, b"/"), "a name that leads elsewhere"),
        (changed(central("archive/data/0") + 46, b"\\"), "a name that leads elsewhere"),
        (changed(central("archive/data/0") + 46, b"\xff"), "whose name is no text"),
        (changed(-12, struct.pack("<H", 9)), "part of a zip archive over several files"),
        (changed(-14, struct.pack("<HH", 2, 2)), "belong to no member"),
        (changed(-14, struct.pack("<HH", 0xFFF0, 0xFFF0)), "lists 65,520 members"),
        (changed(-10, struct.pack("<I", 1)), "directory that says"),
        (b"PK\3\4" + GOOD, "something was put before or into it"),
        (GOOD + b"\0", "there is none"),
        (b"7z\xbc\xaf\x27\x1c" + GOOD, "7z archive"),
        (GOOD + GOOD, "something was put before"),
    ],
)
def test_a_lie_is_named(data, words):
    refused(data, words)


def test_two_members_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate name"):
        refused(archive(VALUE, [("data/0", bytes(16)), ("data/0", bytes(16))]), "two members of the name")


def test_two_pickles_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a/data.pkl", VALUE)
        file.writestr("b/data.pkl", VALUE)
    refused(out.getvalue(), "2 members data.pkl")


def test_a_path_that_leads_up_is_refused():
    refused(archive(VALUE, [("data/0", bytes(16)), ("../../evil", b"")]), "a name that leads elsewhere")


def test_the_sum_of_each_member_is_checked():
    start = local("archive/data/0") + 30 + len("archive/data/0")
    refused(changed(start, b"\1"), "the bytes of 'archive/data/0' have the sum")


def test_bytes_between_members_are_refused():
    cut = local("archive/data/0")
    data = bytearray(GOOD[:cut] + b"evil" + GOOD[cut:])
    for name in ("archive/data/0", "archive/version"):
        at = central(name, bytes(data)) + 42
        struct.pack_into("<I", data, at, struct.unpack_from("<I", data, at)[0] + 4)
    struct.pack_into("<I", data, len(data) - 6, struct.unpack_from("<I", data, len(data) - 6)[0] + 4)
    refused(data, "leaves 4 bytes free")


def test_compressed_members_are_read_within_limits():
    values = np.arange(4, dtype="f4").tobytes()
    packed = archive(VALUE, [("data/0", values)], method=zipfile.ZIP_DEFLATED)
    assert load(packed)[1].tolist() == [0, 1, 2, 3]
    refused(packed, "more than max_bytes together", max_bytes=10)
    assert load(packed, max_bytes=1000)[1].tolist() == [0, 1, 2, 3]


def test_a_bomb_is_refused_before_it_is_unpacked():
    count = 1 << 28
    value = pickled(tensor(storage(count=count), size=(count,)))
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = bytes(1 << 20)
    packed = b"".join([deflater.compress(piece) for _ in range(8)] + [deflater.flush()])
    out = archive(value, [("data/0", packed)])
    # the same bytes, called deflated, and said to be a gigabyte
    data = bytearray(out)
    for at, first, second in ((local("archive/data/0", out), 8, 22), (central("archive/data/0", out), 10, 24)):
        struct.pack_into("<H", data, at + first, 8)
        struct.pack_into("<I", data, at + second, count * 4)
    refused(data, "which is more than they can")
    count = 2 << 20
    value = pickled(tensor(storage(count=count), size=(count,)))
    honest = archive(value, [("data/0", bytes(4 * count))], method=zipfile.ZIP_DEFLATED)
    refused(honest, "more than max_bytes together: 'archive/data/0' alone says 8,388,608", max_bytes=1 << 20)
    assert load(honest).sum() == 0


def test_a_member_that_unpacks_to_more_or_less_than_it_says_is_refused():
    for size in (1999, 16, 2001, 0):
        value = pickled(tensor(storage("torch.ByteStorage", count=size), size=(size,)))
        packed = archive(value, [("data/0", bytes(2000))], method=zipfile.ZIP_DEFLATED)
        data = bytearray(packed)
        struct.pack_into("<I", data, central("archive/data/0", packed) + 24, size)
        struct.pack_into("<I", data, local("archive/data/0", packed) + 22, size)
        refused(data, "lies about 'archive/data/0'")


def test_a_damaged_stream_is_refused():
    packed = archive(VALUE, [("data/0", np.arange(500).tobytes())], method=zipfile.ZIP_DEFLATED)
    start = local("archive/data/0", packed) + 30 + len("archive/data/0")
    for k in range(start, start + 100, 3):
        with pytest.raises(CheckpointError):
            load(changed(k, bytes([packed[k] ^ 0x55]), packed))


class Sizes:
    """Takes writes, keeps the first and last bytes of a large file, and counts."""

    def __init__(self):
        self.at = 0
        self.kept = []

    def __call__(self, data):
        if len(data) < 1 << 20:
            self.kept.append((self.at, bytes(data)))
        self.at += len(data)


def test_large_members_have_large_numbers():
    out = Sizes()
    writer = ZipWriter(out)
    piece = bytes(1 << 28)
    writer.add("a/big", 17 << 28, [memoryview(piece)] * 17)
    writer.add("a/after", 3, [b"abc"])
    writer.close()

    class Sparse(io.RawIOBase):
        """The file that was written, with zeros where large pieces were."""

        place = 0

        def readable(self):
            return True

        def seekable(self):
            return True

        def tell(self):
            return self.place

        def seek(self, offset, whence=0):
            self.place = offset + (self.place if whence == 1 else out.at if whence == 2 else 0)
            return self.place

        def readinto(self, room):
            count = min(len(room), out.at - self.place)
            data = bytearray(count)
            for at, known in out.kept:
                low, high = max(at, self.place), min(at + len(known), self.place + count)
                if low < high:
                    data[low - self.place : high - self.place] = known[low - at : high - at]
            room[:count] = data
            self.place += count
            return count

    with zipfile.ZipFile(io.BufferedReader(Sparse())) as reader:
        assert [(i.filename, i.file_size) for i in reader.infolist()] == [("a/big", 17 << 28), ("a/after", 3)]
        assert reader.read("a/after") == b"abc"
    ours = Archive(Source(Sparse()), Budget(out.at, None))
    assert [e.size for e in ours.entries.values()] == [17 << 28, 3]
    assert bytes(ours.read(ours.find("a/after"))) == b"abc"


def test_a_file_by_the_zipfile_module_with_sizes_after_the_data_is_read():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

        def seek(self, *args):
            raise OSError("a pipe")

        def tell(self):
            raise OSError("a pipe")

    out = Pipe()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in (("a/data.pkl", VALUE), ("a/data/0", bytes(16)), ("a/version", b"3")):
            file.writestr(name, content)
    assert load(out.getvalue())[1].tolist() == [0, 0, 0, 0]
    data = bytearray(out.getvalue())
    at = data.index(b"PK\7\x08") + 4
    data[at] ^= 1
    refused(data, "sizes after 'a/data.pkl' that contradict")


def test_big_endian_files_are_turned_round():
    values = np.arange(4, dtype=">f4").tobytes()
    data = archive(VALUE, [("data/0", values), ("byteorder", b"big")])
    assert load(data)[1].tolist() == [0, 1, 2, 3]
    numbers = np.array([1 + 2j, 3 - 4j], dtype=">c8").tobytes()
    value = pickled(tensor(storage("torch.ComplexFloatStorage", count=2), size=(2,)))
    assert load(archive(value, [("data/0", numbers), ("byteorder", b"big")])).tolist() == [1 + 2j, 3 - 4j]
    refused(archive(VALUE, [("data/0", values), ("byteorder", b"middle")]), "byte order")
    refused(archive(VALUE, [("data/0", values), ("byteorder", b"x" * 200)]), "for one word")


def test_an_archive_that_is_no_checkpoint_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("readme.txt", b"hello")
    refused(out.getvalue(), "'readme.txt' that is no array")
    out = io.BytesIO()
    zipfile.ZipFile(out, "w").close()
    refused(out.getvalue(), "empty zip archive")


def test_a_pickle_alone_in_an_archive_is_a_value():
    assert load(archive(pickled(integer(3)), [])) == 3


def test_names_that_differ_in_case_alone_are_refused():
    # PyTorch reads the first of them
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a/DATA.PKL", b"\x80\x02K\x02.")
        file.writestr("a/data.pkl", b"\x80\x02K\x01.")
    with pytest.raises(CheckpointError, match="upper and lower case"):
        gt.load(io.BytesIO(out.getvalue()))
    arrays = io.BytesIO()
    gt.save({"w": gt.zeros(1), "W": gt.ones(1)}, arrays, format="npz")
    assert gt.load(io.BytesIO(arrays.getvalue()))["W"].tolist() == [1]
