"""CuPy's `cupy.cuda.nccl`: the double has the library's version, and no messages."""

available = True


def get_version():
    return 21805
