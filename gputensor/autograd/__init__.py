"""The graph: backward, gradients of any order, and what watches them."""

from gputensor.autograd.functional_api import backward as backward
from gputensor.autograd.functional_api import grad as grad
