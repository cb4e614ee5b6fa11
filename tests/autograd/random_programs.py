"""Random programs of views, writes and reads, run by any library with PyTorch's names."""

import random
from typing import Any

import numpy as np

A = np.arange(1.0, 10.0).reshape(3, 3) / 7

VIEWS = (
    "row", "rows", "column", "element", "transpose", "permute", "flat", "flat copy", "new dim", "expand",
    "every second", "windows", "mirror", "sliding",
)  # fmt: skip
READS = (
    "times", "times itself", "plus", "exp", "one over", "row sum", "gather", "gather mask", "matmul", "copy", "clone",
)  # fmt: skip
WRITES = (
    "times number", "times tensor", "plus tensor", "minus", "divide", "copy_", "zero_", "fill_", "exp_", "square",
    "set row", "set row to tensor", "set column", "set rows by list", "set mask", "set mask to tensor", "times row",
)  # fmt: skip
SELF_WRITES = ("times its own", "plus its own part")
QUIET = ("quiet write", "quiet view", "quiet set", "detach", "detached write")
MANY = ("unbind",)
UNSEEN = ("forget", "record")  # differences cannot see them, either
TURNS = ("turn", "swap ends", "new dim here", "drop dim", "keep gradient", *UNSEEN)


def program(
    seed: int, quiet: bool = True, mirrored: bool = False, itself: bool = True
) -> list[tuple[str, float, float, float]]:
    """Three to ten steps, each a kind and three numbers in [0, 1) that choose its operands.

    quiet: no_grad blocks, detach, changes of shape and history in place, which differences cannot see. mirrored:
    negative steps, which PyTorch has not, and windows that overlap, through which its gradients are wrong. itself:
    writes whose operand is part of what they write.
    """
    r = random.Random(seed)
    kinds = [k for k in VIEWS if mirrored or k not in ("mirror", "sliding")] * 2 + list(READS) + list(WRITES) * 2
    if quiet and seed % 3 == 0:
        kinds += QUIET * 3
    if itself and seed % 5 == 0:
        kinds += SELF_WRITES * 3
    if seed % 7 == 0:
        kinds += MANY * 5
    if quiet and seed % 11 == 0:
        kinds += TURNS * 4
    return [(r.choice(kinds), r.random(), r.random(), r.random()) for _ in range(r.randint(3, 10))]


def like(ts: list[Any], t: Any, u: float) -> Any:
    """A tensor of t's shape, made from one of the tensors."""
    same = [q for q in ts if tuple(q.shape) == tuple(t.shape)]
    return same[int(u * len(same))]


def step(lib: Any, ts: list[Any], kind: str, u: float, v: float, w: float) -> None:
    """One step: reads or writes a tensor of the list, or adds a new one to it."""
    t = ts[int(u * len(ts))]
    ndim, n = len(t.shape), t.shape[0] if len(t.shape) else 0
    k = int(w * n) if n else 0
    mask = lib.mask(np.arange(n) % 2 == int(v * 2)) if n else None
    if kind in VIEWS or kind == "quiet view":
        if kind == "quiet view":
            with lib.no_grad():
                ts.append(t[k] if n else t.reshape(1))
        elif kind == "row" and n:
            ts.append(t[k])
        elif kind == "rows" and n > 1:
            ts.append(t[1:] if w < 0.5 else t[: n - 1])
        elif kind == "column" and ndim == 2 and t.shape[1]:
            ts.append(t[:, int(w * t.shape[1])])
        elif kind == "element" and n:
            ts.append(t[(k,) * 1 + (0,) * (ndim - 1)] if all(t.shape) else t[0:0])
        elif kind == "transpose" and ndim == 2:
            ts.append(t.t())
        elif kind == "permute" and ndim >= 2:
            ts.append(t.permute(*range(1, ndim), 0))
        elif kind == "flat" and t.is_contiguous():
            ts.append(t.reshape(-1) if all(t.shape) else t)
        elif kind == "flat copy" and ndim == 2 and t.is_contiguous() and min(t.shape) > 1:
            ts.append(t.t().reshape(-1))
        elif kind == "new dim":
            ts.append(t[None])
        elif kind == "expand" and ndim <= 2:
            ts.append(t.expand(2, *t.shape))
        elif kind == "every second" and n:
            ts.append(t[::2])
        elif kind == "mirror" and n:
            ts.append(t[::-1])
        elif kind in ("windows", "sliding") and n > 1 and ndim <= 2:
            ts.append(t.unfold(0, 2, 2 if kind == "windows" else 1))
    elif kind == "times":
        ts.append(t * like(ts, t, v))
    elif kind == "times itself":
        ts.append(t * t)
    elif kind == "plus":
        ts.append(t + like(ts, t, v) * 0.5)
    elif kind == "one over":
        ts.append(1 / (t * t + 1.0))
    elif kind == "exp":
        ts.append(lib.exp(t * 0.1))
    elif kind == "row sum" and ndim:
        ts.append(t.sum(0))
    elif kind == "gather" and n:
        ts.append(t[[k, 0, n - 1]])
    elif kind == "gather mask" and n:
        ts.append(t[mask])
    elif kind == "matmul" and ndim == 2:
        ts.append(t @ t.t())
    elif kind in ("copy", "clone"):
        ts.append(t.clone())
    elif kind == "detach":
        ts.append(t.detach())
    elif kind == "detached write":
        t.detach().mul_(0.5)
    elif kind == "unbind" and ndim == 2 and n > 1:
        ts.extend(t.unbind())
    elif kind in TURNS:
        turn(t, kind)
    elif kind == "quiet write":
        with lib.no_grad():
            t.mul_(0.5)
    elif kind == "quiet set":
        with lib.no_grad():
            if n:
                t[k] = 0.25
    else:
        write(lib, ts, t, kind, v, w, mask)


