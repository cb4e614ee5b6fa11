"""gputensor: a device-agnostic tensor over NumPy and CuPy, with PyTorch's API and gradients of any order."""

import warnings as _warnings

from gputensor._version import __version__ as __version__
from gputensor import _tensor_namespace as _tensor_namespace
from gputensor import autograd as autograd
from gputensor import return_types as return_types
from gputensor._tensor import Tensor as Tensor
from gputensor.core.modes import enable_grad as enable_grad
from gputensor.core.modes import no_grad as no_grad
from gputensor.ops.creation import from_numpy as from_numpy
from gputensor.ops.creation import ones as ones
from gputensor.ops.creation import tensor as tensor
from gputensor.ops.creation import zeros as zeros
from gputensor.ops.exponential import exp as exp
from gputensor.ops.cumulative import cummax as cummax
from gputensor.ops.cumulative import cummin as cummin
from gputensor.ops.cumulative import cumprod as cumprod
from gputensor.ops.cumulative import cumsum as cumsum
from gputensor.ops.cumulative import logcumsumexp as logcumsumexp
from gputensor.ops.dynamic import argwhere as argwhere
from gputensor.ops.dynamic import bincount as bincount
from gputensor.ops.dynamic import masked_scatter as masked_scatter
from gputensor.ops.dynamic import masked_select as masked_select
from gputensor.ops.dynamic import nonzero as nonzero
from gputensor.ops.dynamic import unique as unique
from gputensor.ops.dynamic import unique_consecutive as unique_consecutive
from gputensor.ops.extreme_values import amax as amax
from gputensor.ops.extreme_values import amin as amin
from gputensor.ops.extreme_values import aminmax as aminmax
from gputensor.ops.extreme_values import argmax as argmax
from gputensor.ops.extreme_values import argmin as argmin
from gputensor.ops.extreme_values import max as max
from gputensor.ops.extreme_values import min as min
from gputensor.ops.gathering import gather as gather
from gputensor.ops.gathering import scatter as scatter
from gputensor.ops.gathering import scatter_add as scatter_add
from gputensor.ops.gathering import scatter_reduce as scatter_reduce
from gputensor.ops.gathering import take_along_dim as take_along_dim
from gputensor.ops.index_functions import index_add as index_add
from gputensor.ops.index_functions import index_copy as index_copy
from gputensor.ops.index_functions import index_fill as index_fill
from gputensor.ops.index_functions import index_select as index_select
from gputensor.ops.index_functions import masked_fill as masked_fill
from gputensor.ops.index_functions import put as put
from gputensor.ops.index_functions import take as take
from gputensor.ops.indexing import index_put as index_put
from gputensor.ops.indexing import select as select
from gputensor.ops.moments import std as std
from gputensor.ops.moments import std_mean as std_mean
from gputensor.ops.moments import var as var
from gputensor.ops.moments import var_mean as var_mean
from gputensor.ops.norms import norm as norm
from gputensor.ops.ranks import kthvalue as kthvalue
from gputensor.ops.ranks import median as median
from gputensor.ops.ranks import mode as mode
from gputensor.ops.ranks import nanmedian as nanmedian
from gputensor.ops.reduction import all as all
from gputensor.ops.reduction import any as any
from gputensor.ops.reduction import count_nonzero as count_nonzero
from gputensor.ops.reduction import logsumexp as logsumexp
from gputensor.ops.reduction import mean as mean
from gputensor.ops.reduction import nanmean as nanmean
from gputensor.ops.reduction import nansum as nansum
from gputensor.ops.reduction import prod as prod
from gputensor.ops.reduction import sum as sum
from gputensor.ops.sorting import argsort as argsort
from gputensor.ops.sorting import bucketize as bucketize
from gputensor.ops.sorting import histc as histc
from gputensor.ops.sorting import isin as isin
from gputensor.ops.sorting import msort as msort
from gputensor.ops.sorting import searchsorted as searchsorted
from gputensor.ops.sorting import sort as sort
from gputensor.ops.sorting import topk as topk

# results follow IEEE 754 silently, as in PyTorch; NumPy's warnings about them are for NumPy's users
_warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"gputensor\.")
