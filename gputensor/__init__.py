"""gputensor: a device-agnostic tensor over NumPy and CuPy, with PyTorch's API and gradients of any order."""

import importlib as _importlib
import warnings as _warnings
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

from gputensor import _tensor_namespace as _tensor_namespace
from gputensor import _when_imported as _when_imported
from gputensor import autograd as autograd
from gputensor import return_types as return_types
from gputensor._left_out import left_out as _absent
from gputensor._left_out import refuse_modules as _refuse_modules
from gputensor._tensor import Tensor as Tensor
from gputensor._version import __version__ as __version__
from gputensor.autograd.anomaly import is_anomaly_check_nan_enabled as is_anomaly_check_nan_enabled
from gputensor.autograd.anomaly import is_anomaly_enabled as is_anomaly_enabled
from gputensor.core.devices import device as device
from gputensor.core.devices import get_default_device as get_default_device
from gputensor.core.devices import set_default_device as set_default_device
from gputensor.core.dtypes import bfloat16 as bfloat16
from gputensor.core.dtypes import bool_ as bool
from gputensor.core.dtypes import complex64 as cfloat
from gputensor.core.dtypes import complex64 as complex64
from gputensor.core.dtypes import complex128 as cdouble
from gputensor.core.dtypes import complex128 as complex128
from gputensor.core.dtypes import dtype as dtype
from gputensor.core.dtypes import float16 as float16
from gputensor.core.dtypes import float16 as half
from gputensor.core.dtypes import float32 as float
from gputensor.core.dtypes import float32 as float32
from gputensor.core.dtypes import float64 as double
from gputensor.core.dtypes import float64 as float64
from gputensor.core.dtypes import get_default_dtype as get_default_dtype
from gputensor.core.dtypes import int8 as int8
from gputensor.core.dtypes import int16 as int16
from gputensor.core.dtypes import int16 as short
from gputensor.core.dtypes import int32 as int
from gputensor.core.dtypes import int32 as int32
from gputensor.core.dtypes import int64 as int64
from gputensor.core.dtypes import int64 as long
from gputensor.core.dtypes import set_default_dtype as set_default_dtype
from gputensor.core.dtypes import uint8 as uint8
from gputensor.core.dtypes import uint16 as uint16
from gputensor.core.dtypes import uint32 as uint32
from gputensor.core.dtypes import uint64 as uint64
from gputensor.core.limits import e as e
from gputensor.core.limits import finfo as finfo
from gputensor.core.limits import iinfo as iinfo
from gputensor.core.limits import inf as inf
from gputensor.core.limits import nan as nan
from gputensor.core.limits import pi as pi
from gputensor.core.modes import enable_grad as enable_grad
from gputensor.core.modes import inference_mode as inference_mode
from gputensor.core.modes import is_grad_enabled as is_grad_enabled
from gputensor.core.modes import is_inference_mode_enabled as is_inference_mode_enabled
from gputensor.core.modes import no_grad as no_grad
from gputensor.core.modes import set_grad_enabled as set_grad_enabled
from gputensor.core.random import Generator as Generator
from gputensor.core.random import default_generator as default_generator
from gputensor.core.random import get_rng_state as get_rng_state
from gputensor.core.random import initial_seed as initial_seed
from gputensor.core.random import manual_seed as manual_seed
from gputensor.core.random import seed as seed
from gputensor.core.random import set_rng_state as set_rng_state
from gputensor.core.size import Size as Size
from gputensor.errors import OutOfMemoryError as OutOfMemoryError
from gputensor.ops.activations import celu as celu
from gputensor.ops.activations import hardshrink as hardshrink
from gputensor.ops.activations import log_softmax as log_softmax
from gputensor.ops.activations import prelu as prelu
from gputensor.ops.activations import relu as relu
from gputensor.ops.activations import selu as selu
from gputensor.ops.activations import sigmoid as sigmoid
from gputensor.ops.activations import softmax as softmax
from gputensor.ops.activations import threshold as threshold
from gputensor.ops.adaptive_pooling import adaptive_avg_pool1d as adaptive_avg_pool1d
from gputensor.ops.added_products import addbmm as addbmm
from gputensor.ops.added_products import addmm as addmm
from gputensor.ops.added_products import addmv as addmv
from gputensor.ops.added_products import addmv_ as addmv_
from gputensor.ops.added_products import addr as addr
from gputensor.ops.added_products import baddbmm as baddbmm
from gputensor.ops.arithmetic import add as add
from gputensor.ops.arithmetic import addcdiv as addcdiv
from gputensor.ops.arithmetic import addcmul as addcmul
from gputensor.ops.arithmetic import div as div
from gputensor.ops.arithmetic import divide as divide
from gputensor.ops.arithmetic import lerp as lerp
from gputensor.ops.arithmetic import mul as mul
from gputensor.ops.arithmetic import multiply as multiply
from gputensor.ops.arithmetic import neg as neg
from gputensor.ops.arithmetic import negative as negative
from gputensor.ops.arithmetic import positive as positive
from gputensor.ops.arithmetic import rsub as rsub
from gputensor.ops.arithmetic import sub as sub
from gputensor.ops.arithmetic import subtract as subtract
from gputensor.ops.arithmetic import true_divide as true_divide
from gputensor.ops.attributes import can_cast as can_cast
from gputensor.ops.attributes import get_device as get_device
from gputensor.ops.attributes import is_floating_point as is_floating_point
from gputensor.ops.attributes import is_nonzero as is_nonzero
from gputensor.ops.attributes import is_tensor as is_tensor
from gputensor.ops.attributes import numel as numel
from gputensor.ops.attributes import promote_types as promote_types
from gputensor.ops.attributes import result_type as result_type
from gputensor.ops.axes import adjoint as adjoint
from gputensor.ops.axes import moveaxis as moveaxis
from gputensor.ops.axes import movedim as movedim
from gputensor.ops.axes import permute as permute
from gputensor.ops.axes import swapaxes as swapaxes
from gputensor.ops.axes import swapdims as swapdims
from gputensor.ops.axes import t as t
from gputensor.ops.axes import transpose as transpose
from gputensor.ops.bessel import i0 as i0
from gputensor.ops.binary_scaling import frexp as frexp
from gputensor.ops.binary_scaling import gcd as gcd
from gputensor.ops.binary_scaling import lcm as lcm
from gputensor.ops.binary_scaling import ldexp as ldexp
from gputensor.ops.block_eigenvalues import lobpcg as lobpcg
from gputensor.ops.channel_shuffling import channel_shuffle as channel_shuffle
from gputensor.ops.channel_shuffling import native_channel_shuffle as native_channel_shuffle
from gputensor.ops.channel_shuffling import pixel_shuffle as pixel_shuffle
from gputensor.ops.channel_shuffling import pixel_unshuffle as pixel_unshuffle
from gputensor.ops.clamping import clamp as clamp
from gputensor.ops.clamping import clamp_max as clamp_max
from gputensor.ops.clamping import clamp_min as clamp_min
from gputensor.ops.clamping import clip as clip
from gputensor.ops.clamping import fmax as fmax
from gputensor.ops.clamping import fmin as fmin
from gputensor.ops.clamping import maximum as maximum
from gputensor.ops.clamping import minimum as minimum
from gputensor.ops.classification import isfinite as isfinite
from gputensor.ops.classification import isinf as isinf
from gputensor.ops.classification import isnan as isnan
from gputensor.ops.classification import isneginf as isneginf
from gputensor.ops.classification import isposinf as isposinf
from gputensor.ops.classification import isreal as isreal
from gputensor.ops.comparison import allclose as allclose
from gputensor.ops.comparison import eq as eq
from gputensor.ops.comparison import equal as equal
from gputensor.ops.comparison import ge as ge
from gputensor.ops.comparison import greater as greater
from gputensor.ops.comparison import greater_equal as greater_equal
from gputensor.ops.comparison import gt as gt
from gputensor.ops.comparison import isclose as isclose
from gputensor.ops.comparison import le as le
from gputensor.ops.comparison import less as less
from gputensor.ops.comparison import less_equal as less_equal
from gputensor.ops.comparison import lt as lt
from gputensor.ops.comparison import ne as ne
from gputensor.ops.comparison import not_equal as not_equal
from gputensor.ops.complex_numbers import angle as angle
from gputensor.ops.complex_numbers import complex as complex
from gputensor.ops.complex_numbers import conj as conj
from gputensor.ops.complex_numbers import conj_physical as conj_physical
from gputensor.ops.complex_numbers import imag as imag
from gputensor.ops.complex_numbers import is_complex as is_complex
from gputensor.ops.complex_numbers import is_conj as is_conj
from gputensor.ops.complex_numbers import is_neg as is_neg
from gputensor.ops.complex_numbers import polar as polar
from gputensor.ops.complex_numbers import real as real
from gputensor.ops.complex_numbers import resolve_conj as resolve_conj
from gputensor.ops.complex_numbers import resolve_neg as resolve_neg
from gputensor.ops.complex_numbers import view_as_complex as view_as_complex
from gputensor.ops.complex_numbers import view_as_real as view_as_real
from gputensor.ops.contraction import einsum as einsum
from gputensor.ops.contraction import tensordot as tensordot
from gputensor.ops.convolution import conv1d as conv1d
from gputensor.ops.convolution import conv2d as conv2d
from gputensor.ops.convolution import conv3d as conv3d
from gputensor.ops.convolution import conv_tbc as conv_tbc
from gputensor.ops.convolution import conv_transpose1d as conv_transpose1d
from gputensor.ops.convolution import conv_transpose2d as conv_transpose2d
from gputensor.ops.convolution import conv_transpose3d as conv_transpose3d
from gputensor.ops.counts import binomial as binomial
from gputensor.ops.counts import poisson as poisson
from gputensor.ops.covariance import corrcoef as corrcoef
from gputensor.ops.covariance import cov as cov
from gputensor.ops.creation import empty as empty
from gputensor.ops.creation import empty_like as empty_like
from gputensor.ops.creation import empty_permuted as empty_permuted
from gputensor.ops.creation import empty_strided as empty_strided
from gputensor.ops.creation import eye as eye
from gputensor.ops.creation import from_numpy as from_numpy
from gputensor.ops.creation import full as full
from gputensor.ops.creation import full_like as full_like
from gputensor.ops.creation import ones as ones
from gputensor.ops.creation import ones_like as ones_like
from gputensor.ops.creation import tensor as tensor
from gputensor.ops.creation import zeros as zeros
from gputensor.ops.creation import zeros_like as zeros_like
from gputensor.ops.cumulative import cummax as cummax
from gputensor.ops.cumulative import cummin as cummin
from gputensor.ops.cumulative import cumprod as cumprod
from gputensor.ops.cumulative import cumsum as cumsum
from gputensor.ops.cumulative import logcumsumexp as logcumsumexp
from gputensor.ops.dense import bilinear as bilinear
from gputensor.ops.determinants import det as det
from gputensor.ops.determinants import logdet as logdet
from gputensor.ops.determinants import slogdet as slogdet
from gputensor.ops.diagonals import diag as diag
from gputensor.ops.diagonals import diag_embed as diag_embed
from gputensor.ops.diagonals import diagflat as diagflat
from gputensor.ops.diagonals import diagonal as diagonal
from gputensor.ops.diagonals import trace as trace
from gputensor.ops.diagonals import tril as tril
from gputensor.ops.diagonals import tril_indices as tril_indices
from gputensor.ops.diagonals import triu as triu
from gputensor.ops.diagonals import triu_indices as triu_indices
from gputensor.ops.differences import cumulative_trapezoid as cumulative_trapezoid
from gputensor.ops.differences import diff as diff
from gputensor.ops.differences import gradient as gradient
from gputensor.ops.differences import trapezoid as trapezoid
from gputensor.ops.differences import trapz as trapz
from gputensor.ops.distances import cdist as cdist
from gputensor.ops.distances import dist as dist
from gputensor.ops.distances import pdist as pdist
from gputensor.ops.distances import renorm as renorm
from gputensor.ops.division import floor_divide as floor_divide
from gputensor.ops.division import fmod as fmod
from gputensor.ops.division import remainder as remainder
from gputensor.ops.dlpack import from_dlpack as from_dlpack
from gputensor.ops.dlpack import to_dlpack as to_dlpack
from gputensor.ops.dynamic import argwhere as argwhere
from gputensor.ops.dynamic import bincount as bincount
from gputensor.ops.dynamic import masked_scatter as masked_scatter
from gputensor.ops.dynamic import masked_select as masked_select
from gputensor.ops.dynamic import nonzero as nonzero
from gputensor.ops.dynamic import nonzero_static as nonzero_static
from gputensor.ops.dynamic import unique as unique
from gputensor.ops.dynamic import unique_consecutive as unique_consecutive
from gputensor.ops.expanding import broadcast_shapes as broadcast_shapes
from gputensor.ops.expanding import broadcast_tensors as broadcast_tensors
from gputensor.ops.expanding import broadcast_to as broadcast_to
from gputensor.ops.expanding import repeat_interleave as repeat_interleave
from gputensor.ops.expanding import tile as tile
from gputensor.ops.exponential import exp as exp
from gputensor.ops.exponential import exp2 as exp2
from gputensor.ops.exponential import expm1 as expm1
from gputensor.ops.exponential import log as log
from gputensor.ops.exponential import log1p as log1p
from gputensor.ops.exponential import log2 as log2
from gputensor.ops.exponential import log10 as log10
from gputensor.ops.exponential import logaddexp as logaddexp
from gputensor.ops.exponential import logaddexp2 as logaddexp2
from gputensor.ops.exponential import logit as logit
from gputensor.ops.exponential import xlogy as xlogy
from gputensor.ops.extreme_values import amax as amax
from gputensor.ops.extreme_values import amin as amin
from gputensor.ops.extreme_values import aminmax as aminmax
from gputensor.ops.extreme_values import argmax as argmax
from gputensor.ops.extreme_values import argmin as argmin
from gputensor.ops.extreme_values import max as max
from gputensor.ops.extreme_values import min as min
from gputensor.ops.filling import fill as fill
from gputensor.ops.flat_places import unravel_index as unravel_index
from gputensor.ops.flipping import flip as flip
from gputensor.ops.flipping import fliplr as fliplr
from gputensor.ops.flipping import flipud as flipud
from gputensor.ops.flipping import roll as roll
from gputensor.ops.flipping import rot90 as rot90
from gputensor.ops.from_data import as_tensor as as_tensor
from gputensor.ops.from_data import asarray as asarray
from gputensor.ops.from_data import frombuffer as frombuffer
from gputensor.ops.from_data import scalar_tensor as scalar_tensor
from gputensor.ops.gamma_functions import igamma as igamma
from gputensor.ops.gamma_functions import igammac as igammac
from gputensor.ops.gamma_functions import mvlgamma as mvlgamma
from gputensor.ops.gathering import gather as gather
from gputensor.ops.gathering import scatter as scatter
from gputensor.ops.gathering import scatter_add as scatter_add
from gputensor.ops.gathering import scatter_reduce as scatter_reduce
from gputensor.ops.gathering import take_along_dim as take_along_dim
from gputensor.ops.gradients import detach as detach
from gputensor.ops.gradients import detach_ as detach_
from gputensor.ops.histograms import histogram as histogram
from gputensor.ops.histograms import histogramdd as histogramdd
from gputensor.ops.hyperbolic import acosh as acosh
from gputensor.ops.hyperbolic import arccosh as arccosh
from gputensor.ops.hyperbolic import arcsinh as arcsinh
from gputensor.ops.hyperbolic import arctanh as arctanh
from gputensor.ops.hyperbolic import asinh as asinh
from gputensor.ops.hyperbolic import atanh as atanh
from gputensor.ops.hyperbolic import cosh as cosh
from gputensor.ops.hyperbolic import sinh as sinh
from gputensor.ops.hyperbolic import tanh as tanh
from gputensor.ops.in_place.arithmetic import abs_ as abs_
from gputensor.ops.in_place.arithmetic import ceil_ as ceil_
from gputensor.ops.in_place.arithmetic import clamp_ as clamp_
from gputensor.ops.in_place.arithmetic import clamp_max_ as clamp_max_
from gputensor.ops.in_place.arithmetic import clamp_min_ as clamp_min_
from gputensor.ops.in_place.arithmetic import clip_ as clip_
from gputensor.ops.in_place.arithmetic import conj_physical_ as conj_physical_
from gputensor.ops.in_place.arithmetic import fill_ as fill_
from gputensor.ops.in_place.arithmetic import fix_ as fix_
from gputensor.ops.in_place.arithmetic import floor_ as floor_
from gputensor.ops.in_place.arithmetic import frac_ as frac_
from gputensor.ops.in_place.arithmetic import gcd_ as gcd_
from gputensor.ops.in_place.arithmetic import lcm_ as lcm_
from gputensor.ops.in_place.arithmetic import nan_to_num_ as nan_to_num_
from gputensor.ops.in_place.arithmetic import neg_ as neg_
from gputensor.ops.in_place.arithmetic import negative_ as negative_
from gputensor.ops.in_place.arithmetic import round_ as round_
from gputensor.ops.in_place.arithmetic import trunc_ as trunc_
from gputensor.ops.in_place.arithmetic import zero_ as zero_
from gputensor.ops.in_place.exponential import erf_ as erf_
from gputensor.ops.in_place.exponential import erfc_ as erfc_
from gputensor.ops.in_place.exponential import exp2_ as exp2_
from gputensor.ops.in_place.exponential import exp_ as exp_
from gputensor.ops.in_place.exponential import expm1_ as expm1_
from gputensor.ops.in_place.exponential import i0_ as i0_
from gputensor.ops.in_place.exponential import ldexp_ as ldexp_
from gputensor.ops.in_place.exponential import log1p_ as log1p_
from gputensor.ops.in_place.exponential import log2_ as log2_
from gputensor.ops.in_place.exponential import log10_ as log10_
from gputensor.ops.in_place.exponential import log_ as log_
from gputensor.ops.in_place.exponential import logit_ as logit_
from gputensor.ops.in_place.exponential import reciprocal_ as reciprocal_
from gputensor.ops.in_place.exponential import rsqrt_ as rsqrt_
from gputensor.ops.in_place.exponential import sigmoid_ as sigmoid_
from gputensor.ops.in_place.exponential import sqrt_ as sqrt_
from gputensor.ops.in_place.exponential import square_ as square_
from gputensor.ops.in_place.exponential import xlogy_ as xlogy_
from gputensor.ops.in_place.trigonometric import acos_ as acos_
from gputensor.ops.in_place.trigonometric import acosh_ as acosh_
from gputensor.ops.in_place.trigonometric import arccos_ as arccos_
from gputensor.ops.in_place.trigonometric import arccosh_ as arccosh_
from gputensor.ops.in_place.trigonometric import arcsin_ as arcsin_
from gputensor.ops.in_place.trigonometric import arcsinh_ as arcsinh_
from gputensor.ops.in_place.trigonometric import arctan_ as arctan_
from gputensor.ops.in_place.trigonometric import arctanh_ as arctanh_
from gputensor.ops.in_place.trigonometric import asin_ as asin_
from gputensor.ops.in_place.trigonometric import asinh_ as asinh_
from gputensor.ops.in_place.trigonometric import atan_ as atan_
from gputensor.ops.in_place.trigonometric import atanh_ as atanh_
from gputensor.ops.in_place.trigonometric import cos_ as cos_
from gputensor.ops.in_place.trigonometric import cosh_ as cosh_
from gputensor.ops.in_place.trigonometric import deg2rad_ as deg2rad_
from gputensor.ops.in_place.trigonometric import rad2deg_ as rad2deg_
from gputensor.ops.in_place.trigonometric import sin_ as sin_
from gputensor.ops.in_place.trigonometric import sinc_ as sinc_
from gputensor.ops.in_place.trigonometric import sinh_ as sinh_
from gputensor.ops.in_place.trigonometric import tan_ as tan_
from gputensor.ops.in_place.trigonometric import tanh_ as tanh_
from gputensor.ops.index_functions import index_add as index_add
from gputensor.ops.index_functions import index_copy as index_copy
from gputensor.ops.index_functions import index_fill as index_fill
from gputensor.ops.index_functions import index_reduce as index_reduce
from gputensor.ops.index_functions import index_select as index_select
from gputensor.ops.index_functions import masked_fill as masked_fill
from gputensor.ops.index_functions import put as put
from gputensor.ops.index_functions import take as take
from gputensor.ops.indexed_pooling import max_pool1d_with_indices as max_pool1d_with_indices
from gputensor.ops.indexing import index_put as index_put
from gputensor.ops.indexing import index_put_ as index_put_
from gputensor.ops.indexing import select as select
from gputensor.ops.joining import block_diag as block_diag
from gputensor.ops.joining import cartesian_prod as cartesian_prod
from gputensor.ops.joining import cat as cat
from gputensor.ops.joining import column_stack as column_stack
from gputensor.ops.joining import combinations as combinations
from gputensor.ops.joining import concat as concat
from gputensor.ops.joining import concatenate as concatenate
from gputensor.ops.joining import dstack as dstack
from gputensor.ops.joining import hstack as hstack
from gputensor.ops.joining import meshgrid as meshgrid
from gputensor.ops.joining import row_stack as row_stack
from gputensor.ops.joining import stack as stack
from gputensor.ops.joining import vstack as vstack
from gputensor.ops.layout import channels_last as channels_last
from gputensor.ops.layout import channels_last_3d as channels_last_3d
from gputensor.ops.layout import clone as clone
from gputensor.ops.layout import contiguous_format as contiguous_format
from gputensor.ops.layout import layout as layout
from gputensor.ops.layout import memory_format as memory_format
from gputensor.ops.layout import preserve_format as preserve_format
from gputensor.ops.layout import strided as strided
from gputensor.ops.legacy import BFloat16Tensor as BFloat16Tensor
from gputensor.ops.legacy import BoolTensor as BoolTensor
from gputensor.ops.legacy import ByteTensor as ByteTensor
from gputensor.ops.legacy import CharTensor as CharTensor
from gputensor.ops.legacy import DoubleTensor as DoubleTensor
from gputensor.ops.legacy import FloatTensor as FloatTensor
from gputensor.ops.legacy import HalfTensor as HalfTensor
from gputensor.ops.legacy import IntTensor as IntTensor
from gputensor.ops.legacy import LongTensor as LongTensor
from gputensor.ops.legacy import ShortTensor as ShortTensor
from gputensor.ops.legacy import range as range
from gputensor.ops.linalg import bmm as bmm
from gputensor.ops.linalg import dot as dot
from gputensor.ops.linalg import ger as ger
from gputensor.ops.linalg import inner as inner
from gputensor.ops.linalg import matmul as matmul
from gputensor.ops.linalg import mm as mm
from gputensor.ops.linalg import mv as mv
from gputensor.ops.linalg import outer as outer
from gputensor.ops.linalg import spmm as spmm
from gputensor.ops.linalg import vdot as vdot
from gputensor.ops.logic import bitwise_and as bitwise_and
from gputensor.ops.logic import bitwise_left_shift as bitwise_left_shift
from gputensor.ops.logic import bitwise_not as bitwise_not
from gputensor.ops.logic import bitwise_or as bitwise_or
from gputensor.ops.logic import bitwise_right_shift as bitwise_right_shift
from gputensor.ops.logic import bitwise_xor as bitwise_xor
from gputensor.ops.logic import logical_and as logical_and
from gputensor.ops.logic import logical_not as logical_not
from gputensor.ops.logic import logical_or as logical_or
from gputensor.ops.logic import logical_xor as logical_xor
from gputensor.ops.low_rank import pca_lowrank as pca_lowrank
from gputensor.ops.low_rank import svd_lowrank as svd_lowrank
from gputensor.ops.margin_losses import cosine_similarity as cosine_similarity
from gputensor.ops.margin_losses import pairwise_distance as pairwise_distance
from gputensor.ops.matrix_functions import matrix_exp as matrix_exp
from gputensor.ops.matrix_functions import matrix_power as matrix_power
from gputensor.ops.matrix_functions import vander as vander
from gputensor.ops.moments import std as std
from gputensor.ops.moments import std_mean as std_mean
from gputensor.ops.moments import var as var
from gputensor.ops.moments import var_mean as var_mean
from gputensor.ops.native_norms import native_batch_norm as native_batch_norm
from gputensor.ops.native_norms import native_group_norm as native_group_norm
from gputensor.ops.native_norms import native_layer_norm as native_layer_norm
from gputensor.ops.normalization import rms_norm as rms_norm
from gputensor.ops.norms import norm as norm
from gputensor.ops.old_norms import frobenius_norm as frobenius_norm
from gputensor.ops.old_norms import nuclear_norm as nuclear_norm
from gputensor.ops.old_tapers import bartlett_window as bartlett_window
from gputensor.ops.old_tapers import blackman_window as blackman_window
from gputensor.ops.old_tapers import hamming_window as hamming_window
from gputensor.ops.old_tapers import hann_window as hann_window
from gputensor.ops.old_tapers import kaiser_window as kaiser_window
from gputensor.ops.orthogonal import geqrf as geqrf
from gputensor.ops.orthogonal import orgqr as orgqr
from gputensor.ops.orthogonal import ormqr as ormqr
from gputensor.ops.orthogonal import qr as qr
from gputensor.ops.pooling import avg_pool1d as avg_pool1d
from gputensor.ops.pooling import max_pool1d as max_pool1d
from gputensor.ops.pooling import max_pool2d as max_pool2d
from gputensor.ops.pooling import max_pool3d as max_pool3d
from gputensor.ops.positional_forms import adaptive_max_pool1d as adaptive_max_pool1d
from gputensor.ops.positional_forms import affine_grid_generator as affine_grid_generator
from gputensor.ops.positional_forms import alpha_dropout as alpha_dropout
from gputensor.ops.positional_forms import alpha_dropout_ as alpha_dropout_
from gputensor.ops.positional_forms import batch_norm as batch_norm
from gputensor.ops.positional_forms import constant_pad_nd as constant_pad_nd
from gputensor.ops.positional_forms import convolution as convolution
from gputensor.ops.positional_forms import dropout as dropout
from gputensor.ops.positional_forms import dropout_ as dropout_
from gputensor.ops.positional_forms import embedding as embedding
from gputensor.ops.positional_forms import embedding_bag as embedding_bag
from gputensor.ops.positional_forms import embedding_renorm_ as embedding_renorm_
from gputensor.ops.positional_forms import feature_alpha_dropout as feature_alpha_dropout
from gputensor.ops.positional_forms import feature_alpha_dropout_ as feature_alpha_dropout_
from gputensor.ops.positional_forms import feature_dropout as feature_dropout
from gputensor.ops.positional_forms import feature_dropout_ as feature_dropout_
from gputensor.ops.positional_forms import grid_sampler as grid_sampler
from gputensor.ops.positional_forms import grid_sampler_2d as grid_sampler_2d
from gputensor.ops.positional_forms import grid_sampler_3d as grid_sampler_3d
from gputensor.ops.positional_forms import group_norm as group_norm
from gputensor.ops.positional_forms import instance_norm as instance_norm
from gputensor.ops.positional_forms import layer_norm as layer_norm
from gputensor.ops.positional_forms import native_dropout as native_dropout
from gputensor.ops.positional_losses import binary_cross_entropy_with_logits as binary_cross_entropy_with_logits
from gputensor.ops.positional_losses import celu_ as celu_
from gputensor.ops.positional_losses import cosine_embedding_loss as cosine_embedding_loss
from gputensor.ops.positional_losses import ctc_loss as ctc_loss
from gputensor.ops.positional_losses import hinge_embedding_loss as hinge_embedding_loss
from gputensor.ops.positional_losses import kl_div as kl_div
from gputensor.ops.positional_losses import margin_ranking_loss as margin_ranking_loss
from gputensor.ops.positional_losses import poisson_nll_loss as poisson_nll_loss
from gputensor.ops.positional_losses import relu_ as relu_
from gputensor.ops.positional_losses import rrelu_ as rrelu_
from gputensor.ops.positional_losses import selu_ as selu_
from gputensor.ops.positional_losses import threshold_ as threshold_
from gputensor.ops.positional_losses import triplet_margin_loss as triplet_margin_loss
from gputensor.ops.positive_definite import cholesky as cholesky
from gputensor.ops.positive_definite import cholesky_inverse as cholesky_inverse
from gputensor.ops.positive_definite import cholesky_solve as cholesky_solve
from gputensor.ops.powers import float_power as float_power
from gputensor.ops.powers import pow as pow
from gputensor.ops.powers import reciprocal as reciprocal
from gputensor.ops.powers import rsqrt as rsqrt
from gputensor.ops.powers import sqrt as sqrt
from gputensor.ops.powers import square as square
from gputensor.ops.pseudo_inverses import pinverse as pinverse
from gputensor.ops.quantiles import nanquantile as nanquantile
from gputensor.ops.quantiles import quantile as quantile
from gputensor.ops.queries import is_distributed as is_distributed
from gputensor.ops.queries import is_inference as is_inference
from gputensor.ops.queries import is_same_size as is_same_size
from gputensor.ops.queries import is_signed as is_signed
from gputensor.ops.random import bernoulli as bernoulli
from gputensor.ops.random import multinomial as multinomial
from gputensor.ops.random import normal as normal
from gputensor.ops.random import rand as rand
from gputensor.ops.random import rand_like as rand_like
from gputensor.ops.random import randint as randint
from gputensor.ops.random import randint_like as randint_like
from gputensor.ops.random import randn as randn
from gputensor.ops.random import randn_like as randn_like
from gputensor.ops.random import randperm as randperm
from gputensor.ops.random_activations import rrelu as rrelu
from gputensor.ops.ranges import arange as arange
from gputensor.ops.ranges import linspace as linspace
from gputensor.ops.ranges import logspace as logspace
from gputensor.ops.ranks import kthvalue as kthvalue
from gputensor.ops.ranks import median as median
from gputensor.ops.ranks import mode as mode
from gputensor.ops.ranks import nanmedian as nanmedian
from gputensor.ops.recurrent import gru as gru
from gputensor.ops.recurrent import gru_cell as gru_cell
from gputensor.ops.recurrent import lstm as lstm
from gputensor.ops.recurrent import lstm_cell as lstm_cell
from gputensor.ops.recurrent import rnn_relu as rnn_relu
from gputensor.ops.recurrent import rnn_relu_cell as rnn_relu_cell
from gputensor.ops.recurrent import rnn_tanh as rnn_tanh
from gputensor.ops.recurrent import rnn_tanh_cell as rnn_tanh_cell
from gputensor.ops.reduction import all as all
from gputensor.ops.reduction import any as any
from gputensor.ops.reduction import count_nonzero as count_nonzero
from gputensor.ops.reduction import logsumexp as logsumexp
from gputensor.ops.reduction import mean as mean
from gputensor.ops.reduction import nanmean as nanmean
from gputensor.ops.reduction import nansum as nansum
from gputensor.ops.reduction import prod as prod
from gputensor.ops.reduction import sum as sum
from gputensor.ops.resizing import resize_as_ as resize_as_
from gputensor.ops.rounding import ceil as ceil
from gputensor.ops.rounding import fix as fix
from gputensor.ops.rounding import floor as floor
from gputensor.ops.rounding import frac as frac
from gputensor.ops.rounding import round as round
from gputensor.ops.rounding import trunc as trunc
from gputensor.ops.scattered_views import as_strided_scatter as as_strided_scatter
from gputensor.ops.scattered_views import diagonal_scatter as diagonal_scatter
from gputensor.ops.scattered_views import select_scatter as select_scatter
from gputensor.ops.scattered_views import slice_scatter as slice_scatter
from gputensor.ops.selection import nan_to_num as nan_to_num
from gputensor.ops.selection import where as where
from gputensor.ops.several_products import chain_matmul as chain_matmul
from gputensor.ops.several_products import cross as cross
from gputensor.ops.several_products import kron as kron
from gputensor.ops.shape import atleast_1d as atleast_1d
from gputensor.ops.shape import atleast_2d as atleast_2d
from gputensor.ops.shape import atleast_3d as atleast_3d
from gputensor.ops.shape import flatten as flatten
from gputensor.ops.shape import ravel as ravel
from gputensor.ops.shape import reshape as reshape
from gputensor.ops.shape import squeeze as squeeze
from gputensor.ops.shape import unflatten as unflatten
from gputensor.ops.shape import unsqueeze as unsqueeze
from gputensor.ops.signs import abs as abs
from gputensor.ops.signs import absolute as absolute
from gputensor.ops.signs import copysign as copysign
from gputensor.ops.signs import heaviside as heaviside
from gputensor.ops.signs import nextafter as nextafter
from gputensor.ops.signs import sgn as sgn
from gputensor.ops.signs import sign as sign
from gputensor.ops.signs import signbit as signbit
from gputensor.ops.singular_values import svd as svd
from gputensor.ops.solving import inverse as inverse
from gputensor.ops.solving import triangular_solve as triangular_solve
from gputensor.ops.sorting import argsort as argsort
from gputensor.ops.sorting import bucketize as bucketize
from gputensor.ops.sorting import histc as histc
from gputensor.ops.sorting import isin as isin
from gputensor.ops.sorting import msort as msort
from gputensor.ops.sorting import searchsorted as searchsorted
from gputensor.ops.sorting import sort as sort
from gputensor.ops.sorting import topk as topk
from gputensor.ops.special_functions import digamma as digamma
from gputensor.ops.special_functions import erf as erf
from gputensor.ops.special_functions import erfc as erfc
from gputensor.ops.special_functions import erfinv as erfinv
from gputensor.ops.special_functions import lgamma as lgamma
from gputensor.ops.special_functions import polygamma as polygamma
from gputensor.ops.spectrograms import istft as istft
from gputensor.ops.spectrograms import stft as stft
from gputensor.ops.splitting import chunk as chunk
from gputensor.ops.splitting import dsplit as dsplit
from gputensor.ops.splitting import hsplit as hsplit
from gputensor.ops.splitting import split as split
from gputensor.ops.splitting import split_with_sizes as split_with_sizes
from gputensor.ops.splitting import tensor_split as tensor_split
from gputensor.ops.splitting import unbind as unbind
from gputensor.ops.splitting import unsafe_chunk as unsafe_chunk
from gputensor.ops.splitting import unsafe_split as unsafe_split
from gputensor.ops.splitting import unsafe_split_with_sizes as unsafe_split_with_sizes
from gputensor.ops.splitting import vsplit as vsplit
from gputensor.ops.storage import TypedStorage as TypedStorage
from gputensor.ops.storage import UntypedStorage as UntypedStorage
from gputensor.ops.storage import is_storage as is_storage
from gputensor.ops.strided_views import as_strided as as_strided
from gputensor.ops.strided_views import as_strided_ as as_strided_
from gputensor.ops.strided_views import narrow as narrow
from gputensor.ops.triangular_factors import lu as lu
from gputensor.ops.triangular_factors import lu_solve as lu_solve
from gputensor.ops.triangular_factors import lu_unpack as lu_unpack
from gputensor.ops.trigonometric import acos as acos
from gputensor.ops.trigonometric import arccos as arccos
from gputensor.ops.trigonometric import arcsin as arcsin
from gputensor.ops.trigonometric import arctan as arctan
from gputensor.ops.trigonometric import arctan2 as arctan2
from gputensor.ops.trigonometric import asin as asin
from gputensor.ops.trigonometric import atan as atan
from gputensor.ops.trigonometric import atan2 as atan2
from gputensor.ops.trigonometric import cos as cos
from gputensor.ops.trigonometric import deg2rad as deg2rad
from gputensor.ops.trigonometric import hypot as hypot
from gputensor.ops.trigonometric import rad2deg as rad2deg
from gputensor.ops.trigonometric import sin as sin
from gputensor.ops.trigonometric import sinc as sinc
from gputensor.ops.trigonometric import tan as tan
from gputensor.ops.view_copies import alias_copy as alias_copy
from gputensor.ops.view_copies import as_strided_copy as as_strided_copy
from gputensor.ops.view_copies import detach_copy as detach_copy
from gputensor.ops.view_copies import diagonal_copy as diagonal_copy
from gputensor.ops.view_copies import expand_copy as expand_copy
from gputensor.ops.view_copies import narrow_copy as narrow_copy
from gputensor.ops.view_copies import permute_copy as permute_copy
from gputensor.ops.view_copies import select_copy as select_copy
from gputensor.ops.view_copies import slice_copy as slice_copy
from gputensor.ops.view_copies import split_copy as split_copy
from gputensor.ops.view_copies import split_with_sizes_copy as split_with_sizes_copy
from gputensor.ops.view_copies import squeeze_copy as squeeze_copy
from gputensor.ops.view_copies import t_copy as t_copy
from gputensor.ops.view_copies import transpose_copy as transpose_copy
from gputensor.ops.view_copies import unbind_copy as unbind_copy
from gputensor.ops.view_copies import unfold_copy as unfold_copy
from gputensor.ops.view_copies import unsqueeze_copy as unsqueeze_copy
from gputensor.ops.view_copies import view_as_complex_copy as view_as_complex_copy
from gputensor.ops.view_copies import view_as_real_copy as view_as_real_copy
from gputensor.ops.view_copies import view_copy as view_copy
from gputensor.show import get_printoptions as get_printoptions
from gputensor.show import printoptions as printoptions
from gputensor.show import set_printoptions as set_printoptions

