"""gputensor: a device-agnostic tensor over NumPy and CuPy, with PyTorch's API and gradients of any order."""

import importlib as _importlib
import warnings as _warnings
from typing import TYPE_CHECKING as _TYPE_CHECKING, Any as _Any

from gputensor import (
    _blas_waiting as _blas_waiting,
    _tensor_namespace as _tensor_namespace,
    _when_imported as _when_imported,
    autograd as autograd,
    return_types as return_types,
)
from gputensor._left_out import left_out as _absent, refuse_modules as _refuse_modules
from gputensor._tensor import Tensor as Tensor
from gputensor._version import __version__ as __version__
from gputensor.autograd.anomaly import (
    is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled,
    is_anomaly_enabled as is_anomaly_enabled,
)
from gputensor.core.devices import (
    device as device,
    get_default_device as get_default_device,
    set_default_device as set_default_device,
)
from gputensor.core.dtypes import (
    bfloat16 as bfloat16,
    bool_ as bool,
    complex64 as cfloat,
    complex64 as complex64,
    complex128 as cdouble,
    complex128 as complex128,
    dtype as dtype,
    float16 as float16,
    float16 as half,
    float32 as float,
    float32 as float32,
    float64 as double,
    float64 as float64,
    get_default_dtype as get_default_dtype,
    int8 as int8,
    int16 as int16,
    int16 as short,
    int32 as int,
    int32 as int32,
    int64 as int64,
    int64 as long,
    set_default_dtype as set_default_dtype,
    uint8 as uint8,
    uint16 as uint16,
    uint32 as uint32,
    uint64 as uint64,
)
from gputensor.core.limits import e as e, finfo as finfo, iinfo as iinfo, inf as inf, nan as nan, pi as pi
from gputensor.core.modes import (
    enable_grad as enable_grad,
    inference_mode as inference_mode,
    is_grad_enabled as is_grad_enabled,
    is_inference_mode_enabled as is_inference_mode_enabled,
    no_grad as no_grad,
    set_grad_enabled as set_grad_enabled,
)
from gputensor.core.random import (
    Generator as Generator,
    default_generator as default_generator,
    get_rng_state as get_rng_state,
    initial_seed as initial_seed,
    manual_seed as manual_seed,
    seed as seed,
    set_rng_state as set_rng_state,
)
from gputensor.core.size import Size as Size
from gputensor.errors import OutOfMemoryError as OutOfMemoryError
from gputensor.ops.activations import (
    celu as celu,
    hardshrink as hardshrink,
    log_softmax as log_softmax,
    prelu as prelu,
    relu as relu,
    selu as selu,
    sigmoid as sigmoid,
    softmax as softmax,
    threshold as threshold,
)
from gputensor.ops.adaptive_pooling import adaptive_avg_pool1d as adaptive_avg_pool1d
from gputensor.ops.added_products import (
    addbmm as addbmm,
    addmm as addmm,
    addmv as addmv,
    addmv_ as addmv_,
    addr as addr,
    baddbmm as baddbmm,
)
from gputensor.ops.arithmetic import (
    add as add,
    addcdiv as addcdiv,
    addcmul as addcmul,
    div as div,
    divide as divide,
    lerp as lerp,
    mul as mul,
    multiply as multiply,
    neg as neg,
    negative as negative,
    positive as positive,
    rsub as rsub,
    sub as sub,
    subtract as subtract,
    true_divide as true_divide,
)
from gputensor.ops.attributes import (
    can_cast as can_cast,
    get_device as get_device,
    is_floating_point as is_floating_point,
    is_nonzero as is_nonzero,
    is_tensor as is_tensor,
    numel as numel,
    promote_types as promote_types,
    result_type as result_type,
)
from gputensor.ops.axes import (
    adjoint as adjoint,
    moveaxis as moveaxis,
    movedim as movedim,
    permute as permute,
    swapaxes as swapaxes,
    swapdims as swapdims,
    t as t,
    transpose as transpose,
)
from gputensor.ops.bessel import i0 as i0
from gputensor.ops.binary_scaling import frexp as frexp, gcd as gcd, lcm as lcm, ldexp as ldexp
from gputensor.ops.block_eigenvalues import lobpcg as lobpcg
from gputensor.ops.channel_shuffling import (
    channel_shuffle as channel_shuffle,
    native_channel_shuffle as native_channel_shuffle,
    pixel_shuffle as pixel_shuffle,
    pixel_unshuffle as pixel_unshuffle,
)
from gputensor.ops.clamping import (
    clamp as clamp,
    clamp_max as clamp_max,
    clamp_min as clamp_min,
    clip as clip,
    fmax as fmax,
    fmin as fmin,
    maximum as maximum,
    minimum as minimum,
)
from gputensor.ops.classification import (
    isfinite as isfinite,
    isinf as isinf,
    isnan as isnan,
    isneginf as isneginf,
    isposinf as isposinf,
    isreal as isreal,
)
from gputensor.ops.comparison import (
    allclose as allclose,
    eq as eq,
    equal as equal,
    ge as ge,
    greater as greater,
    greater_equal as greater_equal,
    gt as gt,
    isclose as isclose,
    le as le,
    less as less,
    less_equal as less_equal,
    lt as lt,
    ne as ne,
    not_equal as not_equal,
)
from gputensor.ops.complex_numbers import (
    angle as angle,
    complex as complex,
    conj as conj,
    conj_physical as conj_physical,
    imag as imag,
    is_complex as is_complex,
    is_conj as is_conj,
    is_neg as is_neg,
    polar as polar,
    real as real,
    resolve_conj as resolve_conj,
    resolve_neg as resolve_neg,
    view_as_complex as view_as_complex,
    view_as_real as view_as_real,
)
from gputensor.ops.contraction import einsum as einsum, tensordot as tensordot
from gputensor.ops.convolution import (
    conv1d as conv1d,
    conv2d as conv2d,
    conv3d as conv3d,
    conv_tbc as conv_tbc,
    conv_transpose1d as conv_transpose1d,
    conv_transpose2d as conv_transpose2d,
    conv_transpose3d as conv_transpose3d,
)
from gputensor.ops.counts import binomial as binomial, poisson as poisson
from gputensor.ops.covariance import corrcoef as corrcoef, cov as cov
from gputensor.ops.creation import (
    empty as empty,
    empty_like as empty_like,
    empty_permuted as empty_permuted,
    empty_strided as empty_strided,
    eye as eye,
    from_numpy as from_numpy,
    full as full,
    full_like as full_like,
    ones as ones,
    ones_like as ones_like,
    tensor as tensor,
    zeros as zeros,
    zeros_like as zeros_like,
)
from gputensor.ops.cumulative import (
    cummax as cummax,
    cummin as cummin,
    cumprod as cumprod,
    cumsum as cumsum,
    logcumsumexp as logcumsumexp,
)
from gputensor.ops.dense import bilinear as bilinear
from gputensor.ops.determinants import det as det, logdet as logdet, slogdet as slogdet
from gputensor.ops.diagonals import (
    diag as diag,
    diag_embed as diag_embed,
    diagflat as diagflat,
    diagonal as diagonal,
    trace as trace,
    tril as tril,
    tril_indices as tril_indices,
    triu as triu,
    triu_indices as triu_indices,
)
from gputensor.ops.differences import (
    cumulative_trapezoid as cumulative_trapezoid,
    diff as diff,
    gradient as gradient,
    trapezoid as trapezoid,
    trapz as trapz,
)
from gputensor.ops.distances import cdist as cdist, dist as dist, pdist as pdist, renorm as renorm
from gputensor.ops.division import floor_divide as floor_divide, fmod as fmod, remainder as remainder
from gputensor.ops.dlpack import from_dlpack as from_dlpack, to_dlpack as to_dlpack
from gputensor.ops.dynamic import (
    argwhere as argwhere,
    bincount as bincount,
    masked_scatter as masked_scatter,
    masked_select as masked_select,
    nonzero as nonzero,
    nonzero_static as nonzero_static,
    unique as unique,
    unique_consecutive as unique_consecutive,
)
from gputensor.ops.expanding import (
    broadcast_shapes as broadcast_shapes,
    broadcast_tensors as broadcast_tensors,
    broadcast_to as broadcast_to,
    repeat_interleave as repeat_interleave,
    tile as tile,
)
from gputensor.ops.exponential import (
    exp as exp,
    exp2 as exp2,
    expm1 as expm1,
    log as log,
    log1p as log1p,
    log2 as log2,
    log10 as log10,
    logaddexp as logaddexp,
    logaddexp2 as logaddexp2,
    logit as logit,
    xlogy as xlogy,
)
from gputensor.ops.extreme_values import (
    amax as amax,
    amin as amin,
    aminmax as aminmax,
    argmax as argmax,
    argmin as argmin,
    max as max,
    min as min,
)
from gputensor.ops.filling import fill as fill
from gputensor.ops.flat_places import unravel_index as unravel_index
from gputensor.ops.flipping import flip as flip, fliplr as fliplr, flipud as flipud, roll as roll, rot90 as rot90
from gputensor.ops.from_data import (
    as_tensor as as_tensor,
    asarray as asarray,
    frombuffer as frombuffer,
    scalar_tensor as scalar_tensor,
)
from gputensor.ops.gamma_functions import igamma as igamma, igammac as igammac, mvlgamma as mvlgamma
from gputensor.ops.gathering import (
    gather as gather,
    scatter as scatter,
    scatter_add as scatter_add,
    scatter_reduce as scatter_reduce,
    take_along_dim as take_along_dim,
)
from gputensor.ops.gradients import detach as detach, detach_ as detach_
from gputensor.ops.histograms import histogram as histogram, histogramdd as histogramdd
from gputensor.ops.hyperbolic import (
    acosh as acosh,
    arccosh as arccosh,
    arcsinh as arcsinh,
    arctanh as arctanh,
    asinh as asinh,
    atanh as atanh,
    cosh as cosh,
    sinh as sinh,
    tanh as tanh,
)
from gputensor.ops.in_place.arithmetic import (
    abs_ as abs_,
    ceil_ as ceil_,
    clamp_ as clamp_,
    clamp_max_ as clamp_max_,
    clamp_min_ as clamp_min_,
    clip_ as clip_,
    conj_physical_ as conj_physical_,
    fill_ as fill_,
    fix_ as fix_,
    floor_ as floor_,
    frac_ as frac_,
    gcd_ as gcd_,
    lcm_ as lcm_,
    nan_to_num_ as nan_to_num_,
    neg_ as neg_,
    negative_ as negative_,
    round_ as round_,
    trunc_ as trunc_,
    zero_ as zero_,
)
from gputensor.ops.in_place.exponential import (
    erf_ as erf_,
    erfc_ as erfc_,
    exp2_ as exp2_,
    exp_ as exp_,
    expm1_ as expm1_,
    i0_ as i0_,
    ldexp_ as ldexp_,
    log1p_ as log1p_,
    log2_ as log2_,
    log10_ as log10_,
    log_ as log_,
    logit_ as logit_,
    reciprocal_ as reciprocal_,
    rsqrt_ as rsqrt_,
    sigmoid_ as sigmoid_,
    sqrt_ as sqrt_,
    square_ as square_,
    xlogy_ as xlogy_,
)
from gputensor.ops.in_place.trigonometric import (
    acos_ as acos_,
    acosh_ as acosh_,
    arccos_ as arccos_,
    arccosh_ as arccosh_,
    arcsin_ as arcsin_,
    arcsinh_ as arcsinh_,
    arctan_ as arctan_,
    arctanh_ as arctanh_,
    asin_ as asin_,
    asinh_ as asinh_,
    atan_ as atan_,
    atanh_ as atanh_,
    cos_ as cos_,
    cosh_ as cosh_,
    deg2rad_ as deg2rad_,
    rad2deg_ as rad2deg_,
    sin_ as sin_,
    sinc_ as sinc_,
    sinh_ as sinh_,
    tan_ as tan_,
    tanh_ as tanh_,
)
from gputensor.ops.index_functions import (
    index_add as index_add,
    index_copy as index_copy,
    index_fill as index_fill,
    index_reduce as index_reduce,
    index_select as index_select,
    masked_fill as masked_fill,
    put as put,
    take as take,
)
from gputensor.ops.indexed_pooling import max_pool1d_with_indices as max_pool1d_with_indices
from gputensor.ops.indexing import index_put as index_put, index_put_ as index_put_, select as select
from gputensor.ops.joining import (
    block_diag as block_diag,
    cartesian_prod as cartesian_prod,
    cat as cat,
    column_stack as column_stack,
    combinations as combinations,
    concat as concat,
    concatenate as concatenate,
    dstack as dstack,
    hstack as hstack,
    meshgrid as meshgrid,
    row_stack as row_stack,
    stack as stack,
    vstack as vstack,
)
from gputensor.ops.layout import (
    channels_last as channels_last,
    channels_last_3d as channels_last_3d,
    clone as clone,
    contiguous_format as contiguous_format,
    layout as layout,
    memory_format as memory_format,
    preserve_format as preserve_format,
    strided as strided,
)
from gputensor.ops.legacy import (
    BFloat16Tensor as BFloat16Tensor,
    BoolTensor as BoolTensor,
    ByteTensor as ByteTensor,
    CharTensor as CharTensor,
    DoubleTensor as DoubleTensor,
    FloatTensor as FloatTensor,
    HalfTensor as HalfTensor,
    IntTensor as IntTensor,
    LongTensor as LongTensor,
    ShortTensor as ShortTensor,
    range as range,
)
from gputensor.ops.linalg import (
    bmm as bmm,
    dot as dot,
    ger as ger,
    inner as inner,
    matmul as matmul,
    mm as mm,
    mv as mv,
    outer as outer,
    spmm as spmm,
    vdot as vdot,
)
from gputensor.ops.logic import (
    bitwise_and as bitwise_and,
    bitwise_left_shift as bitwise_left_shift,
    bitwise_not as bitwise_not,
    bitwise_or as bitwise_or,
    bitwise_right_shift as bitwise_right_shift,
    bitwise_xor as bitwise_xor,
    logical_and as logical_and,
    logical_not as logical_not,
    logical_or as logical_or,
    logical_xor as logical_xor,
)
from gputensor.ops.low_rank import pca_lowrank as pca_lowrank, svd_lowrank as svd_lowrank
from gputensor.ops.margin_losses import cosine_similarity as cosine_similarity, pairwise_distance as pairwise_distance
from gputensor.ops.matrix_functions import matrix_exp as matrix_exp, matrix_power as matrix_power, vander as vander
from gputensor.ops.moments import std as std, std_mean as std_mean, var as var, var_mean as var_mean
from gputensor.ops.native_norms import (
    native_batch_norm as native_batch_norm,
    native_group_norm as native_group_norm,
    native_layer_norm as native_layer_norm,
)
from gputensor.ops.normalization import rms_norm as rms_norm
from gputensor.ops.norms import norm as norm
from gputensor.ops.old_norms import frobenius_norm as frobenius_norm, nuclear_norm as nuclear_norm
from gputensor.ops.old_tapers import (
    bartlett_window as bartlett_window,
    blackman_window as blackman_window,
    hamming_window as hamming_window,
    hann_window as hann_window,
    kaiser_window as kaiser_window,
)
from gputensor.ops.orthogonal import geqrf as geqrf, orgqr as orgqr, ormqr as ormqr, qr as qr
from gputensor.ops.pooling import (
    avg_pool1d as avg_pool1d,
    max_pool1d as max_pool1d,
    max_pool2d as max_pool2d,
    max_pool3d as max_pool3d,
)
from gputensor.ops.positional_forms import (
    adaptive_max_pool1d as adaptive_max_pool1d,
    affine_grid_generator as affine_grid_generator,
    alpha_dropout as alpha_dropout,
    alpha_dropout_ as alpha_dropout_,
    batch_norm as batch_norm,
    constant_pad_nd as constant_pad_nd,
    convolution as convolution,
    dropout as dropout,
    dropout_ as dropout_,
    embedding as embedding,
    embedding_bag as embedding_bag,
    embedding_renorm_ as embedding_renorm_,
    feature_alpha_dropout as feature_alpha_dropout,
    feature_alpha_dropout_ as feature_alpha_dropout_,
    feature_dropout as feature_dropout,
    feature_dropout_ as feature_dropout_,
    grid_sampler as grid_sampler,
    grid_sampler_2d as grid_sampler_2d,
    grid_sampler_3d as grid_sampler_3d,
    group_norm as group_norm,
    instance_norm as instance_norm,
    layer_norm as layer_norm,
    native_dropout as native_dropout,
)
from gputensor.ops.positional_losses import (
    binary_cross_entropy_with_logits as binary_cross_entropy_with_logits,
    celu_ as celu_,
    cosine_embedding_loss as cosine_embedding_loss,
    ctc_loss as ctc_loss,
    hinge_embedding_loss as hinge_embedding_loss,
    kl_div as kl_div,
    margin_ranking_loss as margin_ranking_loss,
    poisson_nll_loss as poisson_nll_loss,
    relu_ as relu_,
    rrelu_ as rrelu_,
    selu_ as selu_,
    threshold_ as threshold_,
    triplet_margin_loss as triplet_margin_loss,
)
from gputensor.ops.positive_definite import (
    cholesky as cholesky,
    cholesky_inverse as cholesky_inverse,
    cholesky_solve as cholesky_solve,
)
from gputensor.ops.powers import (
    float_power as float_power,
    pow as pow,
    reciprocal as reciprocal,
    rsqrt as rsqrt,
    sqrt as sqrt,
    square as square,
)
from gputensor.ops.pseudo_inverses import pinverse as pinverse
from gputensor.ops.quantiles import nanquantile as nanquantile, quantile as quantile
from gputensor.ops.queries import (
    is_distributed as is_distributed,
    is_inference as is_inference,
    is_same_size as is_same_size,
    is_signed as is_signed,
)
from gputensor.ops.random import (
    bernoulli as bernoulli,
    multinomial as multinomial,
    normal as normal,
    rand as rand,
    rand_like as rand_like,
    randint as randint,
    randint_like as randint_like,
    randn as randn,
    randn_like as randn_like,
    randperm as randperm,
)
from gputensor.ops.random_activations import rrelu as rrelu
from gputensor.ops.ranges import arange as arange, linspace as linspace, logspace as logspace
from gputensor.ops.ranks import kthvalue as kthvalue, median as median, mode as mode, nanmedian as nanmedian
from gputensor.ops.recurrent import (
    gru as gru,
    gru_cell as gru_cell,
    lstm as lstm,
    lstm_cell as lstm_cell,
    rnn_relu as rnn_relu,
    rnn_relu_cell as rnn_relu_cell,
    rnn_tanh as rnn_tanh,
    rnn_tanh_cell as rnn_tanh_cell,
)
from gputensor.ops.reduction import (
    all as all,
    any as any,
    count_nonzero as count_nonzero,
    logsumexp as logsumexp,
    mean as mean,
    nanmean as nanmean,
    nansum as nansum,
    prod as prod,
    sum as sum,
)
from gputensor.ops.resizing import resize_as_ as resize_as_
from gputensor.ops.rounding import (
    ceil as ceil,
    fix as fix,
    floor as floor,
    frac as frac,
    round as round,
    trunc as trunc,
)
from gputensor.ops.scattered_views import (
    as_strided_scatter as as_strided_scatter,
    diagonal_scatter as diagonal_scatter,
    select_scatter as select_scatter,
    slice_scatter as slice_scatter,
)
from gputensor.ops.selection import nan_to_num as nan_to_num, where as where
from gputensor.ops.several_products import chain_matmul as chain_matmul, cross as cross, kron as kron
from gputensor.ops.shape import (
    atleast_1d as atleast_1d,
    atleast_2d as atleast_2d,
    atleast_3d as atleast_3d,
    flatten as flatten,
    ravel as ravel,
    reshape as reshape,
    squeeze as squeeze,
    unflatten as unflatten,
    unsqueeze as unsqueeze,
)
from gputensor.ops.signs import (
    abs as abs,
    absolute as absolute,
    copysign as copysign,
    heaviside as heaviside,
    nextafter as nextafter,
    sgn as sgn,
    sign as sign,
    signbit as signbit,
)
from gputensor.ops.singular_values import svd as svd
from gputensor.ops.solving import inverse as inverse, triangular_solve as triangular_solve
from gputensor.ops.sorting import (
    argsort as argsort,
    bucketize as bucketize,
    histc as histc,
    isin as isin,
    msort as msort,
    searchsorted as searchsorted,
    sort as sort,
    topk as topk,
)
from gputensor.ops.special_functions import (
    digamma as digamma,
    erf as erf,
    erfc as erfc,
    erfinv as erfinv,
    lgamma as lgamma,
    polygamma as polygamma,
)
from gputensor.ops.spectrograms import istft as istft, stft as stft
from gputensor.ops.splitting import (
    chunk as chunk,
    dsplit as dsplit,
    hsplit as hsplit,
    split as split,
    split_with_sizes as split_with_sizes,
    tensor_split as tensor_split,
    unbind as unbind,
    unsafe_chunk as unsafe_chunk,
    unsafe_split as unsafe_split,
    unsafe_split_with_sizes as unsafe_split_with_sizes,
    vsplit as vsplit,
)
from gputensor.ops.storage import (
    TypedStorage as TypedStorage,
    UntypedStorage as UntypedStorage,
    is_storage as is_storage,
)
from gputensor.ops.strided_views import as_strided as as_strided, as_strided_ as as_strided_, narrow as narrow
from gputensor.ops.triangular_factors import lu as lu, lu_solve as lu_solve, lu_unpack as lu_unpack
from gputensor.ops.trigonometric import (
    acos as acos,
    arccos as arccos,
    arcsin as arcsin,
    arctan as arctan,
    arctan2 as arctan2,
    asin as asin,
    atan as atan,
    atan2 as atan2,
    cos as cos,
    deg2rad as deg2rad,
    hypot as hypot,
    rad2deg as rad2deg,
    sin as sin,
    sinc as sinc,
    tan as tan,
)
from gputensor.ops.view_copies import (
    alias_copy as alias_copy,
    as_strided_copy as as_strided_copy,
    detach_copy as detach_copy,
    diagonal_copy as diagonal_copy,
    expand_copy as expand_copy,
    narrow_copy as narrow_copy,
    permute_copy as permute_copy,
    select_copy as select_copy,
    slice_copy as slice_copy,
    split_copy as split_copy,
    split_with_sizes_copy as split_with_sizes_copy,
    squeeze_copy as squeeze_copy,
    t_copy as t_copy,
    transpose_copy as transpose_copy,
    unbind_copy as unbind_copy,
    unfold_copy as unfold_copy,
    unsqueeze_copy as unsqueeze_copy,
    view_as_complex_copy as view_as_complex_copy,
    view_as_real_copy as view_as_real_copy,
    view_copy as view_copy,
)
from gputensor.show import (
    get_printoptions as get_printoptions,
    printoptions as printoptions,
    set_printoptions as set_printoptions,
)

