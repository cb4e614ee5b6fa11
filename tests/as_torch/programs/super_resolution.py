"""Pictures enlarged by sub-pixel convolution, beside bicubic interpolation; hooks see the features."""

from math import log10

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.nn.init as init
from common import set_weights, show
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader
from torch.utils.data.dataset import Dataset


class Net(nn.Module):
    def __init__(self, upscale_factor):
        super(Net, self).__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(1, 12, (5, 5), (1, 1), (2, 2))
        self.conv2 = nn.Conv2d(12, 12, (3, 3), (1, 1), (1, 1), padding_mode="reflect")
        self.conv3 = nn.Conv2d(12, 8, (3, 3), (1, 1), (2, 2), dilation=2)
        self.conv4 = nn.Conv2d(8, upscale_factor**2, (3, 3), (1, 1), (1, 1))
        self.pixel_shuffle = nn.PixelShuffle(upscale_factor)
        self._initialize_weights()

    def forward(self, x):
        x = self.relu(self.conv1(x))
        x = self.relu(self.conv2(x))
        x = nn.PReLU()(self.conv3(x))
        return self.pixel_shuffle(self.conv4(x))

    def _initialize_weights(self):
        init.orthogonal_(self.conv1.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv2.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv4.weight)


class Waves(Dataset):
    def __init__(self, n):
        rng = np.random.default_rng(17)
        y, x = np.mgrid[0:16, 0:16] / 16
        self.large = [np.sin(7 * (a * x + b * y))[None].astype(np.float32) for a, b in rng.normal(size=(n, 2))]

    def __getitem__(self, index):
        target = torch.tensor(self.large[index])
        return F.interpolate(target[None], scale_factor=0.5, mode="area")[0], target

    def __len__(self):
        return len(self.large)


loader = DataLoader(dataset=Waves(16), num_workers=0, batch_size=4, shuffle=False)
model = Net(2)
set_weights(model)
shapes = []
handle = model.conv3.register_forward_hook(lambda module, inputs, output: shapes.append(tuple(output.shape)))
optimizer = torch.optim.NAdam(model.parameters(), lr=5e-3)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: 0.9**epoch)
criterion = nn.MSELoss()
for epoch in range(3):
    for iteration, (small, large) in enumerate(loader):
        optimizer.zero_grad()
        loss = criterion(model(small), large)
        loss.backward()
        optimizer.step()
        show(epoch * 10 + iteration, loss=loss)
    scheduler.step()
handle.remove()
with torch.no_grad():
    psnr = [10 * log10(1 / criterion(model(a), b).item()) for a, b in loader]
    cubic = [
        criterion(F.interpolate(a, scale_factor=2, mode="bicubic", align_corners=False), b).item() for a, b in loader
    ]
show(99, psnr=np.mean(psnr), cubic=np.mean(cubic))
assert shapes[0] == (4, 8, 8, 8) and len(shapes) == 12
