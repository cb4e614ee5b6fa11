"""A pickle read by a closed interpreter: it makes numbers, text, containers and tensors, and can make nothing else.

No name of a file is looked up or imported, and nothing of a file is called: a name is a key of the table in
`gputensor.io.known_names`, whose values are functions of this package.
"""

from __future__ import annotations

import sys
import time
from argparse import Namespace
from collections import Counter, OrderedDict, defaultdict
from typing import Any

from gputensor.io.faults import Budget, Fault, TooMuch
from gputensor.io.keys import FREE_PARTS, KEYS, is_attribute, key_parts
from gputensor.io.long_text import LongText
from gputensor.io.opcodes import opcodes

# bytes, measured, while a table or a list moves to a larger one: a place on the stack and in the slice taken from it;
# in a list; in the memo; an attribute; an entry of a set
_PLACE, _IN_LIST, _MEMO, _ATTRIBUTE, _IN_SET = 18, 9, 10, 130, 130
# an entry of a dict of text, and of any
_IN_TEXT_DICT, _IN_DICT = 66 if sys.version_info >= (3, 11) else 90, 90
# the links that keep an OrderedDict's order
_LINKS = 90
# what the first entries of a dict take, and how many these are; in a set they are paid with it
_FIRST_TABLE, _FIRST_ENTRIES = 200, 5
# stack and marks are counted by blocks
_BLOCK = 256
# an int of these is one object however often it is met
_SHARED_INTS = range(-5, 257)
# what takes text for the bytes that it stands for
_OF_LATIN1 = ("_codecs.encode", "builtins.bytearray")
# memo numbers count up; a few may be left out
_GAP = 1000
DICTS = (dict, OrderedDict, Counter, defaultdict)


class Unfinished:
    """What only some part of a pickle may use: a class, a function or a storage. None is left when it ends."""

    __slots__ = ()
    name: str

    def set_state(self, m: Machine, state: Any) -> None:
        """Take what BUILD gives. Raises Fault; some kinds take something."""
        raise m.fail(f"a state for {self.name}, which takes none")


