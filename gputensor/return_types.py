"""The types of results that have several named parts, as `gputensor.max` along a dim returns them."""

from gputensor.core.return_types import aminmax as aminmax
from gputensor.core.return_types import cummax as cummax
from gputensor.core.return_types import cummin as cummin
from gputensor.core.return_types import frexp as frexp
from gputensor.core.return_types import histogram as histogram
from gputensor.core.return_types import histogramdd as histogramdd
from gputensor.core.return_types import kthvalue as kthvalue
from gputensor.core.return_types import max as max
from gputensor.core.return_types import median as median
from gputensor.core.return_types import min as min
from gputensor.core.return_types import mode as mode
from gputensor.core.return_types import nanmedian as nanmedian
from gputensor.core.return_types import sort as sort
from gputensor.core.return_types import topk as topk
