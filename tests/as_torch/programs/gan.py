"""A DCGAN with a gradient penalty every second step."""

import numpy as np
import torch
import torch.nn as nn
from common import set_weights, show

cudnn = torch.backends.cudnn
cudnn.benchmark = True
nz, ngf, ndf, nc = 8, 8, 8, 1


def weights_init(m):
    classname = m.__class__.__name__
    if classname.find("Conv") != -1:
        torch.nn.init.normal_(m.weight, 0.0, 0.02)
    elif classname.find("BatchNorm") != -1:
        torch.nn.init.normal_(m.weight, 1.0, 0.02)
        torch.nn.init.zeros_(m.bias)


class Generator(nn.Module):
    def __init__(self):
        super(Generator, self).__init__()
        self.main = nn.Sequential(
            nn.ConvTranspose2d(nz, ngf * 2, 4, 1, 0, bias=False),
            nn.BatchNorm2d(ngf * 2),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, bias=False),
            nn.BatchNorm2d(ngf),
            nn.ReLU(True),
            nn.ConvTranspose2d(ngf, nc, 4, 2, 1, bias=False),
            nn.Tanh(),
        )

    def forward(self, input):
        return self.main(input)


class Discriminator(nn.Module):
    def __init__(self):
        super(Discriminator, self).__init__()
        self.main = nn.Sequential(
            nn.Conv2d(nc, ndf, 4, 2, 1, bias=False),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf, ndf * 2, 4, 2, 1, bias=False),
            nn.InstanceNorm2d(ndf * 2, affine=True),
            nn.LeakyReLU(0.2, inplace=True),
            nn.Conv2d(ndf * 2, 1, 4, 1, 0, bias=False),
            nn.Sigmoid(),
        )

    def forward(self, input):
        return self.main(input).view(-1, 1).squeeze(1)


def gradient_penalty(net, x):
    x = x.detach().clone().requires_grad_(True)
    grad = torch.autograd.grad(outputs=net(x).sum(), inputs=x, create_graph=True, retain_graph=True)[0]
    return ((grad.view(len(x), -1).norm(2, dim=1) - 1) ** 2).mean()


rng = np.random.default_rng(4)
netG, netD = Generator(), Discriminator()
netG.apply(weights_init)
netD.apply(weights_init)
set_weights(netG, netD)
criterion = nn.BCELoss()
optimizerD = torch.optim.Adam(netD.parameters(), lr=2e-3, betas=(0.5, 0.999))
optimizerG = torch.optim.Adam(netG.parameters(), lr=2e-3, betas=(0.5, 0.999))
for i in range(10):
    real = torch.tensor(np.sign(rng.normal(size=(8, nc, 16, 16))) * 0.8, dtype=torch.float32)
    netD.zero_grad()
    label = torch.full((8,), 1.0, dtype=real.dtype)
    errD_real = criterion(netD(real), label)
    errD_real.backward()
    fake = netG(torch.tensor(rng.normal(size=(8, nz, 1, 1))).float())
    label.fill_(0.0)
    errD_fake = criterion(netD(fake.detach()), label)
    errD_fake.backward()
    penalty = torch.zeros(())
    if i % 2:
        penalty = gradient_penalty(netD, real)
        (10 * penalty).backward()
    optimizerD.step()
    netG.zero_grad()
    label.fill_(1)
    errG = criterion(netD(fake), label)
    errG.backward()
    optimizerG.step()
    show(i, D=(errD_real + errD_fake).item(), G=errG.item(), penalty=penalty)