if _TYPE_CHECKING:
    from gputensor import (
        accelerator as accelerator,
        amp as amp,
        array_api as array_api,
        as_torch as as_torch,
        backends as backends,
        cpu as cpu,
        cuda as cuda,
        distributed as distributed,
        distributions as distributions,
        fft as fft,
        func as func,
        futures as futures,
        linalg as linalg,
        multiprocessing as multiprocessing,
        nn as nn,
        optim as optim,
        profiler as profiler,
        random as random,
        signal as signal,
        special as special,
        testing as testing,
        utils as utils,
        version as version,
    )
    from gputensor._settings import (
        are_deterministic_algorithms_enabled as are_deterministic_algorithms_enabled,
        compile as compile,
        get_deterministic_debug_mode as get_deterministic_debug_mode,
        get_device_module as get_device_module,
        get_float32_matmul_precision as get_float32_matmul_precision,
        get_num_interop_threads as get_num_interop_threads,
        get_num_threads as get_num_threads,
        is_deterministic_algorithms_warn_only_enabled as is_deterministic_algorithms_warn_only_enabled,
        is_warn_always_enabled as is_warn_always_enabled,
        set_default_tensor_type as set_default_tensor_type,
        set_deterministic_debug_mode as set_deterministic_debug_mode,
        set_float32_matmul_precision as set_float32_matmul_precision,
        set_flush_denormal as set_flush_denormal,
        set_num_interop_threads as set_num_interop_threads,
        set_num_threads as set_num_threads,
        set_warn_always as set_warn_always,
        typename as typename,
        use_deterministic_algorithms as use_deterministic_algorithms,
    )
    from gputensor.amp.autocast_mode import (
        autocast as autocast,
        clear_autocast_cache as clear_autocast_cache,
        get_autocast_cpu_dtype as get_autocast_cpu_dtype,
        get_autocast_dtype as get_autocast_dtype,
        get_autocast_gpu_dtype as get_autocast_gpu_dtype,
        is_autocast_cache_enabled as is_autocast_cache_enabled,
        is_autocast_cpu_enabled as is_autocast_cpu_enabled,
        is_autocast_enabled as is_autocast_enabled,
        set_autocast_cache_enabled as set_autocast_cache_enabled,
        set_autocast_dtype as set_autocast_dtype,
        set_autocast_enabled as set_autocast_enabled,
    )
    from gputensor.amp.grad_scaler import GradScaler as GradScaler
    from gputensor.func import vmap as vmap

