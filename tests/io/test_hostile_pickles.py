"""Pickles that want to run something, break something or take everything: each is refused, and nothing has run."""

import io
import os
import pickle
import struct

import pytest

import gputensor as gt
from gputensor.io import CheckpointError
from tests.io.pickles import (
    MARK,
    archive,
    call,
    integer,
    ints,
    name,
    pickled,
    raw_bytes,
    several,
    storage,
    tensor,
    text,
)  # fmt: skip

EMPTY = b"}"


def load(value, **kwargs):
    return gt.load(io.BytesIO(archive(value)), **kwargs)


def command(canary):
    return text(f"touch {canary}")


# of each attack: the pickle, given the file whose existence would show that something ran
RUNNING = {
    "os.system": lambda c: call("os.system", command(c)),
    "posix.system": lambda c: call("posix.system", command(c)),
    "nt.system": lambda c: call("nt.system", command(c)),
    "eval": lambda c: call("builtins.eval", text(f"open({str(c)!r}, 'w')")),
    "eval of Python 2": lambda c: call("__builtin__.eval", text(f"open({str(c)!r}, 'w')")),
    "exec": lambda c: call("builtins.exec", text(f"open({str(c)!r}, 'w')")),
    "open": lambda c: call("builtins.open", text(str(c)), text("w")),
    "io.open": lambda c: call("io.open", text(str(c)), text("w")),
    "subprocess": lambda c: call("subprocess.check_output", several(text("touch"), text(str(c)))),
    "Popen, a new object": lambda c: name("subprocess.Popen") + several(several(text("touch"), text(str(c)))) + b"\x81",
    "NEWOBJ_EX": lambda c: name("subprocess.Popen") + several(several(text("touch"), text(str(c)))) + EMPTY + b"\x92",
    "pty.spawn": lambda c: call("pty.spawn", several(text("touch"), text(str(c)))),
    "runpy": lambda c: call("runpy.run_path", text(str(c))),
    "pip": lambda c: call("pip.main", several(text("install"), text("evil"))),
    "resolve_name": lambda c: call("pkgutil.resolve_name", text("os:system")),
    "import_module": lambda c: call("importlib.import_module", text("antigravity")),
    "__import__": lambda c: call("builtins.__import__", text("antigravity")),
    "getattr": lambda c: call("builtins.getattr", name("os.path"), text("os")),
    "attrgetter": lambda c: call("operator.attrgetter", text("system")),
    "methodcaller": lambda c: call("operator.methodcaller", text("system"), command(c)),
    "partial": lambda c: call("functools.partial", name("os.system"), command(c)),
    "map": lambda c: call("builtins.list", call("builtins.map", name("os.system"), several(command(c)))),
    "timeit": lambda c: call("timeit.timeit", text("0"), text(f"open({str(c)!r}, 'w')")),
    "cProfile": lambda c: call("cProfile.run", text(f"open({str(c)!r}, 'w')")),
    "code": lambda c: call("code.InteractiveInterpreter"),
    "pickle.loads": lambda c: call("pickle.loads", raw_bytes(pickled(call("os.system", command(c))))),
    "torch.load": lambda c: call("torch.serialization.load", text(str(c))),
    "torch.hub": lambda c: call("torch.hub.load", text("a/b"), text("c")),
    "numpy's runstring": lambda c: call("numpy.testing._private.utils.runstring", command(c), EMPTY),
    "the name from the stack": lambda c: text("posix") + text("system") + b"\x93" + several(command(c)) + b"R",
    "a dotted name": lambda c: text("builtins") + text("list.__class__") + b"\x93" + several(command(c)) + b"R",
    "a name inside of a known one": lambda c: text("torch") + text("Size.__subclasses__") + b"\x93" + several() + b"R",
    "INST": lambda c: MARK + command(c) + b"iposix\nsystem\n",
    "OBJ": lambda c: MARK + name("posix.system") + command(c) + b"o",
    "EXT1": lambda c: b"\x82\x01" + several() + b"R",
    "PERSID": lambda c: b"Pstorage\n",
    "a codec that decompresses": lambda c: call("_codecs.encode", text("a"), text("bz2")),
    "a codec of the program": lambda c: call("_codecs.lookup", text("zlib")),
    "defaultdict of system": lambda c: call("collections.defaultdict", name("posix.system")),
    "defaultdict of a codec": lambda c: call("collections.defaultdict", name("_codecs.encode")),
    "from_type of system": lambda c: call(
        "torch._tensor._rebuild_from_type_v2", name("posix.system"), name("torch.Tensor"), several(command(c)), EMPTY
    ),
    "from_type of a list": lambda c: call(
        "torch._tensor._rebuild_from_type_v2", name("builtins.list"), name("torch.Tensor"), several(command(c)), EMPTY
    ),
    "wrapper": lambda c: call("torch._utils._rebuild_wrapper_subclass", name("posix.system")),
    "NumPy's array of another class": lambda c: call(
        "numpy.core.multiarray._reconstruct", name("os.system"), ints(0), text("b")
    ),
    "NumPy's objects": lambda c: call(
        "numpy.core.multiarray.scalar", call("numpy.dtype", text("O8")), raw_bytes(b"12345678")
    ),
    "a state with __setstate__": lambda c: call("collections.OrderedDict") + EMPTY + text("__setstate__")
    + name("posix.system") + b"sb",
    "a state with a class": lambda c: name("argparse.Namespace") + b")\x81" + EMPTY + text("__class__")
    + name("torch.Tensor") + b"sb",
    "a state that is code": lambda c: name("argparse.Namespace") + b")\x81" + EMPTY + text("f")
    + name("os.system") + b"sb",
    "a module": lambda c: several(text("module"), name("torch.nn.Module"), text("a"), text("b"), text("c")) + b"Q",
    "hooks": lambda c: tensor(hooks=EMPTY + integer(0) + name("collections.OrderedDict") + b"s"),
    "a call of text": lambda c: text("posix.system") + several(command(c)) + b"R",
    "a call of a known class": lambda c: name("torch.FloatStorage") + several(integer(4)) + b"R",
}  # fmt: skip


