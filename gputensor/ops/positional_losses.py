"""Losses and activations of `nn.functional` under the order of arguments that they have directly in `torch`.

A reduction is a number there: 0 is "none", 1 "mean", 2 "sum"; left out it is 0, as in PyTorch, whose documentation
says 1. What ends in an underscore works in place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.errors import ArgumentError
from gputensor.ops import activations, ctc, losses, margin_losses, random_activations
from gputensor.ops.dims import checked
from gputensor.ops.operands import rewrite, tensor_operand

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


def binary_cross_entropy_with_logits(
    input: Tensor,
    target: Tensor,
    weight: Tensor | None = None,
    pos_weight: Tensor | None = None,
    reduction: int = 0,
) -> Tensor:
    """`nn.functional.binary_cross_entropy_with_logits` with a number as reduction.

    >>> import gputensor as gt
    >>> gt.binary_cross_entropy_with_logits(gt.tensor([0.0]), gt.tensor([1.0]))
    tensor([0.6931])
    """
    name = "binary_cross_entropy_with_logits"
    return losses.binary_cross_entropy_with_logits(
        input, target, weight, reduction=_word(name, reduction), pos_weight=pos_weight
    )


def cosine_embedding_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 0
) -> Tensor:
    """`nn.functional.cosine_embedding_loss` with a number as reduction.

    >>> import gputensor as gt
    >>> gt.cosine_embedding_loss(gt.tensor([[1.0, 0.0]]), gt.tensor([[0.0, 1.0]]), gt.tensor([1]))
    tensor([1.])
    """
    return margin_losses.cosine_embedding_loss(
        input1, input2, target, margin, reduction=_word("cosine_embedding_loss", reduction)
    )


def ctc_loss(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Any,
    target_lengths: Any,
    blank: int = 0,
    reduction: int = 0,
    zero_infinity: bool = False,
) -> Tensor:
    """`nn.functional.ctc_loss` with a number as reduction.

    Unlike torch: second derivatives exist.

    >>> import gputensor as gt
    >>> gt.ctc_loss(gt.log_softmax(gt.zeros(2, 1, 2), 2), gt.tensor([[1]]), (2,), (1,)).exp()
    tensor([1.3333])
    """
    word = _word("ctc_loss", reduction)
    return ctc.ctc_loss(log_probs, targets, input_lengths, target_lengths, blank, word, zero_infinity)


def hinge_embedding_loss(input: Tensor, target: Tensor, margin: float = 1.0, reduction: int = 0) -> Tensor:
    """`nn.functional.hinge_embedding_loss` with a number as reduction.

    >>> import gputensor as gt
    >>> gt.hinge_embedding_loss(gt.tensor([0.5, 2.0]), gt.tensor([1, -1]))
    tensor([0.5000, 0.0000])
    """
    return margin_losses.hinge_embedding_loss(input, target, margin, reduction=_word("hinge_embedding_loss", reduction))


def kl_div(input: Tensor, target: Tensor, reduction: int = 0, *, log_target: bool = False) -> Tensor:
    """`nn.functional.kl_div` with a number as reduction.

    >>> import gputensor as gt
    >>> gt.kl_div(gt.tensor([0.5]).log(), gt.tensor([1.0]))
    tensor([0.6931])
    """
    return losses.kl_div(checked("kl_div", input), target, reduction=_word("kl_div", reduction), log_target=log_target)


def margin_ranking_loss(
    input1: Tensor, input2: Tensor, target: Tensor, margin: float = 0.0, reduction: int = 0
) -> Tensor:
    """`nn.functional.margin_ranking_loss` with a number as reduction.

    >>> import gputensor as gt
    >>> gt.margin_ranking_loss(gt.tensor([1.0]), gt.tensor([3.0]), gt.tensor([1]))
    tensor([2.])
    """
    return margin_losses.margin_ranking_loss(
        input1, input2, target, margin, reduction=_word("margin_ranking_loss", reduction)
    )


def poisson_nll_loss(input: Tensor, target: Tensor, log_input: bool, full: bool, eps: float, reduction: int) -> Tensor:
    """`nn.functional.poisson_nll_loss` with a number as reduction, and no argument left out.

    >>> import gputensor as gt
    >>> gt.poisson_nll_loss(gt.tensor([0.0]), gt.tensor([2.0]), True, False, 1e-8, 1)
    tensor(1.)
    """
    word = _word("poisson_nll_loss", reduction)
    return losses.poisson_nll_loss(input, target, log_input, full, eps=eps, reduction=word)


def triplet_margin_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: int = 0,
) -> Tensor:
    """`nn.functional.triplet_margin_loss` with a number as reduction.

    >>> import gputensor as gt
    >>> gt.triplet_margin_loss(gt.zeros(1, 2), gt.zeros(1, 2), gt.zeros(1, 2))
    tensor([1.])
    """
    word = _word("triplet_margin_loss", reduction)
    return margin_losses.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction=word)


def relu_(input: Tensor) -> Tensor:
    """`relu` in place.

    >>> import gputensor as gt
    >>> gt.relu_(gt.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return rewrite(tensor_operand("relu_", input), activations.relu)


def selu_(input: Tensor) -> Tensor:
    """`selu` in place.

    >>> import gputensor as gt
    >>> gt.selu_(gt.tensor([1.0]))
    tensor([1.0507])
    """
    return rewrite(checked("selu_", input), activations.selu)


def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`celu` in place.

    >>> import gputensor as gt
    >>> gt.celu_(gt.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    return rewrite(checked("celu_", input), activations.celu, alpha)


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """`threshold` in place.

    >>> import gputensor as gt
    >>> gt.threshold_(gt.tensor([-1.0, 2.0]), 0.0, 5.0)
    tensor([5., 2.])
    """
    return rewrite(checked("threshold_", input), activations.threshold, threshold, value)


def rrelu_(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False) -> Tensor:
    """`rrelu` in place.

    >>> import gputensor as gt
    >>> gt.rrelu_(gt.tensor([-4.0, 4.0]), 0.25, 0.75)
    tensor([-2.,  4.])
    """
    return rewrite(checked("rrelu_", input), random_activations.rrelu, lower, upper, training)


def _word(name: str, reduction: int) -> str:
    """The name of a reduction given as PyTorch's number."""
    words = ("none", "mean", "sum")
    if type(reduction) is not int or not 0 <= reduction < 3:
        raise ArgumentError(f"{name}: reduction must be 0 (none), 1 (mean) or 2 (sum), got {reduction!r}")
    return words[reduction]
