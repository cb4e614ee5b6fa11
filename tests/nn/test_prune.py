"""Pruning: masks beside PyTorch's, and by value."""

import copy

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn
from gputensor.nn.utils import prune

W = np.array([[1.0, -5.0, 2.0], [-0.5, 3.0, -4.0]])


def layer_of(lib):
    layer = lib.nn.Linear(3, 2).double()
    layer.weight.data = lib.tensor(W)
    layer.bias.data = lib.tensor([0.25, -6.0], dtype=lib.float64)
    return layer


STEPS = {
    "identity": lambda lib, p, m: p.identity(m, "weight"),
    "l1": lambda lib, p, m: p.l1_unstructured(m, "weight", 2),
    "l1 part": lambda lib, p, m: p.l1_unstructured(m, "weight", 0.4),
    "l1 scores": lambda lib, p, m: p.l1_unstructured(m, "weight", 3, importance_scores=lib.tensor(-W * (W > 0))),
    "ln": lambda lib, p, m: p.ln_structured(m, "weight", 1, n=2, dim=1),
    "ln rows": lambda lib, p, m: p.ln_structured(m, "weight", 0.5, n=float("inf"), dim=0),
    "custom": lambda lib, p, m: p.custom_from_mask(m, "bias", lib.tensor([0, 1])),
    "twice": lambda lib, p, m: p.l1_unstructured(p.l1_unstructured(m, "weight", 1), "weight", 2),
    "structured after": lambda lib, p, m: p.ln_structured(p.ln_structured(m, "weight", 1, 1, -1), "weight", 1, 1, -1),
    "three": lambda lib, p, m: p.ln_structured(
        p.custom_from_mask(p.l1_unstructured(m, "weight", 1), "weight", lib.tensor([[1, 0, 1], [1, 1, 1]])),
        "weight", 1, 2, 0,
    ),
    "global": lambda lib, p, m: p.global_unstructured([(m, "weight"), (m, "bias")], p.L1Unstructured, amount=3),
    "global scores": lambda lib, p, m: p.global_unstructured(
        [(m, "weight"), (m, "bias")], p.L1Unstructured, {(m, "bias"): lib.tensor([9.0, 9.0]).double()}, amount=0.5
    ),
    "nothing": lambda lib, p, m: p.ln_structured(m, "weight", 0, 2, 0),
}  # fmt: skip


@pytest.mark.torch
@pytest.mark.parametrize("name", STEPS)
def test_pruning_is_pytorchs(name):
    torch = pytest.importorskip("torch")
    import torch.nn.utils.prune as theirs

    found = []
    for lib, module in ((gt, prune), (torch, theirs)):
        layer = layer_of(lib)
        STEPS[name](lib, module, layer)
        out = layer(lib.ones(1, 3, dtype=lib.float64))
        out.sum().backward()
        found.append(
            [
                {k: v.tolist() for k, v in layer.state_dict().items()},
                layer.weight.tolist(),
                layer.bias.tolist(),
                out.tolist(),
            ]
        )
        found[-1].append({k: None if p.grad is None else p.grad.tolist() for k, p in layer.named_parameters()})
        for which in ("weight", "bias"):
            if hasattr(layer, which + "_mask"):
                module.remove(layer, which)
        found[-1].append({k: v.tolist() for k, v in layer.state_dict().items()})
        assert not module.is_pruned(layer)
    assert found[0] == found[1]


def test_masks_by_value():
    layer = layer_of(gt)
    weight = layer.weight
    prune.l1_unstructured(layer, "weight", 2)
    assert layer.weight_mask.tolist() == [[0.0, 1.0, 1.0], [0.0, 1.0, 1.0]]
    assert layer.weight_orig is weight
    assert prune.is_pruned(layer)
    prune.remove(layer, "weight")
    assert layer.weight is weight
    assert layer.weight.tolist() == [[0.0, -5.0, 2.0], [0.0, 3.0, -4.0]]
    prune.ln_structured(layer, "weight", 1, n=2, dim=0)
    # norms sqrt(29) and 5
    assert layer.weight.tolist() == [[0.0, -5.0, 2.0], [0.0, 0.0, 0.0]]


