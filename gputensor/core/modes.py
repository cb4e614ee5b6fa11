"""Whether operations are recorded: per thread, restored when the body raises, as context managers and decorators."""

from __future__ import annotations

import functools
import inspect
from _thread import get_ident
from collections.abc import Callable, Generator
from types import TracebackType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

# thread id -> True where recording is off. Empty in the usual case, so that `if OFF and …` costs one truth test.
OFF: dict[int, bool] = {}
_INFERENCE: dict[int, bool] = {}


def is_grad_enabled() -> bool:
    """Whether operations of this thread are being recorded.

    >>> import gputensor as gt
    >>> with gt.no_grad():
    ...     gt.is_grad_enabled()
    False
    """
    return not OFF or get_ident() not in OFF


def is_inference_mode_enabled() -> bool:
    """Whether this thread is inside `inference_mode`."""
    return get_ident() in _INFERENCE


def _set(on: bool) -> None:
    if on:
        OFF.pop(get_ident(), None)
    else:
        OFF[get_ident()] = True


class _Mode:
    """A switch that can be entered many times, also by several threads and recursively: it keeps a stack of what was
    before."""

    __slots__ = ("_before",)

    def __init__(self) -> None:
        self._before: list[tuple[int, bool]] = []

    def _enter(self) -> bool:
        raise NotImplementedError

    def __enter__(self) -> None:
        self._before.append((get_ident(), is_grad_enabled()))
        _set(self._enter())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        me = get_ident()
        for k in range(len(self._before) - 1, -1, -1):
            if self._before[k][0] == me:
                _set(self._before.pop(k)[1])
                return

    def _clone(self) -> _Mode:
        return type(self)()

    def __call__(self, function: F) -> F:
        """Decorate a function or generator function: its body runs in this mode."""
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def generator(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
                # the mode holds while the body runs, not while the caller has the value
                body = function(*args, **kwargs)
                step: Callable[[], Any] = functools.partial(next, body)
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

            return generator  # type: ignore[return-value]

        @functools.wraps(function)
        def inside(*args: Any, **kwargs: Any) -> Any:
            with self._clone():
                return function(*args, **kwargs)

        return inside  # type: ignore[return-value]


class no_grad(_Mode):
    """Record nothing in the body: results have no history. Per thread; also a decorator.

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

    def _enter(self) -> bool:
        return False


class enable_grad(no_grad):
    """Record in the body, inside `no_grad` too. Per thread; also a decorator.

    >>> import gputensor as gt
    >>> w = gt.ones(2, requires_grad=True)
    >>> with gt.no_grad(), gt.enable_grad():
    ...     (w * 2).requires_grad
    True
    """

    __slots__ = ()

    def _enter(self) -> bool:
        return True


class inference_mode(_Mode):
    """`no_grad` for code that will never need a gradient; `inference_mode(False)` does nothing.

    >>> import gputensor as gt
    >>> with gt.inference_mode():
    ...     gt.is_inference_mode_enabled(), gt.is_grad_enabled()
    (True, False)
    """

    __slots__ = ("_was", "mode")

    def __new__(cls, mode: bool | Callable[..., Any] = True) -> Any:
        made = object.__new__(cls)
        if not callable(mode):
            return made
        made.__init__()  # type: ignore[misc]
        return made(mode)

    def __init__(self, mode: bool | Callable[..., Any] = True) -> None:
        super().__init__()
        self.mode = bool(mode)
        self._was: list[bool] = []

    def _clone(self) -> _Mode:
        return inference_mode(self.mode)

    def _enter(self) -> bool:
        return is_grad_enabled() and not self.mode

    def __enter__(self) -> None:
        super().__enter__()
        me = get_ident()
        self._was.append(me in _INFERENCE)
        if self.mode:
            _INFERENCE[me] = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, where)
        if not self._was.pop():
            _INFERENCE.pop(get_ident(), None)


class set_grad_enabled(_Mode):
    """Switch recording on or off, at once as a function or for a body as a context manager.

    >>> import gputensor as gt
    >>> with gt.set_grad_enabled(False):
    ...     gt.is_grad_enabled()
    False
    """

    __slots__ = ("mode",)

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode = bool(mode)
        self._before.append((get_ident(), is_grad_enabled()))
        _set(self.mode)

    def __enter__(self) -> None:
        # the call itself switched already; entering again later switches once more
        if not self._before:
            super().__enter__()

    def _enter(self) -> bool:
        return self.mode

    def _clone(self) -> _Mode:
        return set_grad_enabled(self.mode)

    def __call__(self, function: F) -> F:
        # as a decorator it must not leave its switch behind
        if self._before:
            _set(self._before.pop()[1])
        return super().__call__(function)
