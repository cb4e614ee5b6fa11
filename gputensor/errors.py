"""The errors of gputensor: each one is an ordinary built-in error with a sharper name.

Every message says which operation failed, what it expected, what it got and what to do about it.
"""


class ShapeError(ValueError, RuntimeError):
    """Shapes, dims or sizes that do not fit the operation.

    Also a RuntimeError, because programs written for PyTorch catch that one.

    >>> import gputensor as gt
    >>> gt.ones(2, 3) + gt.ones(4)
    Traceback (most recent call last):
    ...
    gputensor.errors.ShapeError: add: shapes (2, 3) and (4,) do not broadcast: dim -1 is 3 in one and 4 in the other; \
reshape or expand one of them

    Repair: give both operands the same trailing size, for example ``gt.ones(2, 3) + gt.ones(3)``.
    """


class DtypeError(TypeError, RuntimeError):
    """A dtype the operation cannot work with.

    >>> import gputensor as gt
    >>> gt.tensor([1, 2]).requires_grad_()
    Traceback (most recent call last):
    ...
    gputensor.errors.DtypeError: requires_grad_: only floating-point and complex tensors can have gradients, \
and this one is int64; convert it with .float() first

    Repair: ``gt.tensor([1, 2]).float().requires_grad_()``.
    """


class ArgumentError(ValueError, RuntimeError):
    """An argument whose value the operation does not know or cannot use.

    Also a RuntimeError, because programs written for PyTorch catch that one.

    >>> import gputensor as gt
    >>> gt.div(gt.ones(2), 2, rounding_mode="up")
    Traceback (most recent call last):
    ...
    gputensor.errors.ArgumentError: div: rounding_mode must be None, 'trunc' or 'floor', got 'up'

    Repair: ``gt.div(gt.ones(2), 2, rounding_mode="floor")``.
    """


class NumberRangeError(ValueError, OverflowError, RuntimeError):
    """A number that does not fit where it is to be stored, or lies outside of what an argument may be.

    >>> import gputensor as gt
    >>> gt.tensor([300], dtype=gt.uint8)
    Traceback (most recent call last):
    ...
    gputensor.errors.NumberRangeError: tensor: 300 does not fit into uint8 (0 to 255); use a wider dtype

    Repair: ``gt.tensor([300], dtype=gt.int16)``.
    """


class DeviceError(RuntimeError):
    """Operands on different devices, or a device that is not there.

    Repair: move one operand with ``.to(other.device)``, as the message shows.
    """


class OutOfMemoryError(MemoryError, RuntimeError):
    """There is no memory for a result, on the CPU or a GPU.

    Repair: smaller batches; delete tensors and graphs that are not needed; on a GPU, ``gputensor.cuda.empty_cache()``
    where other programs hold the memory.

    >>> import gputensor as gt
    >>> issubclass(gt.OutOfMemoryError, MemoryError), issubclass(gt.OutOfMemoryError, RuntimeError)
    (True, True)
    """


class GradError(RuntimeError):
    """A gradient that cannot be computed: a graph used twice, a saved value overwritten, a leaf written in place.

    >>> import gputensor as gt
    >>> x = gt.ones(2, requires_grad=True)
    >>> x.mul_(2.0)
    Traceback (most recent call last):
    ...
    gputensor.errors.GradError: mul_: this tensor is a leaf that requires grad and cannot be written in place \
while gradients are recorded; write inside `with gputensor.no_grad():`

    Repair: ``with gt.no_grad(): x.mul_(2.0)``.
    """


class ImplicitTransferError(TypeError):
    """A CUDA tensor was handed to code that wants a NumPy array.

    Copies between devices are never silent. Repair: call ``.cpu()`` first.
    """


class LinAlgError(RuntimeError):
    """A matrix that has no such factorization, inverse or solution; `gputensor.linalg.LinAlgError`.

    >>> import gputensor as gt
    >>> gt.linalg.inv(gt.tensor([[1.0, 2.0], [2.0, 4.0]]))
    Traceback (most recent call last):
    ...
    gputensor.errors.LinAlgError: linalg.inv: the matrix is singular: element 2 of U's diagonal is zero; \
gputensor.linalg.pinv and lstsq take singular matrices

    Repair: ``gt.linalg.pinv(gt.tensor([[1.0, 2.0], [2.0, 4.0]]))``.
    """

    __gputensor__ = True  # its message is made where it is raised


class MissingError(AttributeError):
    """A name that PyTorch has and gputensor has not; the message says what to use instead."""


class CheckpointError(ValueError, RuntimeError):
    """A file that is no checkpoint, or a damaged or hostile one; nothing of it was run.

    Also a RuntimeError, because programs written for PyTorch catch that one.

    >>> import gputensor as gt, io
    >>> gt.load(io.BytesIO(b"<html>404 Not Found</html>"))
    Traceback (most recent call last):
    ...
    gputensor.errors.CheckpointError: load: a BytesIO is a web page, so the download went wrong; fetch the file itself

    Repair: fetch or save the file again; where the message names a limit, and the source is trusted, raise it.
    """
