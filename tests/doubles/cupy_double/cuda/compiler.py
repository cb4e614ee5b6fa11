"""CuPy's `cupy.cuda.compiler`: the error of a kernel that does not compile."""


class CompileException(Exception):
    """NVRTC's answer: its log, the source, and what was asked for."""

    def __init__(self, msg, source, name, options, backend="nvcc"):
        super().__init__(msg)
        self._msg = msg
        self.source = source
        self.name = name
        self.options = options
        self.backend = backend

    def __str__(self):
        return self._msg
