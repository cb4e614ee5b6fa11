"""Gradients of convolutions as functions of their own."""

from gputensor.ops.convolution_gradients import conv1d_input as conv1d_input
from gputensor.ops.convolution_gradients import conv1d_weight as conv1d_weight
from gputensor.ops.convolution_gradients import conv2d_input as conv2d_input
from gputensor.ops.convolution_gradients import conv2d_weight as conv2d_weight
from gputensor.ops.convolution_gradients import conv3d_input as conv3d_input
from gputensor.ops.convolution_gradients import conv3d_weight as conv3d_weight
