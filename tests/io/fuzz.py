"""Damages checkpoints at random and loads them: python tests/io/fuzz.py [files] [seed]

Counts files that gave a value, files that were refused with CheckpointError, and what must be 0: other errors, files
that took more than two seconds of this process, and files at which Python's own audit saw something run: a command, a
compiled or executed text, an import, a name looked up by pickle, a file opened. Exits with 1 unless all those are 0;
a crash ends it by a signal.
"""

from __future__ import annotations

import collections
import contextlib
import io
import json
import random
import resource
import struct
import sys
import time
import warnings
import zipfile
import zlib

import numpy as np

import gputensor as gt
from gputensor.io import CheckpointError

WATCHED = (
    "exec", "compile", "import", "open", "pickle.find_class", "marshal", "os.", "subprocess.", "socket.", "ctypes.",
    "shutil.", "tempfile.", "urllib.", "pty.", "code.__new__", "function.__new__", "mmap.", "webbrowser.",
)  # fmt: skip
SLOW = 2.0


def seeds():
    """Good files of every kind, small."""
    layer = gt.nn.Sequential(gt.nn.Linear(3, 4), gt.nn.BatchNorm1d(4))
    optimizer = gt.optim.Adam(layer.parameters())
    layer(gt.randn(2, 3)).sum().backward()
    optimizer.step()
    base = gt.arange(12.0)
    rich = {
        "model": layer.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3,
        "views": [base, base[2:6], base.T],
        "p": gt.nn.Parameter(gt.ones(2)), "dtypes": [gt.ones(2).to(d) for d in (gt.bfloat16, gt.bool, gt.uint16)],
        "array": np.arange(3), "set": {1, 2}, "bytes": b"abc", "complex": 1j, "size": gt.Size([1]),
        "cuda": gt.device("cpu"),
        "counter": collections.Counter("ab"), "default": collections.defaultdict(list), "text": "ü",
    }  # fmt: skip
    plain = {"a": gt.arange(6).reshape(2, 3), "b": gt.ones(4, dtype=gt.bfloat16), "c": gt.ones(3).bool()}
    for value, form in ((rich, "pt"), ([1, "a", gt.ones(2)], "pt"), (plain, "safetensors")):
        out = io.BytesIO()
        gt.save(value, out, format=form, metadata={"k": "v"} if form == "safetensors" else None)
        yield out.getvalue()
    for save in (np.savez, np.savez_compressed):
        out = io.BytesIO()
        save(out, a=np.arange(6).reshape(2, 3), b=np.asfortranarray(np.ones((2, 3), ">f4")))
        yield out.getvalue()
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(next(iter_pt()))) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file,
    ):
        for name in source.namelist():
            file.writestr(name, source.read(name))
    yield packed.getvalue()
    yield old_format()


def iter_pt():
    out = io.BytesIO()
    gt.save({"w": gt.arange(20.0), "n": [1, 2.5, None, True]}, out)
    yield out.getvalue()


def old_format():
    """A file of PyTorch's format before 1.6."""
    import pickle

    def number(value):
        return pickle.dumps(value, 2)

    ref = (
        b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x04NtQ"
        b"K\0K\x04\x85K\x01\x85\x89ccollections\nOrderedDict\n)RtR"
    )
    head = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e") + number(1001) + number({"little_endian": True})
    return head + b"\x80\x02" + ref + b"." + number(["0"]) + struct.pack("<Q4f", 4, 1, 2, 3, 4)


