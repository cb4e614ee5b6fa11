"""Settings of PyTorch's compiler: any can be set, and none has an effect."""

from __future__ import annotations

suppress_errors = False
verbose = False
cache_size_limit = 8
recompile_limit = 8
