"""Layers with several inputs and outputs beside PyTorch's: the same weights, values, first and second gradients."""

import numpy as np

import gputensor as gt


def leaves_of(value):
    """The floating-point tensors in nested tuples, lists and packed sequences."""
    if isinstance(value, (tuple, list)):
        return [t for v in value for t in leaves_of(v)]
    return [value] if value is not None and value.is_floating_point() else []


def pull(lib, outs):
    """A random weighted sum of all outputs."""
    rng = np.random.default_rng(8)
    return sum((o * lib.tensor(rng.standard_normal(tuple(o.shape)))).sum() for o in outs)


def results(lib, layer, call, arrays, second):
    """Outputs, gradients of inputs and parameters, and gradients of their squares."""
    inputs = [lib.tensor(a) for a in arrays]
    for x in inputs:
        if x.is_floating_point():
            x.requires_grad_()
    wanted = [x for x in inputs if x.requires_grad] + [p for p in layer.parameters() if p.requires_grad]
    outs = leaves_of(call(lib, layer, *inputs))
    found = list(outs)
    found += lib.autograd.grad(pull(lib, outs), wanted, allow_unused=True)
    if second:
        outs = leaves_of(call(lib, layer, *inputs))
        first = lib.autograd.grad(pull(lib, outs), wanted, create_graph=True, allow_unused=True)
        found += lib.autograd.grad(sum((g * g).sum() for g in first if g is not None), wanted, allow_unused=True)
    return [None if t is None else t.detach().numpy() for t in found]


def agree(torch, make, call, *arrays, second=True, train=True, rtol=1e-8):
    """Make the layer of both libraries, give both the same weights, and compare everything."""
    theirs, ours = make(torch).double(), make(gt).double()
    theirs.train(train)
    ours.train(train)
    assert repr(ours) == repr(theirs)
    rng = np.random.default_rng(9)
    state = {k: torch.tensor(rng.standard_normal(tuple(v.shape)) / 2) for k, v in theirs.state_dict().items()}
    theirs.load_state_dict(state)
    ours.load_state_dict({k: gt.tensor(v.numpy()) for k, v in state.items()})
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert [k for k, _ in ours.named_parameters()] == [k for k, _ in theirs.named_parameters()]
    a, b = (results(lib, layer, call, arrays, second) for lib, layer in ((gt, ours), (torch, theirs)))
    for x, y in zip(a, b, strict=True):
        # a gradient that does not exist is as good as one of zeros
        if x is None or y is None:
            x, y = (0.0 if v is None else v for v in (x, y))
        else:
            assert x.shape == y.shape
        np.testing.assert_allclose(x, y, rtol=rtol, atol=rtol)
