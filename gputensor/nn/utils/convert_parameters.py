"""Parameters as one vector, under the path that PyTorch has it."""

from gputensor.nn.utils.vectors import (
    parameters_to_vector as parameters_to_vector,
    vector_to_parameters as vector_to_parameters,
)
