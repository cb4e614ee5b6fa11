"""The array-API standard, version 2025.12, with its extensions `linalg` and `fft`, and `special`.

What this namespace makes and converts is `Array`, a Tensor whose operators follow the standard and which shares memory
and graph with the Tensor it was made of. ``Tensor.__array_namespace__()`` gives this module to scikit-learn, SciPy and
others. Outside the standard there are ``float16`` and ``bfloat16``. See https://data-apis.org/array-api/2025.12/.

>>> import gputensor as gt
>>> xp = gt.ones(2).__array_namespace__()
>>> xp.sum(xp.asarray([[1, 2], [3, 4]]), axis=1)
Array([3, 7])
"""

from gputensor.array_api import fft as fft, linalg as linalg, special as special
from gputensor.array_api._arithmetic import (
    abs as abs,
    add as add,
    ceil as ceil,
    clip as clip,
    copysign as copysign,
    divide as divide,
    floor as floor,
    floor_divide as floor_divide,
    hypot as hypot,
    maximum as maximum,
    minimum as minimum,
    multiply as multiply,
    negative as negative,
    nextafter as nextafter,
    positive as positive,
    pow as pow,
    reciprocal as reciprocal,
    remainder as remainder,
    round as round,
    sign as sign,
    signbit as signbit,
    sqrt as sqrt,
    square as square,
    subtract as subtract,
    trunc as trunc,
)
from gputensor.array_api._array import Array as Array
from gputensor.array_api._creation import (
    arange as arange,
    asarray as asarray,
    empty as empty,
    empty_like as empty_like,
    eye as eye,
    from_dlpack as from_dlpack,
    full as full,
    full_like as full_like,
    linspace as linspace,
    meshgrid as meshgrid,
    ones as ones,
    ones_like as ones_like,
    tril as tril,
    triu as triu,
    zeros as zeros,
    zeros_like as zeros_like,
)
from gputensor.array_api._data_types import (
    astype as astype,
    can_cast as can_cast,
    finfo as finfo,
    iinfo as iinfo,
    isdtype as isdtype,
    result_type as result_type,
)
from gputensor.array_api._info import __array_namespace_info__ as __array_namespace_info__
from gputensor.array_api._logic import (
    bitwise_and as bitwise_and,
    bitwise_invert as bitwise_invert,
    bitwise_left_shift as bitwise_left_shift,
    bitwise_or as bitwise_or,
    bitwise_right_shift as bitwise_right_shift,
    bitwise_xor as bitwise_xor,
    conj as conj,
    equal as equal,
    greater as greater,
    greater_equal as greater_equal,
    imag as imag,
    isfinite as isfinite,
    isinf as isinf,
    isnan as isnan,
    less as less,
    less_equal as less_equal,
    logical_and as logical_and,
    logical_not as logical_not,
    logical_or as logical_or,
    logical_xor as logical_xor,
    not_equal as not_equal,
    real as real,
)
from gputensor.array_api._manipulation import (
    broadcast_arrays as broadcast_arrays,
    broadcast_shapes as broadcast_shapes,
    broadcast_to as broadcast_to,
    concat as concat,
    expand_dims as expand_dims,
    flip as flip,
    moveaxis as moveaxis,
    permute_dims as permute_dims,
    repeat as repeat,
    reshape as reshape,
    roll as roll,
    squeeze as squeeze,
    stack as stack,
    tile as tile,
    unstack as unstack,
)
from gputensor.array_api._products import (
    matmul as matmul,
    matrix_transpose as matrix_transpose,
    tensordot as tensordot,
    vecdot as vecdot,
)
from gputensor.array_api._searching import (
    argmax as argmax,
    argmin as argmin,
    argsort as argsort,
    count_nonzero as count_nonzero,
    isin as isin,
    nonzero as nonzero,
    searchsorted as searchsorted,
    sort as sort,
    take as take,
    take_along_axis as take_along_axis,
    unique_all as unique_all,
    unique_counts as unique_counts,
    unique_inverse as unique_inverse,
    unique_values as unique_values,
    where as where,
)
from gputensor.array_api._statistics import (
    all as all,
    any as any,
    cumulative_prod as cumulative_prod,
    cumulative_sum as cumulative_sum,
    diff as diff,
    max as max,
    mean as mean,
    min as min,
    prod as prod,
    std as std,
    sum as sum,
    var as var,
)
from gputensor.array_api._transcendental import (
    acos as acos,
    acosh as acosh,
    asin as asin,
    asinh as asinh,
    atan as atan,
    atan2 as atan2,
    atanh as atanh,
    cos as cos,
    cosh as cosh,
    exp as exp,
    expm1 as expm1,
    log as log,
    log1p as log1p,
    log2 as log2,
    log10 as log10,
    logaddexp as logaddexp,
    sin as sin,
    sinh as sinh,
    tan as tan,
    tanh as tanh,
)
from gputensor.core.devices import device as device
from gputensor.core.dtypes import (
    bfloat16 as bfloat16,
    bool_ as _bool_,
    complex64 as complex64,
    complex128 as complex128,
    dtype as dtype,
    float16 as float16,
    float32 as float32,
    float64 as float64,
    int8 as int8,
    int16 as int16,
    int32 as int32,
    int64 as int64,
    uint8 as uint8,
    uint16 as uint16,
    uint32 as uint32,
    uint64 as uint64,
)
from gputensor.core.limits import e as e, inf as inf, nan as nan, pi as pi

__array_api_version__ = "2025.12"

bool = _bool_  # the standard's name
newaxis = None
