"""What `repr`, `str` and `format` of a tensor say: PyTorch's rules to the character, with this package's name."""

from typing import Any, Protocol

from gputensor.arrays import numpy_ as host
from gputensor.core.apply import wrap
from gputensor.core.dtypes import get_default_dtype
from gputensor.errors import GradError
from gputensor.show._layout import followed_by, nested
from gputensor.show._numbers import number_texts
from gputensor.show._options import PrintOptions, current_options


class Printable(Protocol):
    """What printing reads of a Tensor."""

    array: Any
    xp: Any

    @property
    def device(self) -> Any: ...
    @property
    def dtype(self) -> Any: ...
    @property
    def requires_grad(self) -> bool: ...
    @property
    def grad_fn(self) -> Any: ...


def format_tensor(x: Printable) -> str:
    """The text of `repr(x)`: the elements, then device, size, dtype and gradient, each only where it is not obvious.

    A tensor of more than `threshold` elements is summarised: only the elements that are shown are read, and only they
    are copied from a GPU (a host synchronisation). Nothing is recorded and nothing is changed. A Parameter has a line
    of its own in front, other subclasses print their name instead of `tensor`.

    >>> import gputensor as gt
    >>> gt.tensor([[1.0, -0.5], [0.0, 2.0]])
    tensor([[ 1.0000, -0.5000],
            [ 0.0000,  2.0000]])
    >>> gt.zeros(2, 0, 3)
    tensor([], size=(2, 0, 3))
    """
    if type(x.array).__name__ == "Batched":  # inside vmap
        inner = wrap(x.array.value, x.xp.inner)
        return f"Batched({'each of ' if x.array.batched else 'the same for all: '}{format_tensor(inner)})"
    options = current_options()
    title = type(x).__name__
    parameter = any(base.__name__ == "Parameter" for base in type(x).__mro__)
    opening = "tensor(" if title in ("Tensor", "Parameter", "Buffer") else f"{title}("
    body = opening + _elements(x, options, indent=len(opening))
    text = followed_by(body, _facts(x, options), indent=len(opening), linewidth=options.linewidth) + ")"
    if parameter:
        text = f"Parameter containing:\n{text}" if opening == "tensor(" else f"Parameter containing:\nParameter({text})"
    return text


def format_scalar(x: Printable, format_spec: str) -> str:
    """The text of `format(x, format_spec)`: a plain 0-d Tensor formats as its Python number, all else as `repr`.

    Raises TypeError for a format specification with anything but a plain 0-d Tensor.

    >>> import gputensor as gt
    >>> f"{gt.tensor(0.125):.2f} and {gt.tensor([0.125])}"
    '0.12 and tensor([0.1250])'
    """
    if x.array.ndim == 0 and type(x).__name__ == "Tensor":
        return format(x.xp.item(x.array), format_spec)
    if format_spec:
        raise TypeError(
            f"format: the specification {format_spec!r} needs a 0-d Tensor, and this is a {type(x).__name__} of shape "
            f"{tuple(x.array.shape)}; take .item() of one element, or use set_printoptions for whole tensors"
        )
    return format_tensor(x)


def _elements(x: Printable, options: PrintOptions, indent: int) -> str:
    array = x.array
    if array.size == 0:
        return "[]"
    summary = array.size > options.threshold
    edge = options.edgeitems
    if summary and array.ndim > 0 and edge == 0:
        return "[...]"
    cuts = [edge if summary and size > 2 * edge else 0 for size in array.shape]
    shown = _edges(x.xp, array, cuts)
    texts, width = number_texts(shown, options)
    return nested(texts, shown.shape, cuts, width=width, indent=indent, linewidth=options.linewidth)


def _edges(xp: Any, array: Any, cuts: list[int], axis: int = 0) -> Any:
    """The elements shown, on the host: the first and last `cuts[axis]` along each axis, all of it where that is 0.

    Slices are views, so that nothing else is read, whichever library holds the array.
    """
    if axis == len(cuts):
        return xp.to_host(array)
    cut = cuts[axis]
    if cut == 0:
        return _edges(xp, array, cuts, axis + 1)
    whole = (slice(None),) * axis
    first = _edges(xp, array[(*whole, slice(None, cut))], cuts, axis + 1)
    last = _edges(xp, array[(*whole, slice(array.shape[axis] - cut, None))], cuts, axis + 1)
    return host.concat([first, last], axis)


def _facts(x: Printable, options: PrintOptions) -> list[str]:
    facts = []
    if x.device.type != "cpu":
        facts.append(f"device='{x.device}'")
    empty = x.array.size == 0
    if (empty and x.array.ndim != 1) or (not empty and options.edgeitems == 0):
        facts.append(f"size={tuple(x.array.shape)}")
    if not _obvious_dtype(x, empty):
        facts.append(f"dtype={x.dtype!r}")
    try:
        node = x.grad_fn
    except GradError:
        facts.append("grad_fn=<Invalid>")
        return facts
    if node is not None:
        facts.append(f"grad_fn=<{node.name()}>")
    elif x.requires_grad:
        facts.append("requires_grad=True")
    return facts


def _obvious_dtype(x: Printable, empty: bool) -> bool:
    """Whether the elements themselves tell the dtype: the default float, its complex, int64 and bool."""
    default = get_default_dtype()
    if x.dtype is default:
        return True
    if empty:
        return False
    name = x.array.dtype.name
    return name in ("int64", "bool") or name == ("complex128" if default.itemsize == 8 else "complex64")
