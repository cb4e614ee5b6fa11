"""Learning to learn: gradients through steps of gradient descent, by hand and with torch.func."""

import numpy as np
import torch
from common import set_weights, show
from torch import nn
from torch.func import functional_call, grad, vmap

rng = np.random.default_rng(60)
net = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 1))
set_weights(net)
outer = torch.optim.Adam(net.parameters(), lr=5e-3)


def sine_task(n=10):
    phase, height = rng.uniform(0, 3), rng.uniform(0.5, 2)
    x = rng.uniform(-3, 3, (2 * n, 1)).astype(np.float32)
    y = (height * np.sin(x + phase)).astype(np.float32)
    return [torch.from_numpy(part) for part in (x[:n], y[:n], x[n:], y[n:])]


def loss_of(params, x, y):
    return ((functional_call(net, params, (x,)) - y) ** 2).mean()


def adapted_loss(params, x1, y1, x2, y2, alpha=0.05):
    grads = grad(loss_of)(params, x1, y1)
    return loss_of({k: params[k] - alpha * grads[k] for k in params}, x2, y2)


for step in range(8):
    tasks = [sine_task() for _ in range(3)]
    outer.zero_grad()
    if step % 2:
        total = 0
        for x1, y1, x2, y2 in tasks:
            fast = dict(net.named_parameters())
            for _ in range(2):
                inner = loss_of(fast, x1, y1)
                grads = torch.autograd.grad(inner, list(fast.values()), create_graph=True)
                fast = {k: w - 0.05 * g for (k, w), g in zip(fast.items(), grads)}
            total = total + loss_of(fast, x2, y2)
        loss = total / len(tasks)
    else:
        batch = [torch.stack(parts) for parts in zip(*tasks)]
        loss = vmap(adapted_loss, in_dims=(None, 0, 0, 0, 0))(dict(net.named_parameters()), *batch).mean()
    loss.backward()
    outer.step()
    show(step, loss=loss.item())