if _TYPE_CHECKING:
    from gputensor import accelerator as accelerator
    from gputensor import amp as amp
    from gputensor import array_api as array_api
    from gputensor import as_torch as as_torch
    from gputensor import backends as backends
    from gputensor import cpu as cpu
    from gputensor import cuda as cuda
    from gputensor import distributed as distributed
    from gputensor import distributions as distributions
    from gputensor import fft as fft
    from gputensor import func as func
    from gputensor import futures as futures
    from gputensor import linalg as linalg
    from gputensor import multiprocessing as multiprocessing
    from gputensor import nn as nn
    from gputensor import optim as optim
    from gputensor import profiler as profiler
    from gputensor import random as random
    from gputensor import signal as signal
    from gputensor import special as special
    from gputensor import testing as testing
    from gputensor import utils as utils
    from gputensor import version as version
    from gputensor._settings import are_deterministic_algorithms_enabled as are_deterministic_algorithms_enabled
    from gputensor._settings import compile as compile
    from gputensor._settings import get_deterministic_debug_mode as get_deterministic_debug_mode
    from gputensor._settings import get_device_module as get_device_module
    from gputensor._settings import get_float32_matmul_precision as get_float32_matmul_precision
    from gputensor._settings import get_num_interop_threads as get_num_interop_threads
    from gputensor._settings import get_num_threads as get_num_threads
    from gputensor._settings import (
        is_deterministic_algorithms_warn_only_enabled as is_deterministic_algorithms_warn_only_enabled,
    )
    from gputensor._settings import is_warn_always_enabled as is_warn_always_enabled
    from gputensor._settings import set_default_tensor_type as set_default_tensor_type
    from gputensor._settings import set_deterministic_debug_mode as set_deterministic_debug_mode
    from gputensor._settings import set_float32_matmul_precision as set_float32_matmul_precision
    from gputensor._settings import set_flush_denormal as set_flush_denormal
    from gputensor._settings import set_num_interop_threads as set_num_interop_threads
    from gputensor._settings import set_num_threads as set_num_threads
    from gputensor._settings import set_warn_always as set_warn_always
    from gputensor._settings import typename as typename
    from gputensor._settings import use_deterministic_algorithms as use_deterministic_algorithms
    from gputensor.amp.autocast_mode import autocast as autocast
    from gputensor.amp.autocast_mode import clear_autocast_cache as clear_autocast_cache
    from gputensor.amp.autocast_mode import get_autocast_cpu_dtype as get_autocast_cpu_dtype
    from gputensor.amp.autocast_mode import get_autocast_dtype as get_autocast_dtype
    from gputensor.amp.autocast_mode import get_autocast_gpu_dtype as get_autocast_gpu_dtype
    from gputensor.amp.autocast_mode import is_autocast_cache_enabled as is_autocast_cache_enabled
    from gputensor.amp.autocast_mode import is_autocast_cpu_enabled as is_autocast_cpu_enabled
    from gputensor.amp.autocast_mode import is_autocast_enabled as is_autocast_enabled
    from gputensor.amp.autocast_mode import set_autocast_cache_enabled as set_autocast_cache_enabled
    from gputensor.amp.autocast_mode import set_autocast_dtype as set_autocast_dtype
    from gputensor.amp.autocast_mode import set_autocast_enabled as set_autocast_enabled
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
