"""State dicts of models and optimizers go to PyTorch and come from it, in files; training goes on in step."""

import numpy as np
import pytest

import gputensor as gt

pytestmark = pytest.mark.torch

# of each layer: how it is made in either library
LAYERS = {
    "Linear": lambda lib: lib.nn.Linear(3, 4),
    "Conv2d": lambda lib: lib.nn.Conv2d(2, 4, 3, groups=2),
    "ConvTranspose1d": lambda lib: lib.nn.ConvTranspose1d(2, 4, 3),
    "BatchNorm2d": lambda lib: lib.nn.BatchNorm2d(3),
    "Embedding": lambda lib: lib.nn.Embedding(5, 3),
    "LSTM": lambda lib: lib.nn.LSTM(3, 4, 2, bidirectional=True),
    "MultiheadAttention": lambda lib: lib.nn.MultiheadAttention(4, 2),
    "Transformer": lambda lib: lib.nn.TransformerEncoderLayer(4, 2, 8),
    "weight_norm": lambda lib: lib.nn.utils.parametrizations.weight_norm(lib.nn.Linear(2, 3)),
    "PReLU": lambda lib: lib.nn.Sequential(lib.nn.PReLU(2), lib.nn.GroupNorm(1, 2)),
    "half": lambda lib: lib.nn.Linear(3, 4).half(),
    "bfloat16": lambda lib: lib.nn.Linear(3, 4).bfloat16(),
}
OPTIMIZERS = {
    "SGD": lambda lib, p: lib.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "Adam": lambda lib, p: lib.optim.Adam(p, lr=0.1, amsgrad=True),
    "AdamW": lambda lib, p: lib.optim.AdamW(p, lr=0.1),
    "RMSprop": lambda lib, p: lib.optim.RMSprop(p, lr=0.1, momentum=0.5, centered=True),
    "Adagrad": lambda lib, p: lib.optim.Adagrad(p, lr=0.1),
    "Adadelta": lambda lib, p: lib.optim.Adadelta(p, lr=0.1),
    "Adamax": lambda lib, p: lib.optim.Adamax(p, lr=0.1),
    "NAdam": lambda lib, p: lib.optim.NAdam(p, lr=0.1),
    "RAdam": lambda lib, p: lib.optim.RAdam(p, lr=0.1),
    "Rprop": lambda lib, p: lib.optim.Rprop(p, lr=0.1),
    "ASGD": lambda lib, p: lib.optim.ASGD(p, lr=0.1),
    "LBFGS": lambda lib, p: lib.optim.LBFGS(p, lr=0.1, max_iter=3),
}


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def numbers(x):
    return x.detach().float().numpy()


@pytest.mark.parametrize("name", LAYERS)
def test_a_state_dict_goes_both_ways(torch, tmp_path, name):
    ours, theirs = LAYERS[name](gt), LAYERS[name](torch)
    torch.save(theirs.state_dict(), tmp_path / "theirs.pt")
    loaded = gt.load(tmp_path / "theirs.pt")
    assert loaded._metadata == theirs.state_dict()._metadata
    ours.load_state_dict(loaded)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    for key, value in theirs.state_dict().items():
        np.testing.assert_array_equal(numbers(ours.state_dict()[key]), numbers(value))
    fresh = LAYERS[name](torch)
    gt.save(ours.state_dict(), tmp_path / "ours.pt")
    state = torch.load(tmp_path / "ours.pt", weights_only=True)
    assert state._metadata == theirs.state_dict()._metadata
    fresh.load_state_dict(state)
    for key, value in theirs.state_dict().items():
        assert torch.equal(fresh.state_dict()[key], value)
        assert fresh.state_dict()[key].dtype == value.dtype


def train(lib, model, optimizer, steps):
    """A few steps of a regression, always on the same data."""
    x = lib.tensor(np.linspace(-1, 1, 12).reshape(4, 3).astype("f4"))

    def loss():
        optimizer.zero_grad()
        out = ((model(x) - x[:, :2]) ** 2).mean()
        out.backward()
        return out

    for _ in range(steps):
        optimizer.step(loss) if type(optimizer).__name__ == "LBFGS" else (loss(), optimizer.step())


