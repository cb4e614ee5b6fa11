"""The double of `cupyx.scipy`."""

from tests.doubles.cupyx_double.scipy import linalg as linalg, special as special