newaxis = None

# results follow IEEE 754 silently, as in PyTorch; NumPy's warnings about them are for NumPy's users
_warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"gputensor\.")

_refuse_modules()

# loaded when first asked for: the import takes 2.1 times NumPy's own instead of 2.4
_ON_FIRST_USE = frozenset(
    (
        "accelerator", "amp", "array_api", "backends", "cpu", "cuda", "distributed", "distributions", "fft", "func",
        "futures", "linalg", "multiprocessing", "nn", "optim", "profiler", "random", "signal", "special", "testing",
        "utils", "version",
        "accelerator", "amp", "backends", "cpu", "cuda", "distributed", "distributions", "fft", "func",
        "futures", "io", "linalg", "multiprocessing", "nn", "optim", "profiler", "random", "serialization",
        "signal", "special", "testing", "utils", "version",
        "accelerator", "amp", "backends", "cpu", "cuda", "distributed", "distributions", "fft", "func", "functional",
        "futures", "linalg", "multiprocessing", "nn", "optim", "profiler", "random", "signal", "special", "testing",
        "types", "utils", "version",
        "accelerator", "amp", "array_api", "as_torch", "backends", "cpu", "cuda", "distributed", "distributions",
        "fft", "func", "futures", "io", "linalg", "multiprocessing", "nn", "optim", "profiler", "random",
        "serialization", "signal", "special", "testing", "utils", "version",
    )
)  # fmt: skip