def agree(ours, theirs, steps):
    # float32 sums in another order, amplified by each step's divisions
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(numbers(one), numbers(other), rtol=2e-4 * steps, atol=2e-5 * steps)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_goes_on_in_the_other_library(torch, tmp_path, name):
    ours, theirs = gt.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    one, other = OPTIMIZERS[name](gt, ours.parameters()), OPTIMIZERS[name](torch, theirs.parameters())
    train(torch, theirs, other, 3)
    torch.save({"model": theirs.state_dict(), "optimizer": other.state_dict(), "epoch": 3}, tmp_path / "theirs.pt")
    found = gt.load(tmp_path / "theirs.pt")
    assert found["epoch"] == 3
    ours.load_state_dict(found["model"])
    one.load_state_dict(found["optimizer"])
    train(gt, ours, one, 2)
    train(torch, theirs, other, 2)
    agree(ours, theirs, 2)
    gt.save({"model": ours.state_dict(), "optimizer": one.state_dict()}, tmp_path / "ours.pt")
    found = torch.load(tmp_path / "ours.pt", weights_only=True)
    again = torch.nn.Linear(3, 2)
    again.load_state_dict(found["model"])
    third = OPTIMIZERS[name](torch, again.parameters())
    third.load_state_dict(found["optimizer"])
    train(gt, ours, one, 2)
    train(torch, again, third, 2)
    agree(ours, again, 2)


def test_schedulers_and_scalers_go_both_ways(torch, tmp_path):
    def parts(lib):
        optimizer = lib.optim.SGD([lib.nn.Parameter(lib.ones(1))], lr=1.0)
        schedulers = [
            lib.optim.lr_scheduler.StepLR(optimizer, 2),
            lib.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10),
            lib.optim.lr_scheduler.MultiStepLR(optimizer, [1, 3]),
            lib.optim.lr_scheduler.ReduceLROnPlateau(optimizer),
        ]
        return [*schedulers, lib.amp.GradScaler("cpu")]

    for path, source, target in ((tmp_path / "a.pt", torch, gt), (tmp_path / "b.pt", gt, torch)):
        state = [part.state_dict() for part in parts(source)]
        source.save(state, path)
        found = torch.load(path, weights_only=True) if source is gt else gt.load(path)
        assert found == state
        for part, saved in zip(parts(target), found, strict=True):
            part.load_state_dict(saved)


def test_random_states_are_tensors_of_bytes(torch, tmp_path):
    torch.save(torch.get_rng_state(), tmp_path / "theirs.pt")
    assert gt.load(tmp_path / "theirs.pt").dtype is gt.uint8
    before = gt.get_rng_state()
    gt.save({"rng": before}, tmp_path / "ours.pt")
    first = gt.rand(3)
    gt.set_rng_state(gt.load(tmp_path / "ours.pt")["rng"])
    assert gt.equal(gt.rand(3), first)


def test_a_whole_module_is_refused_with_what_to_save_instead(torch, tmp_path):
    torch.save(torch.nn.Linear(2, 3), tmp_path / "model.pt")
    for weights_only in (True, False):
        with pytest.raises(gt.io.CheckpointError, match=r"torch\.nn\.modules\.linear\.Linear.*state_dict\(\)"):
            gt.load(tmp_path / "model.pt", weights_only=weights_only)
    names = gt.serialization.get_unsafe_globals_in_checkpoint(tmp_path / "model.pt")
    assert "torch.nn.modules.linear.Linear" in names
    assert names == torch.serialization.get_unsafe_globals_in_checkpoint(tmp_path / "model.pt") or len(names) >= 1


def test_torchscript_is_refused(torch, tmp_path):
    with pytest.warns(DeprecationWarning, match="torch.jit"):
        torch.jit.save(torch.jit.script(torch.nn.Linear(2, 3)), str(tmp_path / "model.pt"))
    with pytest.raises(gt.io.CheckpointError, match="TorchScript"):
        gt.load(tmp_path / "model.pt")


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support is in beta")
@pytest.mark.parametrize("make", ["to_sparse", "to_sparse_csr"])
def test_sparse_tensors_are_refused_with_what_to_save_instead(torch, tmp_path, make):
    torch.save(getattr(torch.eye(3), make)(), tmp_path / "x.pt")
    with pytest.raises(gt.io.CheckpointError, match="sparse tensor"):
        gt.load(tmp_path / "x.pt")
