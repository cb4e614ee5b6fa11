"""A neural ordinary differential equation: Runge-Kutta steps, and the adjoint method as a Function of its own."""

import torch
import torch.nn as nn
from common import set_weights, show

torch.set_default_dtype(torch.float64)


def rk4_step(func, t, dt, y):
    k1 = func(t, y)
    k2 = func(t + dt / 2, y + dt * k1 / 2)
    k3 = func(t + dt / 2, y + dt * k2 / 2)
    k4 = func(t + dt, y + dt * k3)
    return y + dt * (k1 + 2 * k2 + 2 * k3 + k4) / 6


def odeint(func, y0, t):
    ys = [y0]
    for t0, t1 in zip(t[:-1], t[1:]):
        ys.append(rk4_step(func, t0, t1 - t0, ys[-1]))
    return torch.stack(ys)


class OdeintAdjoint(torch.autograd.Function):
    @staticmethod
    def forward(ctx, func, y0, t, *params):
        with torch.no_grad():
            ys = odeint(func, y0, t)
        ctx.func = func
        ctx.save_for_backward(t, ys, *params)
        return ys

    @staticmethod
    def backward(ctx, grad_ys):
        t, ys, *params = ctx.saved_tensors
        adj_y = grad_ys[-1]
        adj_params = [torch.zeros_like(p) for p in params]
        for i in range(len(t) - 1, 0, -1):
            with torch.enable_grad():
                y = ys[i - 1].detach().requires_grad_(True)
                step = rk4_step(ctx.func, t[i - 1], t[i] - t[i - 1], y)
                grads = torch.autograd.grad(step, (y, *params), adj_y, allow_unused=True)
            adj_y = grads[0] + grad_ys[i - 1]
            adj_params = [a + (0 if g is None else g) for a, g in zip(adj_params, grads[1:])]
        return (None, adj_y, None, *adj_params)


class ODEFunc(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 20), nn.Tanh(), nn.Linear(20, 2))
        self.nfe = 0

    def forward(self, t, y):
        self.nfe += 1
        return self.net(y**3)


true_A = torch.tensor([[-0.1, 2.0], [-2.0, -0.1]])
t = torch.linspace(0.0, 2.0, 12)
with torch.no_grad():
    true_y = odeint(lambda t, y: (y**3) @ true_A, torch.tensor([[2.0, 0.0]]), t)
func = ODEFunc()
set_weights(func, seed=3)
optimizer = torch.optim.RMSprop(func.parameters(), lr=1e-2)
for it in range(8):
    optimizer.zero_grad()
    if it % 2:
        pred = OdeintAdjoint.apply(func, true_y[0], t, *func.parameters())
    else:
        pred = odeint(func, true_y[0], t)
    loss = torch.mean(torch.abs(pred - true_y))
    loss.backward()
    optimizer.step()
    show(it, loss=loss.item())
assert pred.dtype == torch.float64 == torch.get_default_dtype() and func.nfe > 0
