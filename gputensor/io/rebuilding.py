"""Tensors and parameters from storages, as PyTorch's pickles describe them; every number is checked before its use."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from gputensor._tensor import Tensor
from gputensor.core.apply import wrap
from gputensor.core.devices import CPU, namespace_of
from gputensor.core.dtypes import dtype
from gputensor.core.size import Size
from gputensor.io.dtype_names import KINDS, Kind
from gputensor.io.faults import cost_of_dims
from gputensor.io.interpreter import Machine, Unfinished, name_of, shown
from gputensor.io.storages import Storage
from gputensor.nn.parameter import Buffer, Parameter
from gputensor.ops.complex_numbers import conj
from gputensor.ops.from_data import native

MOST_DIMS = 64  # NumPy's
# a Tensor, its array, their bookkeeping
TENSOR_COST = 1000
_LARGEST = (1 << 63) - 1


class Unread(Unfinished):
    """What stands for a tensor while a pickle is read for its storages alone."""

    __slots__ = ()
    name = "a tensor"


UNREAD = Unread()


def sizes(m: Machine, given: Any, what: str) -> tuple[int, ...]:
    """A tuple of sizes: ints of at least 0 that an array can have."""
    if type(given) not in (tuple, list, Size) or not all(type(n) is int and n >= 0 for n in given):
        raise m.fail(f"{what} with sizes that are no tuple of ints: {shown(given)}")
    if len(given) > MOST_DIMS:
        raise m.fail(f"{what} of {len(given)} dims; the most are {MOST_DIMS}")
    if math.prod([n for n in given if n]) * 16 > _LARGEST:
        raise m.fail(f"{what} of sizes that no memory can have: {tuple(given)!r:.200}")
    return tuple(given)


def number(m: Machine, value: int | float) -> float:
    """A float of a number. Raises Fault for an int beyond all floats."""
    try:
        return float(value)
    except OverflowError:
        raise m.fail("a number that is too large for a float") from None


def _flag(m: Machine, value: Any) -> bool:
    if type(value) is not bool:
        raise m.fail(f"a requires_grad that is a {type(value).__name__}")
    return value


def _no_hooks(m: Machine, value: Any) -> None:
    # PyTorch saves no hooks; very old files have None
    if value is not None and not (isinstance(value, dict) and not value):
        raise m.fail("hooks of a tensor, which would be code")


def _strided(m: Machine, kind: Kind | None, args: tuple[Any, ...], requires_grad: Any, metadata: Any) -> Any:
    storage, offset, size, stride = args
    if not isinstance(storage, Storage):
        raise m.fail("a tensor of something else than a storage")
    kind = storage.kind if kind is None else kind
    if kind is None:
        raise m.fail("a tensor of an untyped storage without a dtype")
    shape, steps = sizes(m, size, "a tensor"), stride
    if type(steps) not in (tuple, list, Size) or len(steps) != len(shape) or not all(type(n) is int for n in steps):
        raise m.fail(f"a tensor with sizes {shape} and strides {shown(stride)}")
    if type(offset) is not int or offset < 0 or any(n < 0 for n in steps):
        raise m.fail(f"a tensor with offset {shown(offset)} and strides {tuple(steps)}; they are ints of at least 0")
    needed = offset + sum((n - 1) * s for n, s in zip(shape, steps, strict=True)) + 1 if 0 not in shape else 0
    if needed * kind.itemsize > storage.nbytes:
        raise m.fail(
            f"a tensor of sizes {shape}, strides {tuple(steps)} and offset {offset} that needs {needed:,} elements of "
            f"{kind.name}, and its storage {storage.key!r} has {storage.nbytes // kind.itemsize:,}"
        )
    if any(n * 16 > _LARGEST for n in (offset, *steps)):
        # of one element, or none, they are used for nothing, and still have to fit into NumPy's numbers
        raise m.fail(f"a tensor of offset and strides that no memory can have: {(offset, *steps)!r:.200}")
    m.budget.charge(TENSOR_COST + cost_of_dims(len(shape)), "tensors")
    if m.storages.only_looking:
        return UNREAD
    out = storage.tensor(kind, offset, shape, tuple(steps))
    if metadata is not None:
        out = _with_metadata(m, out, metadata)
    return _recorded(m, out, _flag(m, requires_grad))


def _with_metadata(m: Machine, out: Any, metadata: Any) -> Any:
    if type(metadata) is not dict or not metadata.keys() <= {"conj", "neg"}:
        raise m.fail(f"a tensor with metadata that is not known: {shown(metadata)}")
    if any(value is True for value in metadata.values()):
        # here conj and neg are copies, not marks
        copies = (metadata.get("conj") is True) + (metadata.get("neg") is True)
        m.budget.charge(copies * out.numel() * out.element_size(), "conjugated tensors")
        out = conj(out) if metadata.get("conj") is True else out
        out = -out if metadata.get("neg") is True else out
    return out


def _recorded(m: Machine, out: Any, requires_grad: bool) -> Any:
    if not requires_grad:
        return out
    if not (out.is_floating_point() or out.is_complex()):
        raise m.fail(f"a tensor of {out.dtype.name} that requires grad")
    return out.requires_grad_()


def tensor(m: Machine, args: tuple[Any, ...]) -> Any:
    """_rebuild_tensor(storage, offset, size, stride)."""
    if len(args) != 4:
        raise m.fail(f"a tensor with {len(args)} parts, not 4")
    return _strided(m, None, args, False, None)


def tensor_v2(m: Machine, args: tuple[Any, ...]) -> Any:
    """_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks, metadata=None)."""
    if len(args) not in (6, 7):
        raise m.fail(f"a tensor with {len(args)} parts, not 6 or 7")
    _no_hooks(m, args[5])
    return _strided(m, None, args[:4], args[4], args[6] if len(args) == 7 else None)


def tensor_v3(m: Machine, args: tuple[Any, ...]) -> Any:
    """_rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype, metadata=None)."""
    if len(args) not in (7, 8):
        raise m.fail(f"a tensor with {len(args)} parts, not 7 or 8")
    _no_hooks(m, args[5])
    return _strided(m, _kind_of(m, args[6]), args[:4], args[4], args[7] if len(args) == 8 else None)


def _kind_of(m: Machine, value: Any) -> Kind:
    found = KINDS[value.name] if type(value) is dtype else getattr(value, "kind", None)
    if not isinstance(found, Kind):
        raise m.fail("a tensor whose dtype is none")
    return found


def parameter(m: Machine, args: tuple[Any, ...]) -> Any:
    """_rebuild_parameter(data, requires_grad, hooks)."""
    if len(args) != 3:
        raise m.fail(f"a parameter with {len(args)} parts, not 3")
    data, requires_grad, hooks = args
    _no_hooks(m, hooks)
    if data is UNREAD:
        return UNREAD
    if not isinstance(data, Tensor):
        raise m.fail("a parameter of something else than a tensor")
    if _flag(m, requires_grad) and not (data.is_floating_point() or data.is_complex()):
        raise m.fail(f"a parameter of {data.dtype.name} that requires grad")
    m.budget.charge(TENSOR_COST + cost_of_dims(data.ndim), "parameters")
    return Parameter(data, requires_grad)


def parameter_with_state(m: Machine, args: tuple[Any, ...]) -> Any:
    """_rebuild_parameter_with_state(data, requires_grad, hooks, state)."""
    if len(args) != 4:
        raise m.fail(f"a parameter with {len(args)} parts, not 4")
    return _with_attributes(m, parameter(m, args[:3]), args[3])


def from_type(m: Machine, args: tuple[Any, ...]) -> Any:
    """_rebuild_from_type_v2(function, type, args, state): a tensor with attributes of its own."""
    if len(args) != 4:
        raise m.fail(f"a tensor with {len(args)} parts, not 4")
    function, kind, inner, state = args
    known = {"torch.Tensor": Tensor, "torch.nn.parameter.Parameter": Parameter, "torch.nn.parameter.Buffer": Buffer}
    wanted = known.get(name_of(kind))
    call = _MAKERS.get(name_of(function))
    if wanted is None or call is None or type(inner) is not tuple:
        raise m.fail("a tensor of a class of its own; save a plain one, such as x.as_subclass(torch.Tensor)")
    out = call(m, inner)
    if out is UNREAD:
        return out
    if wanted is Buffer or (type(state) is dict and state.get("_is_buffer") is True):
        given = state if type(state) is dict else {}
        buffer = Buffer(out, persistent=given.get("persistent") is not False)
        own = {name: value for name, value in given.items() if name not in ("_is_buffer", "persistent")}
        return _with_attributes(m, buffer, own)
    if wanted is Parameter and not isinstance(out, Parameter):
        out = Parameter(out.detach(), out.requires_grad)
    return _with_attributes(m, out, state)


# the functions that make a tensor to which attributes are added
_MAKERS: dict[str, Callable[[Machine, tuple[Any, ...]], Any]] = {
    "torch._utils._rebuild_tensor_v2": tensor_v2,
    "torch._utils._rebuild_tensor_v3": tensor_v3,
    "torch._utils._rebuild_parameter": parameter,
}


def _with_attributes(m: Machine, out: Any, state: Any) -> Any:
    if out is UNREAD:
        return out
    if type(state) is tuple and len(state) == 2 and (state[1] is None or (type(state[1]) is dict and not state[1])):
        state = state[0]
    if state is None:
        return out
    m.attributes(state, type(out))
    m.budget.charge(300 + 130 * len(state), "attributes of tensors")
    out.__dict__.update(state)
    return out


def from_numpy_array(m: Machine, args: tuple[Any, ...]) -> Any:
    """_rebuild_device_tensor_from_numpy(array, dtype, device, requires_grad): tensors of XLA and the like."""
    if len(args) != 4 or not isinstance(args[0], np.ndarray) or args[0].dtype.kind not in "biufc":
        raise m.fail("a tensor of another device that is no array of numbers")
    m.budget.charge(TENSOR_COST + cost_of_dims(args[0].ndim) + args[0].nbytes, "tensors")
    host = native("load", args[0])
    return from_cpu_tensor(m, (wrap(host.copy(), namespace_of(CPU)), *args[1:]))


def from_cpu_tensor(m: Machine, args: tuple[Any, ...]) -> Any:
    """_rebuild_device_tensor_from_cpu_tensor(tensor, dtype, device, requires_grad)."""
    if len(args) != 4 or (args[0] is not UNREAD and not isinstance(args[0], Tensor)) or type(args[2]) is not str:
        raise m.fail("a tensor of another device without values")
    data, kind, where, requires_grad = args
    if data is UNREAD:
        return UNREAD
    m.budget.charge(TENSOR_COST + cost_of_dims(data.ndim) + data.numel() * 16, "tensors")
    place = m.storages.locations.place(data.numel() * data.element_size(), where)
    out = data.detach().to(dtype=_kind_of(m, kind).dtype)
    return _recorded(m, wrap(place.from_host(out.xp.to_host(out.array)), place), _flag(m, requires_grad))
