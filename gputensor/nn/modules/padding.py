"""Padding: borders of a constant, of mirrored, repeated or wrapped values."""

from __future__ import annotations

from gputensor._tensor import Tensor
from gputensor.nn import functional as F
from gputensor.nn.modules.module import Module
from gputensor.nn.modules.sizes import Ints, ntuple


class _PadNd(Module):
    """The widths of a border over ndim dims: one int, or (left, right[, top, bottom[, front, back]])."""

    ndim = 0
    mode = "constant"
    padding: tuple[int, ...]

    def __init__(self, padding: Ints) -> None:
        super().__init__()
        self.padding = ntuple(self._get_name(), "padding", padding, 2 * self.ndim)

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, self.mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPadNd(_PadNd):
    """A border of one value."""

    def __init__(self, padding: Ints, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, input: Tensor) -> Tensor:
        return F.pad(input, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1d(_ConstantPadNd):
    """A border of `value` around the last dim. padding: an int or (left, right); negative widths cut off.

    >>> import gputensor as gt
    >>> gt.nn.ConstantPad1d((1, 2), 5.0)(gt.zeros(1, 2))
    tensor([[5., 0., 0., 5., 5.]])
    """

    ndim = 1


class ConstantPad2d(_ConstantPadNd):
    """A border of `value` around the last two dims. padding: an int or (left, right, top, bottom).

    >>> import gputensor as gt
    >>> gt.nn.ConstantPad2d((1, 0, 0, 1), 5.0)(gt.zeros(1, 1, 2))
    tensor([[[5., 0., 0.],
             [5., 5., 5.]]])
    """

    ndim = 2


class ConstantPad3d(_ConstantPadNd):
    """A border of `value` around the last three dims. padding: an int or (left, right, top, bottom, front, back).

    >>> import gputensor as gt
    >>> gt.nn.ConstantPad3d(1, 5.0)(gt.zeros(1, 2, 3, 4)).shape
    gputensor.Size([1, 4, 5, 6])
    """

    ndim = 3


class ZeroPad1d(ConstantPad1d):
    """A border of zeros around the last dim. padding: an int or (left, right).

    >>> import gputensor as gt
    >>> gt.nn.ZeroPad1d(1)(gt.ones(1, 2))
    tensor([[0., 1., 1., 0.]])
    """

    def __init__(self, padding: Ints) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad2d(ConstantPad2d):
    """A border of zeros around the last two dims. padding: an int or (left, right, top, bottom).

    >>> import gputensor as gt
    >>> gt.nn.ZeroPad2d((1, 0, 0, 1))(gt.ones(1, 1, 2))
    tensor([[[0., 1., 1.],
             [0., 0., 0.]]])
    """

    def __init__(self, padding: Ints) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad3d(ConstantPad3d):
    """A border of zeros around the last three dims. padding: an int or (left, right, top, bottom, front, back).

    >>> import gputensor as gt
    >>> gt.nn.ZeroPad3d(1)(gt.ones(1, 2, 3, 4)).shape
    gputensor.Size([1, 4, 5, 6])
    """

    def __init__(self, padding: Ints) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ReflectionPad1d(_PadNd):
    """A border that mirrors the values at the last one. padding: an int or (left, right), each smaller than the input.

    >>> import gputensor as gt
    >>> gt.nn.ReflectionPad1d(2)(gt.tensor([[1.0, 2.0, 3.0]]))
    tensor([[3., 2., 1., 2., 3., 2., 1.]])
    """

    ndim = 1
    mode = "reflect"


class ReflectionPad2d(_PadNd):
    """A border that mirrors the values of the last two dims. padding: an int or (left, right, top, bottom).

    >>> import gputensor as gt
    >>> gt.nn.ReflectionPad2d((1, 0, 0, 1))(gt.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[2., 1., 2.],
             [4., 3., 4.],
             [2., 1., 2.]]])
    """

    ndim = 2
    mode = "reflect"


class ReflectionPad3d(_PadNd):
    """A border that mirrors the values of the last three dims. padding: an int or six ints.

    >>> import gputensor as gt
    >>> gt.nn.ReflectionPad3d(1)(gt.ones(1, 2, 3, 4)).shape
    gputensor.Size([1, 4, 5, 6])
    """

    ndim = 3
    mode = "reflect"


class ReplicationPad1d(_PadNd):
    """A border that repeats the last value. padding: an int or (left, right).

    >>> import gputensor as gt
    >>> gt.nn.ReplicationPad1d(2)(gt.tensor([[1.0, 2.0]]))
    tensor([[1., 1., 1., 2., 2., 2.]])
    """

    ndim = 1
    mode = "replicate"


class ReplicationPad2d(_PadNd):
    """A border that repeats the last values of two dims. padding: an int or (left, right, top, bottom).

    >>> import gputensor as gt
    >>> gt.nn.ReplicationPad2d((1, 0, 0, 1))(gt.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[1., 1., 2.],
             [3., 3., 4.],
             [3., 3., 4.]]])
    """

    ndim = 2
    mode = "replicate"


class ReplicationPad3d(_PadNd):
    """A border that repeats the last values of three dims. padding: an int or six ints.

    >>> import gputensor as gt
    >>> gt.nn.ReplicationPad3d(1)(gt.ones(1, 2, 3, 4)).shape
    gputensor.Size([1, 4, 5, 6])
    """

    ndim = 3
    mode = "replicate"


class CircularPad1d(_PadNd):
    """A border with the values of the other end. padding: an int or (left, right).

    >>> import gputensor as gt
    >>> gt.nn.CircularPad1d(1)(gt.tensor([[1.0, 2.0, 3.0]]))
    tensor([[3., 1., 2., 3., 1.]])
    """

    ndim = 1
    mode = "circular"


class CircularPad2d(_PadNd):
    """A border with the values of the other end of two dims. padding: an int or (left, right, top, bottom).

    >>> import gputensor as gt
    >>> gt.nn.CircularPad2d((1, 0, 0, 1))(gt.tensor([[[1.0, 2.0], [3.0, 4.0]]]))
    tensor([[[2., 1., 2.],
             [4., 3., 4.],
             [2., 1., 2.]]])
    """

    ndim = 2
    mode = "circular"


class CircularPad3d(_PadNd):
    """A border with the values of the other end of three dims. padding: an int or six ints.

    >>> import gputensor as gt
    >>> gt.nn.CircularPad3d(1)(gt.ones(1, 2, 3, 4)).shape
    gputensor.Size([1, 4, 5, 6])
    """

    ndim = 3
    mode = "circular"
