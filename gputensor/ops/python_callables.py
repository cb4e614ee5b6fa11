"""Python functions of numbers over the elements of a tensor, in place. Slow: each element is a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gputensor.core.apply import wrap
from gputensor.core.explain import describe
from gputensor.core.writes import COPY, write
from gputensor.errors import DtypeError, GradError
from gputensor.ops.dims import array_of
from gputensor.ops.expanding import broadcast_to

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


class CallableMethods:
    """Python functions over the elements of a tensor."""

    __slots__ = ()

    def apply_(self, callable: Callable[[Any], Any]) -> Tensor:
        """Replace every element by callable(element). On the CPU alone; use tensor functions where speed matters.

        Raises GradError for a tensor that requires grad, TypeError on a GPU and for a result that is no number.

        >>> import gputensor as gt
        >>> gt.tensor([1.0, 2.0]).apply_(lambda v: v + 1)
        tensor([2., 3.])
        """
        return _replaced("apply_", self, (), callable)

    def map_(self, tensor: Tensor, callable: Callable[[Any, Any], Any]) -> Tensor:
        """Replace every element by callable(element, element of tensor), which broadcasts and has the same dtype.

        Raises as `apply_`, and DtypeError for another dtype.

        >>> import gputensor as gt
        >>> gt.tensor([1.0, 5.0]).map_(gt.tensor([3.0, 4.0]), max)
        tensor([3., 5.])
        """
        return _replaced("map_", self, (tensor,), callable)

    def map2_(self, x: Tensor, y: Tensor, callable: Callable[[Any, Any, Any], Any]) -> Tensor:
        """Replace every element by callable(element, element of x, element of y). As `map_`.

        >>> import gputensor as gt
        >>> gt.tensor([1.0]).map2_(gt.tensor([2.0]), gt.tensor([3.0]), lambda a, b, c: a + b * c)
        tensor([7.])
        """
        return _replaced("map2_", self, (x, y), callable)


def _replaced(name: str, x: Any, others: tuple[Any, ...], function: Any) -> Any:
    a = x.array
    if x.requires_grad:
        raise GradError(f"{name}: no gradient goes through a Python function; use detach().{name}(…)")
    if x.xp.device_type != "cpu":
        raise TypeError(f"{name}: only for tensors on the CPU, got {describe(x)}; move it with .cpu()")
    columns = [a.reshape(-1).tolist()]
    for other in others:
        b = array_of(name, other, "operand")
        if b.dtype != a.dtype:
            raise DtypeError(
                f"{name}: the operands need the dtype of the tensor, got {describe(other)} and {describe(x)}"
            )
        columns.append(broadcast_to(other.detach(), tuple(a.shape)).array.reshape(-1).tolist())
    values = [function(*row) for row in zip(*columns, strict=True)]
    if not all([isinstance(v, (bool, int, float, complex, np.generic)) for v in values]):
        raise TypeError(f"{name}: the function has to return numbers")
    result = np.array(values, a.dtype if values else None).astype(a.dtype).reshape(a.shape)
    return write(x, COPY, wrap(result, x.xp))
