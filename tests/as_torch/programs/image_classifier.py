"""A small convolutional classifier, trained with SGD and a falling learning rate."""

from __future__ import print_function

import argparse

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from common import set_weights, show
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, Dataset


class Pictures(Dataset):
    def __init__(self, n, transform=None):
        rng = np.random.default_rng(1)
        self.labels = rng.integers(0, 10, n)
        self.pictures = rng.normal(0, 0.3, (n, 1, 14, 14)).astype(np.float32)
        for picture, label in zip(self.pictures, self.labels):
            picture[0, label : label + 4, 3:11] += 1.0
        self.transform = transform

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, idx):
        if torch.is_tensor(idx):
            idx = idx.tolist()
        picture = torch.from_numpy(self.pictures[idx])
        if self.transform:
            picture = self.transform(picture)
        return picture, int(self.labels[idx])


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, 1)
        self.conv2 = nn.Conv2d(8, 16, 3, 1)
        self.bn = nn.BatchNorm2d(16)
        self.dropout = nn.Dropout(0.0)
        self.fc1 = nn.Linear(400, 32)
        self.fc2 = nn.Linear(32, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(F.relu(self.bn(self.conv2(x))), 2)
        x = torch.flatten(x, 1)
        x = self.dropout(F.relu(self.fc1(x)))
        return F.log_softmax(self.fc2(x), dim=1)


def train(args, model, device, train_loader, optimizer, epoch):
    model.train()
    for batch_idx, (data, target) in enumerate(train_loader):
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad()
        loss = F.nll_loss(model(data), target)
        loss.backward()
        optimizer.step()
        show(epoch * 100 + batch_idx, loss=loss.item(), lr=optimizer.param_groups[0]["lr"])


def test(model, device, test_loader):
    model.eval()
    test_loss, correct = 0, 0
    with torch.no_grad():
        for data, target in test_loader:
            data, target = data.to(device), target.to(device)
            output = model(data)
            test_loss += F.nll_loss(output, target, reduction="sum").item()
            pred = output.argmax(dim=1, keepdim=True)
            correct += pred.eq(target.view_as(pred)).sum().item()
    show(-1, loss=test_loss / len(test_loader.dataset))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.05)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--no-cuda", action="store_true", default=False)
    args = parser.parse_args()
    torch.manual_seed(1)
    use_cuda = not args.no_cuda and torch.cuda.is_available()
    device = torch.device("cuda" if use_cuda else "cpu")
    kwargs = {"num_workers": 1, "pin_memory": True} if use_cuda else {}
    normalize = lambda x: (x - 0.1) / 0.4  # noqa: E731
    loader = DataLoader(Pictures(96, normalize), batch_size=16, shuffle=False, **kwargs)
    model = Net().to(device)
    set_weights(model)
    optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=0.9, weight_decay=1e-4, nesterov=True)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.7)
    for epoch in range(args.epochs):
        train(args, model, device, loader, optimizer, epoch)
        scheduler.step()
    test(model, device, loader)


if __name__ == "__main__":
    main()
