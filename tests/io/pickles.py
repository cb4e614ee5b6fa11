"""Pickles written by hand, word by word, and the archives around them."""

import io
import struct
import zipfile

PROTO, STOP, MARK = b"\x80\x02", b".", b"("


def text(value):
    raw = value.encode("utf-8", "surrogatepass")
    return b"X" + struct.pack("<I", len(raw)) + raw


def integer(value):
    if -(1 << 31) <= value < 1 << 31:
        return b"J" + struct.pack("<i", value)
    raw = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(raw)]) + raw


def raw_bytes(value):
    return b"B" + struct.pack("<I", len(value)) + value


def name(path):
    module, _, last = path.rpartition(".")
    return f"c{module}\n{last}\n".encode()


def several(*parts):
    return MARK + b"".join(parts) + b"t"


def call(path, *args):
    return name(path) + several(*args) + b"R"


def storage(kind="torch.FloatStorage", key="0", count=4, location="cpu"):
    return several(text("storage"), name(kind), text(key), text(location), integer(count)) + b"Q"


def ints(*values):
    return several(*map(integer, values))


def tensor(source=None, offset=0, size=(4,), stride=(1,), requires_grad=False, hooks=None, more=b""):
    return (
        name("torch._utils._rebuild_tensor_v2")
        + MARK + (storage() if source is None else source) + integer(offset) + ints(*size) + ints(*stride)
        + (b"\x88" if requires_grad else b"\x89")
        + (call("collections.OrderedDict") if hooks is None else hooks) + more + b"tR"
    )  # fmt: skip


def pickled(value):
    return PROTO + value + STOP


def archive(pickle, members=(("data/0", bytes(16)),), stem="archive", method=zipfile.ZIP_STORED):
    """A PyTorch file with this pickle."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        file.writestr(f"{stem}/data.pkl", pickle)
        for member, content in (*members, ("version", b"3\n")):
            file.writestr(f"{stem}/{member}", content)
    return out.getvalue()