# functions of the top level that live in such a package, and the module that has them
_IN_PACKAGES = {
    "vmap": "gputensor.func",
    "GradScaler": "gputensor.amp.grad_scaler",
    "are_deterministic_algorithms_enabled": "gputensor._settings",
    "compile": "gputensor._settings",
    "load": "gputensor.io",
    "save": "gputensor.io",
    "get_device_module": "gputensor._settings",
    "typename": "gputensor._settings",
    "get_deterministic_debug_mode": "gputensor._settings",
    "get_float32_matmul_precision": "gputensor._settings",
    "get_num_interop_threads": "gputensor._settings",
    "get_num_threads": "gputensor._settings",
    "is_deterministic_algorithms_warn_only_enabled": "gputensor._settings",
    "is_warn_always_enabled": "gputensor._settings",
    "set_default_tensor_type": "gputensor._settings",
    "set_deterministic_debug_mode": "gputensor._settings",
    "set_float32_matmul_precision": "gputensor._settings",
    "set_flush_denormal": "gputensor._settings",
    "set_num_interop_threads": "gputensor._settings",
    "set_num_threads": "gputensor._settings",
    "set_warn_always": "gputensor._settings",
    "use_deterministic_algorithms": "gputensor._settings",
    "autocast": "gputensor.amp.autocast_mode",
    "clear_autocast_cache": "gputensor.amp.autocast_mode",
    "get_autocast_cpu_dtype": "gputensor.amp.autocast_mode",
    "get_autocast_dtype": "gputensor.amp.autocast_mode",
    "get_autocast_gpu_dtype": "gputensor.amp.autocast_mode",
    "is_autocast_cache_enabled": "gputensor.amp.autocast_mode",
    "is_autocast_cpu_enabled": "gputensor.amp.autocast_mode",
    "is_autocast_enabled": "gputensor.amp.autocast_mode",
    "set_autocast_cache_enabled": "gputensor.amp.autocast_mode",
    "set_autocast_dtype": "gputensor.amp.autocast_mode",
    "set_autocast_enabled": "gputensor.amp.autocast_mode",
}


def __getattr__(name: str) -> _Any:
    if name in _ON_FIRST_USE:
        return _importlib.import_module(f"gputensor.{name}")
    if name in _IN_PACKAGES:
        return getattr(_importlib.import_module(_IN_PACKAGES[name]), name)
    raise _absent("gputensor", name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_ON_FIRST_USE, *_IN_PACKAGES} - {"arrays", "core", "ops"})


_when_imported.watch()
