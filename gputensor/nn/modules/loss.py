"""Losses: the modules of `gputensor.nn.functional`'s loss functions.

reduction is "mean", "sum" or "none" everywhere.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

from gputensor._tensor import Tensor
from gputensor.core.explain import check_number
from gputensor.nn import functional as F
from gputensor.nn.modules.distance import PairwiseDistance
from gputensor.nn.modules.module import Module
from gputensor.ops.loss_reduction import programs_level

Flag = bool | None


class _Loss(Module):
    """The setting of all losses. size_average and reduce are PyTorch's old words for it."""

    reduction: str

    def __init__(self, size_average: Flag = None, reduce: Flag = None, reduction: str = "mean") -> None:
        super().__init__()
        if size_average is not None or reduce is not None:
            reduction = "none" if reduce is False else "sum" if size_average is False else "mean"
            warnings.warn(
                f"size_average and reduce args will be deprecated, please use reduction='{reduction}' instead.",
                stacklevel=programs_level(),
            )
        self.reduction = reduction


class _WeightedLoss(_Loss):
    """A loss with a buffer of weights."""

    weight: Tensor | None

    def __init__(
        self, weight: Tensor | None = None, size_average: Flag = None, reduce: Flag = None, reduction: str = "mean"
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)


class L1Loss(_Loss):
    """|input - target|.

    >>> import gputensor as gt
    >>> gt.nn.L1Loss()(gt.tensor([1.0, 2.0]), gt.tensor([1.0, 5.0]))
    tensor(1.5000)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.l1_loss(input, target, reduction=self.reduction)


class MSELoss(_Loss):
    """(input - target)**2.

    >>> import gputensor as gt
    >>> gt.nn.MSELoss()(gt.tensor([1.0, 2.0]), gt.tensor([1.0, 4.0]))
    tensor(2.)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.mse_loss(input, target, reduction=self.reduction)


class CrossEntropyLoss(_WeightedLoss):
    """-log softmax(input)[target], the loss of classification over unnormalized scores.

    input: (batch, classes, ...) or (classes,); target: class indices (batch, ...), or probabilities of input's shape.
    weight: (classes,). Targets equal to ignore_index count nothing. label_smoothing, 0 to 1, mixes the target with a
    uniform distribution. The mean is divided by the sum of the weights of the targets.

    >>> import gputensor as gt
    >>> gt.nn.CrossEntropyLoss()(gt.zeros(2, 4), gt.tensor([0, 3]))
    tensor(1.3863)
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: Flag = None,
        ignore_index: int = -100,
        reduce: Flag = None,
        reduction: str = "mean",
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.cross_entropy(
            input,
            target,
            weight=self.weight,
            ignore_index=self.ignore_index,
            reduction=self.reduction,
            label_smoothing=self.label_smoothing,
        )


class NLLLoss(_WeightedLoss):
    """-input[target], the loss of classification over log-probabilities.

    Shapes and settings as in `CrossEntropyLoss`.

    >>> import gputensor as gt
    >>> gt.nn.NLLLoss()(gt.tensor([[-0.5, -1.0]]), gt.tensor([1]))
    tensor(1.)
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: Flag = None,
        ignore_index: int = -100,
        reduce: Flag = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        self.ignore_index = ignore_index

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.nll_loss(input, target, weight=self.weight, ignore_index=self.ignore_index, reduction=self.reduction)


class NLLLoss2d(NLLLoss):
    """The old name of `NLLLoss` for images, with a warning.

    >>> import gputensor as gt, warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")
    ...     gt.nn.NLLLoss2d()(gt.full((1, 2, 1, 1), -0.5), gt.tensor([[[1]]]))
    tensor(0.5000)
    """

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: Flag = None,
        ignore_index: int = -100,
        reduce: Flag = None,
        reduction: str = "mean",
    ) -> None:
        warnings.warn("NLLLoss2d: the name is outdated; use NLLLoss", FutureWarning, stacklevel=2)
        super().__init__(weight, size_average, ignore_index, reduce, reduction)


