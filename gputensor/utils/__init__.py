"""Helpers around the library: `gputensor.utils.data` loads data."""
