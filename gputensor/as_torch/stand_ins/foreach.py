"""`torch._foreach_…`: functions of tensors for lists of them, with which averages of weights are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gputensor as gt
from gputensor import Tensor

_START = "_foreach_"
_NAMES = """
    abs add addcdiv addcmul ceil clamp_max clamp_min copy_ cos cosh div erf erfc exp expm1 floor frac lerp lgamma log
    log10 log1p log2 mul neg norm pow reciprocal round rsqrt sigmoid sign sin sinh sqrt sub tan tanh trunc zero_
"""


def named(name: str) -> Callable[..., Any] | None:
    """The function of this name of PyTorch's, in place where it ends with "_"; None where there is none.

    >>> named("_foreach_mul")([gt.ones(1), gt.ones(1)], [3, 4])
    (tensor([3.]), tensor([4.]))
    """
    method = name.removeprefix(_START)
    if not name.startswith(_START) or not {method, method.removesuffix("_")} & {*_NAMES.split()} or method == "norm_":
        return None
    function = _norms if method == "norm" else _Each(method)
    return function


def _norms(self: Sequence[Tensor], ord: float = 2, dtype: Any = None) -> tuple[Tensor, ...]:
    """The norm of each tensor."""
    return tuple([gt.linalg.vector_norm(t, ord, dtype=dtype) for t in self])


class _Each:
    """A method of tensors as a function of lists: other arguments that are lists have one for each tensor."""

    def __init__(self, method: str) -> None:
        self._method = method

    def __call__(self, self_: Sequence[Tensor], *others: Any, **options: Any) -> Sequence[Tensor]:
        if self._method.startswith("addc") and len(others) == 3:
            *others, options["value"] = others  # type: ignore[assignment]  # a tuple as a list
        results = []
        for k, t in enumerate(self_):
            mine = [x[k] if isinstance(x, (list, tuple)) else x for x in others]
            named = {key: x[k] if isinstance(x, (list, tuple)) else x for key, x in options.items()}
            results.append(getattr(t, self._method)(*mine, **named))
        return results if self._method.endswith("_") else tuple(results)
