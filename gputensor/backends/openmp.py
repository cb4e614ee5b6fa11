"""OpenMP, which gputensor itself does not use."""


def is_available() -> bool:
    """False: threads inside matrix products are NumPy's BLAS library's own; see `gputensor.set_num_threads`.

    >>> import gputensor as gt
    >>> gt.backends.openmp.is_available()
    False
    """
    return False
