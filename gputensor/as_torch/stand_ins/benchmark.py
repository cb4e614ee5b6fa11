"""`torch.utils.benchmark`: how long statements take, on one thread unless more are asked for."""

from __future__ import annotations

import statistics
import timeit
from collections.abc import Callable
from typing import Any

import gputensor as gt

_UNITS = (("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9))


def timer() -> float:
    """The time in seconds, after the work on a GPU is done."""
    if gt.cuda.is_available() and gt.cuda.is_initialized():
        gt.cuda.synchronize()
    return timeit.default_timer()


def select_unit(t: float) -> tuple[str, float]:
    """The unit in which t seconds are a small number, and how many seconds it has.

    >>> select_unit(0.003)
    ('ms', 0.001)
    """
    return next((unit for unit in _UNITS if abs(t) >= unit[1]), _UNITS[-1])


class Measurement:
    """Runs of one statement: ``times`` are the seconds of one run, from each measurement.

    >>> m = Measurement(10, [0.1, 0.3], "x + 1", 1)
    >>> round(m.mean, 3), m.times
    (0.02, [0.01, 0.03])
    """

    def __init__(self, number_per_run: int, raw_times: list[float], title: str, num_threads: int) -> None:
        self.number_per_run, self.raw_times = number_per_run, raw_times
        self.title, self.num_threads = title, num_threads

    @property
    def times(self) -> list[float]:
        """The seconds of one run, from each measurement."""
        return [t / self.number_per_run for t in self.raw_times]

    @property
    def mean(self) -> float:
        """The mean of `times`."""
        return statistics.fmean(self.times)

    @property
    def median(self) -> float:
        """The median of `times`."""
        return statistics.median(self.times)

    @property
    def iqr(self) -> float:
        """How far the first quartile of `times` is from the third."""
        if len(self.times) < 2:
            return 0.0
        first, _, third = statistics.quantiles(self.times, method="inclusive")
        return third - first

    def __repr__(self) -> str:
        unit, seconds = select_unit(self.median)
        lines = [f"<{__name__}.Measurement>", self.title]
        if len(self.times) > 1:
            lines += [f"  Median: {self.median / seconds:.2f} {unit}", f"  IQR:    {self.iqr / seconds:.2f} {unit}"]
        else:
            lines.append(f"  {self.median / seconds:.2f} {unit}")
        runs = f"{self.number_per_run} runs{' per measurement' if len(self.times) > 1 else ''}"
        plural = "" if len(self.times) == 1 else "s"
        lines.append(f"  {len(self.times)} measurement{plural}, {runs} , {self.num_threads} thread")
        return "\n".join(lines)


class Timer:
    """Times a statement. num_threads holds while it runs.

    >>> Timer("x + 1", globals={"x": 1}).timeit(5).number_per_run
    5
    """

    def __init__(
        self,
        stmt: str = "pass",
        setup: str = "pass",
        global_setup: str = "",
        timer: Callable[[], float] = timer,
        globals: dict[str, Any] | None = None,
        label: str | None = None,
        sub_label: str | None = None,
        description: str | None = None,
        env: str | None = None,
        num_threads: int = 1,
        language: Any = "python",
    ) -> None:
        if str(getattr(language, "value", language)).lower() not in ("python", "py", "0"):
            raise ValueError(f"Timer: language must be 'python', got {language!r}; there is no C++ part")
        self.num_threads = num_threads
        self.title = "\n".join([part for part in (label or stmt, sub_label, description) if part])
        # names of the statement are sought in a copy, as timeit writes its own there
        self._timer = timeit.Timer(stmt, setup, timer, {**(globals or {})})

    def _run(self, number: int) -> float:
        before = gt.get_num_threads()
        gt.set_num_threads(self.num_threads)
        try:
            return self._timer.timeit(number)
        finally:
            gt.set_num_threads(before)

    def timeit(self, number: int = 1_000_000) -> Measurement:
        """One measurement of so many runs, after a hundredth of them to warm up. See `Timer`."""
        self._run(max(number // 100, 2))
        return Measurement(number, [self._run(number)], self.title, self.num_threads)

    def blocked_autorange(
        self, callback: Callable[[int, float], Any] | None = None, min_run_time: float = 0.2
    ) -> Measurement:
        """Measurements of as many runs each as take a thousandth of min_run_time seconds, until that is over.

        >>> m = Timer("1 + 1").blocked_autorange(min_run_time=0.01)
        >>> len(m.times) > 1, m.median < 1e-3
        (True, True)
        """
        number = 1
        while True:
            taken = self._run(number)
            if taken >= min_run_time / 1000 or number >= 1 << 40:
                break
            number *= 10
        raw: list[float] = []
        while sum(raw) < min_run_time:
            raw.append(self._run(number))
            if callback is not None:
                callback(number, raw[-1])
        return Measurement(number, raw, self.title, self.num_threads)

    def adaptive_autorange(
        self,
        threshold: float = 0.1,
        *,
        min_run_time: float = 0.01,
        max_run_time: float = 10.0,
        callback: Callable[[int, float], Any] | None = None,
    ) -> Measurement:
        """As `blocked_autorange`, for longer while the quartiles are farther apart than threshold times the median."""
        found = self.blocked_autorange(callback, min_run_time)
        while found.iqr > threshold * found.median and sum(found.raw_times) < max_run_time:
            found.raw_times.append(self._run(found.number_per_run))
        return found


class Compare:
    """Measurements side by side. See `Timer`."""

    def __init__(self, results: list[Measurement]) -> None:
        self.results = list(results)

    def extend_results(self, results: list[Measurement]) -> None:
        """Add measurements."""
        self.results.extend(results)

    def trim_significant_figures(self) -> None:
        """Nothing: a table has few figures."""

    def colorize(self, rowwise: bool = False) -> None:
        """Nothing: a table is plain text."""

    def print(self) -> None:
        """Print the table: title and median of each."""
        print(self)

    def __str__(self) -> str:
        titles = [" ".join(m.title.split("\n")) for m in self.results]
        width = max([len(title) for title in titles], default=0)
        return "\n".join(
            [f"{title:<{width}}  {_in_unit(m.median)}" for title, m in zip(titles, self.results, strict=True)]
        )


def _in_unit(t: float) -> str:
    unit, seconds = select_unit(t)
    return f"{t / seconds:.2f} {unit}"
