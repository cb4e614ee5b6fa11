"""Signal processing: window functions, in `gputensor.signal.windows`.

>>> import gputensor as gt
>>> gt.signal.windows.hann(3)
tensor([0., 1., 0.])
"""

from gputensor.signal import windows as windows
