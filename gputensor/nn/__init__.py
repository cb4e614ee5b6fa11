"""Neural networks: modules, parameters, first values, functions and tools.

Names and semantics are those of `torch.nn`.
"""

from typing import Any as _Any

from gputensor.errors import MissingError as _MissingError
from gputensor.nn import functional as functional
from gputensor.nn import init as init
from gputensor.nn import modules as modules
from gputensor.nn import parameter as parameter
from gputensor.nn import utils as utils
from gputensor.nn.modules.activation import CELU as CELU
from gputensor.nn.modules.activation import ELU as ELU
from gputensor.nn.modules.activation import GELU as GELU
from gputensor.nn.modules.activation import GLU as GLU
from gputensor.nn.modules.activation import SELU as SELU
from gputensor.nn.modules.activation import Hardshrink as Hardshrink
from gputensor.nn.modules.activation import Hardsigmoid as Hardsigmoid
from gputensor.nn.modules.activation import Hardswish as Hardswish
from gputensor.nn.modules.activation import Hardtanh as Hardtanh
from gputensor.nn.modules.activation import LeakyReLU as LeakyReLU
from gputensor.nn.modules.activation import LogSigmoid as LogSigmoid
from gputensor.nn.modules.activation import LogSoftmax as LogSoftmax
from gputensor.nn.modules.activation import Mish as Mish
from gputensor.nn.modules.activation import PReLU as PReLU
from gputensor.nn.modules.activation import ReLU as ReLU
from gputensor.nn.modules.activation import ReLU6 as ReLU6
from gputensor.nn.modules.activation import RReLU as RReLU
from gputensor.nn.modules.activation import Sigmoid as Sigmoid
from gputensor.nn.modules.activation import SiLU as SiLU
from gputensor.nn.modules.activation import Softmax as Softmax
from gputensor.nn.modules.activation import Softmax2d as Softmax2d
from gputensor.nn.modules.activation import Softmin as Softmin
from gputensor.nn.modules.activation import Softplus as Softplus
from gputensor.nn.modules.activation import Softshrink as Softshrink
from gputensor.nn.modules.activation import Softsign as Softsign
from gputensor.nn.modules.activation import Tanh as Tanh
from gputensor.nn.modules.activation import Tanhshrink as Tanhshrink
from gputensor.nn.modules.activation import Threshold as Threshold
from gputensor.nn.modules.adaptive import AdaptiveLogSoftmaxWithLoss as AdaptiveLogSoftmaxWithLoss
from gputensor.nn.modules.batchnorm import BatchNorm1d as BatchNorm1d
from gputensor.nn.modules.batchnorm import BatchNorm2d as BatchNorm2d
from gputensor.nn.modules.batchnorm import BatchNorm3d as BatchNorm3d
from gputensor.nn.modules.batchnorm import InstanceNorm1d as InstanceNorm1d
from gputensor.nn.modules.batchnorm import InstanceNorm2d as InstanceNorm2d
from gputensor.nn.modules.batchnorm import InstanceNorm3d as InstanceNorm3d
from gputensor.nn.modules.batchnorm import SyncBatchNorm as SyncBatchNorm
from gputensor.nn.modules.channelshuffle import ChannelShuffle as ChannelShuffle
from gputensor.nn.modules.container import Container as Container
from gputensor.nn.modules.container import ModuleDict as ModuleDict
from gputensor.nn.modules.container import ModuleList as ModuleList
from gputensor.nn.modules.container import Sequential as Sequential
from gputensor.nn.modules.conv import Conv1d as Conv1d
from gputensor.nn.modules.conv import Conv2d as Conv2d
from gputensor.nn.modules.conv import Conv3d as Conv3d
from gputensor.nn.modules.conv import ConvTranspose1d as ConvTranspose1d
from gputensor.nn.modules.conv import ConvTranspose2d as ConvTranspose2d
from gputensor.nn.modules.conv import ConvTranspose3d as ConvTranspose3d
from gputensor.nn.modules.distance import CosineSimilarity as CosineSimilarity
from gputensor.nn.modules.distance import PairwiseDistance as PairwiseDistance
from gputensor.nn.modules.dropout import AlphaDropout as AlphaDropout
from gputensor.nn.modules.dropout import Dropout as Dropout
from gputensor.nn.modules.dropout import Dropout1d as Dropout1d
from gputensor.nn.modules.dropout import Dropout2d as Dropout2d
from gputensor.nn.modules.dropout import Dropout3d as Dropout3d
from gputensor.nn.modules.dropout import FeatureAlphaDropout as FeatureAlphaDropout
from gputensor.nn.modules.flatten import Flatten as Flatten
from gputensor.nn.modules.flatten import Unflatten as Unflatten
from gputensor.nn.modules.fold import Fold as Fold
from gputensor.nn.modules.fold import Unfold as Unfold
from gputensor.nn.modules.linear import Bilinear as Bilinear
from gputensor.nn.modules.linear import Identity as Identity
from gputensor.nn.modules.linear import Linear as Linear
from gputensor.nn.modules.loss import BCELoss as BCELoss
from gputensor.nn.modules.loss import BCEWithLogitsLoss as BCEWithLogitsLoss
from gputensor.nn.modules.loss import CosineEmbeddingLoss as CosineEmbeddingLoss
from gputensor.nn.modules.loss import CrossEntropyLoss as CrossEntropyLoss
from gputensor.nn.modules.loss import GaussianNLLLoss as GaussianNLLLoss
from gputensor.nn.modules.loss import HingeEmbeddingLoss as HingeEmbeddingLoss
from gputensor.nn.modules.loss import HuberLoss as HuberLoss
from gputensor.nn.modules.loss import KLDivLoss as KLDivLoss
from gputensor.nn.modules.loss import L1Loss as L1Loss
from gputensor.nn.modules.loss import MarginRankingLoss as MarginRankingLoss
from gputensor.nn.modules.loss import MSELoss as MSELoss
from gputensor.nn.modules.loss import MultiLabelMarginLoss as MultiLabelMarginLoss
from gputensor.nn.modules.loss import MultiLabelSoftMarginLoss as MultiLabelSoftMarginLoss
from gputensor.nn.modules.loss import MultiMarginLoss as MultiMarginLoss
from gputensor.nn.modules.loss import NLLLoss as NLLLoss
from gputensor.nn.modules.loss import NLLLoss2d as NLLLoss2d
from gputensor.nn.modules.loss import PoissonNLLLoss as PoissonNLLLoss
from gputensor.nn.modules.loss import SmoothL1Loss as SmoothL1Loss
from gputensor.nn.modules.loss import SoftMarginLoss as SoftMarginLoss
from gputensor.nn.modules.loss import TripletMarginLoss as TripletMarginLoss
from gputensor.nn.modules.loss import TripletMarginWithDistanceLoss as TripletMarginWithDistanceLoss
from gputensor.nn.modules.module import Module as Module
from gputensor.nn.modules.normalization import CrossMapLRN2d as CrossMapLRN2d
from gputensor.nn.modules.normalization import GroupNorm as GroupNorm
from gputensor.nn.modules.normalization import LayerNorm as LayerNorm
from gputensor.nn.modules.normalization import LocalResponseNorm as LocalResponseNorm
from gputensor.nn.modules.normalization import RMSNorm as RMSNorm
from gputensor.nn.modules.padding import CircularPad1d as CircularPad1d
from gputensor.nn.modules.padding import CircularPad2d as CircularPad2d
from gputensor.nn.modules.padding import CircularPad3d as CircularPad3d
from gputensor.nn.modules.padding import ConstantPad1d as ConstantPad1d
from gputensor.nn.modules.padding import ConstantPad2d as ConstantPad2d
from gputensor.nn.modules.padding import ConstantPad3d as ConstantPad3d
from gputensor.nn.modules.padding import ReflectionPad1d as ReflectionPad1d
from gputensor.nn.modules.padding import ReflectionPad2d as ReflectionPad2d
from gputensor.nn.modules.padding import ReflectionPad3d as ReflectionPad3d
from gputensor.nn.modules.padding import ReplicationPad1d as ReplicationPad1d
from gputensor.nn.modules.padding import ReplicationPad2d as ReplicationPad2d
from gputensor.nn.modules.padding import ReplicationPad3d as ReplicationPad3d
from gputensor.nn.modules.padding import ZeroPad1d as ZeroPad1d
from gputensor.nn.modules.padding import ZeroPad2d as ZeroPad2d
from gputensor.nn.modules.padding import ZeroPad3d as ZeroPad3d
from gputensor.nn.modules.parameter_container import ParameterDict as ParameterDict
from gputensor.nn.modules.parameter_container import ParameterList as ParameterList
from gputensor.nn.modules.pixelshuffle import PixelShuffle as PixelShuffle
from gputensor.nn.modules.pixelshuffle import PixelUnshuffle as PixelUnshuffle
from gputensor.nn.modules.pooling import AdaptiveAvgPool1d as AdaptiveAvgPool1d
from gputensor.nn.modules.pooling import AdaptiveAvgPool2d as AdaptiveAvgPool2d
from gputensor.nn.modules.pooling import AdaptiveAvgPool3d as AdaptiveAvgPool3d
from gputensor.nn.modules.pooling import AdaptiveMaxPool1d as AdaptiveMaxPool1d
from gputensor.nn.modules.pooling import AdaptiveMaxPool2d as AdaptiveMaxPool2d
from gputensor.nn.modules.pooling import AdaptiveMaxPool3d as AdaptiveMaxPool3d
from gputensor.nn.modules.pooling import AvgPool1d as AvgPool1d
from gputensor.nn.modules.pooling import AvgPool2d as AvgPool2d
from gputensor.nn.modules.pooling import AvgPool3d as AvgPool3d
from gputensor.nn.modules.pooling import MaxPool1d as MaxPool1d
from gputensor.nn.modules.pooling import MaxPool2d as MaxPool2d
from gputensor.nn.modules.pooling import MaxPool3d as MaxPool3d
from gputensor.nn.modules.rare_pooling import FractionalMaxPool2d as FractionalMaxPool2d
from gputensor.nn.modules.rare_pooling import FractionalMaxPool3d as FractionalMaxPool3d
from gputensor.nn.modules.rare_pooling import LPPool1d as LPPool1d
from gputensor.nn.modules.rare_pooling import LPPool2d as LPPool2d
from gputensor.nn.modules.rare_pooling import LPPool3d as LPPool3d
from gputensor.nn.modules.rare_pooling import MaxUnpool1d as MaxUnpool1d
from gputensor.nn.modules.rare_pooling import MaxUnpool2d as MaxUnpool2d
from gputensor.nn.modules.rare_pooling import MaxUnpool3d as MaxUnpool3d
from gputensor.nn.modules.sequence_loss import CTCLoss as CTCLoss
from gputensor.nn.modules.sequence_loss import LinearCrossEntropyLoss as LinearCrossEntropyLoss
from gputensor.nn.modules.sequence_loss import LinearCrossEntropyOptions as LinearCrossEntropyOptions
from gputensor.nn.modules.sparse import Embedding as Embedding
from gputensor.nn.modules.sparse import EmbeddingBag as EmbeddingBag
from gputensor.nn.modules.upsampling import Upsample as Upsample
from gputensor.nn.modules.upsampling import UpsamplingBilinear2d as UpsamplingBilinear2d
from gputensor.nn.modules.upsampling import UpsamplingNearest2d as UpsamplingNearest2d
from gputensor.nn.parameter import Buffer as Buffer
from gputensor.nn.parameter import Parameter as Parameter

