"""The classes of the graph's nodes bear PyTorch's names: programs that draw a graph print them."""

import pytest

import gputensor as gt

STEPS = """
MulBackward0: x * 2
ExpBackward0: x.exp()
MaxBackward0: x.max(0).values
MinBackward0: x.min(0).values
MedianBackward1: x.median(0).values
NanmedianBackward1: x.nanmedian(0).values
KthvalueBackward0: x.kthvalue(1, 0).values
ModeBackward0: x.mode(0).values
SplitBackward0: x.split(1)[0]
""".strip().splitlines()


@pytest.mark.parametrize("line", STEPS)
def test_the_class_of_a_node_bears_the_name_of_the_step(line):
    name, _, text = line.partition(": ")
    y = eval(text, {"x": gt.tensor([1.0, 3.0, 2.0], requires_grad=True)})
    assert type(y.grad_fn).__name__ == y.grad_fn.name() == name
    assert isinstance(y.grad_fn, gt.autograd.graph.Node)


@pytest.mark.torch
@pytest.mark.parametrize("line", STEPS)
def test_pytorch_names_the_steps_so(line):
    torch = pytest.importorskip("torch")
    name, _, text = line.partition(": ")
    assert type(eval(text, {"x": torch.tensor([1.0, 3.0, 2.0], requires_grad=True)}).grad_fn).__name__ == name


def test_a_walk_through_the_graph_finds_names_and_leaves_it_working():
    x = gt.ones(3, requires_grad=True)
    y = (x.exp().split(1)[0] * x).sum()
    todo, seen = [y.grad_fn], []
    while todo:
        node = todo.pop()
        seen.append(type(node).__name__)
        todo += [other for other, _ in node.next_functions if other is not None]
    assert set(seen) == {"SumBackward0", "MulBackward0", "SplitBackward0", "ExpBackward0", "AccumulateGrad"}
    assert type(x.exp().grad_fn) is type((x + 1).exp().grad_fn)
    y.backward()
    assert x.grad.tolist() == pytest.approx([4 * 2.718282, 2.718282, 2.718282])


def test_the_step_of_a_function_of_the_programs_own_bears_its_name():
    class Cube(gt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, g):
            (x,) = ctx.saved_tensors
            return g * 3 * x**2

    x = gt.tensor([2.0], requires_grad=True)
    y = Cube.apply(x)
    assert type(y.grad_fn).__name__ == "CubeBackward"
    y.backward()
    assert x.grad.tolist() == [12.0]
