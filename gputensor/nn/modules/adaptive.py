"""Adaptive softmax: a softmax over many classes that spends little on rare ones."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from gputensor._tensor import Tensor
from gputensor.errors import ShapeError
from gputensor.nn import functional as F
from gputensor.nn.modules.container import ModuleList, Sequential
from gputensor.nn.modules.linear import Linear
from gputensor.nn.modules.module import Module
from gputensor.ops.dynamic import nonzero
from gputensor.ops.extreme_values import argmax
from gputensor.ops.index_functions import index_copy
from gputensor.ops.joining import cat
from gputensor.ops.selection import where


class ASMoutput(NamedTuple):
    """The log-probabilities of the targets, and the mean of their negatives."""

    output: Tensor
    loss: Tensor


class AdaptiveLogSoftmaxWithLoss(Module):
    """log-softmax over classes sorted by frequency: the frequent ones and clusters of rare ones share a head.

    log p(class) = log p(its cluster) + log p(class within the cluster). input: (batch, in_features), target: (batch,)
    int64, or both without batch. cutoffs: where the head and each cluster end, ascending, below n_classes; the i-th
    cluster's projection is in_features / div_value**(i + 1) wide. Returns (output, loss). Only the rows of a cluster go
    through its layers: the shapes depend on the target, and a GPU is waited for. Raises ValueError for wrong cutoffs,
    ShapeError for other shapes, IndexError for a class out of range. Source: Grave et al. 2016, arXiv:1609.04309.

    >>> import gputensor as gt
    >>> layer = gt.nn.AdaptiveLogSoftmaxWithLoss(8, 20, [5, 10], div_value=2.0)
    >>> layer(gt.ones(3, 8), gt.tensor([0, 7, 19])).output.shape, layer.log_prob(gt.ones(3, 8)).shape
    (gputensor.Size([3]), gputensor.Size([3, 20]))
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        ends = list(cutoffs)
        ascending = all([a < b for a, b in pairwise(ends)])
        if not ends or not ascending or ends[0] <= 0 or ends[-1] > n_classes - 1 or any([int(c) != c for c in ends]):
            raise ValueError(
                f"AdaptiveLogSoftmaxWithLoss: cutoffs must be ascending ints between 1 and {n_classes - 1}, got "
                f"{cutoffs!r}"
            )
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = [*ends, n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = ends[0]
        self.n_clusters = len(ends)
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(in_features, self.head_size, head_bias, device=device, dtype=dtype)
        self.tail = ModuleList()
        for i in range(self.n_clusters):
            width = int(in_features // div_value ** (i + 1))
            self.tail.append(
                Sequential(
                    Linear(in_features, width, False, device=device, dtype=dtype),
                    Linear(width, self.cutoffs[i + 1] - self.cutoffs[i], False, device=device, dtype=dtype),
                )
            )

    def reset_parameters(self) -> None:
        """Draw all weights anew."""
        self.head.reset_parameters()
        for pair in self.tail:
            for layer in pair.children():
                assert isinstance(layer, Linear)
                layer.reset_parameters()

    def forward(self, input_: Tensor, target_: Tensor) -> ASMoutput:
        shape, alone = tuple(input_.shape), target_.dim() == 0
        if target_.dim() > 1 or len(shape) != target_.dim() + 1 or tuple(target_.shape) != shape[:-1]:
            raise ShapeError(
                "AdaptiveLogSoftmaxWithLoss: expected input (batch, in) with target (batch,), or (in,) with (), got "
                f"shapes {shape} and {tuple(target_.shape)}"
            )
        input, target = (input_.unsqueeze(0), target_.unsqueeze(0)) if alone else (input_, target_)
        if target.numel() and not bool(((target >= 0) & (target < self.n_classes)).all()):
            raise _class_error(self.n_classes, target)
        head = F.log_softmax(self.head(input), 1)
        output = head.new_zeros(target.shape[0])
        column = target
        for i in range(self.n_clusters):
            first, end = self.cutoffs[i], self.cutoffs[i + 1]
            mine = (target >= first) & (target < end)
            rows = nonzero(mine)[:, 0]
            if not rows.numel():
                continue
            column = where(mine, self.shortlist_size + i, column)
            within = F.log_softmax(self.tail[i](input.index_select(0, rows)), 1)
            chosen = within.gather(1, (target.index_select(0, rows) - first).unsqueeze(1)).squeeze(1)
            output = index_copy(output, 0, rows, chosen)
        output = output + head.gather(1, column.unsqueeze(1)).squeeze(1)
        loss = (-output).mean()
        return ASMoutput(output.squeeze(0) if alone else output, loss)

    def log_prob(self, input: Tensor) -> Tensor:
        """The log-probabilities of all classes: (batch, in_features) -> (batch, n_classes)."""
        head = F.log_softmax(self.head(input), 1)
        parts = [head[:, : self.shortlist_size]]
        for i in range(self.n_clusters):
            cluster = head[:, self.shortlist_size + i].unsqueeze(1)
            parts.append(F.log_softmax(self.tail[i](input), 1) + cluster)
        return cat(parts, 1).to(input.dtype)  # autocast lets the layers answer in low precision

    def predict(self, input: Tensor) -> Tensor:
        """The most likely class of each row: (batch, in_features) -> (batch,), int64.

        A row whose head says a frequent class gets that one; for the others all classes are compared.
        """
        best = argmax(self.head(input), 1)
        rare = best >= self.shortlist_size
        if not bool(rare.any()):
            return best
        rows = nonzero(rare)[:, 0]
        return index_copy(best, 0, rows, argmax(self.log_prob(input.index_select(0, rows)), 1))


class _ClassError(ShapeError, IndexError):
    """A class number out of range."""


def _class_error(classes: int, target: Tensor) -> Exception:
    return _ClassError(
        f"AdaptiveLogSoftmaxWithLoss: targets must be from 0 to {classes - 1}, got {int(target.min())} to "
        f"{int(target.max())}"
    )
