"""`torchvision` for programs under the alias: transforms, data sets read from local files, ResNet and VGG.

Names and meaning are torchvision's. Nothing is downloaded. Random transforms draw from gputensor's generator, so that
they give other numbers than torchvision's.
"""

from gputensor.as_torch.vision import datasets as datasets
from gputensor.as_torch.vision import models as models
from gputensor.as_torch.vision import transforms as transforms
from gputensor.as_torch.vision import utils as utils

__version__ = "0.28.0+gputensor"
