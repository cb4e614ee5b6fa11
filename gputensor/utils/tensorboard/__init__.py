"""Records of a training for TensorBoard: scalars, histograms, pictures, texts. Needs the extra `tensorboard`."""

from gputensor.utils.tensorboard.writer import FileWriter as FileWriter, SummaryWriter as SummaryWriter

__all__ = ["FileWriter", "SummaryWriter"]


def __dir__() -> list[str]:
    return __all__
