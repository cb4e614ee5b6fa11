"""The older order of arguments, with the factor first, which PyTorch still takes."""

import warnings

import pytest

import gputensor as gt

WRITTEN = """
x.add(2, y)
x.add(2, 3)
x.sub(2, y)
x.clone().add_(-0.5, y)
x.clone().sub_(2, y)
lib.add(x, 2, y)
lib.add(2, 3, y)
lib.sub(x, 2, y)
lib.add(x, lib.tensor(2.0), y)
lib.add(x, 2, y, out=lib.empty(2))
x.addcmul(2, x, y)
x.addcdiv(2, x, y)
x.clone().addcmul_(2, x, y)
x.clone().addcdiv_(2, x, y)
lib.addcmul(x, 2, x, y)
lib.addcdiv(x, 2, x, y)
lib.addmm(2, m, 3, m, m)
lib.addmm(2, m, m, m)
lib.addmm(2, m, 3, m, m, out=lib.empty(2, 2))
m.addmm(2, 3, m, m)
m.addmm(2, m, m)
m.clone().addmm_(2, 3, m, m)
m.clone().addmm_(2, m, m)
lib.addmv(2, x, 3, m, y)
x.addmv(2, m, y)
x.clone().addmv_(2, 3, m, y)
lib.addmv_(2, x.clone(), 3, m, y)
lib.addr(2, m, 3, x, y)
m.addr(2, 3, x, y)
m.clone().addr_(2, x, y)
lib.addbmm(2, m, 3, b, b)
m.addbmm(2, b, b)
m.clone().addbmm_(2, 3, b, b)
lib.baddbmm(2, b, 3, b, b)
b.baddbmm(2, 3, b, b)
b.clone().baddbmm_(2, b, b)
""".strip().splitlines()

REFUSED = """
lib.add(x, y, 2)
lib.add(x, x, y)
x.add(y, 2)
lib.addcmul(x, x, y, 2)
lib.addmm(m, 3, m, m)
lib.addmm(m, m, m, 2, 3)
lib.add(x, 2, y, alpha=3)
lib.addmm(2, m, 3, m, m, alpha=4)
x.clone().add_(2, y, y)
""".strip().splitlines()


def value(lib, text):
    m = lib.tensor([[1.0, 2.0], [3.0, 4.0]])
    names = {"x": lib.tensor([1.0, 2.0]), "y": lib.tensor([3.0, 5.0]), "m": m, "b": lib.stack([m, m + 1])}
    return eval(text, {"lib": lib, **names})


@pytest.mark.torch
@pytest.mark.parametrize("text", WRITTEN)
def test_a_factor_may_stand_first_as_in_pytorch(text):
    torch = pytest.importorskip("torch")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch calls the form deprecated
        expected = value(torch, text)
    assert gt.allclose(value(gt, text), gt.tensor(expected.tolist()))


def test_a_factor_may_stand_first():
    p, g = gt.ones(2), gt.tensor([1.0, 2.0])
    p.add_(-0.5, g)
    assert p.tolist() == [0.5, 0.0]
    assert gt.addmm(2, gt.ones(1, 1), 3, gt.ones(1, 1), gt.ones(1, 1)).item() == 5.0


def test_a_gradient_flows_through_the_older_order():
    x, y = gt.ones(2, requires_grad=True), gt.ones(2, requires_grad=True)
    gt.add(x, 3, y).sum().backward()
    assert (x.grad.tolist(), y.grad.tolist()) == ([1.0, 1.0], [3.0, 3.0])


@pytest.mark.parametrize("text", REFUSED)
def test_what_pytorch_refuses_is_refused_with_the_name_to_use(text):
    with pytest.raises(TypeError, match=r"by name|given twice"):
        value(gt, text)


@pytest.mark.torch
@pytest.mark.parametrize("text", REFUSED)
def test_pytorch_refuses_these_too(text):
    torch = pytest.importorskip("torch")
    with pytest.raises(TypeError):
        value(torch, text)