class Machine:
    """The stack and the memo of one pickle. names: what a global is; persistent: the storage of a persistent id."""

    def __init__(self, names: Any, storages: Any, budget: Budget) -> None:
        self.names = names
        self.storages = storages
        self.budget = budget
        # arrays that wait for their values, and what gives them
        self.unbuilt: dict[int, tuple[Any, Any]] = {}
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: list[Any] = []
        self._at = 0
        self._highest_stack = self._highest_marks = 0
        self._key_room = 0
        self._key_count = 0
        self._key_time = 0.0

    def run(self, data: bytes | bytearray, start: int = 0) -> tuple[Any, int]:
        """The value of the pickle at `start`, and the place behind it. Raises Fault."""
        self.budget.position, self.budget.total = start, len(data)
        self._key_room = len(data)
        try:
            return self._run(data, start)
        except TooMuch:
            self.budget.position = max(self.budget.position, self._at + 1)
            raise

    def _run(self, data: bytes | bytearray, start: int) -> tuple[Any, int]:
        stack, charge = self._stack, self.budget.charge
        for name, argument, at in opcodes(data, start, self.budget):
            self._at = at
            step = _STEPS.get(name)
            if step is not None:
                step(self, argument)
            elif name == "STOP":
                value = self.pop()
                if stack or self._marks:
                    raise Fault(f"has a pickle that ends at byte {at:,} with {len(stack)} values too many")
                if self.unbuilt:
                    raise Fault(f"has a pickle that ends at byte {at:,} with a NumPy array that has no values")
                return value, argument
            else:
                if type(argument) is not int or argument not in _SHARED_INTS:
                    charge((argument.__sizeof__() + 15) & ~15, "constants")
                stack.append(argument)
                if len(stack) > self._highest_stack:
                    self._higher_stack()
        raise AssertionError

    def fail(self, text: str) -> Fault:
        """A fault at this place of the pickle."""
        return Fault(f"has a pickle with {text}, at byte {self._at:,}")

    # ------------------------------------------------------------ the stack

    def pop(self) -> Any:
        """The value on top, taken off. Raises Fault where there is none above the last mark."""
        if len(self._stack) <= (self._marks[-1] if self._marks else 0):
            raise self.fail("an opcode that takes a value where there is none")
        return self._stack.pop()

    def top(self) -> Any:
        """The value on top, left there."""
        value = self.pop()
        self._stack.append(value)
        return value

    def _push(self, value: Any, size: int) -> None:
        if size:
            self.budget.charge(size, "containers")
        self._stack.append(value)
        if len(self._stack) > self._highest_stack:
            self._higher_stack()

    def _higher_stack(self) -> None:
        self.budget.charge(_PLACE * _BLOCK, "the stack")
        self._highest_stack += _BLOCK

    def _above_mark(self) -> list[Any]:
        if not self._marks:
            raise self.fail("an opcode that takes the values above a mark where there is none")
        start = self._marks.pop()
        items = self._stack[start:]
        del self._stack[start:]
        return items

    # ------------------------------------------------------------ steps: one for each opcode that is no constant

    def _nothing(self, argument: Any) -> None:
        pass

    def _long_text(self, argument: LongText) -> None:
        # what encode and bytearray are given, which lie below, becomes bytes and no text
        as_bytes = bool(self._stack) and name_of(self._stack[-1]) in _OF_LATIN1
        self._push(argument if as_bytes else argument.text(self.budget), 0)

    def _proto(self, argument: int) -> None:
        if not 2 <= argument <= 5:
            raise self.fail(f"protocol {argument}; those from 2 to 5 are read")

    def _mark(self, argument: Any) -> None:
        self._marks.append(len(self._stack))
        if len(self._marks) > self._highest_marks:
            self.budget.charge(48 * _BLOCK, "marks")
            self._highest_marks += _BLOCK

    def _pop_mark(self, argument: Any) -> None:
        self._above_mark()

    def _drop(self, argument: Any) -> None:
        self.pop()

    def _none(self, argument: Any) -> None:
        self._push(None, 0)

    def _true(self, argument: Any) -> None:
        self._push(True, 0)

    def _false(self, argument: Any) -> None:
        self._push(False, 0)

    def _empty_tuple(self, argument: Any) -> None:
        self._push((), 0)

    def _empty_list(self, argument: Any) -> None:
        self._push([], 64)

    def _empty_dict(self, argument: Any) -> None:
        self._push({}, 64)

    def _empty_set(self, argument: Any) -> None:
        self._push(set(), 224)

    def _tuple(self, argument: Any) -> None:
        items = self._above_mark()
        self._push(tuple(items), 56 + 8 * len(items))

    def _tuple1(self, argument: Any) -> None:
        self._push((self.pop(),), 64)

    def _tuple2(self, argument: Any) -> None:
        second, first = self.pop(), self.pop()
        self._push((first, second), 64)

    def _tuple3(self, argument: Any) -> None:
        third, second, first = self.pop(), self.pop(), self.pop()
        self._push((first, second, third), 80)

    def _list(self, argument: Any) -> None:
        items = self._above_mark()
        self._push(items, 80 + 8 * len(items))

    def _append(self, argument: Any) -> None:
        self._extend([self.pop()])

    def _appends(self, argument: Any) -> None:
        self._extend(self._above_mark())

    def _extend(self, items: list[Any]) -> None:
        target = self.top()
        if type(target) is not list:
            raise self.fail(f"values to be appended to a {kind_of(target)}")
        self.budget.charge(_IN_LIST * len(items) + (0 if target else 32), "lists")
        target.extend(items)

    def _dict(self, argument: Any) -> None:
        items = self._above_mark()
        self._push({}, 64)
        self.set_items(self.top(), items)

    def _set_item(self, argument: Any) -> None:
        value, key = self.pop(), self.pop()
        self.set_items(self.top(), [key, value])

    def _set_items(self, argument: Any) -> None:
        items = self._above_mark()
        self.set_items(self.top(), items)

    def set_items(self, target: Any, items: list[Any]) -> None:
        """Put keys and values, by turns, into a dict."""
        if type(target) not in DICTS:
            raise self.fail(f"items to be set in a {kind_of(target)}")
        if len(items) % 2:
            raise self.fail("a key without a value")
        each = _IN_TEXT_DICT if all(type(key) is str for key in items[::2]) else _IN_DICT
        links = _LINKS if type(target) is OrderedDict else 0
        self._charge_entries(target, len(items) // 2, each + links, _FIRST_TABLE + links * _FIRST_ENTRIES, "dicts")
        for k in range(0, len(items), 512):
            start = time.thread_time()
            part = items[k : k + 512]
            for key, value in zip(part[::2], part[1::2], strict=True):
                if type(key) is not str:
                    self.check_key(key)
                target[key] = value
            self._pace(start, len(part))

    def _charge_entries(self, target: Any, count: int, each: int, table: int, where: str) -> None:
        first = 0 if target else min(_FIRST_ENTRIES, count)
        self.budget.charge((count - first) * each + (table if first else 0), where)

    def _add_items(self, argument: Any) -> None:
        items = self._above_mark()
        target = self.top()
        if type(target) is not set:
            raise self.fail(f"values to be added to a {kind_of(target)}")
        self.add_to(target, items)

    def _frozenset(self, argument: Any) -> None:
        made: set[Any] = set()
        self.add_to(made, self._above_mark())
        self._push(frozenset(made), 224)

    def add_to(self, target: set[Any], items: list[Any] | tuple[Any, ...]) -> None:
        """Put values into a set."""
        self._charge_entries(target, len(items), _IN_SET, 0, "sets")
        for k in range(0, len(items), 512):
            start = time.thread_time()
            part = items[k : k + 512]
            for item in part:
                self.check_key(item)
                target.add(item)
            self._pace(start, len(part))

    def _pace(self, start: float, count: int) -> None:
        """Numbers can be chosen so that a dict of them takes quadratic time: end it where 20 µs for each are over."""
        self._key_count += count
        self._key_time += time.thread_time() - start
        if self._key_time > 1 + 2e-5 * self._key_count:
            raise self.fail("keys that are chosen to make a dict slow")

    def check_key(self, key: Any) -> None:
        """Raise Fault for what is no number, text, or short tuple of such: hashes of nested tuples can take forever."""
        if type(key) in KEYS or (self.storages.only_looking and isinstance(key, Unfinished)):
            return
        parts = key_parts(key, FREE_PARTS + self._key_room)
        self._key_room -= max(parts - FREE_PARTS, 0)
        if not parts:
            raise self.fail(f"{kind_of(key)} as a key, or in one; keys are numbers, text and short tuples of them")

    def _put(self, number: int) -> None:
        value = self.top()
        memo = self._memo
        gap = number - len(memo)
        if gap < 0:
            memo[number] = value
            return
        if gap > _GAP:
            raise self.fail(f"memo number {number:,} after {len(memo):,}")
        self.budget.charge(_MEMO * (gap + 1), "the memo")
        memo.extend([_NOTHING] * gap)
        memo.append(value)

    def _memoize(self, argument: Any) -> None:
        self._put(len(self._memo))

    def _get(self, number: int) -> None:
        value = self._memo[number] if number < len(self._memo) else _NOTHING
        if value is _NOTHING:
            raise self.fail(f"memo number {number:,} that was never written")
        if type(value) is LongText:
            self._long_text(value)
        else:
            self._push(value, 0)

    # ------------------------------------------------------------ names

    def _global(self, words: tuple[str, str]) -> None:
        self._push(self.names(*words), 0)

    def _stack_global(self, argument: Any) -> None:
        name, module = self.pop(), self.pop()
        if type(name) is not str or type(module) is not str:
            raise self.fail("a name that is no text")
        self._push(self.names(module, name), 0)

    def _reduce(self, argument: Any) -> None:
        args, function = self.pop(), self.pop()
        call = getattr(function, "call", None) if isinstance(function, Unfinished) else None
        if call is None:
            raise self.fail(f"a call of {kind_of(function)}, which is no function that checkpoints need")
        if type(args) is not tuple:
            raise self.fail(f"a call of {function.name} with a {kind_of(args)} for its arguments")
        self._push(call(self, args), 100)

    def _new_object(self, argument: Any) -> None:
        args, kind = self.pop(), self.pop()
        if name_of(kind) != "argparse.Namespace" or type(args) is not tuple or args:
            raise self.fail(f"a new object of {kind_of(kind)}, which is no class that checkpoints need")
        self._push(Namespace(), 200)

    def _build(self, argument: Any) -> None:
        state = self.pop()
        target = self.top()
        if type(target) is OrderedDict:
            self._set_metadata(target, state)
        elif type(target) is Namespace:
            self.budget.charge(_ATTRIBUTE * len(self.attributes(state, Namespace)), "attributes")
            target.__dict__.update(state)
        elif isinstance(target, Unfinished):
            target.set_state(self, state)
        elif id(target) in self.unbuilt:
            self.unbuilt.pop(id(target))[1](self, target, state)
        else:
            raise self.fail(f"a state for a {kind_of(target)}, which takes none")

    def attributes(self, state: Any, kind: type) -> dict[str, Any]:
        """A dict of attributes for an object of this class, checked: none of Python's own, none of the class."""
        if type(state) is not dict:
            raise self.fail(f"a state for a {kind.__name__} that is a {kind_of(state)}")
        for name in state:
            if not is_attribute(name, kind):
                raise self.fail(f"an attribute of a {kind.__name__} that would hide its {shown(name)}")
        return state

    def _set_metadata(self, target: Any, state: Any) -> None:
        # a Module's state_dict() notes the versions of its parts so; other attributes could hide methods.
        # What is in it is looked at when all is there, once
        metadata = state.get("_metadata") if type(state) is dict else None
        if not isinstance(metadata, dict) or len(state) != 1:
            raise self.fail("a state for an OrderedDict that is not the _metadata of a state_dict")
        target._metadata = metadata

    def _persistent(self, argument: Any) -> None:
        self._push(self.storages.persistent(self, self.pop()), 100)


_STEPS: dict[str, Any] = {
    "LONG_TEXT": Machine._long_text,
    "PROTO": Machine._proto,
    "FRAME": Machine._nothing,
    "MARK": Machine._mark,
    "POP": Machine._drop,
    "POP_MARK": Machine._pop_mark,
    "NONE": Machine._none,
    "NEWTRUE": Machine._true,
    "NEWFALSE": Machine._false,
    "EMPTY_TUPLE": Machine._empty_tuple,
    "EMPTY_LIST": Machine._empty_list,
    "EMPTY_DICT": Machine._empty_dict,
    "EMPTY_SET": Machine._empty_set,
    "TUPLE": Machine._tuple,
    "TUPLE1": Machine._tuple1,
    "TUPLE2": Machine._tuple2,
    "TUPLE3": Machine._tuple3,
    "LIST": Machine._list,
    "APPEND": Machine._append,
    "APPENDS": Machine._appends,
    "DICT": Machine._dict,
    "SETITEM": Machine._set_item,
    "SETITEMS": Machine._set_items,
    "ADDITEMS": Machine._add_items,
    "FROZENSET": Machine._frozenset,
    "BINPUT": Machine._put,
    "LONG_BINPUT": Machine._put,
    "MEMOIZE": Machine._memoize,
    "BINGET": Machine._get,
    "LONG_BINGET": Machine._get,
    "GLOBAL": Machine._global,
    "STACK_GLOBAL": Machine._stack_global,
    "REDUCE": Machine._reduce,
    "NEWOBJ": Machine._new_object,
    "BUILD": Machine._build,
    "BINPERSID": Machine._persistent,
}


_NOTHING = object()


def word(value: Any) -> Any:
    """A value that is text or bytes, else "": what is of a file is compared with nothing that it could be."""
    return value if type(value) in (str, bytes) else ""


def name_of(value: Any) -> str:
    """What a global is called; "" of anything else."""
    return value.name if isinstance(value, Unfinished) else ""


def shown(value: Any) -> str:
    """A value for a message, short; of containers the kind, as they may be endless in print."""
    if type(value) in (str, bytes, int, float, bool):
        return f"{value!r:.60}"
    if type(value) in (tuple, list) and len(value) < 20 and all(type(part) in (int, str, bool) for part in value):
        return f"{value!r:.60}"
    return f"a {kind_of(value)}"


def kind_of(value: Any) -> str:
    return value.name if isinstance(value, Unfinished) else type(value).__name__