@pytest.mark.parametrize("kind", RUNNING)
@pytest.mark.parametrize("weights_only", [True, False])
def test_nothing_runs(tmp_path, kind, weights_only):
    canary = tmp_path / "ran"
    value = RUNNING[kind](canary)
    for whole in (value, several(value), value + b"0N"):
        with pytest.raises(CheckpointError):
            load(pickled(whole), weights_only=weights_only)
    assert not canary.exists()


def test_there_are_enough_of_them_and_the_canary_dies_where_pickle_is_used(tmp_path):
    assert len(RUNNING) >= 30
    canary = tmp_path / "ran"
    pickle.loads(pickled(RUNNING["os.system"](canary)))
    assert canary.exists()


DAMAGED = {
    "items into a tensor": (tensor() + text("a") + integer(1) + b"s", "items to be set in a Tensor"),
    "items into a list": (b"]" + integer(0) + integer(1) + b"s", "items to be set in a list"),
    "many items into a tuple": (several() + MARK + integer(0) + integer(1) + b"u", "set in a tuple"),
    "a key without a value": (EMPTY + MARK + integer(0) + b"u", "key without a value"),
    "appends to a dict": (EMPTY + integer(0) + b"a", "appended to a dict"),
    "appends to a tensor": (tensor() + MARK + integer(0) + b"e", "appended to a Tensor"),
    "adds to a frozenset": (MARK + b"\x91" + MARK + integer(0) + b"\x90", "added to a frozenset"),
    "an empty stack": (b"0", "takes a value where there is none"),
    "a value below the mark": (integer(1) + MARK + b"\x85", "where there is none"),
    "no mark": (integer(1) + b"t", "above a mark where there is none"),
    "too many values": (integer(1) + integer(2), "1 values too many"),
    "a mark left": (integer(1) + MARK, "takes a value where there is none"),
    "a memo never written": (b"h\x05", "memo number 5"),
    "a memo far away": (integer(1) + b"r" + struct.pack("<I", 1 << 31), "memo number 2,147,483,648"),
    "a list as a key": (EMPTY + b"]" + integer(1) + b"s", "list as a key"),
    "a set of dicts": (b"\x8f" + MARK + EMPTY + b"\x90", "dict as a key"),
    "a class as a value": (name("torch.FloatStorage"), "saves torch.FloatStorage as a value"),
    "a storage as a value": (several(storage()), "saves torch.storage as a value"),
    "a dtype that is none": (several(name("torch.float8_e5m2")), "float8_e5m2 as a value"),
    "an array without values": (
        call("numpy.core.multiarray._reconstruct", name("numpy.ndarray"), ints(0), raw_bytes(b"b")), "no values",
    ),
    "a number of a megabyte": (b"\x8b" + struct.pack("<I", 1 << 20) + bytes(1 << 20), "number of 1,048,576 bytes"),
    "text that is longer than the file": (b"X" + struct.pack("<I", 1 << 31), "BINUNICODE of 2,147,483,648 bytes"),
    "text of eight exabytes": (b"\x8d" + struct.pack("<Q", 1 << 63), "and 1 are left"),
    "text that is no text": (b"X\x02\0\0\0\xff\xff", "no UTF-8"),
    "protocol 0": (b"\x80\x00N", "protocol 0"),
    "an opcode that is none": (b"\xff", "no opcode but 0xff"),
    "a name without an end": (b"ctorch", "no name after it"),
    "an offset that is text": (tensor(offset=0).replace(integer(0), text("0"), 1), "offset '0'"),
    "an offset beyond": (tensor(offset=1), "needs 5 elements of float32, and its storage '0' has 4"),
    "a negative offset": (tensor(offset=-1), "offset -1"),
    "a size beyond": (tensor(size=(5,)), "needs 5 elements"),
    "a negative size": (tensor(size=(-1,)), "no tuple of ints"),
    "a size of exabytes": (tensor(size=(1 << 62, 1 << 62), stride=(0, 0)), "no memory can have"),
    "a stride beyond": (tensor(size=(2, 2), stride=(3, 1)), "needs 5 elements"),
    "a stride of exabytes": (tensor(size=(2,), stride=(1 << 62,)), "needs 4,611,686,018,427,387,905"),
    "a stride of one element that is too long": (tensor(size=(1,), stride=(1 << 70,)), "offset and strides that no"),
    "an offset of no element that no number holds": (tensor(size=(0,), offset=1 << 70), "offset and strides that no"),
    "a negative stride": (tensor(size=(4,), stride=(-1,)), "strides"),
    "sizes and strides that differ": (tensor(size=(2, 2), stride=(1,)), "strides"),
    "a hundred dims": (tensor(size=(1,) * 100, stride=(1,) * 100), "100 dims"),
    "sizes of bools": (
        call("torch.Size", several(b"\x88")), "no tuple of ints",
    ),
    "ints that require grad": (tensor(storage("torch.IntStorage"), requires_grad=True), "int32 that requires grad"),
    "a storage that is too short": (tensor(storage(count=5)), "of 20 bytes, and its member 'archive/data/0' has 16"),
    "a storage that is too long": (tensor(storage(count=3)), "of 12 bytes, and its member"),
    "a storage of negative count": (tensor(storage(count=-1)), "damaged description"),
    "a storage of exabytes": (tensor(storage(count=1 << 62)), "and its member"),
    "a storage that is missing": (tensor(storage(key="7")), "lacks the member 'archive/data/7'"),
    "a storage that leads elsewhere": (tensor(storage(key="../data.pkl")), "lacks the member"),
    "two views of one storage": (several(storage(), storage("torch.IntStorage")), "two different descriptions"),
    "a storage of no type": (
        several(text("storage"), text("x"), text("0"), text("cpu"), integer(4)) + b"Q", "unknown type",
    ),
    "an id that is a number": (integer(3) + b"Q", "persistent id that is no storage"),
    "metadata that is not known": (
        tensor(more=EMPTY + text("evil") + b"\x88s"), "metadata that is not known",
    ),
    "an attribute that hides a method": (
        call("torch._utils._rebuild_parameter_with_state", tensor(), b"\x89", call("collections.OrderedDict"),
             EMPTY + text("numpy") + integer(1) + b"s"), "hide its 'numpy'",
    ),
    "a parameter of a list": (
        call("torch._utils._rebuild_parameter", b"]", b"\x89", call("collections.OrderedDict")), "else than a tensor",
    ),
    "a _metadata that is a list": (
        call("collections.OrderedDict") + EMPTY + text("_metadata") + b"]sb", "not the _metadata",
    ),
    "a state for a dict": (EMPTY + EMPTY + b"b", "a state for a dict"),
    "pairs of three": (call("collections.OrderedDict", several(several(*[integer(1)] * 3))), "else than pairs"),
    "an array with too few bytes": (
        call("numpy._core.numeric._frombuffer", raw_bytes(b"x"), call("numpy.dtype", text("f8")), ints(3), text("C")),
        "has 1 bytes, not 24",
    ),
    "a dtype with fields": (
        call("numpy.dtype", text("V8")), "dtype that is not read",
    ),
    "a dtype of gigabytes": (call("numpy.dtype", text("S999999999")), "dtype that is not read"),
    "letters that do not exist": (
        call("numpy.core.multiarray.scalar", call("numpy.dtype", text("U1")), raw_bytes(b"\xff" * 4)), "do not exist",
    ),
    "bools that are neither": (
        call("numpy.core.multiarray.scalar", call("numpy.dtype", text("b1")), raw_bytes(b"\x07")), "neither 0 nor 1",
    ),
    "a complex number that is too large": (call("builtins.complex", integer(1 << 1100), integer(0)), "too large"),
    "the meta device": (call("torch._utils._rebuild_meta_tensor_no_storage"), "no values"),
    "a quantized tensor": (call("torch._utils._rebuild_qtensor"), "quantized"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_what_is_damaged_is_refused_with_what_and_where(kind):
    value, words = DAMAGED[kind]
    with pytest.raises(CheckpointError) as caught:
        load(pickled(value))
    assert words in str(caught.value)
    assert str(caught.value).startswith("load: a BytesIO ")


def test_a_pickle_that_is_cut_off_anywhere_is_refused():
    whole = pickled(several(text("a"), tensor(), ints(1, 2, 3)))
    assert load(whole)[0] == "a"
    for end in range(len(whole)):
        with pytest.raises(CheckpointError):
            load(whole[:end])


def test_bytes_behind_the_pickle_are_refused():
    with pytest.raises(CheckpointError, match="3 bytes after the end"):
        load(pickled(integer(1)) + b"abc")


def test_bools_of_a_storage_are_checked():
    value = pickled(tensor(storage("torch.BoolStorage")))
    for content, fine in ((b"\0\1\0\1", True), (b"\0\1\0\2", False)):
        file = io.BytesIO(archive(value, [("data/0", content)]))
        if fine:
            assert gt.load(file).tolist() == [False, True, False, True]
        else:
            with pytest.raises(CheckpointError, match="neither 0 nor 1"):
                gt.load(file)


def test_tuples_in_tuples_are_no_keys_for_their_hash_takes_forever():
    doubled = integer(1) + b"q\x000"
    for k in range(60):
        doubled += b"h" + bytes([k]) + b"h" + bytes([k]) + b"\x86q" + bytes([k + 1]) + b"0"
    with pytest.raises(CheckpointError, match="short tuples"):
        load(pickled(doubled + EMPTY + b"h\x3c" + integer(1) + b"s"))


def test_numbers_that_are_chosen_to_collide_are_refused(monkeypatch):
    clock = iter(range(10**9))
    monkeypatch.setattr("gputensor.io.interpreter.time.thread_time", lambda: next(clock) / 10)
    value = EMPTY + MARK + b"".join(integer(k) + integer(0) for k in range(6000)) + b"u"
    with pytest.raises(CheckpointError, match="make a dict slow"):
        load(pickled(value))


@pytest.mark.parametrize("word", [b"]", b"}", b"\x8f", b")\x85", b"K\x01\x85"])
def test_a_small_file_makes_no_large_objects(word):
    with pytest.raises(CheckpointError, match="max_bytes="):
        load(pickled(b"(" + word * 900_000 + b"t"))


def test_more_objects_are_allowed_by_the_program():
    value = pickled(b"(" + b"]" * 900_000 + b"t")
    with pytest.raises(CheckpointError, match="max_bytes="):
        load(value)
    assert len(load(value, max_bytes=200_000_000)) == 900_000


def test_a_tensor_seen_many_times_is_paid_many_times():
    one = (
        name("torch._utils._rebuild_tensor_v2") + b"q\x00" + MARK + storage() + integer(0) + ints(4) + ints(1) + b"\x89"
    )
    one += call("collections.OrderedDict") + b"tq\x01R"
    with pytest.raises(CheckpointError, match="max_bytes="):
        load(pickled(b"(" + one + b"h\x00h\x01R" * 100_000 + b"t"))


def test_containers_in_containers_end_somewhere():
    for depth, fine in ((400, True), (100_000, False)):
        value = pickled(b"]" * depth + b"a" * (depth - 1))
        if fine:
            assert isinstance(load(value), list)
        else:
            with pytest.raises(CheckpointError, match="depth"):
                load(value, max_bytes=1 << 30)


def test_a_list_may_hold_itself():
    found = load(pickled(b"]q\x00h\x00a"))
    assert found[0] is found


def test_an_unknown_name_is_in_the_message_with_what_to_do():
    with pytest.raises(CheckpointError, match=r"names pathlib\.PosixPath, .*str\(path\)"):
        load(pickled(call("pathlib.PosixPath", text("a"))))
    with pytest.raises(CheckpointError, match=r"class __main__\.Net.*model\.state_dict\(\)"):
        load(pickled(name("__main__.Net") + b")\x81"))


def test_the_source_has_no_way_to_unpickle():
    folder = os.path.dirname(gt.io.__file__)
    for file in os.listdir(folder):
        if file.endswith(".py"):
            with open(os.path.join(folder, file), encoding="utf-8") as source:
                code = source.read()
            for word in (
                "pickle.load",
                "Unpickler",
                "find_class",
                "import_module",
                "__import__",
                "eval(",
                "exec(",
                "allow_pickle",
            ):
                assert word not in code, (file, word)


# each is put where a word, a number, a name or a tuple is expected; none compares or prints like one
STRANGE = {
    "an array": call(
        "numpy._core.numeric._frombuffer", raw_bytes(b"abc"), call("numpy.dtype", text("u1")), ints(3), text("C")
    ),
    "a tensor": tensor(),
    "a Namespace with a name": name("argparse.Namespace") + b")\x81" + EMPTY + text("name") + b"]sb",
    "a dict": EMPTY,
    "an endless tuple": ints(1, 1)
    + b"".join(b"q" + bytes([k]) + b"0h" + bytes([k]) + b"h" + bytes([k]) + b"\x86" for k in range(60)),
    "None": b"N",
}  # fmt: skip
FLOATS = name("torch.FloatStorage")
PLACES = {
    "args of a call": lambda x: name("torch.Size") + x + b"R",
    "a function": lambda x: x + several() + b"R",
    "a class": lambda x: x + several() + b"\x81",
    "arguments of a class": lambda x: name("argparse.Namespace") + x + b"\x81",
    "the argument of a size": lambda x: call("torch.Size", x),
    "a codec": lambda x: call("_codecs.encode", text("a"), x),
    "coded text": lambda x: call("_codecs.encode", x, text("latin1")),
    "a layout": lambda x: call("torch.serialization._get_layout", x),
    "a device": lambda x: call("torch.device", x),
    "a number of a device": lambda x: call("torch.device", text("cuda"), x),
    "a factory": lambda x: call("collections.defaultdict", x) if x != b"N" else call("torch.Size"),
    "pairs": lambda x: call("collections.OrderedDict", x),
    "a count": lambda x: call("collections.Counter", several(x)),
    "a part of a complex number": lambda x: call("builtins.complex", x, x),
    "a dtype": lambda x: call("numpy.dtype", x),
    "a state of a dtype": lambda x: call("numpy.dtype", text("f4")) + x + b"b",
    "an order": lambda x: call("numpy.dtype", text("f4")) + several(integer(3), x, *[b"N"] * 6) + b"b",
    "a class of an array": lambda x: call("numpy.core.multiarray._reconstruct", x, ints(0), text("b")),
    "the order of an array": lambda x: call(
        "numpy._core.numeric._frombuffer", raw_bytes(b"a"), call("numpy.dtype", text("u1")), ints(1), x
    ),
    "a storage": lambda x: tensor(x),
    "hooks": lambda x: tensor(hooks=x) if x not in (EMPTY, b"N") else x + b"0" + call("torch.Size"),
    "metadata": lambda x: tensor(more=x) if x not in (EMPTY, b"N") else call("torch.Size"),
    "an id": lambda x: x + b"Q",
    "the first of an id": lambda x: several(x, *[b"N"] * 4) + b"Q",
    "the kind of a storage": lambda x: several(text("storage"), x, text("0"), text("cpu"), integer(4)) + b"Q",
    "the key of a storage": lambda x: several(text("storage"), FLOATS, x, text("cpu"), integer(4)) + b"Q",
    "the place of a storage": lambda x: several(text("storage"), FLOATS, text("0"), x, integer(4)) + b"Q",
    "the size of a storage": lambda x: several(text("storage"), FLOATS, text("0"), text("cpu"), x) + b"Q",
    "a maker": lambda x: call("torch._tensor._rebuild_from_type_v2", x, name("torch.Tensor"), several(), EMPTY),
    "a type": lambda x: call(
        "torch._tensor._rebuild_from_type_v2", name("torch._utils._rebuild_tensor_v2"), x, several(), EMPTY
    ),
    "a state of a parameter": lambda x: call(
        "torch._utils._rebuild_parameter_with_state", tensor(), b"\x89", call("collections.OrderedDict"),
        several(EMPTY, x),
    ) if x not in (EMPTY, b"N") else call("torch.Size"),
    "data of a parameter": lambda x: call("torch._utils._rebuild_parameter", x, x, x),
    "a state of a dict": lambda x: call("collections.OrderedDict") + x + b"b",
    "a name": lambda x: text("torch") + x + b"\x93",
    "the version of an old file": None,
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", STRANGE)
def test_values_of_a_strange_kind_are_refused_wherever_they_are(kind, place):
    value = STRANGE[kind]
    if PLACES[place] is None:
        file = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e") + pickled(value)
    else:
        file = archive(pickled(PLACES[place](value)))
    with pytest.raises(CheckpointError) as caught:
        gt.load(io.BytesIO(file))
    assert caught.value.__cause__ is None, "a check is missing"
