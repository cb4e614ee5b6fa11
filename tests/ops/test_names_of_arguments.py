"""The names and the order of arguments are PyTorch's: programs call by them."""

import inspect

import numpy as np
import pytest

import gputensor as gt

# namespace: what comes before the names of its operators in PyTorch's table
NAMESPACES = {"": "", "linalg": "linalg_", "fft": "fft_", "special": "special_", "nn.functional": "", "Tensor": ""}
# argument names that are left out, by function ("" for all), and why
LEFT_OUT = {
    "gru": {"data", "batch_sizes"},  # packed sequences go through nn.GRU
    "lstm": {"data", "batch_sizes"},
    "rnn_tanh": {"data", "batch_sizes"},
    "rnn_relu": {"data", "batch_sizes"},
    "isin": {"element", "test_element"},  # a number goes by position
    "result_type": {"scalar", "scalar1", "scalar2"},
    "linalg.vector_norm": {"input"},  # x, as documented, is understood, too
    "rrelu": {"generator"},
    "rrelu_": {"generator"},
    "nn.functional.rrelu_": {"generator"},
    "nn.functional.elu_": {"scale", "input_scale"},
    "Tensor.expand": {"implicit"},
    "tensor_split": {"tensor_indices_or_sections"},
    "Tensor.tensor_split": {"tensor_indices_or_sections"},
    "Tensor.to": {"other", "layout", "pin_memory"},  # a tensor goes by position, and there is one layout
    "Tensor.copy_": {"src"},  # PyTorch's own parser knows it as other alone
    "view_copy": {"dtype"},  # a dtype goes by position
    "Tensor.addmm": {"out_dtype"},
    "Tensor.baddbmm": {"out_dtype"},
    "Tensor.bmm": {"out_dtype"},
    "Tensor.mm": {"out_dtype"},
}
# operators of PyTorch's compiler over numbers and lists of Python, which have the names of functions
NUMBERS = {"a", "b", "t", "l", "n", "reverse", "i", "list", "idx"}


def found(root, path):
    for part in path.split(".") if path else ():
        root = getattr(root, part)
    return root


def functions(torch):
    """(path, ours, theirs, prefix) of every function and method of both."""
    for space, prefix in NAMESPACES.items():
        ours, theirs = found(gt, space), found(torch, space)
        for name in dir(theirs):
            function = getattr(ours, name, None)
            if not name.startswith("_") and inspect.isfunction(function):
                yield f"{space}.{name}".strip("."), function, getattr(theirs, name), prefix + name


def signatures(torch, path, theirs, operator):
    """(names that go by position too, all names) of every form of a function of PyTorch."""
    if inspect.isfunction(theirs):
        parameters = inspect.signature(theirs).parameters.values()
        if not any(p.kind in (p.VAR_KEYWORD, p.VAR_POSITIONAL) for p in parameters):
            names = [p.name for p in parameters]
            yield [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD], names
        return
    for schema in torch._C._jit_get_schemas_for_operator(f"aten::{operator}"):
        arguments = schema.arguments
        names = [a.name for a in arguments]
        if any(a.is_out for a in arguments) or "Dimname" in str(schema) or (set(names) & NUMBERS and path != "nonzero"):
            continue
        if path.startswith("Tensor."):
            if "self" not in names or names[0] != "self":
                continue
        else:
            names = ["input" if n == "self" else n for n in names]
        yield [n for n, a in zip(names, arguments, strict=True) if not a.kwarg_only], names


@pytest.mark.torch
def test_arguments_have_pytorchs_names_in_its_order():
    torch = pytest.importorskip("torch")
    asked, lacking, disordered = 0, [], []
    for path, ours, theirs, operator in functions(torch):
        parameters = inspect.signature(ours).parameters.values()
        if any(p.kind is p.VAR_KEYWORD for p in parameters):
            continue
        names = [p.name for p in parameters]
        ordered = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.POSITIONAL_ONLY)]
        for placed, all_names in signatures(torch, path, theirs, operator):
            asked += 1
            public = {n for n in all_names if not n.startswith("_")}
            missing = public - set(names) - LEFT_OUT.get(path, set())
            if missing:
                lacking.append((path, sorted(missing)))
            shared = [n for n in placed if n in ordered]
            if shared != [n for n in ordered if n in shared]:
                disordered.append((path, shared))
    assert asked > 1000
    assert lacking == []
    assert disordered == []


CALLS = {
    "squeeze": lambda lib, x: lib.squeeze(x[None], axis=0),
    "squeeze of a tensor": lambda lib, x: x[None].squeeze(axis=0),
    "unsqueeze": lambda lib, x: lib.unsqueeze(x, axis=1),
    "unsqueeze of a tensor": lambda lib, x: x.unsqueeze(axis=-1),
    "softmax": lambda lib, x: lib.softmax(x, axis=1),
    "softmax of a tensor": lambda lib, x: x.softmax(axis=0),
    "log_softmax": lambda lib, x: lib.log_softmax(x, axis=1),
    "quantile": lambda lib, x: lib.quantile(x, 0.5, axis=1),
    "nanquantile": lambda lib, x: x.nanquantile(0.5, axis=1),
    "repeat_interleave": lambda lib, x: lib.repeat_interleave(x, 2, axis=1),
    "sum": lambda lib, x: x.sum(axis=1, keepdims=True),
    "max": lambda lib, x: lib.max(x, axis=1).values,
    "hsplit": lambda lib, x: lib.hsplit(x, sections=3)[1],
    "vsplit": lambda lib, x: x.vsplit(indices=[1])[1],
    "copy_": lambda lib, x: x.copy_(other=x + 1),
    "one_hot": lambda lib, x: lib.nn.functional.one_hot(input=x.long()),
    "vector_norm": lambda lib, x: lib.linalg.vector_norm(x=x),
    "airy_ai": lambda lib, x: lib.special.airy_ai(x=x),
    "legendre_polynomial_p": lambda lib, x: lib.special.legendre_polynomial_p(x=x, n=2),
    "histogram": lambda lib, x: lib.histogram(x).hist,
}
EXPECTED = {
    "unsqueeze": (2, 1, 3),
    "unsqueeze of a tensor": (2, 3, 1),
    "sum": (2, 1),
    "hsplit": (2, 1),
    "vsplit": (1, 3),
}


@pytest.mark.parametrize("name", CALLS)
def test_arguments_are_known_by_their_other_names(name):
    x = gt.arange(6.0).reshape(2, 3)
    result = CALLS[name](gt, x)
    assert name not in EXPECTED or tuple(result.shape) == EXPECTED[name]
    assert result.numel() >= 1


@pytest.mark.torch
@pytest.mark.parametrize("name", CALLS)
def test_calls_by_other_names_are_pytorchs(name):
    torch = pytest.importorskip("torch")
    ours, theirs = [CALLS[name](lib, lib.arange(6.0).reshape(2, 3)) for lib in (gt, torch)]
    np.testing.assert_allclose(ours.numpy(), theirs.numpy(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("call", [gt.squeeze, gt.unsqueeze, gt.softmax, gt.log_softmax])
def test_two_names_for_one_argument_are_refused(call):
    with pytest.raises(TypeError, match="two names of one argument"):
        call(gt.ones(2), dim=0, axis=0)
