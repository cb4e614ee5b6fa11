"""Running a word on its namespace's device. CuPy works on the current device, whatever device an array lies on."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from cupy.cuda import Device, runtime

from gputensor.arrays.cupy_ import loading

Word = TypeVar("Word", bound=Callable[..., Any])

# Fixed for the process: CUDA reads CUDA_VISIBLE_DEVICES once.
_SEVERAL = loading.device_count() > 1


def placed(word: Word) -> Word:
    """The method `word`, run with its namespace's device as the current one.

    With one GPU that is `word` itself, at no cost; with several the device is entered only when it is not current.
    """
    if not _SEVERAL:
        return word

    @functools.wraps(word)
    def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        index = self.device_index
        if runtime.getDevice() == index:
            return word(self, *args, **kwargs)
        with Device(index):
            return word(self, *args, **kwargs)

    return cast(Word, run)
