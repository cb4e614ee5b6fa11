"""A device-agnostic tensor library over NumPy and CuPy, with gradients of any order."""
