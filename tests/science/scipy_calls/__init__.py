"""A call of every function that SciPy's own array-API table lists, a file a family."""
