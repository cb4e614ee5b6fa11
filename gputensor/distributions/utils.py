"""What the distributions share: parameters made tensors of one shape, probabilities and logits, cached properties."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gputensor as gt
from gputensor._tensor import Tensor
from gputensor.core.explain import describe, remedy

__all__ = [
    "broadcast_all",
    "clamp_probs",
    "lazy_property",
    "logits_to_probs",
    "probs_to_logits",
    "tril_matrix_to_vec",
    "vec_to_tril_matrix",
]

euler_constant = 0.57721566490153286060


def broadcast_all(*values: Any) -> tuple[Tensor, ...]:
    """Numbers and tensors as tensors of one shape.

    Numbers take dtype and device of the first tensor, or the default dtype where all are numbers. Raises ValueError for
    anything else, ShapeError where shapes do not broadcast.

    >>> import gputensor as gt
    >>> from gputensor.distributions.utils import broadcast_all
    >>> broadcast_all(gt.zeros(2), 1)[1]
    tensor([1., 1.])
    """
    for k, v in enumerate(values):
        if not isinstance(v, (Tensor, numbers.Number)):
            raise ValueError(
                f"broadcast_all: all arguments must be Tensors or numbers, argument {k + 1} is {type(v).__name__}"
            )
    first = next((v for v in values if isinstance(v, Tensor)), None)
    dtype = gt.get_default_dtype() if first is None else first.dtype
    device = None if first is None else first.device
    tensors = [v if isinstance(v, Tensor) else gt.tensor(v, dtype=dtype, device=device) for v in values]
    return tuple(gt.broadcast_tensors(*tensors))


def check_vectors(name: str, value: Any) -> None:
    """Raise TypeError for a parameter that is no Tensor, ValueError for one without a dim.

    >>> import gputensor as gt
    >>> from gputensor.distributions.utils import check_vectors
    >>> check_vectors("probs", gt.ones(()))
    Traceback (most recent call last):
    ...
    ValueError: `probs` parameter must be at least one-dimensional.
    """
    if not isinstance(value, Tensor):
        raise TypeError(f"`{name}` must be a Tensor, got {type(value).__name__}; {remedy(value)}")
    if value.ndim < 1:
        raise ValueError(f"`{name}` parameter must be at least one-dimensional.")


def as_size(shape: Any) -> gt.Size:
    """A shape given as a sequence of ints. Raises TypeError for anything else, a bare int included.

    >>> from gputensor.distributions.utils import as_size
    >>> as_size([2, 3])
    gputensor.Size([2, 3])
    """
    try:
        return shape if isinstance(shape, gt.Size) else gt.Size(shape)
    except TypeError:
        raise TypeError(f"the shape of samples must be several ints, such as (3,), got {describe(shape)}") from None


def clamp_probs(probs: Tensor) -> Tensor:
    """probs moved into [eps, 1 - eps], where eps is the resolution of the dtype, so that logarithms stay finite.

    >>> import gputensor as gt
    >>> from gputensor.distributions.utils import clamp_probs
    >>> clamp_probs(gt.tensor([0.0, 0.5])).log().isfinite()
    tensor([True, True])
    """
    eps = gt.finfo(probs.dtype).eps
    return probs.clamp(min=eps, max=1 - eps)


def logits_to_probs(logits: Tensor, is_binary: bool = False) -> Tensor:
    """Probabilities of logits: their sigmoid where is_binary, else the softmax over the last dim.

    >>> import gputensor as gt
    >>> from gputensor.distributions.utils import logits_to_probs
    >>> logits_to_probs(gt.zeros(2))
    tensor([0.5000, 0.5000])
    """
    return gt.sigmoid(logits) if is_binary else gt.softmax(logits, -1)


def probs_to_logits(probs: Tensor, is_binary: bool = False) -> Tensor:
    """Logits of probabilities, clamped: log(p) - log(1 - p) where is_binary, else log(p).

    >>> import gputensor as gt
    >>> from gputensor.distributions.utils import probs_to_logits
    >>> probs_to_logits(gt.tensor([0.5]), is_binary=True)
    tensor([0.])
    """
    p = clamp_probs(probs)
    return gt.log(p) - gt.log1p(-p) if is_binary else gt.log(p)


def tril_matrix_to_vec(mat: Tensor, diag: int = 0) -> Tensor:
    """The elements on and below diagonal diag, row by row: (..., n, n) -> (..., length).

    Raises ShapeError where the diagonal lies outside of the matrix.

    >>> import gputensor as gt
    >>> from gputensor.distributions.utils import tril_matrix_to_vec
    >>> tril_matrix_to_vec(gt.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([1., 3., 4.])
    """
    n = mat.shape[-1]
    if not -n < diag < n:
        raise ValueError(f"tril_matrix_to_vec: diag ({diag}) is outside of a matrix with {n} columns")
    rows, columns = gt.tril_indices(n, n, diag, device=mat.device)
    return mat[..., rows, columns]


def vec_to_tril_matrix(vec: Tensor, diag: int = 0) -> Tensor:
    """Elements put on and below diagonal diag, row by row: (..., length) -> (..., n, n), zero elsewhere.

    Raises ValueError for a length that no square matrix has.

    >>> import gputensor as gt
    >>> from gputensor.distributions.utils import vec_to_tril_matrix
    >>> vec_to_tril_matrix(gt.tensor([1.0, 3.0, 4.0]))
    tensor([[1., 0.],
            [3., 4.]])
    """
    length = vec.shape[-1]
    # n * (n + 1) / 2 elements up to diagonal 0; each further diagonal k adds n - k, each missing one takes n - k
    n = 1
    while _below(n, diag) < length:
        n += 1
    if _below(n, diag) != length:
        raise ValueError(f"vec_to_tril_matrix: no square matrix has {length} elements up to diagonal {diag}")
    rows, columns = gt.tril_indices(n, n, diag, device=vec.device)
    flat = vec.new_zeros((*vec.shape[:-1], n * n)).index_copy(-1, rows * n + columns, vec)
    return flat.reshape(*vec.shape[:-1], n, n)


def _below(n: int, diag: int) -> int:
    return sum(min(max(row + 1 + diag, 0), n) for row in range(n))


class lazy_property:
    """A property that is computed once, with gradients even inside of `no_grad`, and kept in the instance.

    >>> from gputensor.distributions.utils import lazy_property
    >>> class Circle:
    ...     @lazy_property
    ...     def area(self):
    ...         return 3.0
    >>> c = Circle()
    >>> c.area, "area" in vars(c)
    (3.0, True)
    """

    def __init__(self, wrapped: Callable[[Any], Any]) -> None:
        self.wrapped = wrapped
        self.__doc__ = wrapped.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    if TYPE_CHECKING:
        # an instance may be given the value: there is no such method, which would take precedence over that

        def __set__(self, instance: Any, value: Any) -> None: ...

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if instance is None:
            return self
        with gt.enable_grad():
            value = self.wrapped(instance)
        # not a data descriptor: from now on the instance's own entry is found first
        instance.__dict__[self.name] = value
        return value


def __dir__() -> list[str]:
    return __all__
