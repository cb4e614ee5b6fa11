"""The GPU's namespaces: every word of the vocabulary over CuPy 14, one object a device.

Importing this package imports no CuPy: `loading.namespace(index)` does, on first need.
"""

# CuPy wraps index values that are out of range. True makes every read and write by index arrays look at them first and
# raise IndexError, which waits for the device each time: for debugging.
check_indices = False
