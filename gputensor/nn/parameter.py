"""Parameters and buffers: tensors that a Module registers when they are assigned to it."""

from __future__ import annotations

from typing import Any, ClassVar

from gputensor._tensor import Tensor
from gputensor.core.apply import new, wrap
from gputensor.core.devices import device_of
from gputensor.core.explain import remedy
from gputensor.core.subclasses import stays_plain
from gputensor.core.tensor_base import TensorBase, cell_of
from gputensor.errors import ArgumentError
from gputensor.ops.copying import copied_memory
from gputensor.ops.creation import empty
from gputensor.ops.gradients import recording

__all__ = [
    "Buffer",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "UninitializedTensorMixin",
    "is_lazy",
]


class Parameter(Tensor):
    """A tensor that a Module counts among its parameters, and that requires grad unless told otherwise.

    Shares the memory of `data` and none of its history. ``no_grad`` does not change the default of requires_grad.
    Raises TypeError for data that is no Tensor, DtypeError for integers unless requires_grad is False.

    >>> import gputensor as gt
    >>> gt.nn.Parameter(gt.ones(2))
    Parameter containing:
    tensor([1., 1.], requires_grad=True)
    """

    __slots__ = ()
    __torch_function__: Any = staticmethod(stays_plain)

    def __new__(cls, data: Tensor | None = None, requires_grad: bool = True) -> Parameter:
        source = Tensor() if data is None else data
        if not isinstance(source, Tensor):
            raise TypeError(f"Parameter: data must be a Tensor, got {type(data).__name__}; {remedy(data)}")
        return _twin(cls, source, requires_grad)

    def __deepcopy__(self, memo: dict[int, Any]) -> Parameter:
        if id(self) not in memo:
            memo[id(self)] = type(self)(_copy(self, memo), self.requires_grad)
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        # a class of two names, under gputensor.as_torch
        cls = None if type(self) is Parameter else type(self)
        return _rebuilt, (cls, self.detach(), self.requires_grad), self.__dict__ or None


class Buffer(Tensor):
    """A tensor that a Module counts among its buffers: part of its state, changed by no optimizer.

    Shares the memory of `data`. persistent: whether it is part of the Module's `state_dict`. Raises TypeError for data
    that is no Tensor.

    >>> import gputensor as gt
    >>> gt.nn.Buffer(gt.zeros(2), persistent=False).persistent
    False
    """

    __slots__ = ()
    __torch_function__: Any = staticmethod(stays_plain)
    persistent: bool

    def __new__(cls, data: Tensor | None = None, *, persistent: bool = True) -> Buffer:
        source = Tensor() if data is None else data
        if not isinstance(source, Tensor):
            raise TypeError(f"Buffer: data must be a Tensor, got {type(data).__name__}; {remedy(data)}")
        out = _twin(cls, source, source.requires_grad)
        out.persistent = persistent
        return out

    def __deepcopy__(self, memo: dict[int, Any]) -> Buffer:
        if id(self) not in memo:
            memo[id(self)] = type(self)(
                _copy(self, memo).requires_grad_(self.requires_grad), persistent=self.persistent
            )
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.detach(), self.requires_grad), self.__dict__


def _copy(source: Tensor, memo: dict[int, Any]) -> Tensor:
    """A plain tensor with a copy of source's values, which shares memory with copies of what source shares it with."""
    array, cell = copied_memory(source, memo)
    t: Any = wrap(array, source.xp)
    t._cell = cell
    return t


def _twin(cls: type, source: Any, requires_grad: bool) -> Any:
    """A leaf of class cls on the memory of source, with the same write stamp."""
    t: Any = new(cls)
    t.array = source.array
    t.xp = source.xp
    t._node = t._parent = None
    t._cell = cell_of(source)
    return recording(cls.__name__, t, requires_grad) if requires_grad else t


def _rebuilt(cls: type | None, data: Tensor, requires_grad: bool) -> Any:
    return _twin(Parameter if cls is None else cls, data, requires_grad)


# the slot itself: below, reading it through an instance is an error
_ARRAY: Any = TensorBase.array


