"""How long NumPy's BLAS waits for more work: said in the environment, before NumPy is imported.

After each product OpenBLAS keeps its threads spinning for 2**26 cycles, and so takes the cores from everything else
that runs on several threads: a convolution after a small product took twice as long. 2**20 cycles bridge the gap
between two products all the same. Where NumPy was imported first, or the variable is set already, nothing changes.
"""

import os

os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "20")
