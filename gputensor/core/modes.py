"""Whether operations are recorded: per thread, restored when the body raises, as context managers and decorators."""

from __future__ import annotations

import functools
import inspect
import threading
import types
from _thread import get_ident
from collections.abc import Callable, Generator
from types import TracebackType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

# thread id -> True where recording is off, False where only inference mode keeps it off. Empty in the usual case, so
# that `if OFF and …` costs one truth test.
OFF: dict[int, bool] = {}
_INFERENCE: dict[int, bool] = {}


def is_grad_enabled() -> bool:
    """Whether operations of this thread are being recorded, as far as `no_grad` and `enable_grad` say.

    >>> import gputensor as gt
    >>> with gt.no_grad():
    ...     gt.is_grad_enabled()
    False
    """
    return not OFF or not OFF.get(get_ident(), False)


def records() -> bool:
    """Whether operations of this thread are being recorded: never in inference mode, whatever is enabled there."""
    return not OFF or get_ident() not in OFF


def is_inference_mode_enabled() -> bool:
    """Whether this thread is inside `inference_mode`.

    >>> import gputensor as gt
    >>> with gt.inference_mode():
    ...     gt.is_inference_mode_enabled()
    True
    """
    return get_ident() in _INFERENCE


class _Cleaner:
    """Lives as long as its thread: their numbers are used again, and none may begin in the mode of a dead one."""

    __slots__ = ("_tables", "_thread")

    def __init__(self) -> None:
        self._thread = get_ident()
        self._tables: list[dict[int, Any]] = []

    def watch(self, table: dict[int, Any]) -> None:
        if not any(t is table for t in self._tables):
            self._tables.append(table)

    def __del__(self) -> None:
        for table in self._tables:
            table.pop(self._thread, None)


_local = threading.local()


def forget_at_thread_end(table: dict[int, Any]) -> None:
    """Take this thread's entry out of a table by thread when the thread ends."""
    cleaner = getattr(_local, "cleaner", None)
    if cleaner is None:
        cleaner = _local.cleaner = _Cleaner()
    cleaner.watch(table)


def _set(recording: bool, inference: bool) -> None:
    me = get_ident()
    if recording and not inference:
        OFF.pop(me, None)
    else:
        OFF[me] = not recording
        forget_at_thread_end(OFF)
    if inference:
        _INFERENCE[me] = True
        forget_at_thread_end(_INFERENCE)
    else:
        _INFERENCE.pop(me, None)


