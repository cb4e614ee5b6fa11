"""The classes that PyTorch's data loader has for its iterators: programs ask isinstance."""

from gputensor.utils.data._pool import WorkerIterator
from gputensor.utils.data.dataloader import _SerialIterator

_SingleProcessDataLoaderIter = _SerialIterator
_MultiProcessingDataLoaderIter = WorkerIterator
_BaseDataLoaderIter = _SerialIterator | WorkerIterator
