"""The functions of neural networks, under the names of `torch.nn.functional`.

Most are those of `gputensor.ops` themselves; those that can work in place are wrapped to take PyTorch's `inplace`.
"""

import warnings as _warnings
from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor._tensor import Tensor as Tensor
from gputensor.ops import activations as _plain, random_activations as _random
from gputensor.ops.activations import (
    gelu as gelu,
    glu as glu,
    hardshrink as hardshrink,
    logsigmoid as logsigmoid,
    prelu as prelu,
    sigmoid as sigmoid,
    softplus as softplus,
    softshrink as softshrink,
    softsign as softsign,
    tanhshrink as tanhshrink,
)
from gputensor.ops.adaptive_pooling import (
    adaptive_avg_pool1d as adaptive_avg_pool1d,
    adaptive_avg_pool2d as adaptive_avg_pool2d,
    adaptive_avg_pool3d as adaptive_avg_pool3d,
    adaptive_max_pool1d as adaptive_max_pool1d,
    adaptive_max_pool2d as adaptive_max_pool2d,
    adaptive_max_pool3d as adaptive_max_pool3d,
)
from gputensor.ops.attention import scaled_dot_product_attention as scaled_dot_product_attention
from gputensor.ops.channel_shuffling import (
    channel_shuffle as channel_shuffle,
    native_channel_shuffle as native_channel_shuffle,
    pixel_shuffle as pixel_shuffle,
    pixel_unshuffle as pixel_unshuffle,
)
from gputensor.ops.classification_losses import cross_entropy as cross_entropy, nll_loss as nll_loss
from gputensor.ops.convolution import (
    conv1d as conv1d,
    conv2d as conv2d,
    conv3d as conv3d,
    conv_tbc as conv_tbc,
    conv_transpose1d as conv_transpose1d,
    conv_transpose2d as conv_transpose2d,
    conv_transpose3d as conv_transpose3d,
)
from gputensor.ops.ctc import ctc_loss as ctc_loss
from gputensor.ops.dense import bilinear as bilinear, linear as linear
from gputensor.ops.dense_losses import linear_cross_entropy as linear_cross_entropy
from gputensor.ops.dims import checked as _checked
from gputensor.ops.distances import pdist as pdist
from gputensor.ops.dropout import (
    alpha_dropout as alpha_dropout,
    dropout as dropout,
    dropout1d as dropout1d,
    dropout2d as dropout2d,
    dropout3d as dropout3d,
    feature_alpha_dropout as feature_alpha_dropout,
)
from gputensor.ops.embedding import embedding as embedding, one_hot as one_hot
from gputensor.ops.embedding_bag import embedding_bag as embedding_bag
from gputensor.ops.fractional_pooling import (
    fractional_max_pool2d as fractional_max_pool2d,
    fractional_max_pool2d_with_indices as fractional_max_pool2d_with_indices,
    fractional_max_pool3d as fractional_max_pool3d,
    fractional_max_pool3d_with_indices as fractional_max_pool3d_with_indices,
)
from gputensor.ops.grid_sampling import affine_grid as affine_grid, grid_sample as grid_sample
from gputensor.ops.hyperbolic import tanh as tanh
from gputensor.ops.indexed_pooling import (
    adaptive_max_pool1d_with_indices as adaptive_max_pool1d_with_indices,
    adaptive_max_pool2d_with_indices as adaptive_max_pool2d_with_indices,
    adaptive_max_pool3d_with_indices as adaptive_max_pool3d_with_indices,
    max_pool1d_with_indices as max_pool1d_with_indices,
    max_pool2d_with_indices as max_pool2d_with_indices,
    max_pool3d_with_indices as max_pool3d_with_indices,
)
from gputensor.ops.interpolation import (
    interpolate as interpolate,
    upsample as upsample,
    upsample_bilinear as upsample_bilinear,
    upsample_nearest as upsample_nearest,
)
from gputensor.ops.losses import (
    binary_cross_entropy as binary_cross_entropy,
    binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
    gaussian_nll_loss as gaussian_nll_loss,
    huber_loss as huber_loss,
    kl_div as kl_div,
    l1_loss as l1_loss,
    mse_loss as mse_loss,
    poisson_nll_loss as poisson_nll_loss,
    smooth_l1_loss as smooth_l1_loss,
    soft_margin_loss as soft_margin_loss,
)
from gputensor.ops.lp_pooling import lp_pool1d as lp_pool1d, lp_pool2d as lp_pool2d, lp_pool3d as lp_pool3d
from gputensor.ops.margin_losses import (
    cosine_embedding_loss as cosine_embedding_loss,
    cosine_similarity as cosine_similarity,
    hinge_embedding_loss as hinge_embedding_loss,
    margin_ranking_loss as margin_ranking_loss,
    multi_margin_loss as multi_margin_loss,
    multilabel_margin_loss as multilabel_margin_loss,
    multilabel_soft_margin_loss as multilabel_soft_margin_loss,
    normalize as normalize,
    pairwise_distance as pairwise_distance,
    triplet_margin_loss as triplet_margin_loss,
    triplet_margin_with_distance_loss as triplet_margin_with_distance_loss,
)
from gputensor.ops.multi_head_attention import multi_head_attention_forward as multi_head_attention_forward
from gputensor.ops.normalization import (
    batch_norm as batch_norm,
    group_norm as group_norm,
    instance_norm as instance_norm,
    layer_norm as layer_norm,
    local_response_norm as local_response_norm,
    rms_norm as rms_norm,
)
from gputensor.ops.operands import rewrite as _rewrite
from gputensor.ops.padding import pad as pad
from gputensor.ops.patches import fold as fold, unfold as unfold
from gputensor.ops.pooling import (
    avg_pool1d as avg_pool1d,
    avg_pool2d as avg_pool2d,
    avg_pool3d as avg_pool3d,
    max_pool1d as max_pool1d,
    max_pool2d as max_pool2d,
    max_pool3d as max_pool3d,
)
from gputensor.ops.random_activations import gumbel_softmax as gumbel_softmax
from gputensor.ops.unpooling import (
    max_unpool1d as max_unpool1d,
    max_unpool2d as max_unpool2d,
    max_unpool3d as max_unpool3d,
)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """See `gputensor.relu`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.relu(gt.tensor([-1.0, 2.0]), inplace=True)
    tensor([0., 2.])
    """
    return relu_(input) if inplace else _plain.relu(input)


