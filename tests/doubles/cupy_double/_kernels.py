"""The double's kernels: CuPy's checks of their arguments (D6, D7), and a NumPy reference by name instead of CUDA."""

import numpy as np

from tests.doubles import kernels
from tests.doubles.cupy_double._array import check_place, host_of, ndarray, new


class _Parameter:
    """One parameter of a kernel's signature: ``raw T x``, ``float32 y``."""

    def __init__(self, text):
        words = text.split()
        self.raw = "raw" in words
        self.type, self.name = words[-2], words[-1]

    @property
    def generic(self):
        return len(self.type) == 1


def _parameters(text):
    return [_Parameter(p) for p in text.split(",") if p.strip()]


def _operand(x):
    if isinstance(x, ndarray):
        check_place(x)
        return x
    if isinstance(x, (bool, int, float, complex, np.generic)):
        return x
    raise TypeError(f"Unsupported type {type(x)}")


def _types(parameters, operands, known):
    """Settle what each type letter stands for; operands that disagree are refused, as CuPy does."""
    for parameter, operand in zip(parameters, operands, strict=False):
        dtype = operand.dtype if isinstance(operand, (ndarray, np.generic)) else None
        if dtype is None:
            continue
        if not parameter.generic:
            if dtype != np.dtype(parameter.type):
                raise TypeError(f"Type is mismatched. {parameter.name} {dtype} {parameter.type}")
        elif known.setdefault(parameter.type, dtype) != dtype:
            raise TypeError(f"Type is mismatched. {parameter.name} {dtype} {known[parameter.type]} {parameter.type}")


class ElementwiseKernel:
    def __init__(
        self,
        in_params,
        out_params,
        operation,
        name="kernel",
        reduce_dims=True,
        preamble="",
        no_return=False,
        return_tuple=False,
        **kwargs,
    ):
        self.in_params, self.out_params = _parameters(in_params), _parameters(out_params)
        self.nin, self.nout = len(self.in_params), len(self.out_params)
        self.nargs = self.nin + self.nout
        self.operation, self.name, self.preamble = operation, name, preamble
        self.reduce_dims, self.no_return, self.return_tuple, self.kwargs = reduce_dims, no_return, return_tuple, kwargs

    def __call__(self, *args, size=None, stream=None, block_size=128):
        if len(args) not in (self.nin, self.nargs):
            raise TypeError(f"Wrong number of arguments for {self.name!r}")
        operands = [_operand(a) for a in args]
        ins, outs = operands[: self.nin], operands[self.nin :]
        known = {}
        _types(self.out_params, outs, known)
        _types(self.in_params, ins, known)
        plain = [a for a, p in zip(operands, self.in_params + self.out_params, strict=False) if not p.raw]
        shape = np.broadcast_shapes(*[a.shape for a in plain if isinstance(a, ndarray)])
        hosts = [self._host(a, p, known, shape) for a, p in zip(ins, self.in_params, strict=True)]
        function = kernels.find(self.name)
        with np.errstate(all="ignore"):
            results = (
                function(*hosts) if not any([p.raw for p in self.out_params]) else function(*hosts, *map(host_of, outs))
            )
        if any([p.raw for p in self.out_params]):
            return outs[0] if len(outs) == 1 else tuple(outs)
        results = results if isinstance(results, tuple) else (results,)
        if not outs:
            dtypes = [known[p.type] if p.generic else np.dtype(p.type) for p in self.out_params]
            with np.errstate(all="ignore"):
                outs = [
                    new(np.broadcast_to(np.asarray(r).astype(d), shape)) for r, d in zip(results, dtypes, strict=True)
                ]
        else:
            for out, result in zip(outs, results, strict=True):
                if out.shape != shape:
                    raise ValueError("Out shape is mismatched")
                with np.errstate(all="ignore"):
                    host_of(out)[...] = np.asarray(result).astype(out.dtype)
        if self.no_return:
            return None
        return tuple(outs) if self.return_tuple or len(outs) > 1 else outs[0]

    @staticmethod
    def _host(operand, parameter, known, shape):
        if isinstance(operand, ndarray):
            return host_of(operand) if parameter.raw else np.broadcast_to(host_of(operand), shape)
        return np.asarray(operand, known.get(parameter.type) if parameter.generic else np.dtype(parameter.type))


class ReductionKernel:
    def __init__(
        self,
        in_params,
        out_params,
        map_expr,
        reduce_expr,
        post_map_expr,
        identity,
        name="reduce_kernel",
        reduce_type=None,
        reduce_dims=True,
        preamble="",
        options=(),
    ):
        self.in_params, self.out_params = _parameters(in_params), _parameters(out_params)
        self.nin, self.nout = len(self.in_params), len(self.out_params)
        self.name, self.identity, self.preamble = name, identity, preamble
        self.map_expr, self.reduce_expr, self.post_map_expr = map_expr, reduce_expr, post_map_expr

    def __call__(self, *args, out=None, axis=None, keepdims=False, stream=None):
        operands = [_operand(a) for a in args[: self.nin]]
        known = {}
        _types(self.in_params, operands, known)
        hosts = [host_of(a) if isinstance(a, ndarray) else a for a in operands]
        with np.errstate(all="ignore"):
            result = np.asarray(kernels.find(self.name)(*hosts, axis=axis, keepdims=keepdims))
            (parameter,) = self.out_params
            dtype = known.get(parameter.type, result.dtype) if parameter.generic else np.dtype(parameter.type)
            result = result.astype(dtype)
        if out is None:
            return new(result)
        host_of(out)[...] = result
        return out


class RawKernel:
    def __init__(
        self,
        code,
        name,
        options=(),
        backend="nvrtc",
        *,
        translate_cucomplex=False,
        enable_cooperative_groups=False,
        jitify=None,
    ):
        self.code, self.name, self.options, self.backend = code, name, options, backend

    def compile(self, log_stream=None):
        pass

    def __call__(self, grid, block, args, *, shared_mem=0, stream=None):
        if not all([isinstance(sizes, tuple) and 1 <= len(sizes) <= 3 for sizes in (grid, block)]):
            raise TypeError("grid and block must be tuples of one to three numbers")
        if np.prod(block) > 1024:
            raise ValueError("CUDA_ERROR_INVALID_VALUE: invalid argument: more than 1024 threads a block")
        operands = [_operand(a) for a in args]
        hosts = [host_of(a) if isinstance(a, ndarray) else a for a in operands]
        with np.errstate(all="ignore"):
            kernels.find(self.name)(grid, block, *hosts)


class RawModule:
    def __init__(
        self,
        *,
        code=None,
        path=None,
        options=(),
        backend="nvrtc",
        translate_cucomplex=False,
        enable_cooperative_groups=False,
        name_expressions=None,
        jitify=None,
    ):
        if (code is None) == (path is None):
            raise TypeError("Exactly one of `code` and `path` keyword arguments must be given.")
        self.code, self.file_path, self.options, self.name_expressions = code, path, options, name_expressions

    def compile(self, log_stream=None):
        pass

    def get_function(self, name):
        if self.code is not None and name.split("<")[0] not in self.code:
            raise RuntimeError(f"CUDA_ERROR_NOT_FOUND: named symbol not found: {name}")
        return RawKernel(self.code, name, self.options)
