"""Functions of functions: gradients, Jacobians, and maps over batches; they nest in any order.

>>> import gputensor as gt
>>> from gputensor.func import grad, vmap
>>> vmap(grad(gt.sin))(gt.zeros(3))
tensor([1., 1., 1.])
"""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.func._gradients import (
    grad as grad,
    grad_and_value as grad_and_value,
    jvp as jvp,
    linearize as linearize,
    vjp as vjp,
)
from gputensor.func._jacobians import hessian as hessian, jacfwd as jacfwd, jacrev as jacrev
from gputensor.func._modules import (
    functional_call as functional_call,
    functionalize as functionalize,
    replace_all_batch_norm_modules_ as replace_all_batch_norm_modules_,
    stack_module_state as stack_module_state,
)
from gputensor.func._vmap import vmap as vmap


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.func", name)