NUMBERS = (0, 1, 2, 0x7F, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
OPCODES = b".(01NJKM\x8a\x8bGX\x8c\x8dUTCB\x8e\x96)\x85\x86\x87t]ael}sud\x8f\x90\x91qr\x94hjc\x93\x81RbQi\x92\x82"
PATHS = (b"cos\nsystem\n", b"cbuiltins\neval\n", b"ctorch\nIntStorage\n", b"cnumpy\ndtype\n", b"cargparse\nNamespace\n")


def damaged(rng, data):
    """The file with one to four injuries."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(out) + 1)
        kind = rng.randrange(10)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1 and at < len(out):
            out[at] = rng.randrange(256)
        elif kind == 2:
            del out[at:]
        elif kind == 3:
            del out[at : at + rng.randrange(1, 20)]
        elif kind == 4:
            out[at:at] = rng.randbytes(rng.randrange(1, 20))
        elif kind == 5:
            form = rng.choice(("<B", "<H", "<I", "<Q"))
            value = (rng.choice(NUMBERS) + rng.choice((-1, 0, 0, 1))) & ((1 << 8 * struct.calcsize(form)) - 1)
            out[at : at + struct.calcsize(form)] = struct.pack(form, value)
        elif kind == 6:
            end = min(at + rng.randrange(1, 60), len(out))
            place = rng.randrange(len(out) + 1)
            out[place:place] = out[at:end]
        elif kind == 7 and at < len(out):
            out[at] = rng.choice(OPCODES)
        elif kind == 8:
            out[at:at] = rng.choice(PATHS)
        elif at + 1 < len(out):
            out[at] = (out[at] + rng.choice((1, -1))) & 255
        if not out:
            break
    return bytes(out)


def inside(rng, data):
    """An archive with one member damaged, and all else as it should be."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        names = source.namelist()
        hurt = rng.choice([names[0], *names])
        method = source.infolist()[0].compress_type
        with zipfile.ZipFile(out, "w", method) as file:
            for name in names:
                content = source.read(name)
                file.writestr(name, damaged(rng, content) if name == hurt else content)
    return out.getvalue()


def inside_header(rng, data):
    """A safetensors file with a damaged header whose length is true."""
    (size,) = struct.unpack("<Q", data[:8])
    header = data[8 : 8 + size]
    if rng.random() < 0.5:
        table = json.loads(header)
        entry = table[rng.choice([k for k in table if k != "__metadata__"])]
        key = rng.choice(("dtype", "shape", "data_offsets"))
        entry[key] = rng.choice(([], [0, 1], [-1], [1 << 62, 4], "F4", "U8", "BOOL", None, [[]], {}, 1.5, [0, 1 << 63]))
        header = json.dumps(table).encode()
    else:
        header = damaged(rng, header)
    return struct.pack("<Q", len(header)) + header + data[8 + size :]


def look(value):
    """Read every element of every tensor: one that leaves its memory would end the process here, or show its bytes."""
    pending, seen = [value], set()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, gt.Tensor) and one.numel() < 1_000_000:
            np.ascontiguousarray(one.detach().array).tobytes()
        elif isinstance(one, np.ndarray):
            one.tolist()
        elif isinstance(one, dict):
            pending += [*one.keys(), *one.values()]
        elif isinstance(one, (list, tuple, set, frozenset)):
            pending.extend(one)


def main(files, seed):
    rng = random.Random(seed)
    good = list(seeds())
    counts = collections.Counter()
    seen = []
    watching = False

    def audit(event, args):
        if watching and event.startswith(WATCHED):
            seen.append((event, repr(args)[:200]))

    sys.addaudithook(audit)
    warnings.simplefilter("ignore")
    for data in good:
        look(gt.load(io.BytesIO(data)))
    watching = True
    eval("0")
    watching = False
    assert seen, "the audit sees nothing"
    seen.clear()
    with contextlib.suppress(CheckpointError):
        gt.load(io.BytesIO(b"warm up"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    slowest = largest = 0.0
    for k in range(files):
        data = rng.choice(good)
        way = rng.randrange(3)
        if way and data[:2] == b"PK":
            data = inside(rng, data)
        elif way and data[8:9] == b"{":
            data = inside_header(rng, data)
        else:
            data = damaged(rng, data)
        largest = max(largest, len(data))
        start = time.thread_time()
        watching = True
        try:
            look(gt.load(io.BytesIO(data)))
            counts["values"] += 1
        except CheckpointError as error:
            counts["refused"] += 1
            if error.__cause__ is not None:
                counts["other errors"] += 1
                print(f"file {k} of seed {seed}: {error}"[:400])
        except Exception as error:
            counts["other errors"] += 1
            print(f"file {k} of seed {seed}: {type(error).__name__}: {error}"[:300])
        watching = False
        took = time.thread_time() - start
        slowest = max(slowest, took)
        counts["hangs"] += took > SLOW
        if seen:
            counts["ran something"] += 1
            print(f"file {k} of seed {seed}: {seen}")
            seen.clear()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    bad = counts["other errors"] + counts["hangs"] + counts["ran something"]
    print(
        f"{files:,} files: {counts['values']:,} values, {counts['refused']:,} refused, {counts['other errors']} other "
        f"errors, {counts['hangs']} hangs, {counts['ran something']} ran something; slowest {slowest:.2f} s, "
        f"largest file {largest / 1024:.0f} KB, memory grew by {grown:.0f} MB; zlib {zlib.ZLIB_RUNTIME_VERSION}"
    )
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word.replace("_", "")) for word in [*sys.argv[1:], *("20000", "1")[len(sys.argv) - 1 :]])))
