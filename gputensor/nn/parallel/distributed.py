"""DistributedDataParallel in a world of one process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from gputensor.errors import ArgumentError
from gputensor.nn.modules.module import Module
from gputensor.nn.parallel.scatter_gather import scatter_kwargs


class DistributedDataParallel(Module):
    """A module whose gradients are averaged over all processes; there is one process, so they are its own.

    module: is used as it is, on its device; inputs are moved to device_ids[0] where that is given. Its state has the
    names of PyTorch's, "module." in front. The settings of communication are accepted and have no effect. Unlike torch:
    no process group is needed. Raises ValueError for several device_ids, RuntimeError for a module without parameters
    that require grad.

    >>> import gputensor as gt
    >>> net = gt.nn.parallel.DistributedDataParallel(gt.nn.Linear(2, 1, bias=False)); list(net.state_dict())
    ['module.weight']
    """

    def __init__(
        self,
        module: Module,
        device_ids: Any = None,
        output_device: Any = None,
        dim: int = 0,
        broadcast_buffers: bool | None = None,
        init_sync: bool = True,
        process_group: Any = None,
        bucket_cap_mb: float | None = None,
        find_unused_parameters: bool = False,
        check_reduction: bool = False,
        gradient_as_bucket_view: bool = False,
        static_graph: bool = False,
        delay_all_reduce_named_params: Any = None,
        param_to_hook_all_reduce: Any = None,
        mixed_precision: Any = None,
        device_mesh: Any = None,
        skip_all_reduce_unused_params: bool = False,
        bucket_cap_mb_list: list[int] | None = None,
        batched_grad_copy: bool = False,
        forward_sync_buffers: bool | None = None,
    ) -> None:
        super().__init__()
        if not any([p.requires_grad for p in module.parameters()]):
            raise ArgumentError(
                "DistributedDataParallel is not needed when a module doesn't have any parameter that requires a "
                "gradient."
            )
        if device_ids is not None and len(device_ids) > 1:
            raise ValueError(
                f"DistributedDataParallel: device_ids can only be None or contain a single element, got {device_ids}"
            )
        if mixed_precision is not None:
            raise ArgumentError("DistributedDataParallel: mixed_precision is not offered; use amp.autocast")
        self.module = module
        self.dim = dim
        self.device_ids = None if not device_ids else list(device_ids)
        self.output_device = output_device if output_device is not None else (self.device_ids or [None])[0]
        self.process_group = process_group
        self.broadcast_buffers = broadcast_buffers is None or broadcast_buffers
        self.find_unused_parameters = find_unused_parameters
        self.gradient_as_bucket_view = gradient_as_bucket_view
        self.static_graph = static_graph
        self.require_backward_grad_sync = True

    def forward(self, *inputs: Any, **kwargs: Any) -> Any:
        if self.device_ids is None:
            return self.module(*inputs, **kwargs)
        places, named = scatter_kwargs(inputs, kwargs, self.device_ids, self.dim)
        return self.module(*(places[0] if places else ()), **(named[0] if named else {}))

    @contextmanager
    def no_sync(self) -> Generator[None, None, None]:
        """Within it, gradients are summed without being averaged over the processes; with one process nothing else."""
        before, self.require_backward_grad_sync = self.require_backward_grad_sync, False
        try:
            yield
        finally:
            self.require_backward_grad_sync = before

    @contextmanager
    def join(
        self,
        divide_by_initial_world_size: bool = True,
        enable: bool = True,
        throw_on_early_termination: bool = False,
    ) -> Generator[None, None, None]:
        """Within it, processes may have batches of different number; with one process nothing to do."""
        yield

    def register_comm_hook(self, state: object, hook: Any) -> None:
        """Accepted: with one process nothing is communicated, and `hook` is never called."""
