"""Runs the functions that SciPy's table lists for PyTorch on a GPU, on CUDA tensors, and compares with NumPy.

    SCIPY_ARRAY_API=1 python -m tests.science.scipy_cuda           # on the GPU of this machine
    SCIPY_ARRAY_API=1 python -m tests.science.scipy_cuda --double  # on the strict double of CuPy

The default device is CUDA, as in SciPy's own tests with PyTorch: many functions make arrays without naming a device.
"""

from __future__ import annotations

import json
import sys
import warnings

import numpy as np

import gputensor as gt
from gputensor.errors import ImplicitTransferError
from tests import doubles
from tests.science.scipy_calls.call import Call, Library
from tests.science.scipy_parts import parts
from tests.science.scipy_results import CALLS, difference, listed


def outcome(call: Call) -> dict[str, str]:
    """ "gives": cuda, other, or nothing for answers that are no arrays; "refused" and "differs" say what is wrong."""
    theirs = list(parts(call.run(call.function(), Library(False))))
    try:
        ours = list(parts(call.run(call.function(), Library(True, device="cuda"))))
    except ImplicitTransferError as error:
        return {"gives": "", "differs": "", "refused": str(error)}
    except Exception as error:
        return {"gives": "", "differs": f"{type(error).__name__}: {error}"}
    places = set()
    differs = "" if len(ours) == len(theirs) else f"{len(ours)} parts instead of {len(theirs)}"
    for a, b in zip(ours, theirs, strict=False):
        if isinstance(a, gt.Tensor):
            places.add("cuda" if a.is_cuda else "other")
            a = a.cpu()
        elif isinstance(a, (np.ndarray, np.generic)):
            places.add("other")
        # other libraries add up in another order
        differs = differs or difference(a, b, False, 100.0 * call.loose)
    return {"gives": " ".join(sorted(places)), "differs": differs}


def main() -> None:
    if sys.argv[1:] == ["--double"]:
        doubles.install(1)
    gt.set_default_device("cuda")
    gt.set_default_dtype(gt.float64)
    wanted = set(listed("gpu"))
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for call in CALLS:
            if call.name in wanted and call.function() is not None:
                found[call.name] = outcome(call)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
