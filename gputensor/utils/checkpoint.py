"""Less memory for more work: what a function saves for backward is thrown away and computed again when needed."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from gputensor import Tensor, cuda, is_grad_enabled
from gputensor._left_out import left_out as _left_out
from gputensor.autograd.deferred import Checkpoint, CheckpointError as CheckpointError
from gputensor.core import autocasting
from gputensor.core.explain import describe
from gputensor.core.random import all_states, replaying

__all__ = [
    "CheckpointError",
    "check_backward_validity",
    "checkpoint",
    "checkpoint_sequential",
    "detach_variable",
    "get_device_states",
    "noop_context_fn",
    "set_checkpoint_debug_enabled",
    "set_checkpoint_early_stop",
    "set_device_states",
]

ContextFactory = Callable[[], tuple[Any, Any]]
_early_stop: list[bool | None] = [None]  # what set_checkpoint_early_stop asks for


def noop_context_fn() -> tuple[Any, Any]:
    """The default `context_fn`: two contexts that do nothing.

    >>> from gputensor.utils.checkpoint import noop_context_fn
    >>> first, second = noop_context_fn()
    >>> with first, second:
    ...     print("nothing changes")
    nothing changes
    """
    return contextlib.nullcontext(), contextlib.nullcontext()


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    context_fn: ContextFactory = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    preserve_rng_state: bool = True,
    **kwargs: Any,
) -> Any:
    """function(*args, **kwargs), without keeping what its operations save: backward runs it again.

    Gradients are the same, of any order, those of captured tensors too. Between the two runs the inputs must not be
    written, and the second run has to record the same operations. preserve_rng_state: the second run sees the random
    numbers of the first. context_fn: makes two context managers, for the first and the second run. early_stop: end
    the second run as soon as everything needed is there. use_reentrant, determinism_check, debug: accepted for
    PyTorch's sake; there is one way, which has the limits of neither of PyTorch's. Raises CheckpointError in backward
    where the second run differs from the first, GradError where an input was written.

    >>> import gputensor as gt
    >>> from gputensor.utils.checkpoint import checkpoint
    >>> x = gt.tensor([1.0, 2.0], requires_grad=True)
    >>> checkpoint(lambda t: (t * t).sum(), x, use_reentrant=False).backward()
    >>> x.grad
    tensor([2., 4.])
    """
    if not callable(function):
        raise TypeError(f"checkpoint: function must be a function of the tensors behind it, got {describe(function)}")
    first, second = context_fn()
    if not is_grad_enabled():
        with first:
            return function(*args, **kwargs)

    def run() -> Any:
        return function(*args, **kwargs)

    states = all_states() if preserve_rng_state else None
    precision = autocasting.settings()

    @contextlib.contextmanager
    def prepare() -> Any:
        random = contextlib.nullcontext() if states is None else replaying(states)
        with autocasting.replaying(precision), second, random:
            yield

    inputs = [a for a in (*args, *kwargs.values()) if isinstance(a, Tensor)]
    again = Checkpoint(run, inputs, prepare, early_stop if _early_stop[0] is None else _early_stop[0])
    with first:
        return again.forward()


def checkpoint_sequential(
    functions: Sequence[Callable[..., Any]], segments: int, input: Any, use_reentrant: bool | None = None, **kwargs: Any
) -> Any:
    """The functions one after another, in `segments` checkpointed pieces.

    The last piece keeps what it saves, for backward begins there.
    functions: a `Sequential` or a sequence of functions, each of which gets the result of the one before. kwargs: as
    in `checkpoint`. Raises ValueError for fewer segments than one or more than there are functions.

    >>> import gputensor as gt
    >>> from gputensor.utils.checkpoint import checkpoint_sequential
    >>> x = gt.tensor([1.0], requires_grad=True)
    >>> checkpoint_sequential([gt.exp, lambda t: t * t, lambda t: t + 1], 2, x).backward()
    >>> x.grad
    tensor([14.7781])
    """
    steps = list(functions)
    if not 1 <= segments <= max(len(steps), 1):
        raise ValueError(
            f"checkpoint_sequential: segments is {segments}, but there are {len(steps)} functions; use 1 <= segments "
            "<= that"
        )
    size = len(steps) // segments

    def piece(start: int, end: int) -> Callable[[Any], Any]:
        def run(x: Any) -> Any:
            for step in steps[start:end]:
                x = step(x)
            return x

        return run

    start = 0
    for _ in range(segments - 1):
        input = checkpoint(piece(start, start + size), input, use_reentrant=use_reentrant, **kwargs)
        start += size
    return piece(start, len(steps))(input)


@contextlib.contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """A context whose checkpoints end their second run early or not, whatever they are told themselves.

    >>> from gputensor.utils.checkpoint import set_checkpoint_early_stop
    >>> with set_checkpoint_early_stop(False):
    ...     pass
    """
    before, _early_stop[0] = _early_stop[0], bool(enable)
    try:
        yield
    finally:
        _early_stop[0] = before


@contextlib.contextmanager
def set_checkpoint_debug_enabled(enabled: bool | None) -> Iterator[None]:
    """A context for PyTorch's sake: a second run that differs is always told with both lists of operations.

    >>> import gputensor as gt
    >>> with gt.utils.checkpoint.set_checkpoint_debug_enabled(True):
    ...     pass
    """
    yield


def detach_variable(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs, tensors among them detached, with their requires_grad. Raises RuntimeError for no tuple.

    >>> import gputensor as gt
    >>> from gputensor.utils.checkpoint import detach_variable
    >>> x = gt.ones(1, requires_grad=True) * 2
    >>> (y, _) = detach_variable((x, 3))
    >>> y.requires_grad, y.is_leaf
    (True, True)
    """
    if not isinstance(inputs, tuple):
        raise RuntimeError(f"detach_variable: expected a tuple of tensors, got {type(inputs).__name__}")
    return tuple([x.detach().requires_grad_(x.requires_grad) if isinstance(x, Tensor) else x for x in inputs])


def check_backward_validity(inputs: Iterable[Any]) -> None:
    """Warn where no tensor among the inputs requires grad: then nothing goes back through a checkpoint.

    >>> import gputensor as gt
    >>> gt.utils.checkpoint.check_backward_validity([gt.ones(1, requires_grad=True)])
    """
    if not any([x.requires_grad for x in inputs if isinstance(x, Tensor)]):
        warnings.warn("checkpoint: none of the inputs has requires_grad=True; gradients will be None", stacklevel=2)


def get_device_states(*args: Any) -> tuple[list[int], list[Any]]:
    """The numbers of the GPUs that the tensors among args are on, and the states of their generators.

    >>> import gputensor as gt
    >>> gt.utils.checkpoint.get_device_states(gt.ones(1))
    ([], [])
    """
    numbers = sorted({x.device.index or 0 for x in args if isinstance(x, Tensor) and x.is_cuda})
    return numbers, [cuda.get_rng_state(number) for number in numbers]


def set_device_states(devices: Sequence[int], states: Sequence[Any], *, device_type: str | None = None) -> None:
    """Let the generators of GPUs continue from what `get_device_states` gave.

    >>> import gputensor as gt
    >>> gt.utils.checkpoint.set_device_states([], [])
    """
    for number, state in zip(devices, states, strict=True):
        cuda.set_rng_state(state, number)


def __dir__() -> list[str]:
    return __all__


def __getattr__(name: str) -> Any:
    raise _left_out("gputensor.utils.checkpoint", name)
