"""Transforms of random values, with inverses and log determinants. Names and semantics are those of
`torch.distributions.transforms`."""

from gputensor.distributions._elementwise_transforms import AbsTransform as AbsTransform
from gputensor.distributions._elementwise_transforms import AffineTransform as AffineTransform
from gputensor.distributions._elementwise_transforms import (
    CumulativeDistributionTransform as CumulativeDistributionTransform,
)
from gputensor.distributions._elementwise_transforms import ExpTransform as ExpTransform
from gputensor.distributions._elementwise_transforms import PowerTransform as PowerTransform
from gputensor.distributions._elementwise_transforms import SigmoidTransform as SigmoidTransform
from gputensor.distributions._elementwise_transforms import SoftplusTransform as SoftplusTransform
from gputensor.distributions._elementwise_transforms import TanhTransform as TanhTransform
from gputensor.distributions._joined_transforms import CatTransform as CatTransform
from gputensor.distributions._joined_transforms import StackTransform as StackTransform
from gputensor.distributions._transform import ComposeTransform as ComposeTransform
from gputensor.distributions._transform import IndependentTransform as IndependentTransform
from gputensor.distributions._transform import ReshapeTransform as ReshapeTransform
from gputensor.distributions._transform import Transform as Transform
from gputensor.distributions._transform import identity_transform as identity_transform
from gputensor.distributions._vector_transforms import CorrCholeskyTransform as CorrCholeskyTransform
from gputensor.distributions._vector_transforms import LowerCholeskyTransform as LowerCholeskyTransform
from gputensor.distributions._vector_transforms import PositiveDefiniteTransform as PositiveDefiniteTransform
from gputensor.distributions._vector_transforms import SoftmaxTransform as SoftmaxTransform
from gputensor.distributions._vector_transforms import StickBreakingTransform as StickBreakingTransform

__all__ = [
    "AbsTransform",
    "AffineTransform",
    "CatTransform",
    "ComposeTransform",
    "CorrCholeskyTransform",
    "CumulativeDistributionTransform",
    "ExpTransform",
    "IndependentTransform",
    "LowerCholeskyTransform",
    "PositiveDefiniteTransform",
    "PowerTransform",
    "ReshapeTransform",
    "SigmoidTransform",
    "SoftmaxTransform",
    "SoftplusTransform",
    "StackTransform",
    "StickBreakingTransform",
    "TanhTransform",
    "Transform",
    "identity_transform",
]
