"""A variational autoencoder, whose noise NumPy draws."""

import numpy as np
import torch
import torch.utils.data
from common import set_weights, show
from torch import nn, optim
from torch.nn import functional as F

noise = np.random.default_rng(9)


class VAE(nn.Module):
    def __init__(self):
        super(VAE, self).__init__()
        self.fc1 = nn.Linear(64, 40)
        self.fc21 = nn.Linear(40, 5)
        self.fc22 = nn.Linear(40, 5)
        self.fc3 = nn.Linear(5, 40)
        self.fc4 = nn.Linear(40, 64)

    def encode(self, x):
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.from_numpy(noise.standard_normal(std.shape)).type_as(std)
        return mu + eps * std

    def decode(self, z):
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))

    def forward(self, x):
        mu, logvar = self.encode(x.view(-1, 64))
        return self.decode(self.reparameterize(mu, logvar)), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    BCE = F.binary_cross_entropy(recon_x, x.view(-1, 64), reduction="sum")
    # 0.5 * sum(1 + log(sigma^2) - mu^2 - sigma^2)
    KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    normal = torch.distributions.Normal(mu, (0.5 * logvar).exp())
    same = torch.distributions.kl_divergence(normal, torch.distributions.Normal(torch.zeros_like(mu), 1.0)).sum()
    assert torch.allclose(KLD, same, rtol=1e-4)
    return BCE + KLD


pictures = np.random.default_rng(2).random((64, 1, 8, 8)).astype("float32") ** 3
dataset = torch.utils.data.TensorDataset(torch.tensor(pictures))
loader = torch.utils.data.DataLoader(dataset, batch_size=16, shuffle=False, drop_last=True)
model = VAE().to("cpu")
set_weights(model)
optimizer = optim.Adam(model.parameters(), lr=3e-3)
scheduler = optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.8)
for epoch in range(3):
    model.train()
    for i, (data,) in enumerate(loader):
        optimizer.zero_grad()
        recon_batch, mu, logvar = model(data)
        loss = loss_function(recon_batch, data, mu, logvar)
        loss.backward()
        optimizer.step()
        show(epoch * 10 + i, loss=loss.item() / len(data))
    scheduler.step()
