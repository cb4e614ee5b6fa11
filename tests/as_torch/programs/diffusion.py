"""A denoising diffusion model on the plane: embedded times, group norms, attention, an averaged model."""

import math

import numpy as np
import torch
from common import set_weights, show
from torch import einsum, nn
from torch.optim.swa_utils import AveragedModel


def exists(x):
    return x is not None


def extract(a, t, x_shape):
    b, *_ = t.shape
    return a.gather(-1, t).reshape(b, *((1,) * (len(x_shape) - 1)))


class SinusoidalPosEmb(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        half = self.dim // 2
        emb = torch.exp(torch.arange(half, device=x.device) * -(math.log(10000) / (half - 1)))
        emb = x[:, None] * emb[None, :]
        return torch.cat((emb.sin(), emb.cos()), dim=-1)


class Residual(nn.Module):
    def __init__(self, fn):
        super().__init__()
        self.fn = fn

    def forward(self, x, *args, **kwargs):
        return self.fn(x, *args, **kwargs) + x


class LinearAttention(nn.Module):
    def __init__(self, dim, heads=2, dim_head=8):
        super().__init__()
        self.scale, self.heads = dim_head**-0.5, heads
        self.to_qkv = nn.Conv1d(dim, dim_head * heads * 3, 1, bias=False)
        self.to_out = nn.Conv1d(dim_head * heads, dim, 1)

    def forward(self, x):
        b, c, n = x.shape
        q, k, v = (t.reshape(b, self.heads, -1, n) for t in self.to_qkv(x).chunk(3, dim=1))
        q, k = q.softmax(dim=-2) * self.scale, k.softmax(dim=-1)
        context = einsum("b h d n, b h e n -> b h d e", k, v)
        out = torch.einsum("b h d e, b h d n -> b h e n", context, q)
        return self.to_out(out.reshape(b, -1, n))


class Denoiser(nn.Module):
    def __init__(self, channels=2, dim=16):
        super().__init__()
        self.time_mlp = nn.Sequential(
            SinusoidalPosEmb(dim), nn.Linear(dim, dim * 2), nn.SiLU(), nn.Linear(dim * 2, dim * 2)
        )
        self.init_conv = nn.Conv1d(channels, dim, 3, padding=1)
        self.norm = nn.GroupNorm(4, dim)
        self.attn = Residual(LinearAttention(dim))
        self.full = nn.MultiheadAttention(dim, 2, batch_first=True)
        self.final = nn.Sequential(nn.Mish(), nn.Conv1d(dim, channels, 1))

    def forward(self, x, time):
        scale, shift = self.time_mlp(time).unsqueeze(-1).chunk(2, dim=1)
        h = self.norm(self.init_conv(x)) * (scale + 1) + shift
        h = self.attn(h)
        y = h.transpose(1, 2)
        h = h + self.full(y, y, y, need_weights=False)[0].transpose(1, 2)
        return self.final(h)


class Diffusion(nn.Module):
    def __init__(self, model, steps=50):
        super().__init__()
        self.model, self.steps = model, steps
        betas = torch.linspace(1e-4, 0.1, steps, dtype=torch.float64)
        alphas_cumprod = torch.cumprod(1.0 - betas, dim=0)
        register = lambda name, val: self.register_buffer(name, val.to(torch.float32))  # noqa: E731
        register("sqrt_alphas_cumprod", torch.sqrt(alphas_cumprod))
        register("sqrt_one_minus_alphas_cumprod", torch.sqrt(1.0 - alphas_cumprod))
        snr = alphas_cumprod / (1 - alphas_cumprod)
        register("loss_weight", snr.clone().clamp_(max=5) / snr)

    def forward(self, x_start, t, noise=None):
        noise = noise if exists(noise) else torch.randn_like(x_start)
        x = extract(self.sqrt_alphas_cumprod, t, x_start.shape) * x_start
        x = x + extract(self.sqrt_one_minus_alphas_cumprod, t, x_start.shape) * noise
        loss = nn.functional.mse_loss(self.model(x, t), noise, reduction="none")
        loss = loss.flatten(1).mean(dim=1) * extract(self.loss_weight, t, (len(t),))
        return loss.mean()


rng = np.random.default_rng(40)
diffusion = Diffusion(Denoiser())
set_weights(diffusion)
ema = AveragedModel(diffusion, avg_fn=lambda avg, new, n: 0.9 * avg + 0.1 * new)
optimizer = torch.optim.RAdam(diffusion.parameters(), lr=3e-3, betas=(0.9, 0.99))
scheduler = torch.optim.lr_scheduler.SequentialLR(
    optimizer,
    [
        torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=4),
        torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=8),
    ],
    milestones=[4],
)
for step in range(12):
    angle = rng.uniform(0, 6.28, (8, 1)) + np.linspace(0, 6.28, 16)
    x = torch.from_numpy(np.stack([np.cos(angle), np.sin(angle)], 1).astype(np.float32))
    t = torch.from_numpy(rng.integers(0, 50, 8)).long()
    noise = torch.from_numpy(rng.standard_normal(x.shape).astype(np.float32))
    loss = diffusion(x, t, noise)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step()
    ema.update_parameters(diffusion)
    with torch.inference_mode():
        averaged = ema.module(x, t, noise)
    show(step, loss=loss.item(), ema=averaged.item(), lr=optimizer.param_groups[0]["lr"])
