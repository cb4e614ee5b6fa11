"""All parameters of a model as one vector, and back."""

from __future__ import annotations

from collections.abc import Iterable

from gputensor._tensor import Tensor
from gputensor.errors import DeviceError, ShapeError
from gputensor.ops.dims import checked, several
from gputensor.ops.joining import cat


def parameters_to_vector(parameters: Iterable[Tensor]) -> Tensor:
    """The elements of all parameters in one vector: a copy, recorded.

    Raises DeviceError for parameters on different devices.

    >>> import gputensor as gt
    >>> gt.nn.utils.parameters_to_vector([gt.ones(1, 2), gt.zeros(1)])
    tensor([1., 1., 0.])
    """
    given = _given("parameters_to_vector", parameters)
    return cat([p.reshape(-1) for p in given])


def vector_to_parameters(vec: Tensor, parameters: Iterable[Tensor]) -> None:
    """Give every parameter its part of a vector as its memory: they then are views of the vector.

    Raises TypeError for what is no Tensor, ShapeError for a vector that is too short, DeviceError for parameters on
    different devices; then nothing has changed.

    >>> import gputensor as gt
    >>> w = gt.nn.Parameter(gt.zeros(1, 2))
    >>> gt.nn.utils.vector_to_parameters(gt.tensor([1.0, 2.0]), [w]); w.tolist()
    [[1.0, 2.0]]
    """
    if not isinstance(vec, Tensor):
        raise TypeError(f"vector_to_parameters: expected a Tensor, got {type(vec).__name__}")
    given = _given("vector_to_parameters", parameters)
    total = sum([p.numel() for p in given])
    if vec.numel() < total:
        raise ShapeError(f"vector_to_parameters: the parameters have {total} elements, the vector has {vec.numel()}")
    place = 0
    for p in given:
        p.data = vec[place : place + p.numel()].reshape(p.shape).data
        place += p.numel()


def _given(name: str, parameters: Iterable[Tensor]) -> list[Tensor]:
    """The parameters, which must be Tensors on one device."""
    given = [checked(name, p) for p in several(name, "parameters", parameters)]
    devices = dict.fromkeys([p.device for p in given])
    if len(devices) > 1:
        listed = ", ".join(map(str, devices))
        raise DeviceError(f"{name}: the parameters are on different devices: {listed}; move them to one")
    return given
