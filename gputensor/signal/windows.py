"""Window functions, which fade a signal in and out, symmetric unless asked otherwise."""

from gputensor.ops.tapers import bartlett as bartlett
from gputensor.ops.tapers import blackman as blackman
from gputensor.ops.tapers import cosine as cosine
from gputensor.ops.tapers import exponential as exponential
from gputensor.ops.tapers import gaussian as gaussian
from gputensor.ops.tapers import general_cosine as general_cosine
from gputensor.ops.tapers import general_hamming as general_hamming
from gputensor.ops.tapers import hamming as hamming
from gputensor.ops.tapers import hann as hann
from gputensor.ops.tapers import kaiser as kaiser
from gputensor.ops.tapers import nuttall as nuttall
