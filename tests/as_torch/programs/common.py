"""What every program here needs: the same first weights and data in both libraries, and losses as JSON lines."""

import json

import numpy as np
import torch


def set_weights(*modules, seed=0, scale=0.1):
    """Draw all weights with NumPy: biases near 0, the scales of normalization layers near 1."""
    rng = np.random.default_rng(seed)
    with torch.no_grad():
        for module in modules:
            for name, p in module.named_parameters():
                drawn = torch.from_numpy(rng.normal(0.0, 1.0, tuple(p.shape))).to(p.dtype)
                if p.dim() > 1:
                    p.copy_(drawn * (scale if "emb" in name else (2.0 / max(1, p[0].numel())) ** 0.5 * 0.7))
                else:
                    p.copy_(0.01 * drawn + (0.0 if "bias" in name else 1.0))


def show(step, **losses):
    print(json.dumps({"step": step, **{name: float(loss) for name, loss in losses.items()}}), flush=True)
