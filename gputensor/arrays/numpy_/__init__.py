"""The CPU's namespace: every word of the vocabulary as a direct function over NumPy arrays.

This module object itself is `Tensor.xp` of every CPU tensor.
"""

from gputensor.arrays.numpy_ import attention as _attention  # noqa: F401  (registers its kernel)
from gputensor.arrays.numpy_ import batch_normalization as _batch_normalization  # noqa: F401  (registers its kernel)
from gputensor.arrays.numpy_ import cross_entropy as _cross_entropy  # noqa: F401  (registers its kernel)
from gputensor.arrays.numpy_ import distances as _distances  # noqa: F401  (registers its kernel)
from gputensor.arrays.numpy_ import gelu as _gelu  # noqa: F401  (registers its kernel)
from gputensor.arrays.numpy_ import layer_normalization as _layer_normalization  # noqa: F401  (registers its kernel)
from gputensor.arrays.numpy_ import margins as _margins  # noqa: F401  (registers its kernel)
from gputensor.arrays.numpy_ import memory as _memory  # noqa: F401  (keeps memory, from here on)
from gputensor.arrays.numpy_ import recurrent as _recurrent  # noqa: F401  (registers its kernels)
from gputensor.arrays.numpy_ import softmaxes as _softmaxes  # noqa: F401  (registers its kernels)
from gputensor.arrays.numpy_.blocks import each_part as each_part
from gputensor.arrays.numpy_.checking import any_outside as any_outside
from gputensor.arrays.numpy_.checking import first_outside as first_outside
from gputensor.arrays.numpy_.convolution import conv as conv
from gputensor.arrays.numpy_.convolution import conv_transpose as conv_transpose
from gputensor.arrays.numpy_.convolution import conv_weight as conv_weight
from gputensor.arrays.numpy_.creation import (
    arange as arange,
)
from gputensor.arrays.numpy_.creation import (
    arange_for as arange_for,
)
from gputensor.arrays.numpy_.creation import (
    asarray as asarray,
)
from gputensor.arrays.numpy_.creation import (
    empty as empty,
)
from gputensor.arrays.numpy_.creation import (
    from_host as from_host,
)
from gputensor.arrays.numpy_.creation import (
    full as full,
)
from gputensor.arrays.numpy_.creation import (
    full_like as full_like,
)
from gputensor.arrays.numpy_.creation import (
    item as item,
)
from gputensor.arrays.numpy_.creation import (
    moved as moved,
)
from gputensor.arrays.numpy_.creation import (
    ones as ones,
)
from gputensor.arrays.numpy_.creation import (
    ones_like as ones_like,
)
from gputensor.arrays.numpy_.creation import (
    scalar as scalar,
)
from gputensor.arrays.numpy_.creation import (
    to_host as to_host,
)
from gputensor.arrays.numpy_.creation import (
    tril as tril,
)
from gputensor.arrays.numpy_.creation import (
    triu as triu,
)
from gputensor.arrays.numpy_.creation import (
    zeros as zeros,
)
from gputensor.arrays.numpy_.creation import (
    zeros_for as zeros_for,
)
from gputensor.arrays.numpy_.creation import (
    zeros_like as zeros_like,
)
from gputensor.arrays.numpy_.elementwise import (
    abs as abs,
)
from gputensor.arrays.numpy_.elementwise import (
    acos as acos,
)
from gputensor.arrays.numpy_.elementwise import (
    acosh as acosh,
)
from gputensor.arrays.numpy_.elementwise import (
    add as add,
)
from gputensor.arrays.numpy_.elementwise import (
    angle as angle,
)
from gputensor.arrays.numpy_.elementwise import (
    asin as asin,
)
from gputensor.arrays.numpy_.elementwise import (
    asinh as asinh,
)
from gputensor.arrays.numpy_.elementwise import (
    atan as atan,
)
from gputensor.arrays.numpy_.elementwise import (
    atan2 as atan2,
)
from gputensor.arrays.numpy_.elementwise import (
    atanh as atanh,
)
from gputensor.arrays.numpy_.elementwise import (
    bitwise_and as bitwise_and,
)
from gputensor.arrays.numpy_.elementwise import (
    bitwise_invert as bitwise_invert,
)
from gputensor.arrays.numpy_.elementwise import (
    bitwise_left_shift as bitwise_left_shift,
)
from gputensor.arrays.numpy_.elementwise import (
    bitwise_or as bitwise_or,
)
from gputensor.arrays.numpy_.elementwise import (
    bitwise_right_shift as bitwise_right_shift,
)
from gputensor.arrays.numpy_.elementwise import (
    bitwise_xor as bitwise_xor,
)
from gputensor.arrays.numpy_.elementwise import (
    ceil as ceil,
)
from gputensor.arrays.numpy_.elementwise import (
    conj as conj,
)
from gputensor.arrays.numpy_.elementwise import (
    copysign as copysign,
)
from gputensor.arrays.numpy_.elementwise import (
    cos as cos,
)
from gputensor.arrays.numpy_.elementwise import (
    cosh as cosh,
)
from gputensor.arrays.numpy_.elementwise import (
    digamma as digamma,
)
from gputensor.arrays.numpy_.elementwise import (
    divide as divide,
)
from gputensor.arrays.numpy_.elementwise import (
    equal as equal,
)
from gputensor.arrays.numpy_.elementwise import (
    erf as erf,
)
from gputensor.arrays.numpy_.elementwise import (
    erfc as erfc,
)
from gputensor.arrays.numpy_.elementwise import (
    erfinv as erfinv,
)
from gputensor.arrays.numpy_.elementwise import (
    exp as exp,
)
from gputensor.arrays.numpy_.elementwise import (
    exp2 as exp2,
)
from gputensor.arrays.numpy_.elementwise import (
    expm1 as expm1,
)
from gputensor.arrays.numpy_.elementwise import (
    floor as floor,
)
from gputensor.arrays.numpy_.elementwise import (
    floor_divide as floor_divide,
)
from gputensor.arrays.numpy_.elementwise import (
    fmax as fmax,
)
from gputensor.arrays.numpy_.elementwise import (
    fmin as fmin,
)
from gputensor.arrays.numpy_.elementwise import (
    fmod as fmod,
)
from gputensor.arrays.numpy_.elementwise import (
    greater as greater,
)
from gputensor.arrays.numpy_.elementwise import (
    greater_equal as greater_equal,
)
from gputensor.arrays.numpy_.elementwise import (
    hypot as hypot,
)
from gputensor.arrays.numpy_.elementwise import (
    imag as imag,
)
from gputensor.arrays.numpy_.elementwise import (
    isfinite as isfinite,
)
from gputensor.arrays.numpy_.elementwise import (
    isinf as isinf,
)
from gputensor.arrays.numpy_.elementwise import (
    isnan as isnan,
)
from gputensor.arrays.numpy_.elementwise import (
    less as less,
)
from gputensor.arrays.numpy_.elementwise import (
    less_equal as less_equal,
)
from gputensor.arrays.numpy_.elementwise import (
    lgamma as lgamma,
)
from gputensor.arrays.numpy_.elementwise import (
    log as log,
)
from gputensor.arrays.numpy_.elementwise import (
    log1p as log1p,
)
from gputensor.arrays.numpy_.elementwise import (
    log2 as log2,
)
from gputensor.arrays.numpy_.elementwise import (
    log10 as log10,
)
from gputensor.arrays.numpy_.elementwise import (
    logaddexp as logaddexp,
)
from gputensor.arrays.numpy_.elementwise import (
    logaddexp2 as logaddexp2,
)
from gputensor.arrays.numpy_.elementwise import (
    logical_and as logical_and,
)
from gputensor.arrays.numpy_.elementwise import (
    logical_not as logical_not,
)
from gputensor.arrays.numpy_.elementwise import (
    logical_or as logical_or,
)
from gputensor.arrays.numpy_.elementwise import (
    logical_xor as logical_xor,
)
from gputensor.arrays.numpy_.elementwise import (
    make_complex as make_complex,
)
from gputensor.arrays.numpy_.elementwise import (
    maximum as maximum,
)
from gputensor.arrays.numpy_.elementwise import (
    minimum as minimum,
)
from gputensor.arrays.numpy_.elementwise import (
    multiply as multiply,
)
from gputensor.arrays.numpy_.elementwise import (
    negative as negative,
)
from gputensor.arrays.numpy_.elementwise import (
    nextafter as nextafter,
)
from gputensor.arrays.numpy_.elementwise import (
    not_equal as not_equal,
)
from gputensor.arrays.numpy_.elementwise import (
    polygamma as polygamma,
)
from gputensor.arrays.numpy_.elementwise import (
    pow as pow,
)
from gputensor.arrays.numpy_.elementwise import (
    real as real,
)
from gputensor.arrays.numpy_.elementwise import (
    reciprocal as reciprocal,
)
from gputensor.arrays.numpy_.elementwise import (
    remainder as remainder,
)
from gputensor.arrays.numpy_.elementwise import (
    round as round,
)
from gputensor.arrays.numpy_.elementwise import (
    sign as sign,
)
from gputensor.arrays.numpy_.elementwise import (
    signbit as signbit,
)
from gputensor.arrays.numpy_.elementwise import (
    sin as sin,
)
from gputensor.arrays.numpy_.elementwise import (
    sinh as sinh,
)
from gputensor.arrays.numpy_.elementwise import (
    sqrt as sqrt,
)
from gputensor.arrays.numpy_.elementwise import (
    square as square,
)
from gputensor.arrays.numpy_.elementwise import (
    subtract as subtract,
)
from gputensor.arrays.numpy_.elementwise import (
    tan as tan,
)
from gputensor.arrays.numpy_.elementwise import (
    tanh as tanh,
)
from gputensor.arrays.numpy_.elementwise import (
    trunc as trunc,
)
from gputensor.arrays.numpy_.elementwise import (
    view_as_complex as view_as_complex,
)
from gputensor.arrays.numpy_.elementwise import (
    view_as_real as view_as_real,
)
from gputensor.arrays.numpy_.elementwise import (
    where as where,
)
from gputensor.arrays.numpy_.factorizations import (
    cholesky as cholesky,
)
from gputensor.arrays.numpy_.factorizations import (
    cofactors as cofactors,
)
from gputensor.arrays.numpy_.factorizations import (
    det as det,
)
from gputensor.arrays.numpy_.factorizations import (
    eig as eig,
)
from gputensor.arrays.numpy_.factorizations import (
    eigh as eigh,
)
from gputensor.arrays.numpy_.factorizations import (
    eigvals as eigvals,
)
from gputensor.arrays.numpy_.factorizations import (
    eigvalsh as eigvalsh,
)
from gputensor.arrays.numpy_.factorizations import (
    geqrf as geqrf,
)
from gputensor.arrays.numpy_.factorizations import (
    ldl_factor as ldl_factor,
)
from gputensor.arrays.numpy_.factorizations import (
    ldl_solve as ldl_solve,
)
from gputensor.arrays.numpy_.factorizations import (
    lu_factor as lu_factor,
)
from gputensor.arrays.numpy_.factorizations import (
    matrix_exp as matrix_exp,
)
from gputensor.arrays.numpy_.factorizations import (
    qr as qr,
)
from gputensor.arrays.numpy_.factorizations import (
    row_order as row_order,
)
from gputensor.arrays.numpy_.factorizations import (
    slogdet as slogdet,
)
from gputensor.arrays.numpy_.factorizations import (
    solve as solve,
)
from gputensor.arrays.numpy_.factorizations import (
    solve_triangular as solve_triangular,
)
from gputensor.arrays.numpy_.factorizations import (
    svd as svd,
)
from gputensor.arrays.numpy_.factorizations import (
    svdvals as svdvals,
)
from gputensor.arrays.numpy_.fourier import (
    fftn as fftn,
)
from gputensor.arrays.numpy_.fourier import (
    ifftn as ifftn,
)
from gputensor.arrays.numpy_.fourier import (
    irfft as irfft,
)
from gputensor.arrays.numpy_.fourier import (
    rfft as rfft,
)
from gputensor.arrays.numpy_.indexing import (
    index_add as index_add,
)
from gputensor.arrays.numpy_.indexing import (
    index_get as index_get,
)
from gputensor.arrays.numpy_.indexing import (
    index_put as index_put,
)
from gputensor.arrays.numpy_.indexing import (
    index_write as index_write,
)
from gputensor.arrays.numpy_.indexing import (
    nonzero as nonzero,
)
from gputensor.arrays.numpy_.indexing import (
    scatter as scatter,
)
from gputensor.arrays.numpy_.indexing import (
    scatter_add as scatter_add,
)
from gputensor.arrays.numpy_.indexing import (
    scatter_reduce as scatter_reduce,
)
from gputensor.arrays.numpy_.indexing import (
    scatter_write as scatter_write,
)
from gputensor.arrays.numpy_.indexing import (
    take as take,
)
from gputensor.arrays.numpy_.indexing import (
    take_along_axis as take_along_axis,
)
from gputensor.arrays.numpy_.linalg import matmul as matmul
from gputensor.arrays.numpy_.pooling import (
    max_pool as max_pool,
)
from gputensor.arrays.numpy_.pooling import (
    max_pool_offsets as max_pool_offsets,
)
from gputensor.arrays.numpy_.pooling import (
    window_put as window_put,
)
from gputensor.arrays.numpy_.pooling import (
    window_spread as window_spread,
)
from gputensor.arrays.numpy_.pooling import (
    window_sum as window_sum,
)
from gputensor.arrays.numpy_.pooling import (
    window_take as window_take,
)
from gputensor.arrays.numpy_.quiet import enter as enter
from gputensor.arrays.numpy_.quiet import leave as leave
from gputensor.arrays.numpy_.random_bits import (
    bernoulli as bernoulli,
)
from gputensor.arrays.numpy_.random_bits import (
    exponential as exponential,
)
from gputensor.arrays.numpy_.random_bits import (
    permutation as permutation,
)
from gputensor.arrays.numpy_.random_bits import (
    random_integers as random_integers,
)
from gputensor.arrays.numpy_.random_bits import (
    random_words as random_words,
)
from gputensor.arrays.numpy_.random_bits import (
    standard_normal as standard_normal,
)
from gputensor.arrays.numpy_.random_bits import (
    uniform01 as uniform01,
)
from gputensor.arrays.numpy_.reductions import (
    all as all,
)
from gputensor.arrays.numpy_.reductions import (
    any as any,
)
from gputensor.arrays.numpy_.reductions import (
    argmax as argmax,
)
from gputensor.arrays.numpy_.reductions import (
    argmin as argmin,
)
from gputensor.arrays.numpy_.reductions import (
    cumulative_extreme as cumulative_extreme,
)
from gputensor.arrays.numpy_.reductions import (
    cumulative_prod as cumulative_prod,
)
from gputensor.arrays.numpy_.reductions import (
    cumulative_sum as cumulative_sum,
)
from gputensor.arrays.numpy_.reductions import (
    max as max,
)
from gputensor.arrays.numpy_.reductions import (
    mean as mean,
)
from gputensor.arrays.numpy_.reductions import (
    min as min,
)
from gputensor.arrays.numpy_.reductions import (
    prod as prod,
)
from gputensor.arrays.numpy_.reductions import (
    sum as sum,
)
from gputensor.arrays.numpy_.reductions import (
    var as var,
)
from gputensor.arrays.numpy_.row_sums import sum_rows as sum_rows
from gputensor.arrays.numpy_.shapes import (
    address as address,
)
from gputensor.arrays.numpy_.shapes import (
    as_strided as as_strided,
)
from gputensor.arrays.numpy_.shapes import (
    astype as astype,
)
from gputensor.arrays.numpy_.shapes import (
    broadcast_to as broadcast_to,
)
from gputensor.arrays.numpy_.shapes import (
    concat as concat,
)
from gputensor.arrays.numpy_.shapes import (
    copy as copy,
)
from gputensor.arrays.numpy_.shapes import (
    copy_into as copy_into,
)
from gputensor.arrays.numpy_.shapes import (
    diagonal as diagonal,
)
from gputensor.arrays.numpy_.shapes import (
    expand_dims as expand_dims,
)
from gputensor.arrays.numpy_.shapes import (
    flip as flip,
)
from gputensor.arrays.numpy_.shapes import (
    getitem as getitem,
)
from gputensor.arrays.numpy_.shapes import (
    is_view_of as is_view_of,
)
from gputensor.arrays.numpy_.shapes import (
    memory_bounds as memory_bounds,
)
from gputensor.arrays.numpy_.shapes import (
    permute_dims as permute_dims,
)
from gputensor.arrays.numpy_.shapes import (
    reinterpret as reinterpret,
)
from gputensor.arrays.numpy_.shapes import (
    reshape as reshape,
)
from gputensor.arrays.numpy_.shapes import (
    shares_memory as shares_memory,
)
from gputensor.arrays.numpy_.shapes import (
    sliding_window as sliding_window,
)
from gputensor.arrays.numpy_.shapes import (
    spread as spread,
)
from gputensor.arrays.numpy_.shapes import (
    squeeze as squeeze,
)
from gputensor.arrays.numpy_.shapes import (
    stack as stack,
)
from gputensor.arrays.numpy_.shapes import (
    strided_add as strided_add,
)
from gputensor.arrays.numpy_.shapes import (
    strides as strides,
)
from gputensor.arrays.numpy_.shapes import (
    view_put as view_put,
)
from gputensor.arrays.numpy_.shapes import (
    view_set as view_set,
)
from gputensor.arrays.numpy_.shapes import (
    window_add as window_add,
)
from gputensor.arrays.numpy_.shapes import (
    writable as writable,
)
from gputensor.arrays.numpy_.sorting import (
    argsort as argsort,
)
from gputensor.arrays.numpy_.sorting import (
    bincount as bincount,
)
from gputensor.arrays.numpy_.sorting import (
    searchsorted as searchsorted,
)
from gputensor.arrays.numpy_.sorting import (
    sort as sort,
)
from gputensor.arrays.numpy_.sorting import (
    top_k as top_k,
)
from gputensor.arrays.numpy_.sorting import (
    unique as unique,
)
from gputensor.arrays.numpy_.special import (
    airy_ai as airy_ai,
)
from gputensor.arrays.numpy_.special import (
    bessel as bessel,
)
from gputensor.arrays.numpy_.special import (
    erfcx as erfcx,
)
from gputensor.arrays.numpy_.special import (
    frexp as frexp,
)
from gputensor.arrays.numpy_.special import (
    gammainc as gammainc,
)
from gputensor.arrays.numpy_.special import (
    gammaincc as gammaincc,
)
from gputensor.arrays.numpy_.special import (
    gcd as gcd,
)
from gputensor.arrays.numpy_.special import (
    lcm as lcm,
)
from gputensor.arrays.numpy_.special import (
    ndtri as ndtri,
)
from gputensor.arrays.numpy_.special import (
    zeta as zeta,
)

library = "numpy"
device_type = "cpu"
device_index = None
