"""How other libraries meet tensors: NumPy's functions, einops. Nothing here is loaded by ``import gputensor``."""
