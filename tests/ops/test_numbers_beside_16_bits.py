"""16-bit floats beside Python numbers: the number keeps its digits, and the result is rounded once."""

import numpy as np
import pytest

import gputensor as gt

NUMBERS = (70000, 65519, 1e6, 2049, 3.3, 0.3333333, 0.1, 1e-3, 1e-9, -0.7, -7)
VALUES = (0.5, 100.0, -7.0, 1e-3, 3.0, 1000.0, 60000.0)
FORMS = {
    "x * y": lambda lib, x, y: x * y,
    "y * x": lambda lib, x, y: y * x,
    "x / y": lambda lib, x, y: x / y,
    "y / x": lambda lib, x, y: y / x,
    "x + y": lambda lib, x, y: x + y,
    "y - x": lambda lib, x, y: y - x,
    "x // y": lambda lib, x, y: x // y,
    "x.div(y, rounding_mode='trunc')": lambda lib, x, y: x.div(y, rounding_mode="trunc"),
    "x.mul_(y)": lambda lib, x, y: x.clone().mul_(y),
    "x.div_(y)": lambda lib, x, y: x.clone().div_(y),
    "x * tensor(y)": lambda lib, x, y: x * lib.tensor(y),
    "x / tensor(y)": lambda lib, x, y: x / lib.tensor(y),
    "x.mul_(tensor(y))": lambda lib, x, y: x.clone().mul_(lib.tensor(y)),
    "leaky_relu(x, y)": lambda lib, x, y: lib.nn.functional.leaky_relu(x, y),
}


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
@pytest.mark.parametrize("form", FORMS)
def test_numbers_beside_16_bit_floats_give_pytorch_s_bits(form, dtype):
    torch = pytest.importorskip("torch")
    f = FORMS[form]
    for y in NUMBERS:
        want = f(torch, torch.tensor(VALUES, dtype=getattr(torch, dtype)), y)
        got = f(gt, gt.tensor(VALUES, dtype=getattr(gt, dtype)), y)
        assert str(got.dtype).split(".")[1] == str(want.dtype).split(".")[1]
        np.testing.assert_array_equal(got.float().numpy(), want.float().numpy(), err_msg=f"{form}, y = {y}")


def test_a_number_beyond_float16_keeps_its_value():
    x = gt.tensor([0.5], dtype=gt.float16)
    assert (x * 70000).tolist() == [35008.0]  # 35000 in steps of 32
    assert x.mul_(70000).tolist() == [35008.0]
    assert (gt.tensor(0.5, dtype=gt.float16) * 70000).item() == 35008.0


def test_gradients_beside_a_number_keep_the_number_and_the_dtype():
    x = gt.tensor([0.5, 0.001], dtype=gt.float16, requires_grad=True)
    y = x * 70000
    assert y.dtype is gt.float16
    assert y.grad_fn.name() == "MulBackward0"
    y.backward(gt.tensor([1e-3, 1e-4], dtype=gt.float16))
    want = (np.array([1e-3, 1e-4], np.float16).astype(np.float32) * np.float32(70000)).astype(np.float16)
    assert x.grad.dtype is gt.float16
    np.testing.assert_array_equal(x.grad.numpy(), want)


def test_a_0_d_tensor_beside_16_bit_floats_gets_its_gradient_in_its_own_dtype():
    scale = gt.tensor(0.1, requires_grad=True)
    x = gt.tensor([2.0, 4.0], dtype=gt.bfloat16)
    (x * scale).sum().backward()
    assert scale.grad.dtype is gt.float32
    assert scale.grad.item() == 6.0


def test_second_gradients_beside_a_number():
    x = gt.tensor([2.0], dtype=gt.float16, requires_grad=True)
    (first,) = gt.autograd.grad((x * x * 0.5).sum(), x, create_graph=True)
    (second,) = gt.autograd.grad(first.sum(), x)
    assert first.tolist() == [2.0]
    assert second.tolist() == [1.0]


def test_writing_a_product_in_16_bits_records_it():
    x = gt.tensor([2.0], dtype=gt.float16, requires_grad=True)
    y = x.clone()
    y.mul_(0.1)
    y.backward(gt.ones(1, dtype=gt.float16))
    assert x.grad.tolist() == [np.float32(np.float16(0.1)).item()]
