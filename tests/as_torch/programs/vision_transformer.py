"""A vision transformer of PyTorch's own encoder layers, with mixed pictures, soft targets and gradient accumulation."""

import numpy as np
import torch
from common import set_weights, show
from torch import nn
from torch.utils.checkpoint import checkpoint


class PatchEmbed(nn.Module):
    def __init__(self, size, patch, channels, dim):
        super().__init__()
        self.patch = patch
        self.proj = nn.Linear(channels * patch * patch, dim)
        self.cls_token_emb = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, (size // patch) ** 2 + 1, dim))
        nn.init.trunc_normal_(self.pos_embed, std=0.02)

    def forward(self, x):
        b, c, h, w = x.shape
        p = self.patch
        x = x.unfold(2, p, p).unfold(3, p, p).permute(0, 2, 3, 1, 4, 5).reshape(b, -1, c * p * p)
        x = torch.cat((self.cls_token_emb.expand(b, -1, -1), self.proj(x)), dim=1)
        return x + self.pos_embed


class ViT(nn.Module):
    def __init__(self, size=12, patch=4, dim=16, depth=2, heads=4, classes=6):
        super().__init__()
        self.embed = PatchEmbed(size, patch, 3, dim)
        layer = nn.TransformerEncoderLayer(dim, heads, 32, 0.0, activation="gelu", batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(
            layer, num_layers=depth, norm=nn.LayerNorm(dim), enable_nested_tensor=False
        )
        self.head = nn.Linear(dim, classes)

    def forward(self, x, save_memory=False):
        x = self.embed(x)
        x = checkpoint(self.encoder, x, use_reentrant=False) if save_memory else self.encoder(x)
        return self.head(x[:, 0])


def mixup(x, y, lam, classes=6):
    y = nn.functional.one_hot(y, classes).float()
    return x.mul(lam).add_(x.flip(0).mul(1.0 - lam)), y * lam + y.flip(0) * (1.0 - lam)


rng = np.random.default_rng(50)
model = ViT()
set_weights(model)
total = sum(p.numel() for p in model.parameters() if p.requires_grad)
optimizer = torch.optim.AdamW(
    [
        {"params": [p for n, p in model.named_parameters() if p.ndim > 1], "weight_decay": 0.05},
        {"params": [p for n, p in model.named_parameters() if p.ndim <= 1]},
    ],
    lr=3e-3,
    weight_decay=0.0,
)
scheduler = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(optimizer, T_0=4)
criterion = nn.CrossEntropyLoss(weight=torch.linspace(0.5, 1.5, 6))
for step in range(10):
    for micro in range(2):
        y = torch.as_tensor(rng.integers(0, 6, 8))
        x = torch.as_tensor(rng.normal(size=(8, 3, 12, 12)), dtype=torch.float32) + y[:, None, None, None] / 3
        x, soft = mixup(x, y, float(rng.beta(0.8, 0.8)))
        loss = criterion(model(x, save_memory=step % 2 == 1), soft) / 2
        loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    scheduler.step()
    show(step, loss=loss.item(), lr=scheduler.get_last_lr()[0])
assert total == sum(v.numel() for v in model.state_dict().values())
