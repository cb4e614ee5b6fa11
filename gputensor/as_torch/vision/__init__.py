"""`torchvision` for programs under the alias: transforms, data sets read from local files, ResNet and VGG.

Names and meaning are torchvision's. Nothing is downloaded. Random transforms draw from gputensor's generator, so that
they give other numbers than torchvision's.
"""

from gputensor.as_torch.vision import datasets as datasets, models as models, transforms as transforms, utils as utils

__version__ = "0.28.0+gputensor"