def relu_(input: Tensor) -> Tensor:
    """`relu` in place.

    >>> import gputensor as gt
    >>> gt.nn.functional.relu_(gt.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return _checked("relu_", input).relu_()


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """See `gputensor.ops.activations.relu6`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.relu6(gt.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    """
    return _rewrite(input, _plain.relu6) if inplace else _plain.relu6(input)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """See `gputensor.ops.activations.elu`. inplace: in the memory of input.

    Unlike torch: the second derivative at 0 is that from the left.

    >>> import gputensor as gt
    >>> gt.nn.functional.elu(gt.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    return _rewrite(input, _plain.elu, alpha) if inplace else _plain.elu(input, alpha)


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`elu` in place.

    >>> import gputensor as gt
    >>> gt.nn.functional.elu_(gt.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    return _rewrite(input, _plain.elu, alpha)


def selu(input: Tensor, inplace: bool = False) -> Tensor:
    """See `gputensor.selu`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.selu(gt.tensor([-1.0, 2.0]))
    tensor([-1.1113,  2.1014])
    """
    return _rewrite(input, _plain.selu) if inplace else _plain.selu(input)


def selu_(input: Tensor) -> Tensor:
    """`selu` in place.

    >>> import gputensor as gt
    >>> gt.nn.functional.selu_(gt.tensor([-1.0, 2.0]))
    tensor([-1.1113,  2.1014])
    """
    return _rewrite(input, _plain.selu)


def celu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """See `gputensor.celu`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.celu(gt.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    return _rewrite(input, _plain.celu, alpha) if inplace else _plain.celu(input, alpha)


def celu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`celu` in place.

    >>> import gputensor as gt
    >>> gt.nn.functional.celu_(gt.tensor([-1.0, 2.0]))
    tensor([-0.6321,  2.0000])
    """
    return _rewrite(input, _plain.celu, alpha)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """See `gputensor.ops.activations.leaky_relu`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.leaky_relu(gt.tensor([-1.0, 2.0]), 0.1)
    tensor([-0.1000,  2.0000])
    """
    return _rewrite(input, _plain.leaky_relu, negative_slope) if inplace else _plain.leaky_relu(input, negative_slope)


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """`leaky_relu` in place.

    >>> import gputensor as gt
    >>> gt.nn.functional.leaky_relu_(gt.tensor([-1.0, 2.0]), 0.1)
    tensor([-0.1000,  2.0000])
    """
    return _rewrite(input, _plain.leaky_relu, negative_slope)


def rrelu(
    input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False, inplace: bool = False
) -> Tensor:
    """See `gputensor.ops.random_activations.rrelu`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.rrelu(gt.tensor([-1.0, 2.0]), 0.5, 0.5)
    tensor([-0.5000,  2.0000])
    """
    if inplace:
        return _rewrite(input, _random.rrelu, lower, upper, training)
    return _random.rrelu(input, lower, upper, training)


def rrelu_(input: Tensor, lower: float = 1.0 / 8, upper: float = 1.0 / 3, training: bool = False) -> Tensor:
    """`rrelu` in place.

    >>> import gputensor as gt
    >>> gt.nn.functional.rrelu_(gt.tensor([-1.0, 2.0]), 0.5, 0.5)
    tensor([-0.5000,  2.0000])
    """
    return _rewrite(input, _random.rrelu, lower, upper, training)


def threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """See `gputensor.threshold`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.threshold(gt.tensor([-1.0, 2.0]), 0.0, 5.0)
    tensor([5., 2.])
    """
    return _rewrite(input, _plain.threshold, threshold, value) if inplace else _plain.threshold(input, threshold, value)


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """`threshold` in place.

    >>> import gputensor as gt
    >>> gt.nn.functional.threshold_(gt.tensor([-1.0, 2.0]), 0.0, 5.0)
    tensor([5., 2.])
    """
    return _rewrite(input, _plain.threshold, threshold, value)


def hardtanh(input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> Tensor:
    """See `gputensor.ops.activations.hardtanh`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.hardtanh(gt.tensor([-1.0, 2.0]))
    tensor([-1.,  1.])
    """
    return _rewrite(input, _plain.hardtanh, min_val, max_val) if inplace else _plain.hardtanh(input, min_val, max_val)


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """`hardtanh` in place.

    >>> import gputensor as gt
    >>> gt.nn.functional.hardtanh_(gt.tensor([-1.0, 2.0]))
    tensor([-1.,  1.])
    """
    return _rewrite(input, _plain.hardtanh, min_val, max_val)


def hardsigmoid(input: Tensor, inplace: bool = False) -> Tensor:
    """See `gputensor.ops.activations.hardsigmoid`. inplace: in the memory of input.
    Unlike torch: there is a second derivative, 0.

    >>> import gputensor as gt
    >>> gt.nn.functional.hardsigmoid(gt.tensor([-1.0, 2.0]))
    tensor([0.3333, 0.8333])
    """
    return _rewrite(input, _plain.hardsigmoid) if inplace else _plain.hardsigmoid(input)


def hardswish(input: Tensor, inplace: bool = False) -> Tensor:
    """See `gputensor.ops.activations.hardswish`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.hardswish(gt.tensor([-1.0, 2.0]))
    tensor([-0.3333,  1.6667])
    """
    return _rewrite(input, _plain.hardswish) if inplace else _plain.hardswish(input)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """See `gputensor.ops.activations.silu`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.silu(gt.tensor([-1.0, 2.0]))
    tensor([-0.2689,  1.7616])
    """
    return _rewrite(input, _plain.silu) if inplace else _plain.silu(input)


def mish(input: Tensor, inplace: bool = False) -> Tensor:
    """See `gputensor.ops.activations.mish`. inplace: in the memory of input.

    >>> import gputensor as gt
    >>> gt.nn.functional.mish(gt.tensor([-1.0, 2.0]))
    tensor([-0.3034,  1.9440])
    """
    return _rewrite(input, _plain.mish) if inplace else _plain.mish(input)


def softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: _Any = None) -> Tensor:
    """See `gputensor.softmax`. Without dim: dim 0 for 0, 1 and 3 dims, else 1, with a warning, as in PyTorch.

    >>> import gputensor as gt
    >>> gt.nn.functional.softmax(gt.tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return _plain.softmax(input, _implicit("softmax", input, _stacklevel) if dim is None else dim, dtype)


def log_softmax(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: _Any = None) -> Tensor:
    """See `gputensor.log_softmax`. Without dim as `softmax`.

    >>> import gputensor as gt
    >>> gt.nn.functional.log_softmax(gt.tensor([0.0, 0.0]), dim=0)
    tensor([-0.6931, -0.6931])
    """
    return _plain.log_softmax(input, _implicit("log_softmax", input, _stacklevel) if dim is None else dim, dtype)


def softmin(input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: _Any = None) -> Tensor:
    """See `gputensor.ops.activations.softmin`. Without dim as `softmax`.

    Unlike torch: with dtype, unsigned integers are converted before the sign turns, and do not wrap around.

    >>> import gputensor as gt
    >>> gt.nn.functional.softmin(gt.tensor([0.0, 0.0]), dim=0)
    tensor([0.5000, 0.5000])
    """
    return _plain.softmin(input, _implicit("softmin", input, _stacklevel) if dim is None else dim, dtype)


def _implicit(name: str, x: Tensor, stacklevel: int) -> int:
    dim = 0 if _checked(name, x).ndim in (0, 1, 3) else 1
    _warnings.warn(f"{name}: the choice of a dim is outdated; give dim={dim}", UserWarning, stacklevel=stacklevel)
    return dim


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.nn.functional", name)
