"""What PyTorch's programs import and gputensor has no use for: compilers, types for annotations, settings."""
