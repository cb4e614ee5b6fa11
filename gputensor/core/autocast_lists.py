"""Which functions autocast runs in low precision, which in float32, and which in the widest dtype of their operands.

The names are PyTorch's functions; where a primitive has a name of its own, it stands beside them. What is in no list
runs in the dtype that its operands have. The lists are PyTorch's documented ones, one for each kind of device.
"""

from __future__ import annotations

LOW, FULL, WIDEST = "low", "full", "widest"

_LOW_EVERYWHERE = (
    "addbmm addmm baddbmm bmm matmul mm linalg_vecdot linear linear_plain scaled_dot_product_attention multi_dot "
    "chain_matmul conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d convolution convolution_bias "
    "convolution_transpose prelu"
)
_LOW_ON_CUDA = (
    "addmv addr einsum mv gru_cell lstm_cell rnn_tanh_cell rnn_relu_cell gru_layers lstm_layers rnn_tanh_layers "
    "rnn_relu_layers"
)
# what PyTorch's libraries for the CPU have in bfloat16; a GRU's and the other cells' results are float32 there
_LOW_ON_CPU = "lstm_layers rnn_tanh_layers rnn_relu_layers rnn_tanh_cell rnn_relu_cell"

_LOSSES = (
    "binary_cross_entropy_with_logits cosine_embedding_loss cross_entropy hinge_embedding_loss huber_loss kl_div "
    "l1_loss margin_ranking_loss mse_loss multi_margin_loss multilabel_margin_loss nll_loss poisson_nll_loss "
    "smooth_l1_loss soft_margin_loss triplet_margin_loss"
)
_FULL_ON_CUDA = (
    "acos asin cosh erfinv exp expm1 log log10 log2 log1p reciprocal rsqrt sinh tan pow square softplus layer_norm "
    "rms_norm group_norm cosine_similarity dist pdist cdist renorm logsumexp log_sum_exp interpolate prod softmax "
    "softmin log_softmax cumprod cum_prod cumsum cum_sum norm vector_norm matrix_norm normalize sum"
)
_FULL_ON_CPU = (
    "avg_pool3d max_pool3d adaptive_avg_pool3d adaptive_max_pool3d fractional_max_pool2d fractional_max_pool3d "
    "max_unpool2d max_unpool3d binary_cross_entropy ctc_loss grid_sample polar prod quantile nanquantile stft istft "
    "cdist pinverse trace view_as_complex reflection_pad replication_pad cholesky cholesky_inverse cholesky_solve "
    "cholesky_ex inverse inv inv_ex lu lu_factor lu_factor_ex lu_solve householder_product orgqr ormqr geqrf qr svd "
    "svdvals eig eigvals eigh eigvalsh lstsq solve tensorinv tensorsolve triangular_solve cond matrix_rank fft ifft "
    "fft2 ifft2 fftn ifftn rfft irfft rfft2 irfft2 rfftn irfftn hfft ihfft"
)
_WIDEST_ON_CUDA = "addcdiv addcmul atan2 bilinear cross dot vdot grid_sample index_put tensordot scatter_add"

POLICIES: dict[str, dict[str, str]] = {
    "cuda": {
        **dict.fromkeys(f"{_LOW_EVERYWHERE} {_LOW_ON_CUDA}".split(), LOW),
        **dict.fromkeys(f"{_FULL_ON_CUDA} {_LOSSES}".split(), FULL),
        **dict.fromkeys(_WIDEST_ON_CUDA.split(), WIDEST),
    },
    "cpu": {
        **dict.fromkeys(f"{_LOW_EVERYWHERE} {_LOW_ON_CPU}".split(), LOW),
        **dict.fromkeys(f"{_FULL_ON_CPU} {_LOSSES}".split(), FULL),
        # made of matrix products here, which are not to be cast by themselves
        **dict.fromkeys(
            ["addmv", "bilinear", "dot", "gru_cell", "gru_layers", "interpolate", "lstm_cell", "mv", "vdot"], WIDEST
        ),
        "index_copy": WIDEST,
    },
}
