"""The CPU, asked as `gputensor.cuda` is asked for GPUs."""

from gputensor.cpu import amp as amp