def turn(t: Any, kind: str) -> None:
    """Change the shape or the history of a tensor in place."""
    ndim = len(t.shape)
    if kind == "turn" and ndim == 2:
        t.t_()
    elif kind == "swap ends" and ndim >= 2:
        t.transpose_(0, -1)
    elif kind == "new dim here" and ndim < 3:
        t.unsqueeze_(0)
    elif kind == "drop dim" and ndim and t.shape[0] == 1:
        t.squeeze_(0)
    elif kind == "forget" and not t._is_view():
        t.detach_()
    elif kind == "record" and not t.requires_grad and not t._is_view():
        t.requires_grad_()
    elif kind == "keep gradient" and t.requires_grad and not t._is_view():
        t.retain_grad()


def expanded(t: Any) -> bool:
    return any(size > 1 and stride == 0 for size, stride in zip(t.shape, t.stride(), strict=True))


def write(lib: Any, ts: list[Any], t: Any, kind: str, v: float, w: float, mask: Any) -> None:
    ndim, n = len(t.shape), t.shape[0] if len(t.shape) else 0
    k = int(w * n) if n else 0
    if kind == "times number":
        t.mul_(1.5 if w < 0.5 else 2)
    elif kind == "times tensor":
        t.mul_(like(ts, t, v).clone())
    elif kind == "plus tensor":
        t.add_(like(ts, t, v) * 0.5)
    elif kind == "minus":
        t.sub_(like(ts, t, v).clone() * 0.25)
    elif kind == "divide":
        t.div_(like(ts, t, v) * like(ts, t, v) + 1.0)
    elif kind == "copy_":
        t.copy_(like(ts, t, v).clone())
    elif kind == "zero_":
        t.zero_()
    elif kind == "fill_":
        t.fill_(0.75)
    elif kind == "exp_":
        t.mul_(0.1)
        t.exp_()
    elif kind == "square":
        t.pow_(2)
    elif kind == "set row" and n:
        t[k] = 2.0
    elif kind == "set row to tensor" and n:
        t[k] = like(ts, t, v)[0] * 1.0
    elif kind == "set column" and ndim == 2 and t.shape[1]:
        t[:, 0] = like(ts, t, v)[:, -1] * 0.5
    elif kind in ("set rows by list", "set mask", "set mask to tensor") and expanded(t):
        pass  # PyTorch still writes, with a warning that it will not for long
    elif kind == "set rows by list" and n > 1:
        t[[n - 1, 0]] = like(ts, t, v)[:2] * 0.5
    elif kind == "set mask" and n:
        t[mask] = 0.5
    elif kind == "set mask to tensor" and n:
        t[mask] = like(ts, t, v)[mask] * 0.5
    elif kind == "times row" and ndim == 2 and n:
        t.mul_(like(ts, t, v)[k].clone())
    elif kind == "times its own":
        t.mul_(t)
    elif kind == "plus its own part" and n:
        t.mul_(t[k])


def run(
    lib: Any, steps: list[tuple[str, float, float, float]], a: np.ndarray = A, second: bool = True
) -> dict[str, Any]:
    """What a library makes of a program: values, flags, gradients of two orders; or where it refused, and how."""
    leaf = lib.leaf(a)
    ts = [leaf * 1.0, lib.constant(A[::-1].copy())]
    out: dict[str, Any] = {"refused": None, "message": "", "at": ""}
    try:
        for k, (kind, u, v, w) in enumerate(steps):
            out["refused"], out["at"] = k, kind
            step(lib, ts, kind, u, v, w)
            if sum(int(np.prod(t.shape)) for t in ts) > 2000:
                break
        out["refused"], out["at"] = len(steps), "end"
        out["values"] = [lib.numpy(t) for t in ts]
        out["flags"] = [bool(t.requires_grad) for t in ts]
        total = None
        for t in ts:
            part = (t * t).sum() if len(t.shape) < 2 else (t * t[:1]).sum() * 0.5
            total = part if total is None else total + part
        out["total"] = float(lib.numpy(total))
        if second and total.requires_grad:
            out["at"] = "create_graph"
            (g,) = lib.grad(total, leaf, create_graph=True)
            out["recorded"] = None if g is None else lib.numpy(g)
            if g is not None and g.requires_grad:
                (d,) = lib.grad((g * g).sum(), leaf, retain_graph=True)
                out["second"] = None if d is None else lib.numpy(d)
        out["at"] = "backward"
        if total.requires_grad:
            total.backward()
        out["gradient"] = None if leaf.grad is None else lib.numpy(leaf.grad)
    except (RuntimeError, ValueError) as error:
        out["message"] = f"{type(error).__name__}: {error}"
        return out
    out["refused"] = None
    return out
