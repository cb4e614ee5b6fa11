"""A small GPT: tied weights, groups of AdamW, warm-up and cosine, GradScaler; the run stops and is resumed."""

import argparse
import copy
import inspect
import io
import math

import numpy as np
import torch
import torch.nn.functional as F
from common import set_weights, show
from torch import nn
from torch.optim.lr_scheduler import LambdaLR


class CausalSelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.c_attn = nn.Linear(config.n_embd, 3 * config.n_embd, bias=config.bias)
        self.c_proj = nn.Linear(config.n_embd, config.n_embd, bias=config.bias)
        self.n_head = config.n_head
        self.flash = hasattr(F, "scaled_dot_product_attention")
        mask = torch.tril(torch.ones(config.block_size, config.block_size))
        self.register_buffer("bias", mask.view(1, 1, config.block_size, config.block_size), persistent=False)

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(C, dim=2)
        q, k, v = (t.view(B, T, self.n_head, C // self.n_head).transpose(1, 2) for t in (q, k, v))
        if self.flash and self.training:
            y = F.scaled_dot_product_attention(q, k, v, attn_mask=None, dropout_p=0.0, is_causal=True)
        else:
            att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
            att = att.masked_fill(self.bias[:, :, :T, :T] == 0, float("-inf"))
            y = F.softmax(att, dim=-1) @ v
        return self.c_proj(y.transpose(1, 2).contiguous().view(B, T, C))


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.ln_1 = nn.LayerNorm(config.n_embd)
        self.attn = CausalSelfAttention(config)
        self.ln_2 = nn.LayerNorm(config.n_embd)
        self.mlp = nn.ModuleDict(
            dict(
                c_fc=nn.Linear(config.n_embd, 4 * config.n_embd),
                act=nn.GELU(approximate="tanh"),
                c_proj=nn.Linear(4 * config.n_embd, config.n_embd),
            )
        )

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        m = self.mlp
        return x + m.c_proj(m.act(m.c_fc(self.ln_2(x))))


class GPT(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.transformer = nn.ModuleDict(
            dict(
                wte=nn.Embedding(config.vocab_size, config.n_embd),
                wpe=nn.Embedding(config.block_size, config.n_embd),
                h=nn.ModuleList([Block(config) for _ in range(config.n_layer)]),
                ln_f=nn.LayerNorm(config.n_embd),
            )
        )
        self.lm_head = nn.Linear(config.n_embd, config.vocab_size, bias=False)
        self.transformer.wte.weight = self.lm_head.weight

    def forward(self, idx, targets=None):
        pos = torch.arange(0, idx.size(1), dtype=torch.long, device=idx.device)
        x = self.transformer.wte(idx) + self.transformer.wpe(pos)
        for block in self.transformer.h:
            x = block(x)
        logits = self.lm_head(self.transformer.ln_f(x))
        if targets is None:
            return logits[:, [-1], :], None
        return logits, F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1), ignore_index=-1)

    def configure_optimizers(self, weight_decay, lr, betas):
        params = {n: p for n, p in self.named_parameters() if p.requires_grad}
        groups = [
            {"params": [p for p in params.values() if p.dim() >= 2], "weight_decay": weight_decay},
            {"params": [p for p in params.values() if p.dim() < 2], "weight_decay": 0.0},
        ]
        fused = "fused" in inspect.signature(torch.optim.AdamW).parameters and torch.cuda.is_available()
        return torch.optim.AdamW(groups, lr=lr, betas=betas, **(dict(fused=True) if fused else {}))

    @torch.no_grad()
    def generate(self, idx, max_new_tokens, top_k=None):
        for _ in range(max_new_tokens):
            logits, _ = self(idx[:, -self.config.block_size :])
            logits = logits[:, -1, :]
            if top_k is not None:
                v, _ = torch.topk(logits, min(top_k, logits.size(-1)))
                logits[logits < v[:, [-1]]] = -float("Inf")
            idx = torch.cat((idx, F.softmax(logits, dim=-1).argmax(-1, keepdim=True)), dim=1)
        return idx


args = argparse.Namespace(block_size=16, vocab_size=27, n_layer=2, n_head=2, n_embd=32, bias=True)
data = np.random.default_rng(7).integers(0, 27, 400).astype(np.uint16)


def get_batch(step):
    starts = np.random.default_rng(step).integers(0, len(data) - args.block_size - 1, 8)
    x = torch.stack([torch.from_numpy(data[i : i + args.block_size].astype(np.int64)) for i in starts])
    y = torch.stack([torch.from_numpy(data[i + 1 : i + 1 + args.block_size].astype(np.int64)) for i in starts])
    return x.pin_memory().to("cuda", non_blocking=True) if torch.cuda.is_available() else x, y


def build():
    model = GPT(args)
    set_weights(model)
    optimizer = model.configure_optimizers(0.1, 3e-3, (0.9, 0.95))
    warm = 3
    schedule = LambdaLR(
        optimizer, lambda i: (i + 1) / warm if i < warm else 0.5 * (1 + math.cos(math.pi * (i - warm) / 12))
    )
    scaler = torch.amp.GradScaler("cuda", enabled=torch.cuda.is_available())
    return model, optimizer, schedule, scaler


model, optimizer, schedule, scaler = build()
accumulate = 2
for step in range(12):
    if step == 6:
        file = io.BytesIO()
        torch.save(
            {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "scaler": scaler.state_dict(),
                "model_args": vars(args),
                "step": step,
            },
            file,
        )
        file.seek(0)
        model, optimizer, schedule, scaler = build()
        checkpoint = torch.load(file, map_location="cpu")
        state = {k.removeprefix("_orig_mod."): v for k, v in checkpoint["model"].items()}
        loaded = model.load_state_dict(state)
        assert not loaded.missing_keys and checkpoint["model_args"]["n_embd"] == 32
        optimizer.load_state_dict(checkpoint["optimizer"])
        schedule.load_state_dict(checkpoint["schedule"])
        scaler.load_state_dict(checkpoint["scaler"])
        assert model.lm_head.weight is model.transformer.wte.weight
    for micro in range(accumulate):
        with torch.autocast(device_type="cpu", dtype=torch.bfloat16, enabled=False):
            _, loss = model(*get_batch(2 * step + micro))
            loss = loss / accumulate
        scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()
    optimizer.zero_grad(set_to_none=True)
    schedule.step()
    show(step, loss=loss.item() * accumulate, norm=norm, lr=optimizer.param_groups[0]["lr"])
model.eval()
averaged = copy.deepcopy(model)
show(12, tokens=averaged.generate(torch.zeros(1, 1, dtype=torch.long), 20, top_k=5).float().mean())
