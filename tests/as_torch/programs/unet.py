"""A U-Net that segments rectangles, with the sum of two losses."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from common import set_weights, show
from torch import Tensor, optim
from torch.utils.data import DataLoader, Dataset, random_split


class DoubleConv(nn.Module):
    def __init__(self, in_channels, out_channels, mid_channels=None):
        super().__init__()
        mid_channels = mid_channels or out_channels
        self.double_conv = nn.Sequential(
            nn.Conv2d(in_channels, mid_channels, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(mid_channels),
            nn.ReLU(inplace=True),
            nn.Conv2d(mid_channels, out_channels, kernel_size=3, padding="same", bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(inplace=True),
        )

    def forward(self, x):
        return self.double_conv(x)


class Up(nn.Module):
    def __init__(self, in_channels, out_channels, bilinear):
        super().__init__()
        if bilinear:
            self.up = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
            self.conv = DoubleConv(in_channels + out_channels, out_channels, in_channels // 2)
        else:
            self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, kernel_size=2, stride=2)
            self.conv = DoubleConv(in_channels // 2 + out_channels, out_channels)

    def forward(self, x1, x2):
        x1 = self.up(x1)
        diffY, diffX = x2.size()[2] - x1.size()[2], x2.size()[3] - x1.size()[3]
        x1 = F.pad(x1, [diffX // 2, diffX - diffX // 2, diffY // 2, diffY - diffY // 2])
        return self.conv(torch.cat([x2, x1], dim=1))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.inc = DoubleConv(1, 4)
        self.down1 = nn.Sequential(nn.MaxPool2d(2), DoubleConv(4, 8))
        self.down2 = nn.Sequential(nn.AvgPool2d(2), DoubleConv(8, 16))
        self.up1 = Up(16, 8, bilinear=True)
        self.up2 = Up(8, 4, bilinear=False)
        self.outc = nn.Conv2d(4, 1, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        x1 = self.inc(x)
        x2 = self.down1(x1)
        x3 = self.down2(x2)
        return self.outc(self.up2(self.up1(x3, x2), x1))


def dice_coeff(input: Tensor, target: Tensor, epsilon: float = 1e-6):
    inter = 2 * (input * target).sum(dim=(-1, -2))
    sets_sum = input.sum(dim=(-1, -2)) + target.sum(dim=(-1, -2))
    sets_sum = torch.where(sets_sum == 0, inter, sets_sum)
    return ((inter + epsilon) / (sets_sum + epsilon)).mean()


class Rectangles(Dataset):
    def __init__(self, n):
        rng = np.random.default_rng(8)
        self.masks = np.zeros((n, 18, 18), dtype=bool)
        for mask in self.masks:
            a, b = rng.integers(0, 9, 2)
            mask[a : a + 8, b : b + 7] = True
        self.pictures = (self.masks + rng.normal(0, 0.5, self.masks.shape)).astype(np.float32)

    def __len__(self):
        return len(self.masks)

    def __getitem__(self, i):
        return {
            "image": torch.as_tensor(self.pictures[i].copy()).float().contiguous()[None],
            "mask": torch.as_tensor(self.masks[i].copy()).long().contiguous(),
        }


dataset = Rectangles(20)
n_train = len(dataset) - 4
train_set, val_set = random_split(dataset, [n_train, 4], generator=torch.Generator().manual_seed(0))
assert len(train_set) == n_train and len(val_set) == 4
loader = DataLoader(torch.utils.data.Subset(dataset, range(n_train)), shuffle=False, batch_size=4)
model = UNet().to(memory_format=torch.channels_last)
set_weights(model)
optimizer = optim.RMSprop(model.parameters(), lr=1e-3, weight_decay=1e-8, momentum=0.9, foreach=True)
grad_scaler = torch.cuda.amp.GradScaler(enabled=False) if torch.cuda.is_available() else None
criterion = nn.BCEWithLogitsLoss()
step = 0
for epoch in range(2):
    for batch in loader:
        images, true_masks = batch["image"].to(memory_format=torch.channels_last), batch["mask"]
        with torch.autocast("cpu", enabled=False):
            masks_pred = model(images)
            loss = criterion(masks_pred.squeeze(1), true_masks.float())
            loss = loss + 1 - dice_coeff(F.sigmoid(masks_pred.squeeze(1)), true_masks.float())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        show(step, loss=loss.item())
        step += 1
