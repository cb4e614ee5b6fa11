"""The in-place methods as functions."""
