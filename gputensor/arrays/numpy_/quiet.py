"""Silence around a run of operations: NumPy's warnings about infinities and NaN are not for users of tensors.

`enter` and `leave` also make the namespace's device the current one; the CPU always is.
"""

from typing import Any

import numpy as np

try:
    # what np.errstate does, without its Python object: a sixth of the cost, and it is paid once a backward pass
    from numpy._core.umath import _extobj_contextvar, _make_extobj

    _IGNORE = _make_extobj(all="ignore")

    def enter() -> Any:
        """Silence NumPy in this thread; the result undoes it."""
        return _extobj_contextvar.set(_IGNORE)

    def leave(token: Any) -> None:
        """Undo `enter`."""
        _extobj_contextvar.reset(token)

except (ImportError, TypeError):  # private names: another NumPy may lack them

    def enter() -> Any:
        """Silence NumPy in this thread; the result undoes it."""
        state = np.errstate(all="ignore")
        state.__enter__()
        return state

    def leave(token: Any) -> None:
        """Undo `enter`."""
        token.__exit__(None, None, None)
