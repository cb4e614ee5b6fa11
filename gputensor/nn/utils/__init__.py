"""Tools around parameters and gradients."""

from gputensor.nn.utils import stateless as stateless
from gputensor.nn.utils.clipping import clip_grad_norm_ as clip_grad_norm_
from gputensor.nn.utils.clipping import clip_grad_value_ as clip_grad_value_
from gputensor.nn.utils.clipping import clip_grads_with_norm_ as clip_grads_with_norm_
from gputensor.nn.utils.clipping import get_total_norm as get_total_norm
from gputensor.nn.utils.vectors import parameters_to_vector as parameters_to_vector
from gputensor.nn.utils.vectors import vector_to_parameters as vector_to_parameters
