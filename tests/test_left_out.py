"""Names of PyTorch that are left out: MissingError with a reason, no attribute, an ImportError on import."""

import importlib

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
                              "varlen"}  # fmt: skip


def test_importing_a_name_that_is_left_out_is_an_import_error():
    with pytest.raises(ImportError):
        from gputensor import sparse_coo_tensor  # noqa: F401
    with pytest.raises(ImportError):
        from gputensor.distributed import rpc  # noqa: F401
    with pytest.raises(ImportError):
        import gputensor.jit  # noqa: F401


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
