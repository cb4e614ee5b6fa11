"""A network that solves a differential equation: second derivatives in the loss, Adam, then L-BFGS."""

import numpy as np
import torch
from common import set_weights, show
from torch.autograd import grad

torch.manual_seed(0)
model = torch.nn.Sequential(
    torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 16), torch.nn.Softplus(beta=2), torch.nn.Linear(16, 1)
).double()
set_weights(model)
x = torch.linspace(0, np.pi, 20, dtype=torch.double).view(-1, 1).requires_grad_(True)
ends = torch.tensor([[0.0], [np.pi]], dtype=torch.float64)


def residual():
    u = model(x)
    (du,) = grad(u, x, torch.ones_like(u), create_graph=True)
    (ddu,) = grad(du.sum(), x, create_graph=True)
    return ((ddu + torch.sin(x)) ** 2).mean() + (model(ends) ** 2).mean()


optimizer = torch.optim.Adam(model.parameters(), 1e-2)
for step in range(6):
    optimizer.zero_grad()
    loss = residual()
    loss.backward()
    optimizer.step()
    show(step, loss=loss.item())

optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=4, history_size=5, line_search_fn="strong_wolfe")


def closure():
    optimizer.zero_grad()
    loss = residual()
    loss.backward()
    return loss


for step in range(3):
    show(10 + step, loss=optimizer.step(closure))
hessian = torch.autograd.functional.hessian(lambda a: model(a).sum(), torch.full((1, 1), 0.5, dtype=torch.double))
show(99, curvature=hessian.squeeze())