class _Mode:
    """A switch that can be entered many times, by several threads too: it keeps a stack of what was before."""

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before: list[tuple[int, bool, bool]] = []

    def _inside(self) -> tuple[bool, bool]:
        """Whether the body is recorded, and whether it is in inference mode."""
        raise NotImplementedError

    def _note(self) -> None:
        self._before.append((get_ident(), is_grad_enabled(), is_inference_mode_enabled()))

    def __enter__(self) -> None:
        self._note()
        _set(*self._inside())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        me = get_ident()
        for k in range(len(self._before) - 1, -1, -1):
            if self._before[k][0] == me:
                _set(*self._before.pop(k)[1:])
                return

    def _clone(self) -> _Mode:
        return type(self)()

    def __call__(self, function: F) -> F:
        """Decorate a function, generator function or coroutine function: its body runs in this mode.

        Raises TypeError for a class: whether its construction or its methods are meant is for the methods' own
        decorators to say.
        """
        name = type(self).__name__
        if inspect.isclass(function):
            raise TypeError(f"{name}: a class cannot be decorated; decorate the methods that are meant")
        if not callable(function):
            raise TypeError(f"{name}: expected a function to decorate, got {type(function).__name__} {function!r}")
        if inspect.isasyncgenfunction(function):
            raise TypeError(
                f"{name}: an async generator cannot be decorated; use `with {name}():` around the parts of its body"
            )
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def generator(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
                return (yield from self._driven(function(*args, **kwargs)))

            return generator  # type: ignore[return-value]  # wraps() keeps what it is called with
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def coroutine(*args: Any, **kwargs: Any) -> Any:
                return await _awaitable(self._driven(function(*args, **kwargs)))

            return coroutine  # type: ignore[return-value]  # wraps() keeps what it is called with

        @functools.wraps(function)
        def inside(*args: Any, **kwargs: Any) -> Any:
            with self._clone():
                return function(*args, **kwargs)

        return inside  # type: ignore[return-value]  # wraps() keeps what it is called with

    def _driven(self, body: Any) -> Generator[Any, Any, Any]:
        """A generator or coroutine, in this mode while it runs, but not while its caller has the value."""
        step: Callable[[], Any] = functools.partial(body.send, None)
        try:
            while True:
                with self._clone():
                    try:
                        value = step()
                    except StopIteration as stop:
                        return stop.value
                try:
                    sent = yield value
                    step = functools.partial(body.send, sent)
                except GeneratorExit:
                    with self._clone():
                        body.close()
                    raise
                except BaseException as error:
                    step = functools.partial(body.throw, error)
        finally:
            body.close()


@types.coroutine
def _awaitable(steps: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
    return (yield from steps)


class no_grad(_Mode):
    """Record nothing in the body: results have no history. Per thread; also a decorator.

    Unlike torch: a view made inside does not require grad, where PyTorch's says that it does.

    >>> import gputensor as gt
    >>> w = gt.ones(2, requires_grad=True)
    >>> with gt.no_grad():
    ...     (w * 2).requires_grad
    False
    """

    __slots__ = ()

    def __new__(cls, function: Callable[..., Any] | None = None) -> Any:
        mode = object.__new__(cls)
        if function is None:
            return mode
        _Mode.__init__(mode)
        return mode(function)

    def __init__(self, function: Callable[..., Any] | None = None) -> None:
        super().__init__()

    def _inside(self) -> tuple[bool, bool]:
        return False, is_inference_mode_enabled()


class enable_grad(no_grad):
    """Record in the body, inside `no_grad` too, but not inside `inference_mode`. Per thread; also a decorator.

    >>> import gputensor as gt
    >>> w = gt.ones(2, requires_grad=True)
    >>> with gt.no_grad(), gt.enable_grad():
    ...     (w * 2).requires_grad
    True
    """

    __slots__ = ()

    def _inside(self) -> tuple[bool, bool]:
        return True, is_inference_mode_enabled()


class inference_mode(_Mode):
    """`no_grad` for code that will never need a gradient; inside it, `inference_mode(False)` records again.

    Per thread; also a decorator.
    Unlike torch: the results are ordinary tensors, which may be used anywhere later.

    >>> import gputensor as gt
    >>> with gt.inference_mode():
    ...     gt.is_inference_mode_enabled(), gt.is_grad_enabled()
    (True, False)
    """

    __slots__ = ("mode",)

    def __new__(cls, mode: bool | Callable[..., Any] = True) -> Any:
        made = object.__new__(cls)
        if not callable(mode):
            return made
        made.__init__()  # type: ignore[misc]  # used bare, as a decorator, no call of Python does it
        return made(mode)

    def __init__(self, mode: bool | Callable[..., Any] = True) -> None:
        super().__init__()
        self.mode = bool(mode)

    def _clone(self) -> _Mode:
        return inference_mode(self.mode)

    def _inside(self) -> tuple[bool, bool]:
        return not self.mode, self.mode


class set_grad_enabled(_Mode):
    """Switch recording on or off, at once as a function or for a body as a context manager.

    Per thread; also a decorator.
    Raises TypeError for anything but a bool.

    >>> import gputensor as gt
    >>> with gt.set_grad_enabled(False):
    ...     gt.is_grad_enabled()
    False
    """

    __slots__ = ("mode",)

    def __init__(self, mode: bool) -> None:
        super().__init__()
        if not isinstance(mode, bool):
            raise TypeError(f"set_grad_enabled: mode must be a bool, got {type(mode).__name__} {mode!r}")
        self.mode = mode
        self._note()
        _set(*self._inside())

    def __repr__(self) -> str:
        return f"gputensor.set_grad_enabled(mode={self.mode})"

    def __enter__(self) -> None:
        # the call itself noted what was before; entered again later, it notes once more
        me = get_ident()
        if not any(before[0] == me for before in self._before):
            self._note()
        _set(*self._inside())

    def _inside(self) -> tuple[bool, bool]:
        return self.mode, is_inference_mode_enabled()

    def _clone(self) -> _Mode:
        return set_grad_enabled(self.mode)

    def __call__(self, function: F) -> F:
        # as a decorator it must not leave its switch behind
        if self._before:
            _set(*self._before.pop()[1:])
        return super().__call__(function)