class PoissonNLLLoss(_Loss):
    """The negative log-likelihood of counts: exp(input) - target*input.

    Without log_input: input - target*log(input + eps).

    full: add Stirling's approximation of log(target!) where target > 1.

    >>> import gputensor as gt
    >>> gt.nn.PoissonNLLLoss()(gt.tensor([0.0]), gt.tensor([2.0]))
    tensor(1.)
    """

    def __init__(
        self,
        log_input: bool = True,
        full: bool = False,
        size_average: Flag = None,
        eps: float = 1e-8,
        reduce: Flag = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_input = log_input
        self.full = full
        self.eps = eps

    def forward(self, log_input: Tensor, target: Tensor) -> Tensor:
        return F.poisson_nll_loss(
            log_input, target, log_input=self.log_input, full=self.full, eps=self.eps, reduction=self.reduction
        )


class GaussianNLLLoss(_Loss):
    """(log(max(var, eps)) + (input - target)**2 / max(var, eps)) / 2; full adds log(2 pi) / 2.

    >>> import gputensor as gt
    >>> gt.nn.GaussianNLLLoss()(gt.tensor([1.0]), gt.tensor([3.0]), gt.tensor([1.0]))
    tensor(2.)
    """

    def __init__(self, *, full: bool = False, eps: float = 1e-6, reduction: str = "mean") -> None:
        super().__init__(None, None, reduction)
        self.full = full
        self.eps = eps

    def forward(self, input: Tensor, target: Tensor, var: Tensor | float) -> Tensor:
        return F.gaussian_nll_loss(input, target, var, full=self.full, eps=self.eps, reduction=self.reduction)


class KLDivLoss(_Loss):
    """target * (log target - input), the divergence of the distribution target from the log-probabilities input.

    log_target: the target is given by its logarithm. reduction may also be "batchmean", which is the mathematical
    definition.

    >>> import gputensor as gt
    >>> gt.nn.KLDivLoss(reduction="sum")(gt.tensor([0.5, 0.5]).log(), gt.tensor([1.0, 0.0]))
    tensor(0.6931)
    """

    def __init__(
        self, size_average: Flag = None, reduce: Flag = None, reduction: str = "mean", log_target: bool = False
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.log_target = log_target

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.kl_div(input, target, reduction=self.reduction, log_target=self.log_target)


class BCELoss(_WeightedLoss):
    """-(target*log(input) + (1 - target)*log(1 - input)) for probabilities; logarithms are not taken below -100.

    >>> import gputensor as gt
    >>> gt.nn.BCELoss()(gt.tensor([0.5]), gt.tensor([1.0]))
    tensor(0.6931)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy(input, target, weight=self.weight, reduction=self.reduction)


class BCEWithLogitsLoss(_Loss):
    """`BCELoss` of sigmoid(input), without the loss of precision.

    pos_weight multiplies the loss of the positive targets.

    >>> import gputensor as gt
    >>> gt.nn.BCEWithLogitsLoss()(gt.zeros(3), gt.ones(3))
    tensor(0.6931)
    """

    weight: Tensor | None
    pos_weight: Tensor | None

    def __init__(
        self,
        weight: Tensor | None = None,
        size_average: Flag = None,
        reduce: Flag = None,
        reduction: str = "mean",
        pos_weight: Tensor | None = None,
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.register_buffer("weight", weight)
        self.register_buffer("pos_weight", pos_weight)

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.binary_cross_entropy_with_logits(
            input, target, self.weight, pos_weight=self.pos_weight, reduction=self.reduction
        )


class HingeEmbeddingLoss(_Loss):
    """input where target is 1, max(0, margin - input) where it is -1.

    >>> import gputensor as gt
    >>> gt.nn.HingeEmbeddingLoss(reduction="none")(gt.tensor([0.25, 0.25]), gt.tensor([1.0, -1.0]))
    tensor([0.2500, 0.7500])
    """

    def __init__(
        self, margin: float = 1.0, size_average: Flag = None, reduce: Flag = None, reduction: str = "mean"
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.hinge_embedding_loss(input, target, margin=self.margin, reduction=self.reduction)


class SmoothL1Loss(_Loss):
    """(input - target)**2 / (2 beta) where the difference is below beta, else |input - target| - beta/2.

    >>> import gputensor as gt
    >>> gt.nn.SmoothL1Loss(reduction="none")(gt.tensor([0.5, 3.0]), gt.tensor([0.0, 0.0]))
    tensor([0.1250, 2.5000])
    """

    def __init__(
        self, size_average: Flag = None, reduce: Flag = None, reduction: str = "mean", beta: float = 1.0
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.beta = beta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.smooth_l1_loss(input, target, reduction=self.reduction, beta=self.beta)


class HuberLoss(_Loss):
    """(input - target)**2 / 2 where the difference is below delta, else delta * (|input - target| - delta/2).

    >>> import gputensor as gt
    >>> gt.nn.HuberLoss(reduction="none", delta=2.0)(gt.tensor([0.5, 3.0]), gt.tensor([0.0, 0.0]))
    tensor([0.1250, 4.0000])
    """

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction)
        self.delta = delta

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.huber_loss(input, target, reduction=self.reduction, delta=self.delta)


class SoftMarginLoss(_Loss):
    """log(1 + exp(-target*input)) for targets 1 and -1.

    >>> import gputensor as gt
    >>> gt.nn.SoftMarginLoss()(gt.tensor([0.0]), gt.tensor([1.0]))
    tensor(0.6931)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.soft_margin_loss(input, target, reduction=self.reduction)


class MultiLabelMarginLoss(_Loss):
    """The hinge between every target class and every other one.

    target: class indices, ended by -1. Shapes (batch, classes).

    >>> import gputensor as gt
    >>> gt.nn.MultiLabelMarginLoss()(gt.tensor([[0.0, 0.5]]), gt.tensor([[1, -1]]))
    tensor(0.2500)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(_WeightedLoss):
    """The mean over classes of `BCEWithLogitsLoss`. input and target: (batch, classes).

    >>> import gputensor as gt
    >>> gt.nn.MultiLabelSoftMarginLoss()(gt.tensor([[0.0, 0.0]]), gt.tensor([[1.0, 0.0]]))
    tensor(0.6931)
    """

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multilabel_soft_margin_loss(input, target, weight=self.weight, reduction=self.reduction)


class MultiMarginLoss(_WeightedLoss):
    """The mean over classes of max(0, margin - input[target] + input[class])**p.

    Raises ValueError for a p that is not 1 or 2.

    >>> import gputensor as gt
    >>> gt.nn.MultiMarginLoss()(gt.tensor([[0.0, 0.5]]), gt.tensor([1]))
    tensor(0.2500)
    """

    def __init__(
        self,
        p: int = 1,
        margin: float = 1.0,
        weight: Tensor | None = None,
        size_average: Flag = None,
        reduce: Flag = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(weight, size_average, reduce, reduction)
        if p not in (1, 2):
            raise ValueError(f"MultiMarginLoss: only p == 1 and p == 2 supported, got {p}")
        if weight is not None and weight.dim() != 1:
            raise ValueError(f"MultiMarginLoss: expected weight to be None or 1D tensor, got {weight.dim()}D instead")
        self.p = p
        self.margin = margin

    def forward(self, input: Tensor, target: Tensor) -> Tensor:
        return F.multi_margin_loss(
            input, target, p=self.p, margin=self.margin, weight=self.weight, reduction=self.reduction
        )


class CosineEmbeddingLoss(_Loss):
    """1 - cos(input1, input2) where target is 1, max(0, cos - margin) where it is -1.

    Inputs (batch, width), target (batch,).

    >>> import gputensor as gt
    >>> gt.nn.CosineEmbeddingLoss()(gt.tensor([[1.0, 0.0]]), gt.tensor([[0.0, 1.0]]), gt.tensor([1.0]))
    tensor(1.)
    """

    def __init__(
        self, margin: float = 0.0, size_average: Flag = None, reduce: Flag = None, reduction: str = "mean"
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.cosine_embedding_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class MarginRankingLoss(_Loss):
    """max(0, -target*(input1 - input2) + margin): input1 should rank higher where target is 1, lower where it is -1.

    >>> import gputensor as gt
    >>> gt.nn.MarginRankingLoss()(gt.tensor([1.0]), gt.tensor([3.0]), gt.tensor([1.0]))
    tensor(2.)
    """

    def __init__(
        self, margin: float = 0.0, size_average: Flag = None, reduce: Flag = None, reduction: str = "mean"
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        self.margin = margin

    def forward(self, input1: Tensor, input2: Tensor, target: Tensor) -> Tensor:
        return F.margin_ranking_loss(input1, input2, target, margin=self.margin, reduction=self.reduction)


class TripletMarginLoss(_Loss):
    """max(0, |anchor - positive| - |anchor - negative| + margin) with p-norms of vectors (batch, width).

    swap: use |positive - negative| where that is smaller. Raises ValueError for a margin that is not positive.

    >>> import gputensor as gt
    >>> gt.nn.TripletMarginLoss()(gt.zeros(1, 2), gt.zeros(1, 2), gt.zeros(1, 2))
    tensor(1.)
    """

    def __init__(
        self,
        margin: float = 1.0,
        p: float = 2.0,
        eps: float = 1e-6,
        swap: bool = False,
        size_average: Flag = None,
        reduce: Flag = None,
        reduction: str = "mean",
    ) -> None:
        super().__init__(size_average, reduce, reduction)
        check_number("TripletMarginLoss", "margin", margin)
        if margin <= 0:
            raise ValueError(f"TripletMarginLoss: expected margin to be greater than 0, got {margin} instead")
        self.margin = margin
        self.p = p
        self.eps = eps
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_loss(
            anchor,
            positive,
            negative,
            margin=self.margin,
            p=self.p,
            eps=self.eps,
            swap=self.swap,
            reduction=self.reduction,
        )


class TripletMarginWithDistanceLoss(_Loss):
    """`TripletMarginLoss` with another distance; `PairwiseDistance` unless given.

    >>> import gputensor as gt
    >>> far = gt.nn.PairwiseDistance(p=1)
    >>> gt.nn.TripletMarginWithDistanceLoss(distance_function=far)(gt.zeros(1, 2), gt.zeros(1, 2), gt.ones(1, 2))
    tensor(0.)
    """

    def __init__(
        self,
        *,
        distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
        margin: float = 1.0,
        swap: bool = False,
        reduction: str = "mean",
    ) -> None:
        super().__init__(reduction=reduction)
        check_number("TripletMarginWithDistanceLoss", "margin", margin)
        if margin <= 0:
            raise ValueError(
                f"TripletMarginWithDistanceLoss: expected margin to be greater than 0, got {margin} instead"
            )
        self.distance_function = PairwiseDistance() if distance_function is None else distance_function
        self.margin = margin
        self.swap = swap

    def forward(self, anchor: Tensor, positive: Tensor, negative: Tensor) -> Tensor:
        return F.triplet_margin_with_distance_loss(
            anchor,
            positive,
            negative,
            distance_function=self.distance_function,
            margin=self.margin,
            swap=self.swap,
            reduction=self.reduction,
        )
