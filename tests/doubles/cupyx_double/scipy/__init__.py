"""The double of `cupyx.scipy`."""

from tests.doubles.cupyx_double.scipy import linalg as linalg
from tests.doubles.cupyx_double.scipy import special as special
