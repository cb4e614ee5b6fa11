"""Copies of a module on other devices, and modules run on their parts of a batch."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from gputensor import cuda
from gputensor._tensor import Tensor
from gputensor.core.modes import is_grad_enabled
from gputensor.errors import ArgumentError, DeviceError
from gputensor.nn.modules.module import Module
from gputensor.nn.parallel.scatter_gather import gather, scatter_kwargs, where
from gputensor.nn.parameter import is_lazy


class DataParallel(Module):
    """A module that runs on a part of the batch on every device; here there is one device, which gets all of it.

    module: is moved to the first of device_ids, the first GPU unless given, and inputs with it; without a GPU it stays
    where it is. Its state has the names of PyTorch's, "module." in front. Unlike torch: of several GPUs the first is
    used, with a warning if they were asked for by name.

    >>> import gputensor as gt
    >>> net = gt.nn.DataParallel(gt.nn.Linear(2, 1, bias=False)); list(net.state_dict())
    ['module.weight']
    """

    def __init__(self, module: Module, device_ids: Any = None, output_device: Any = None, dim: int = 0) -> None:
        super().__init__()
        self.module = module
        self.dim = dim
        self.device_ids: list[Any] = []
        if not cuda.is_available():
            return
        given = [0] if device_ids is None else list(device_ids)
        if not given:
            return
        if len(given) > 1:
            warnings.warn(
                f"DataParallel: {len(given)} devices were asked for; only the first, {where(given[0])}, is used",
                stacklevel=2,
            )
        self.src_device_obj = where(given[0])
        self.device_ids = [self.src_device_obj.index or 0]
        self.output_device = self.src_device_obj if output_device is None else where(output_device)
        module.to(self.src_device_obj)

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        if not self.device_ids:
            return self.module(*inputs, **kwargs)
        for t in (*self.module.parameters(), *self.module.buffers()):
            if t.device != self.src_device_obj:
                raise DeviceError(
                    f"DataParallel: the module must be on {self.src_device_obj} (device_ids[0]), but a parameter or "
                    f"buffer is on {t.device}; move it with .to('{self.src_device_obj}')"
                )
        places, named = scatter_kwargs(inputs, kwargs, [self.src_device_obj], self.dim)
        output = self.module(*(places[0] if places else ()), **(named[0] if named else {}))
        return output if self.output_device == self.src_device_obj else gather([output], self.output_device, self.dim)


def data_parallel(
    module: Module,
    inputs: Any,
    device_ids: Any = None,
    output_device: Any = None,
    dim: int = 0,
    module_kwargs: dict[str, Any] | None = None,
) -> Any:
    """module(*inputs, **module_kwargs) with the batch cut over device_ids, and the outputs joined on output_device.

    Without a GPU and device_ids, the plain call. The parts run one after the other from one thread; a GPU works on its
    part meanwhile. Gradients flow back to the module's own parameters.

    >>> import gputensor as gt
    >>> gt.nn.parallel.data_parallel(gt.nn.Identity(), gt.tensor([1.0, 2.0]), ["cpu", "cpu"])
    tensor([1., 2.])
    """
    arguments = inputs if isinstance(inputs, tuple) else () if inputs is None else (inputs,)
    devices = ([0] if cuda.is_available() else []) if device_ids is None else list(device_ids)
    if not devices:
        return module(*arguments, **(module_kwargs or {}))
    places, named = scatter_kwargs(arguments, module_kwargs, devices, dim)
    if not places:
        places, named = ((),), ({},)
    used = devices[: len(places)]
    replicas = replicate(module, used, detach=not is_grad_enabled())
    outputs = parallel_apply(replicas, places, named, used)
    return gather(outputs, devices[0] if output_device is None else output_device, dim)


def replicate(network: Module, devices: Sequence[Any], detach: bool = False) -> list[Module]:
    """One copy of a module a device; their parameters are copies of its own, through which gradients flow back.

    detach: through which none do. On the device of the module they are its own. Raises RuntimeError for lazy modules.

    >>> import gputensor as gt
    >>> net = gt.nn.Linear(2, 1)
    >>> [copy.weight.equal(net.weight) for copy in gt.nn.parallel.replicate(net, ["cpu", "cpu"])]
    [True, True]
    """
    if any([is_lazy(t) for t in (*network.parameters(), *network.buffers())]):
        raise ArgumentError("replicate: the module has uninitialized parameters; call it with a first batch before")
    return [_replica(network, where(d), detach, {}) for d in devices]


def _replica(module: Any, target: Any, detach: bool, made: dict[int, Any]) -> Any:
    if module is None:
        return None
    if id(module) not in made:
        copy = made[id(module)] = object.__new__(type(module))
        copy.__dict__.update(module.__dict__)
        copy.__dict__["_parameters"] = {k: _moved(p, target, detach) for k, p in module._parameters.items()}
        copy.__dict__["_buffers"] = {k: _moved(b, target, detach) for k, b in module._buffers.items()}
        copy.__dict__["_modules"] = {k: _replica(m, target, detach, made) for k, m in module._modules.items()}
    return made[id(module)]


def _moved(t: Tensor | None, target: Any, detach: bool) -> Tensor | None:
    if t is None:
        return None
    return t.detach().to(target) if detach else t.to(target)


def parallel_apply(
    modules: Sequence[Module], inputs: Sequence[Any], kwargs_tup: Any = None, devices: Any = None
) -> list[Any]:
    """The outputs of modules[k](*inputs[k], **kwargs_tup[k]), one after the other.

    Raises ArgumentError where there are more of one than of the others.

    >>> import gputensor as gt
    >>> gt.nn.parallel.parallel_apply([gt.nn.Identity(), gt.nn.ReLU()], [gt.tensor([-1.0]), gt.tensor([-1.0])])
    [tensor([-1.]), tensor([0.])]
    """
    named = [{}] * len(modules) if kwargs_tup is None else kwargs_tup
    if not len(modules) == len(inputs) == len(named) or (devices is not None and len(devices) != len(modules)):
        raise ArgumentError(
            f"parallel_apply: got {len(modules)} modules, {len(inputs)} inputs and {len(named)} keyword arguments; "
            "there must be one of each for every device"
        )
    return [
        module(*(given if isinstance(given, (tuple, list)) else (given,)), **words)
        for module, given, words in zip(modules, inputs, named, strict=True)
    ]
