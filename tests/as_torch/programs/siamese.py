"""Two inputs through the same network: contrastive, triplet and pairwise losses, taken in turn."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.optim as optim
from common import set_weights, show


class SiameseNetwork(nn.Module):
    def __init__(self):
        super(SiameseNetwork, self).__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, 6, 3),
            nn.ELU(),
            nn.MaxPool2d(2, stride=2),
            nn.Flatten(),
            nn.Linear(150, 16),
            nn.Hardtanh(-3, 3),
        )
        self.fc = nn.Bilinear(16, 16, 1)
        self.sigmoid = nn.Sigmoid()
        self.net.apply(self.init_weights)

    def init_weights(self, m):
        if isinstance(m, nn.Linear):
            torch.nn.init.xavier_uniform_(m.weight)
            m.bias.data.fill_(0.01)

    def forward_once(self, x):
        return self.net(x)

    def forward(self, input1, input2):
        output1, output2 = self.forward_once(input1), self.forward_once(input2)
        return output1, output2, self.sigmoid(self.fc(output1, output2))


def contrastive(a, b, same, margin=2.0):
    distance = F.pairwise_distance(a, b, keepdim=True)
    return torch.mean(same * distance.pow(2) + (1 - same) * torch.clamp(margin - distance, min=0.0).pow(2))


rng = np.random.default_rng(30)
prototypes = rng.normal(size=(4, 1, 12, 12))


def draw(kinds):
    return torch.tensor(prototypes[kinds] + 0.2 * rng.normal(size=(len(kinds), 1, 12, 12)), dtype=torch.float)


model = SiameseNetwork()
set_weights(model)
optimizer = optim.Adadelta(model.parameters(), lr=1.0)
bce = nn.BCELoss()
triplet = nn.TripletMarginLoss(margin=1.0, p=2)
for step in range(9):
    kinds, others = rng.integers(0, 4, 12), rng.integers(0, 4, 12)
    first, second = draw(kinds), draw(others)
    same = torch.from_numpy((kinds == others).astype(np.float32)).unsqueeze(1)
    a, b, p = model(first, second)
    if step % 3 == 0:
        loss = bce(p, same)
    elif step % 3 == 1:
        loss = contrastive(a, b, same)
    else:
        loss = triplet(a, model.forward_once(draw(kinds)), model.forward_once(draw((kinds + 1) % 4)))
        loss = loss + 0.1 * (1 - F.cosine_similarity(a, b)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    show(step, loss=loss.item())
    distances = torch.cdist(a.detach(), b.detach())
    assert distances.shape == (12, 12)