# what PyTorch has and this package has not: what to do instead
_RECURRENT = "recurrent layers are not here; write the step as a Module and loop over the sequence"
_LAZY = "lazy modules are not here; give the number of inputs to the layer without Lazy in its name"
_ATTENTION = "build it from Linear layers and functional.scaled_dot_product_attention"
_PARALLEL = "models run on one device; move the module with .to(device)"
_INSTEAD = {
    "LSTM": _RECURRENT,
    "GRU": _RECURRENT,
    "RNN": _RECURRENT,
    "LSTMCell": _RECURRENT,
    "GRUCell": _RECURRENT,
    "RNNCell": _RECURRENT,
    "LazyLinear": _LAZY,
    "LazyConv1d": _LAZY,
    "LazyConv2d": _LAZY,
    "LazyConv3d": _LAZY,
    "LazyBatchNorm1d": _LAZY,
    "LazyBatchNorm2d": _LAZY,
    "LazyBatchNorm3d": _LAZY,
    "UninitializedParameter": _LAZY,
    "UninitializedBuffer": _LAZY,
    "MultiheadAttention": _ATTENTION,
    "Transformer": _ATTENTION,
    "TransformerEncoder": _ATTENTION,
    "TransformerEncoderLayer": _ATTENTION,
    "TransformerDecoder": _ATTENTION,
    "TransformerDecoderLayer": _ATTENTION,
    "DataParallel": _PARALLEL,
}


def __getattr__(name: str) -> _Any:
    if name in _INSTEAD:
        raise _MissingError(f"gputensor.nn.{name} does not exist: {_INSTEAD[name]}")
    raise AttributeError(f"module 'gputensor.nn' has no attribute {name!r}")
