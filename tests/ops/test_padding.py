"""Padding: modes, negative numbers, memory formats, arguments."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.nn.functional import pad
from tests.ops.agreement import agrees
from tests.ops.derivatives import derivatives_agree


def test_constant_padding_keeps_the_memory_format_and_others_do_not_share_memory():
    x = gt.ones(2, 3, 4, 5).contiguous(memory_format=gt.channels_last)
    assert pad(x, (1, 2, 0, 1)).is_contiguous(memory_format=gt.channels_last)
    x = gt.ones(1, 3)
    pad(x, (0, 0)).zero_()
    for pads in ((0, 0), (-1, 0), (1, -1)):
        for mode in ("constant", "reflect", "replicate", "circular"):
            pad(x, pads, mode=mode).zero_()
    assert x.sum().item() == 3


def test_a_constant_passes_no_gradient_and_a_border_adds_to_its_elements():
    x = gt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    pad(x, (2, 1), value=5.0).sum().backward()
    assert x.grad.tolist() == [1, 1, 1]
    x.grad = None
    pad(x, (2, 1), mode="reflect").sum().backward()
    assert x.grad.tolist() == [1, 3, 2]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pad(gt.ones(3), (1,)), "two entries a dim"),
        (lambda: pad(gt.ones(3), (1, 1, 1, 1)), "is for 2 dims"),
        (lambda: pad(gt.ones(3), (-2, -2)), "takes away more"),
        (lambda: pad(gt.ones(3), (3, 0), mode="reflect"), "can add at most 2 elements at an end of dim 0"),
        (lambda: pad(gt.ones(3), (0, 4), mode="circular"), "can add at most 3"),
        (lambda: pad(gt.ones(0), (0, 1), mode="replicate"), "can add at most 0"),
        (lambda: pad(gt.ones(3), (1, 1), mode="mirror"), "mode must be 'constant'"),
        (lambda: pad(gt.ones(3), (1, 1), mode="reflect", value=1.0), "value belongs to mode 'constant'"),
    ],
)
def test_what_cannot_be_padded_gets_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_arguments_of_other_types_are_refused():
    with pytest.raises(TypeError, match="pad: input must be a Tensor, got list"):
        pad([1.0], (1, 1))
    with pytest.raises(TypeError, match="pad: pad must be a sequence of ints, got"):
        pad(gt.ones(3), (1.5, 1))


@pytest.mark.torch
@pytest.mark.parametrize(
    "code",
    [
        "L.nn.functional.pad(A(24.).reshape(1, 2, 3, 4), (1, 2, 0, 1), value=2.5)",
        "L.nn.functional.pad(A(24).reshape(2, 3, 4), (1, 2), value=2.5)",
        "L.nn.functional.pad(A(6).reshape(2, 3) > 2, (1, 2), value=True)",
        "L.nn.functional.pad(A(24.).reshape(2, 3, 4), (-1, 2, 1, -2))",
        "L.nn.functional.pad(A(24.).reshape(2, 3, 4), ())",
        "L.nn.functional.pad(A(24.).reshape(1, 2, 3, 4).contiguous(memory_format=L.channels_last), (1, 1, 2, 2))",
        "L.nn.functional.pad(A(24.).reshape(2, 3, 4), (3, 1, 2, 0), mode='reflect')",
        "L.nn.functional.pad(A(24.).reshape(2, 3, 4), (-1, 3, 2, -1), mode='reflect')",
        "L.nn.functional.pad(A(24.).reshape(2, 3, 4), (5, 1, 0, 2), mode='replicate')",
        "L.nn.functional.pad(A(24.).reshape(2, 3, 4), (-1, 3, 2, -1), mode='replicate')",
        "L.nn.functional.pad(A(24.).reshape(1, 2, 3, 4), (4, 1, 2, 0), mode='circular')",
        "L.nn.functional.pad(A(24.).reshape(1, 2, 3, 4), (-1, 2, 1, -1), mode='circular')",
        "L.nn.functional.pad(A(24.).reshape(2, 3, 4), (4, 0, 0, 0), mode='reflect')",
        "L.nn.functional.pad(A(24.).reshape(1, 2, 3, 4), (5, 0, 0, 0), mode='circular')",
        "L.nn.functional.pad(Z(3), (1, 1, 1))",
        "L.nn.functional.pad(Z(3), (1, 1, 1, 1))",
        "L.nn.functional.pad(Z(()), (1, 1))",
    ],
)
def test_results_and_errors_are_those_of_pytorch(code):
    agrees(code)


@pytest.mark.torch
@pytest.mark.parametrize("mode", ["constant", "reflect", "replicate", "circular"])
def test_derivatives_are_those_of_pytorch(mode):
    x = np.random.default_rng(3).standard_normal((1, 2, 3, 4))
    derivatives_agree(lambda F, x: F.pad(x * x, (3, 1, 2, 0), mode=mode), x)
