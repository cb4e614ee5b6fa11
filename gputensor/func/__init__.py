"""Functions of functions: gradients, Jacobians, and maps over batches; they nest in any order.

>>> import gputensor as gt
>>> from gputensor.func import grad, vmap
>>> vmap(grad(gt.sin))(gt.zeros(3))
tensor([1., 1., 1.])
"""

from typing import Any as _Any

from gputensor._left_out import left_out as _left_out
from gputensor.func._gradients import grad as grad
from gputensor.func._gradients import grad_and_value as grad_and_value
from gputensor.func._gradients import jvp as jvp
from gputensor.func._gradients import linearize as linearize
from gputensor.func._gradients import vjp as vjp
from gputensor.func._jacobians import hessian as hessian
from gputensor.func._jacobians import jacfwd as jacfwd
from gputensor.func._jacobians import jacrev as jacrev
from gputensor.func._modules import functional_call as functional_call
from gputensor.func._modules import functionalize as functionalize
from gputensor.func._modules import replace_all_batch_norm_modules_ as replace_all_batch_norm_modules_
from gputensor.func._modules import stack_module_state as stack_module_state
from gputensor.func._vmap import vmap as vmap


def __getattr__(name: str) -> _Any:
    raise _left_out("gputensor.func", name)
