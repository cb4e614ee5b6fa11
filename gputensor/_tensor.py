"""The class Tensor: the slots of `TensorBase` and the method classes of the families."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gputensor.core.apply import new, register_tensor
from gputensor.core.devices import namespace_of
from gputensor.core.dtypes import get_default_dtype
from gputensor.core.naming import claim_methods
from gputensor.core.subclasses import register_default, watch
from gputensor.core.tensor_base import TensorBase
from gputensor.ops.activations import NormalizedMethods, PiecewiseMethods, SmoothMethods
from gputensor.ops.added_products import AddedProductMethods
from gputensor.ops.arithmetic import ArithmeticMethods
from gputensor.ops.attributes import AttributeMethods
from gputensor.ops.axes import AxesMethods
from gputensor.ops.bessel import BesselMethods
from gputensor.ops.binary_scaling import BinaryScalingMethods
from gputensor.ops.clamping import ClampingMethods
from gputensor.ops.classification import ClassificationMethods
from gputensor.ops.comparison import ComparisonMethods
from gputensor.ops.complex_numbers import ComplexMethods
from gputensor.ops.conversion import ConversionMethods
from gputensor.ops.copying import CopyingMethods
from gputensor.ops.covariance import CovarianceMethods
from gputensor.ops.creation import CreationMethods, size_of
from gputensor.ops.cumulative import CumulativeMethods
from gputensor.ops.determinants import DeterminantMethods
from gputensor.ops.diagonals import DiagonalMethods
from gputensor.ops.differences import DifferenceMethods
from gputensor.ops.distances import DistanceMethods
from gputensor.ops.division import DivisionMethods
from gputensor.ops.dlpack import DlpackMethods
from gputensor.ops.dynamic import DynamicMethods
from gputensor.ops.exchange import ExchangeMethods
from gputensor.ops.expanding import ExpandingMethods
from gputensor.ops.exponential import ExponentialMethods
from gputensor.ops.extreme_values import ExtremeValueMethods
from gputensor.ops.filling import FillingMethods
from gputensor.ops.flipping import FlippingMethods
from gputensor.ops.from_data import from_numpy, host_array
from gputensor.ops.gamma_functions import GammaFunctionMethods
from gputensor.ops.gathering import GatheringMethods
from gputensor.ops.gradients import GradientMethods
from gputensor.ops.histograms import HistogramMethods
from gputensor.ops.hyperbolic import HyperbolicMethods
from gputensor.ops.index_functions import IndexFunctionMethods
from gputensor.ops.indexing import IndexingMethods
from gputensor.ops.layout import LayoutMethods
from gputensor.ops.left_out import LeftOutMethods
from gputensor.ops.linalg import LinalgMethods
from gputensor.ops.logic import LogicMethods
from gputensor.ops.matrix_functions import MatrixFunctionMethods
from gputensor.ops.memory_protocols import MemoryProtocolMethods
from gputensor.ops.moments import MomentMethods
from gputensor.ops.norms import NormMethods
from gputensor.ops.numpy_protocols import NumpyProtocolMethods
from gputensor.ops.orthogonal import OrthogonalMethods
from gputensor.ops.positive_definite import PositiveDefiniteMethods
from gputensor.ops.powers import PowerMethods
from gputensor.ops.pseudo_inverses import PseudoInverseMethods
from gputensor.ops.python_callables import CallableMethods
from gputensor.ops.quantiles import QuantileMethods
from gputensor.ops.queries import QueryMethods
from gputensor.ops.random import RandomMethods
from gputensor.ops.ranks import RankMethods
from gputensor.ops.reduction import ReductionMethods
from gputensor.ops.resizing import ResizingMethods
from gputensor.ops.rounding import RoundingMethods
from gputensor.ops.scattered_views import ScatteredViewMethods
from gputensor.ops.selection import SelectionMethods
from gputensor.ops.several_products import SeveralProductMethods
from gputensor.ops.shape import ShapeMethods
from gputensor.ops.signs import SignMethods
from gputensor.ops.singular_values import SingularValueMethods
from gputensor.ops.solving import SolvingMethods
from gputensor.ops.sorting import SortingMethods
from gputensor.ops.special_functions import SpecialFunctionMethods
from gputensor.ops.spectrograms import SpectrogramMethods
from gputensor.ops.splitting import SplittingMethods
from gputensor.ops.standard import StandardMethods
from gputensor.ops.storage import StorageMethods
from gputensor.ops.strided_views import StridedViewMethods
from gputensor.ops.triangular_factors import TriangularFactorMethods
from gputensor.ops.trigonometric import TrigonometricMethods
from gputensor.ops.view_copies import ViewCopyMethods


class Tensor(
    ArithmeticMethods,
    ComparisonMethods,
    ExponentialMethods,
    PowerMethods,
    DivisionMethods,
    BinaryScalingMethods,
    SignMethods,
    LogicMethods,
    ClassificationMethods,
    TrigonometricMethods,
    HyperbolicMethods,
    SpecialFunctionMethods,
    BesselMethods,
    GammaFunctionMethods,
    RoundingMethods,
    ClampingMethods,
    SelectionMethods,
    ComplexMethods,
    PiecewiseMethods,
    SmoothMethods,
    NormalizedMethods,
    ReductionMethods,
    ShapeMethods,
    AxesMethods,
    ExpandingMethods,
    FlippingMethods,
    DiagonalMethods,
    StridedViewMethods,
    SpectrogramMethods,
    ScatteredViewMethods,
    ViewCopyMethods,
    ResizingMethods,
    StorageMethods,
    QueryMethods,
    SplittingMethods,
    IndexingMethods,
    GatheringMethods,
    IndexFunctionMethods,
    CumulativeMethods,
    DifferenceMethods,
    MomentMethods,
    CovarianceMethods,
    NormMethods,
    DistanceMethods,
    ExtremeValueMethods,
    RankMethods,
    QuantileMethods,
    SortingMethods,
    HistogramMethods,
    DynamicMethods,
    LinalgMethods,
    AddedProductMethods,
    SeveralProductMethods,
    SolvingMethods,
    PositiveDefiniteMethods,
    DeterminantMethods,
    TriangularFactorMethods,
    OrthogonalMethods,
    SingularValueMethods,
    PseudoInverseMethods,
    MatrixFunctionMethods,
    LayoutMethods,
    FillingMethods,
    CallableMethods,
    GradientMethods,
    ConversionMethods,
    ExchangeMethods,
    AttributeMethods,
    CreationMethods,
    RandomMethods,
    CopyingMethods,
    DlpackMethods,
    StandardMethods,
    MemoryProtocolMethods,
    NumpyProtocolMethods,
    TensorBase,
    LeftOutMethods,
):
    """A multi-dimensional array of numbers on the CPU or a GPU that can record what is computed from it.

    ``Tensor(data)`` makes float32 of data, ``Tensor(2, 3)`` an uninitialised float32 tensor of that shape; prefer
    `gputensor.tensor`, which infers the dtype.

    >>> import gputensor as gt
    >>> gt.Tensor([1, 2])
    tensor([1., 2.])
    """

    __slots__ = ()
    array: Any
    xp: Any

    def __new__(cls, *data: Any, device: Any = None) -> Tensor:
        if cls is not Tensor:
            watch(cls)
        t = new(cls)
        t.xp = namespace_of("cpu" if device is None else device)
        default = get_default_dtype()
        if len(data) == 1 and not isinstance(data[0], int):
            (given,) = data
            if isinstance(given, (float, complex)):
                raise TypeError(
                    f"Tensor: data must be a sequence, got the number {given}; use gputensor.tensor({given})"
                )
            if isinstance(given, TensorBase):
                same = given.array.dtype == default.numpy
                t.array = given.array if same else given.xp.astype(given.array, default.numpy)
                t.xp = given.xp
            elif type(given).__name__ == "Size":
                t.array = t.xp.empty(tuple(given), default.numpy)
            else:
                t.array = t.xp.from_host(host_array("Tensor", given, default, copy=True))
        else:
            t.array = t.xp.empty(size_of("Tensor", data) if data else (0,), default.numpy)
        t._node = t._cell = t._parent = None
        return t

    def __iter__(self) -> Iterator[Tensor]:
        if not self.array.ndim:
            raise TypeError("iter: a 0-d tensor cannot be iterated over; use .reshape(1)")
        return iter(self.unbind(0))

    def __repr__(self) -> str:
        from gputensor.show import format_tensor  # printing is loaded when something is printed

        return format_tensor(self)


claim_methods(Tensor)
register_default(ResizingMethods.__torch_function__.__func__)  # type: ignore[attr-defined]  # of a class method
register_tensor(Tensor, from_numpy)