class UninitializedTensorMixin:
    """What a parameter or buffer is before its shape is known: it has a dtype and a device, everything else raises.

    Moving it to a dtype or device works; `materialize` gives it a shape, in place.

    >>> import gputensor as gt
    >>> weight = gt.nn.parameter.UninitializedParameter(dtype=gt.float64)
    >>> isinstance(weight, gt.nn.parameter.UninitializedTensorMixin), weight.dtype
    (True, gputensor.float64)
    """

    __slots__ = ()
    cls_to_become: ClassVar[type]

    def materialize(self: Any, shape: Any, device: Any = None, dtype: Any = None) -> None:
        """Become an ordinary parameter or buffer of this shape, with undefined values.

        >>> import gputensor as gt
        >>> w = gt.nn.parameter.UninitializedParameter(); w.materialize((2, 3)); type(w).__name__, w.shape
        ('Parameter', gputensor.Size([2, 3]))
        """
        data = empty(tuple(shape), device=device or self.device, dtype=dtype or self.dtype)
        self.__class__ = self.cls_to_become
        self.data = data

    @property
    def array(self) -> Any:
        """Raises: there are no values yet."""
        raise ArgumentError(
            f"this {self.__class__.__name__} has no values yet: call its module with a first batch (a dry run), which "
            "tells the shape, before using it"
        )

    @property
    def shape(self) -> Any:
        """Raises: there is no shape yet."""
        raise ArgumentError(
            f"Can't access the shape of an uninitialized parameter or buffer: call the module of this "
            f"{self.__class__.__name__} with a first batch, or load_state_dict into it, before"
        )

    @property
    def data(self: Any) -> Tensor:
        """An empty tensor of its dtype, on its device."""
        return wrap(_ARRAY.__get__(self), self.xp)

    @data.setter
    def data(self: Any, value: Tensor) -> None:
        own = self.__class__
        self.__class__ = self.cls_to_become
        try:
            self.data = value.data if is_lazy(value) else value
        finally:
            self.__class__ = own

    @property
    def dtype(self) -> Any:
        """The dtype that it will have."""
        return self.data.dtype

    @property
    def device(self: Any) -> Any:
        """The device that it will be on."""
        return device_of(self.xp)

    def is_floating_point(self) -> bool:
        """Whether it will hold floating-point numbers."""
        return self.data.is_floating_point()

    def is_complex(self) -> bool:
        """Whether it will hold complex numbers."""
        return self.data.is_complex()

    def to(self, *args: Any, **kwargs: Any) -> Tensor:
        """See `Tensor.to`; without values."""
        return self._as(self.data.to(*args, **kwargs))

    def type(self, dtype: Any = None) -> Any:
        """See `Tensor.type`; without values."""
        return self._as(self.data.type(dtype))

    def cuda(self, *args: Any, **kwargs: Any) -> Tensor:
        """See `Tensor.cuda`; without values."""
        return self._as(self.data.cuda(*args, **kwargs))

    def cpu(self) -> Tensor:
        """See `Tensor.cpu`; without values."""
        return self._as(self.data.cpu())

    def float(self) -> Tensor:
        """As float32; without values."""
        return self._as(self.data.float())

    def double(self) -> Tensor:
        """As float64; without values."""
        return self._as(self.data.double())

    def half(self) -> Tensor:
        """As float16; without values."""
        return self._as(self.data.half())

    def bfloat16(self) -> Tensor:
        """As bfloat16; without values."""
        return self._as(self.data.bfloat16())

    def _as(self: Any, blank: Any) -> Any:
        """The same without a shape, in the dtype and on the device of `blank`; a dtype's name stays as it is."""
        if not isinstance(blank, Tensor):
            return blank
        return _blank_like(self.__class__, self.requires_grad, blank.device, blank.dtype, self.__dict__)

    def requires_grad_(self: Any, requires_grad: bool = True) -> Any:
        """Whether it will require grad, in place."""
        own = self.__class__
        self.__class__ = self.cls_to_become
        try:
            self.requires_grad_(requires_grad)
        finally:
            self.__class__ = own
        return self

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__}>"

    def __deepcopy__(self: Any, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            memo[id(self)] = _blank_like(self.__class__, self.requires_grad, self.device, self.dtype, self.__dict__)
        return memo[id(self)]

    def __reduce_ex__(self: Any, protocol: Any) -> tuple[Any, ...]:
        return _blank_like, (self.__class__, self.requires_grad, self.device, self.dtype, dict(self.__dict__))


class UninitializedParameter(UninitializedTensorMixin, Parameter):  # type: ignore[misc]  # without data, these methods refuse instead of converting
    """A `Parameter` whose shape the first batch will tell. See `gputensor.nn.LazyLinear`.

    >>> import gputensor as gt
    >>> gt.nn.parameter.UninitializedParameter()
    <UninitializedParameter>
    """

    __slots__ = ()
    cls_to_become = Parameter

    def __new__(cls, requires_grad: bool = True, device: Any = None, dtype: Any = None) -> UninitializedParameter:
        return _blank_like(cls, requires_grad, device, dtype, {})


class UninitializedBuffer(UninitializedTensorMixin, Buffer):  # type: ignore[misc]  # without data, these methods refuse instead of converting
    """A buffer whose shape the first batch will tell. See `gputensor.nn.LazyBatchNorm1d`.

    >>> import gputensor as gt
    >>> gt.nn.parameter.UninitializedBuffer()
    <UninitializedBuffer>
    """

    __slots__ = ()
    cls_to_become = Tensor

    def __new__(
        cls, requires_grad: bool = False, device: Any = None, dtype: Any = None, persistent: bool = True
    ) -> UninitializedBuffer:
        return _blank_like(cls, requires_grad, device, dtype, {"persistent": persistent})


def is_lazy(param: Any) -> bool:
    """Whether this is a parameter or buffer whose shape is not known yet.

    >>> import gputensor as gt
    >>> weight = gt.nn.parameter.UninitializedParameter()
    >>> gt.nn.parameter.is_lazy(weight), weight.materialize((1, 2)), gt.nn.parameter.is_lazy(weight)
    (True, None, False)
    """
    return isinstance(param, UninitializedTensorMixin)


def _blank_like(cls: Any, requires_grad: bool, device: Any, dtype: Any, attributes: dict[str, Any]) -> Any:
    t = _twin(cls.cls_to_become, empty(0, device=device, dtype=dtype), requires_grad)
    t.__class__ = cls
    t.__dict__.update(attributes)
    return t


def __dir__() -> list[str]:
    return __all__
