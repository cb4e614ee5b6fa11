"""Less memory for more work: what a function saves for backward is thrown away and computed again when needed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

from gputensor import Tensor, is_grad_enabled
from gputensor.autograd.deferred import Checkpoint
from gputensor.autograd.deferred import CheckpointError as CheckpointError
from gputensor.core.random import all_states, replaying

ContextFactory = Callable[[], tuple[Any, Any]]


def noop_context_fn() -> tuple[Any, Any]:
    """The default `context_fn`: two contexts that do nothing."""
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
    first, second = context_fn()
    if not is_grad_enabled():
        with first:
            return function(*args, **kwargs)

    def run() -> Any:
        return function(*args, **kwargs)

    states = all_states() if preserve_rng_state else None

    @contextlib.contextmanager
    def prepare() -> Any:
        with second, contextlib.nullcontext() if states is None else replaying(states):
            yield

    inputs = [a for a in (*args, *kwargs.values()) if isinstance(a, Tensor)]
    again = Checkpoint(run, inputs, prepare, early_stop)
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