def test_random_masks_have_the_amount():
    gt.manual_seed(0)
    layer = nn.Conv2d(6, 10, 3)
    prune.random_unstructured(layer, "weight", 0.5)
    assert float(layer.weight_mask.mean()) == 0.5
    prune.random_structured(layer, "weight", 4, dim=0)
    assert int((layer.weight_mask.sum((1, 2, 3)) == 0).sum()) == 4
    with gt.no_grad():
        layer(gt.ones(1, 6, 3, 3))
    again = copy.deepcopy(layer)
    prune.remove(again, "weight")
    assert again.weight.equal(layer.weight)
    assert prune.is_pruned(layer)


def test_the_mask_is_applied_at_every_call():
    layer = prune.l1_unstructured(layer_of(gt), "weight", 3)
    optimizer = gt.optim.SGD(layer.parameters(), lr=0.1)
    layer(gt.ones(1, 3, dtype=gt.float64)).sum().backward()
    optimizer.step()
    layer(gt.ones(1, 3, dtype=gt.float64))
    assert int((layer.weight == 0).sum()) == 3
    assert layer.weight_orig.grad.tolist() == layer.weight_mask.tolist()


def test_what_is_refused_changes_nothing():
    layer = layer_of(gt)
    for wrong, error in (
        (lambda: prune.l1_unstructured(layer, "weight", 7), ValueError),
        (lambda: prune.l1_unstructured(layer, "weight", 1.5), ValueError),
        (lambda: prune.l1_unstructured(layer, "weight", -1), ValueError),
        (lambda: prune.l1_unstructured(layer, "weight", "2"), TypeError),
        (lambda: prune.ln_structured(layer, "bias", 1, 2, 0), ValueError),
        (lambda: prune.ln_structured(layer, "weight", 1, 2, 2), IndexError),
        (lambda: prune.custom_from_mask(layer, "weight", gt.ones(2)), ValueError),
        (lambda: prune.l1_unstructured(layer, "weight", 1, gt.ones(2)), ValueError),
        (lambda: prune.remove(layer, "weight"), ValueError),
        (lambda: prune.global_unstructured([(layer, "weight")], prune.LnStructured, amount=1, n=2), TypeError),
        (lambda: prune.global_unstructured(3, prune.L1Unstructured, amount=1), TypeError),
    ):
        with pytest.raises(error):
            wrong()
        assert sorted(layer.state_dict()) == ["bias", "weight"]
        assert not layer._forward_pre_hooks
    prune.l1_unstructured(layer, "weight", 1)
    with pytest.raises(ValueError, match="should be smaller"):
        prune.l1_unstructured(layer, "weight", 6)
    assert int(layer.weight_mask.sum()) == 5
    layer(gt.ones(1, 3, dtype=gt.float64))


def test_containers_take_methods_of_one_tensor():
    one, other = prune.L1Unstructured(1), prune.Identity()
    one._tensor_name, other._tensor_name = "weight", "bias"
    container = prune.PruningContainer(one)
    assert (len(container), container[0], list(container)) == (1, one, [one])
    with pytest.raises(ValueError, match="acting on the parameter named 'weight'"):
        container.add_pruning_method(other)
    with pytest.raises(TypeError, match="is not a BasePruningMethod"):
        container.add_pruning_method(3)


@pytest.mark.parametrize(
    ("method", "zeros"),
    [
        (lambda: prune.LnStructured(1, 2, 0), {(0, 1, 2), (3, 4, 5)}),
        (lambda: prune.RandomStructured(1, 1), {(0, 3), (1, 4), (2, 5)}),
        (lambda: prune.RandomUnstructured(5), None),
        (lambda: prune.L1Unstructured(2), {(0, 3)}),
        (lambda: prune.CustomFromMask(gt.tensor([[1, 0, 1], [1, 1, 0]])), {(1, 5)}),
        (lambda: prune.Identity(), {()}),
    ],
)
def test_methods_prune_a_tensor_by_themselves(method, zeros):
    weight = gt.tensor(W)
    made = method()
    assert isinstance(made, prune.BasePruningMethod)
    pruned = made.prune(weight).flatten().tolist()
    places = tuple(k for k, v in enumerate(pruned) if v == 0)
    assert [v for v in pruned if v] == [v for k, v in enumerate(W.flatten().tolist()) if k not in places]
    assert places in zeros if zeros is not None else len(places) == 5
