"""Apple's GPUs, which are not supported."""


def is_available() -> bool:
    """False.

    >>> import gputensor as gt
    >>> gt.backends.mps.is_available(), gt.backends.mps.is_built()
    (False, False)
    """
    return False


def is_built() -> bool:
    """False.

    >>> import gputensor as gt
    >>> gt.backends.mps.is_built()
    False
    """
    return False
