"""NumPy's functions on tensors: ``numpy.sin(t)``, ``numpy.concatenate([t, u])``, ``array + t`` give tensors and keep
the graph.

`ufuncs` has the table of universal functions, `functions` the table of the others, a file a family. Names, defaults and
shapes of results are NumPy's; dtypes and values at the edges are this library's: an operand of a higher category wins,
numbers and 0-d arrays weigh less than tensors with dims, and what has to become floating-point gets the default dtype
(float32) where NumPy would take float64.
"""
