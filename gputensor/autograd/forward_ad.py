"""Forward differentiation by dual tensors: a value together with its derivative in a direction.

There is no second set of rules: a dual tensor starts a graph of its own, and its derivative forwards is the gradient
of a gradient, which is linear in what it is given.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from gputensor.autograd.engine import run_backward
from gputensor.autograd.pushing import pass_forwards
from gputensor.core.apply import wrap
from gputensor.core.explain import describe
from gputensor.core.history import node_of
from gputensor.core.modes import enable_grad, inference_mode
from gputensor.core.nodes import new_leaf
from gputensor.core.promotion import FLOATING
from gputensor.core.tensor_base import TensorBase, cell_of
from gputensor.errors import DtypeError, ShapeError

if TYPE_CHECKING:
    from gputensor._tensor import Tensor

__all__ = ["UnpackedDualTensor", "dual_level", "enter_dual_level", "exit_dual_level", "make_dual", "unpack_dual"]


class UnpackedDualTensor(NamedTuple):
    """A value, and its derivative in the direction of the tangents that were given; None where it has none."""

    primal: Any
    tangent: Any


class _Duals(threading.local):
    """The dual tensors of this thread's level: their nodes, with the tangents; None outside of a level.

    own: the leaves that were made for tensors without history.
    """

    def __init__(self) -> None:
        self.made: dict[Any, Any] | None = None
        self.own: set[Any] = set()


_DUALS = _Duals()


def enter_dual_level() -> int:
    """Begin a level of forward differentiation; returns its number, 0. Raises RuntimeError inside another one.

    >>> import gputensor as gt
    >>> gt.autograd.forward_ad.enter_dual_level()
    0
    >>> gt.autograd.forward_ad.exit_dual_level()
    """
    if _DUALS.made is not None:
        raise RuntimeError("enter_dual_level: nested levels are not supported; gputensor.func.jvp nests")
    _DUALS.made, _DUALS.own = {}, set()
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """End the level: its dual tensors have no tangents any more. Raises RuntimeError outside of one.

    >>> import gputensor as gt
    >>> level = gt.autograd.forward_ad.enter_dual_level()
    >>> gt.autograd.forward_ad.exit_dual_level(level=level)
    """
    if _DUALS.made is None or level not in (None, 0):
        raise RuntimeError(f"exit_dual_level: there is no level to end, got {level}")
    _DUALS.made, _DUALS.own = None, set()


class dual_level:
    """A ``with`` block in which dual tensors carry derivatives forwards. Per thread; blocks do not nest.

    >>> import gputensor as gt
    >>> from gputensor.autograd import forward_ad
    >>> with forward_ad.dual_level():
    ...     x = forward_ad.make_dual(gt.tensor(3.0), gt.tensor(1.0))
    ...     forward_ad.unpack_dual(x * x)
    UnpackedDualTensor(primal=tensor(9.), tangent=tensor(6.))
    """

    def __enter__(self) -> int:
        return enter_dual_level()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        exit_dual_level()


def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Tensor:
    """A view of tensor whose results carry their derivative in the direction of tangent.

    tensor, tangent: floating-point or complex, of one shape and dtype. Raises RuntimeError outside of a `dual_level`,
    ShapeError and DtypeError where the two do not fit. Unlike torch: the dual tensor requires grad, and what is
    computed under `no_grad` has no tangent.

    >>> import gputensor as gt
    >>> from gputensor.autograd import forward_ad
    >>> with forward_ad.dual_level():
    ...     x = forward_ad.make_dual(gt.tensor([1.0, 2.0]), gt.tensor([1.0, 0.0]))
    ...     forward_ad.unpack_dual(x.prod()).tangent
    tensor(2.)
    """
    if _DUALS.made is None or level not in (None, 0):
        raise RuntimeError("make_dual: there is no level; write `with gputensor.autograd.forward_ad.dual_level():`")
    for name, x in (("tensor", tensor), ("tangent", tangent)):
        if not isinstance(x, TensorBase):
            raise TypeError(f"make_dual: {name} must be a Tensor, got {describe(x)}")
        if x.array.dtype not in FLOATING:
            raise DtypeError(f"make_dual: {name} must be floating-point or complex, got {describe(x)}")
    if tensor.shape != tangent.shape:
        raise ShapeError(f"make_dual: tensor is {describe(tensor)}, tangent {describe(tangent)}; the shapes must agree")
    if tensor.dtype != tangent.dtype:
        raise DtypeError(f"make_dual: tensor is {describe(tensor)}, tangent {describe(tangent)}; convert one")
    with enable_grad():
        own = tensor
        if node_of(own) is None:
            own = wrap(tensor.array, tensor.xp, new_leaf(tensor.array.shape, tensor.array.dtype, tensor.xp))
            own._cell = cell_of(tensor)
            _DUALS.own.add(own._node)
        # a node of its own, which may be written in place and leads on to what the tensor was computed from
        dual = own.view_as(own)
    _DUALS.made[node_of(dual)] = tangent
    return dual


def unpack_dual(tensor: Any, *, level: int | None = None) -> UnpackedDualTensor:
    """The value of a tensor and its tangent, which is None where it does not depend on dual tensors of the level.

    Computed as the gradient of a gradient: about three times the work of the function, at every call. Operations must
    have second derivatives. Outside of a level there are no tangents.

    >>> import gputensor as gt
    >>> from gputensor.autograd import forward_ad
    >>> with forward_ad.dual_level():
    ...     x = forward_ad.make_dual(gt.tensor([0.0, 1.0]), gt.tensor([1.0, 1.0]))
    ...     forward_ad.unpack_dual(x.exp()).tangent
    tensor([1.0000, 2.7183])
    """
    if not isinstance(tensor, TensorBase):
        return UnpackedDualTensor(tensor, None)
    root = node_of(tensor)
    reached, outward = _reached(root)
    if not reached:
        return UnpackedDualTensor(tensor, None)
    with inference_mode(False), enable_grad():
        seed = wrap(tensor.xp.zeros_like(tensor.array), tensor.xp).requires_grad_()
        with pass_forwards():
            rows = run_backward([tensor], [seed], [n for n, _ in reached], True, True, False)
        pairs = [(rows[n], t) for n, t in reached if n in rows and node_of(rows[n]) is not None]
        place: Any = node_of(seed)
        found = {}
        if pairs:
            found = run_backward([g for g, _ in pairs], [t for _, t in pairs], [place], True, True, False)
    tangent = found.get(place)
    if tangent is None:
        tangent = wrap(tensor.xp.zeros_like(tensor.array), tensor.xp)
    if outward:
        return UnpackedDualTensor(tensor, tangent)
    value: Any = tensor
    return UnpackedDualTensor(value.detach(), tangent.detach())


def _reached(root: Any) -> tuple[list[tuple[Any, Any]], bool]:
    """The dual tensors that a node was computed from, with their tangents, and whether anything else requires grad."""
    made: Any = _DUALS.made
    if not made or root is None:
        return [], root is not None
    seen, stack, found, outward = {root}, [root], [], False
    while stack:
        n = stack.pop()
        if n in made:
            found.append((n, made[n]))
            outward = outward or node_of(made[n]) is not None
        if not n.edges and n not in _DUALS.own:
            outward = True
        for e in n.edges:
            if e is not None and e not in seen:
                seen.add(e)
                stack.append(e)
    return found, outward


def __dir__() -> list[str]:
    return __all__
