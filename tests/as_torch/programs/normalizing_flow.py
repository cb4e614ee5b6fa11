"""A normalizing flow: affine couplings and learned rotations, as a distribution with transforms of its own."""

import numpy as np
import torch
from common import set_weights, show
from torch import nn
from torch.distributions import (
    ComposeTransform,
    MultivariateNormal,
    TransformedDistribution,
    constraints,
    transforms as T,
)

rng = np.random.default_rng(11)
MADE = [torch.tensor([1.0, 0.0, 1.0, 0.0]), torch.tensor([0.0, 1.0, 0.0, 1.0])]


class Coupling(T.Transform, nn.Module):
    domain = codomain = constraints.real_vector
    bijective = True

    def __init__(self, mask):
        nn.Module.__init__(self)
        T.Transform.__init__(self)
        self.register_buffer("mask", mask)
        self.net = nn.Sequential(nn.Linear(4, 24), nn.LeakyReLU(0.1), nn.Linear(24, 8))

    __hash__ = nn.Module.__hash__

    def __eq__(self, other):
        return self is other

    def parts(self, x):
        shift, scale = self.net(x * self.mask).chunk(2, dim=-1)
        return shift * (1 - self.mask), torch.tanh(scale) * (1 - self.mask)

    def _call(self, x):
        shift, scale = self.parts(x)
        return x * scale.exp() + shift

    def _inverse(self, y):
        shift, scale = self.parts(y)
        return (y - shift) * torch.exp(-scale)

    def log_abs_det_jacobian(self, x, y):
        return self.parts(x)[1].sum(-1)


couplings = nn.ModuleList([Coupling(MADE[k % 2]) for k in range(4)])
base_mean, base_factor = nn.Parameter(torch.zeros(4)), nn.Parameter(torch.eye(4))
set_weights(couplings)
optimizer = torch.optim.RMSprop(
    [{"params": couplings.parameters()}, {"params": [base_mean, base_factor], "lr": 1e-3}], lr=3e-3
)
scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=4, T_mult=2)


def flow():
    factor = base_factor.tril(-1) + torch.diag_embed(nn.functional.softplus(base_factor.diagonal()))
    base = MultivariateNormal(base_mean, scale_tril=factor)
    return TransformedDistribution(base, [ComposeTransform(list(couplings)), T.AffineTransform(0.1, 1.5, event_dim=1)])


for step in range(10):
    angle = torch.from_numpy(rng.uniform(0, 2 * np.pi, 64))
    x = torch.stack([angle.cos(), angle.sin(), (2 * angle).cos(), (2 * angle).sin()], -1).float()
    x = x + 0.1 * torch.from_numpy(rng.normal(size=(64, 4)).astype(np.float32))
    p = flow()
    loss = -p.log_prob(x).mean()
    optimizer.zero_grad()
    loss.backward()
    total = torch.nn.utils.get_total_norm([q.grad for q in couplings.parameters()])
    torch.nn.utils.clip_grad_value_(couplings.parameters(), 0.5)
    optimizer.step()
    scheduler.step()
    with torch.no_grad():
        z = torch.from_numpy(rng.normal(size=(8, 4)).astype(np.float32))
        y = z
        for part in p.transforms:
            y = part(y)
        back = y
        for part in reversed(p.transforms):
            back = part.inv(back)
    show(step, loss=loss, norm=total, moved=y.abs().mean(), back=(back - z).abs().max(), lr=scheduler.get_last_lr()[0])
