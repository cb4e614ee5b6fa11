"""Whole models trained for some steps beside PyTorch: losses, weights and states agree."""

import gc

import numpy as np
import pytest

import gputensor as gt


def classifier(nn):
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, groups=2),
        nn.GroupNorm(2, 6),
        nn.GELU(),
        nn.AdaptiveAvgPool2d(2),
        nn.Flatten(),
        nn.Linear(24, 5),
    )


def perceptron(nn):
    return nn.Sequential(
        nn.Linear(64, 32), nn.LayerNorm(32), nn.Tanh(), nn.Linear(32, 16), nn.PReLU(), nn.Linear(16, 5)
    )


MODELS = {"classifier": (classifier, (8, 1, 8, 8)), "perceptron": (perceptron, (8, 64))}
OPTIMIZERS = {
    "SGD": lambda lib, ps: lib.optim.SGD(ps, lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3),
    "Adam": lambda lib, ps: lib.optim.Adam(ps, lr=0.01),
    "AdamW": lambda lib, ps: lib.optim.AdamW(ps, lr=0.01, amsgrad=True),
}


def train(lib, model, optimizer, batches):
    """The losses of some steps, with clipping and a schedule."""
    scheduler = lib.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=10)
    criterion = lib.nn.CrossEntropyLoss(label_smoothing=0.1)
    losses = []
    for x, y in batches:
        optimizer.zero_grad()
        loss = criterion(model(lib.tensor(x)), lib.tensor(y))
        loss.backward()
        lib.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        scheduler.step()
        losses.append(loss.item())
    return losses


@pytest.mark.torch
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_eight_steps_are_pytorchs(name, kind):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(8)
    make, shape = MODELS[name]
    batches = [(rng.standard_normal(shape), rng.integers(0, 5, shape[0])) for _ in range(8)]
    ours, theirs = make(gt.nn).double(), make(torch.nn).double()
    theirs.load_state_dict({k: torch.tensor(v.numpy().copy()) for k, v in ours.state_dict().items()})
    a = train(gt, ours, OPTIMIZERS[kind](gt, ours.parameters()), batches)
    b = train(torch, theirs, OPTIMIZERS[kind](torch, theirs.parameters()), batches)
    np.testing.assert_allclose(a, b, rtol=1e-8)
    ours.eval()
    theirs.eval()
    for key, value in theirs.state_dict().items():
        # Adam divides by the root of squares: where a gradient is nearly 0, its last bits count
        np.testing.assert_allclose(ours.state_dict()[key].numpy(), value.numpy(), rtol=1e-6, atol=1e-7, err_msg=key)
    x = batches[0][0]
    np.testing.assert_allclose(
        ours(gt.tensor(x)).detach().numpy(), theirs(torch.tensor(x)).detach().numpy(), rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_small_model_learns(kind):
    gt.manual_seed(0)
    rng = np.random.default_rng(9)
    x = rng.standard_normal((60, 64)).astype(np.float32)
    y = (x[:, 0] > 0).astype(np.int64)
    model = perceptron(gt.nn)
    losses = train(gt, model, OPTIMIZERS[kind](gt, model.parameters()), [(x, y)] * 10)
    assert losses[-1] < losses[0] * 0.8


def test_no_garbage_is_left_by_steps():
    model = classifier(gt.nn)
    optimizer = gt.optim.Adam(model.parameters())
    rng = np.random.default_rng(9)
    batches = [(rng.standard_normal((4, 1, 8, 8)).astype(np.float32), rng.integers(0, 5, 4))] * 3
    train(gt, model, optimizer, batches)
    gc.collect()
    gc.disable()
    try:
        train(gt, model, optimizer, batches)
        found = gc.collect()
    finally:
        gc.enable()
    assert found == 0
