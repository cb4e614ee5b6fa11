"""Results that are to come, set by one thread and waited for by others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

__all__ = ["Future", "collect_all", "wait_all"]

T = TypeVar("T")


class Future(Generic[T]):
    """A result that is to come. devices: accepted, for results on GPUs need no care here.

    >>> from gputensor.futures import Future
    >>> first = Future()
    >>> second = first.then(lambda done: done.value() + 1)
    >>> first.set_result(2)
    >>> second.wait()
    3
    """

    def __init__(self, *, devices: Any = None) -> None:
        self._changed = threading.Condition()
        self._done = False
        self._value: Any = None
        self._error: BaseException | None = None
        self._callbacks: list[Callable[[Future[T]], Any]] = []

    def done(self) -> bool:
        """Whether there is a result or an exception."""
        return self._done

    def wait(self) -> T:
        """The result, waited for. Raises the exception that was set instead."""
        with self._changed:
            self._changed.wait_for(lambda: self._done)
        return self.value()

    def value(self) -> T:
        """The result. Raises the exception that was set instead, RuntimeError where there is neither yet."""
        if not self._done:
            raise RuntimeError("Future.value: there is no result yet; use wait()")
        if self._error is not None:
            raise self._error
        result: T = self._value
        return result

    def set_result(self, result: T) -> None:
        """Set the result, once. Raises RuntimeError the second time."""
        self._finish(result, None)

    def set_exception(self, result: BaseException) -> None:
        """Set an exception instead of a result; who waits gets it. Raises TypeError for no exception."""
        if not isinstance(result, BaseException):
            raise TypeError(f"Future.set_exception: expected an exception, got {result!r}")
        self._finish(None, result)

    def then(self, callback: Callable[[Future[T]], Any]) -> Future[Any]:
        """A new future, with the result of ``callback(self)``, which is called when this one is done."""
        following: Future[Any] = Future()

        def follow(done: Future[T]) -> None:
            try:
                result = callback(done)
            except Exception as error:
                following.set_exception(error)
            else:
                following.set_result(result)

        self.add_done_callback(follow)
        return following

    def add_done_callback(self, callback: Callable[[Future[T]], Any]) -> None:
        """Call ``callback(self)`` when this one is done, at once if it is already."""
        with self._changed:
            if not self._done:
                self._callbacks.append(callback)
                return
        callback(self)

    def _finish(self, value: Any, error: BaseException | None) -> None:
        with self._changed:
            if self._done:
                raise RuntimeError("Future: the result was set already")
            self._value, self._error, self._done = value, error, True
            callbacks, self._callbacks = self._callbacks, []
            self._changed.notify_all()
        for callback in callbacks:
            callback(self)


def collect_all(futures: Sequence[Future[Any]]) -> Future[list[Future[Any]]]:
    """A future that is done when all of `futures` are; its result is their list.

    >>> from gputensor.futures import Future, collect_all
    >>> both = [Future(), Future()]
    >>> every = collect_all(both)
    >>> both[0].set_result(1); both[1].set_result(2)
    >>> [future.value() for future in every.wait()]
    [1, 2]
    """
    every: Future[list[Future[Any]]] = Future()
    waiting = [len(futures)]
    lock = threading.Lock()

    def one_done(_: Any) -> None:
        with lock:
            waiting[0] -= 1
            last = waiting[0] == 0
        if last:
            every.set_result(list(futures))

    if not futures:
        every.set_result([])
    for future in futures:
        future.add_done_callback(one_done)
    return every


def wait_all(futures: Sequence[Future[Any]]) -> list[Any]:
    """The results of all futures, waited for. Raises the first exception among them.

    >>> from gputensor.futures import Future, wait_all
    >>> one = Future()
    >>> one.set_result(1)
    >>> wait_all([one])
    [1]
    """
    return [future.wait() for future in futures]


def __dir__() -> list[str]:
    return __all__
