"""Names of PyTorch that are left out: MissingError with a reason, no attribute, an ImportError on import."""

import importlib
import importlib.util

import pytest

import gputensor as gt
from gputensor import _left_out
from gputensor.errors import MissingError
from gputensor.ops.left_out import LeftOut, LeftOutMethods

METHODS = [name for name, value in vars(LeftOutMethods).items() if isinstance(value, LeftOut)]


@pytest.mark.parametrize("namespace", _left_out.TABLES)
def test_a_name_that_is_left_out_says_why(namespace):
    module = importlib.import_module(namespace)
    for name, reason in _left_out.names_left_out(namespace).items():
        assert name not in dir(module), "what exists is not left out"
        assert not hasattr(module, name), name
        with pytest.raises(MissingError) as caught:
            getattr(module, name)
        assert str(caught.value) == f"{namespace}.{name} does not exist: {reason}"
    with pytest.raises(ImportError):
        exec(f"from {namespace} import {name}")
    assert not hasattr(module, "nobody")


@pytest.mark.parametrize("namespace", _left_out.TABLES)
def test_reasons_are_sentences_and_names_are_listed_once(namespace):
    table = _left_out.TABLES[namespace]
    listed = [name for names in table.values() for name in names.split()]
    assert len(listed) >= len(_left_out.names_left_out(namespace)) > 0
    assert all(len(reason) > 15 for reason in table)


@pytest.mark.torch
@pytest.mark.parametrize(
    "namespace",
    ["gputensor", "gputensor.cuda", "gputensor.utils.data", "gputensor.accelerator", "gputensor.nn.functional",
     "gputensor.nn.attention", "gputensor.optim", "gputensor.func", "gputensor.autograd", "gputensor.autograd.graph",
     "gputensor.utils.checkpoint", "gputensor.cpu", "gputensor.random", "gputensor.fft", "gputensor.linalg"],
)  # fmt: skip
def test_what_is_left_out_is_pytorchs(namespace):
    torch = pytest.importorskip("torch")
    module = importlib.import_module(namespace.replace("gputensor", torch.__name__))
    strangers = [name for name in _left_out.names_left_out(namespace) if not hasattr(module, name)]
    # modules that PyTorch loads when they are imported, and names that belong to chalf's dtype
    assert set(strangers) <= {"onnx", "package", "export", "fx", "chalf", "datapipes", "graph", "argument_validation",
                              "backward_compatibility", "graph_settings", "Node", "jagged", "quantization", "ao",
                              "GreenContext", "MemPool", "gds", "green_contexts", "tunable", "bias", "flex_attention",
                              "varlen", "experimental"}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("from gputensor import sparse_coo_tensor", "gputensor.sparse_coo_tensor does not exist: sparse tensors are"),
        ("from gputensor import jit", "gputensor.jit does not exist: programs are not compiled"),
        ("from gputensor import tensor, jit as j", "gputensor.jit does not exist: programs are not compiled"),
        ("from gputensor.distributed import rpc", "gputensor.distributed.rpc does not exist: there is one process"),
        ("from gputensor.optim import SparseAdam", "gputensor.optim.SparseAdam does not exist: .*use Adam"),
        ("from gputensor.nn.functional import scaled_mm", "scaled_mm does not exist: there are no 8-bit floats"),
        ("import gputensor.fx", "gputensor.fx does not exist: there are no graphs"),
        ("import gputensor.jit.frontend", "gputensor.jit does not exist: programs are not compiled"),
        ("from gputensor.fx import symbolic_trace", "gputensor.fx does not exist: there are no graphs"),
        ("import gputensor.nn.attention.flex_attention", "flex_attention does not exist: .* an attn_mask"),
        (
            "from gputensor.nn.attention.flex_attention import flex_attention",
            "flex_attention does not exist: scores are",
        ),
        ("import gputensor.utils.model_zoo", "model_zoo does not exist: nothing is downloaded"),
        ("import gputensor.nn.quantized as q", "gputensor.nn.quantized does not exist: quantized tensors"),
        ("from gputensor import nobody", "cannot import name 'nobody'"),
        ("import gputensor.nobody", "No module named 'gputensor.nobody'"),
    ],
)
def test_importing_what_is_left_out_says_why(line, meant):
    with pytest.raises(ImportError, match=meant):
        exec(line)


def test_a_module_that_is_left_out_is_not_found():
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module("gputensor.fx")
    assert caught.value.name == "gputensor.fx"
    assert importlib.util.find_spec("gputensor.fx") is None
    assert importlib.util.find_spec("gputensor.nn") is not None


def test_a_name_that_nobody_knows_is_an_ordinary_attribute_error():
    for module in map(importlib.import_module, _left_out.TABLES):
        with pytest.raises(AttributeError, match="no attribute 'nobody'") as caught:
            getattr(module, "nobody")  # noqa: B009
        assert type(caught.value) is AttributeError


@pytest.mark.parametrize("name", METHODS)
def test_a_method_that_is_left_out_says_why(name):
    x = gt.ones(2)
    owner = next(base for base in gt.Tensor.__mro__ if name in vars(base))
    assert owner is LeftOutMethods, "what exists is not left out"
    assert not hasattr(x, name)
    assert not hasattr(gt.Tensor, name)
    with pytest.raises(MissingError, match=rf"Tensor\.{name} does not exist: \w+"):
        getattr(x, name)
    assert getattr(x, name, None) is None


def test_asking_costs_nothing_for_names_that_are_there():
    # with a __getattr__ on the class the interpreter's short ways to attributes would be closed
    assert not any("__getattr__" in vars(base) or "__getattribute__" in vars(base) for base in gt.Tensor.__mro__[:-1])


def test_kinds_of_tensors_that_are_left_out_are_not_met():
    x = gt.ones(2)
    properties = (x.is_sparse, x.is_sparse_csr, x.is_quantized, x.is_mkldnn, x.is_nested, x.is_meta, x.is_mps, x.is_xpu)
    assert not any(properties)
    assert not any((x.is_xla, x.is_ipu, x.is_maia, x.is_mtia, x.is_vulkan))
    assert not any((x.is_distributed(), x.is_inference(), x.is_shared()))
