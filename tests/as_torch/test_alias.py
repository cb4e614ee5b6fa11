"""Under the alias, torch's modules and names are gputensor's, and the questions that programs ask have answers."""

import textwrap

import pytest

from tests.as_torch.running import as_torch, printed, python


def run(program):
    return printed(as_torch("-c", textwrap.dedent(program)))


def test_imports_of_all_forms_give_gputensor():
    run(
        """
        import sys
        import torch
        import torch.nn as nn
        import torch.nn.functional as F
        import torch.distributed as dist
        import torch.utils.data
        from torch import Tensor, nn as nn2, optim
        from torch.nn import Linear, functional
        from torch.optim.lr_scheduler import StepLR
        from torch.cuda.amp import GradScaler, autocast
        from torch.utils.data import DataLoader
        import gputensor as gt

        assert torch.Tensor is Tensor is gt.Tensor and functional is F and nn is nn2
        assert (Linear, StepLR, DataLoader) == (gt.nn.Linear, gt.optim.lr_scheduler.StepLR, gt.utils.data.DataLoader)
        assert F.relu is gt.nn.functional.relu and dist.get_world_size and GradScaler and autocast
        assert sys.modules["torch.nn"] is nn and torch.utils.data.Dataset is gt.utils.data.Dataset
        assert torch.linalg.norm is gt.linalg.norm and torch.optim.SGD is gt.optim.SGD
        assert isinstance(torch.ones(2), torch.Tensor) and isinstance(torch.ones(2), torch.FloatTensor)
        """
    )


def test_names_are_found_where_pytorch_keeps_them():
    run(
        """
        from torch._C import _LinAlgError
        from torch._dynamo import config
        from torch.amp.autocast_mode import autocast
        from torch.autograd import Function, Variable
        from torch.autograd.function import once_differentiable
        from torch.autograd.grad_mode import no_grad
        from torch.distributions.categorical import Categorical
        from torch.functional import einsum
        from torch.nn.common_types import _size_2_t
        from torch.nn.modules.activation import MultiheadAttention
        from torch.nn.modules.batchnorm import _BatchNorm
        from torch.nn.modules.linear import Linear
        from torch.nn.modules.module import Module
        from torch.nn.modules.utils import _pair
        from torch.nn.parallel.distributed import DistributedDataParallel
        from torch.nn.parameter import Parameter
        from torch.nn.utils.weight_norm import weight_norm
        from torch.optim.adam import Adam
        from torch.optim.adamw import AdamW
        from torch.optim.lr_scheduler import LRScheduler, _LRScheduler
        from torch.optim.optimizer import Optimizer
        from torch.types import Device, Number
        from torch.utils.data._utils.collate import default_collate
        from torch.utils.data.dataloader import DataLoader, default_collate
        from torch.utils.data.dataset import Dataset
        from torch.utils.data.distributed import DistributedSampler
        from torch.utils.data.sampler import RandomSampler, Sampler
        from torch.utils.hooks import RemovableHandle
        import torch.cuda.nccl, torch.utils.model_zoo, torch.hub, torch.autograd.gradcheck
        import torch
        assert callable(torch.autograd.gradcheck) and torch.nn.modules.conv.Conv2d is torch.nn.Conv2d
        """
    )


def test_stars_bring_functions_classes_and_dtypes():
    run(
        """
        from torch import *
        from torch.nn import *
        from torch.nn.functional import *
        assert relu(ones(2)).sum().item() == 2 and Linear(2, 3)(ones(2)).dtype == float32
        assert "nn" not in globals() and "_sources" not in globals()
        """
    )


def test_probes_are_answered():
    run(
        """
        import importlib.util, inspect, sys
        import torch
        import torch.nn.functional as F
        assert hasattr(F, "scaled_dot_product_attention") and not hasattr(F, "no_such_function")
        assert not hasattr(torch, "fx") and getattr(torch, "xpu", None) is None
        assert "fused" in inspect.signature(torch.optim.AdamW).parameters
        assert callable(torch.compile(abs)) and torch.compile(mode="max-autotune")(abs)(-1) == 1
        assert importlib.util.find_spec("torch") is not None and importlib.util.find_spec("torch.nn") is not None
        assert importlib.util.find_spec("torchaudio") is None and importlib.util.find_spec("torch.zork") is None
        assert torch.accelerator.is_available() == torch.cuda.is_available()
        assert torch.get_default_dtype() is torch.float32 and torch.Generator().manual_seed(3).initial_seed() == 3
        torch.set_float32_matmul_precision("high")
        assert not torch.backends.mps.is_available()
        assert not torch.compiler.is_compiling() and not torch.jit.is_scripting()
        assert torch.compiler.disable(abs) is abs and torch.jit.script(abs) is abs
        @torch.jit.ignore
        def f(x): return x
        assert torch.jit.trace(f, torch.ones(1))(3) == 3
        assert isinstance(torch.autograd.Variable(torch.ones(1)), torch.Tensor)
        assert vars(torch.optim)["SGD"] is torch.optim.SGD and "relu" in dir(F)
        """
    )


def test_the_version_is_a_string_and_compares_by_numbers():
    out = run(
        """
        import torch
        v = torch.__version__
        assert isinstance(v, str) and tuple(map(int, v.split("+")[0].split(".")[:2])) >= (2, 0)
        assert v >= "2.2" and v >= (1, 8) and not v < "1.10" and v.startswith("2.") and v == torch.version.__version__
        assert v > "2.9.1" and v <= "2.13" and torch.version.cuda is None or torch.cuda.is_available()
        print(v)
        """
    )
    assert out == "2.13.0+gputensor\n"


def test_things_print_as_pytorchs_do():
    out = run(
        """
        import torch
        x = torch.ones(2, dtype=torch.float64)
        print(x, x.dtype, str(x.dtype).split(".")[-1], x.shape, x.type(), x.device, torch.strided, x.max(0))
        print(x.type() == "torch.DoubleTensor")
        """
    )
    assert out == (
        "tensor([1., 1.], dtype=torch.float64) torch.float64 float64 torch.Size([2]) torch.DoubleTensor cpu "
        "torch.strided torch.return_types.max(\nvalues=tensor(1., dtype=torch.float64),\nindices=tensor(0))\nTrue\n"
    )


def test_classes_say_that_they_are_pytorchs_and_pickles_open_without_the_alias(tmp_path):
    run(
        f"""
        import pickle, torch
        from torch import nn
        x = torch.ones(2)
        assert str(type(x)) == "<class 'torch.Tensor'>" and type(x).__module__ == "torch"
        assert str(type(nn.Parameter(x))) == "<class 'torch.nn.parameter.Parameter'>"
        assert list(map(str, map(type, (x.dtype, x.device, x.shape)))) == [
            "<class 'torch.dtype'>", "<class 'torch.device'>", "<class 'torch.Size'>"]
        # a class itself is found under PyTorch's name
        assert pickle.loads(pickle.dumps([torch.Tensor, torch.dtype])) == [torch.Tensor, torch.dtype]
        things = [x, x[None].expand(3, 2), nn.Parameter(x), x.dtype, x.device, x.shape, nn.Linear(2, 3)]
        things.append(x.double()[::2])
        with open({str(tmp_path / "things")!r}, "wb") as file:
            pickle.dump(things, file)
        """
    )
    code = "import pickle, sys; print(pickle.load(open('things', 'rb'))); print('torch' in sys.modules)"
    lines = printed(python("-c", code, cwd=tmp_path)).splitlines()
    assert lines[-1] == "False"
    assert "gputensor.float32, device(type='cpu'), gputensor.Size([2])" in "".join(lines)


def test_switches_and_patches_reach_gputensor():
    run(
        """
        import unittest.mock
        import torch
        import gputensor
        torch.backends.cudnn.benchmark = True
        assert gputensor.backends.cudnn.benchmark and torch.backends.cudnn.benchmark
        torch.backends.cuda.matmul.allow_tf32 = True
        torch._dynamo.config.suppress_errors = True
        torch._inductor.config.coordinate_descent_tuning = True
        torch.my_own_flag = 3
        assert torch.my_own_flag == 3 and not hasattr(gputensor, "my_own_flag")
        inner = torch.nn.functional.relu
        with unittest.mock.patch("torch.nn.functional.relu", lambda x: "patched"):
            assert torch.nn.functional.relu(1) == gputensor.nn.functional.relu(1) == "patched"
        assert torch.nn.functional.relu is gputensor.nn.functional.relu is inner
        torch.nn.functional.gelu = abs
        del torch.nn.functional.gelu
        assert torch.nn.functional.gelu is gputensor.nn.functional.gelu is not abs
        """
    )


def test_pickles_go_both_ways():
    run(
        """
        import copy, pickle
        import torch
        import gputensor as gt
        layer = pickle.loads(pickle.dumps(torch.nn.Linear(2, 3)))
        assert type(layer) is gt.nn.Linear and copy.deepcopy(layer).weight.shape == (3, 2)
        # a class under the name that PyTorch's pickles bear
        assert pickle.loads(b"ctorch.nn.modules.linear\\nLinear\\n.") is gt.nn.Linear
        assert pickle.loads(pickle.dumps(torch.float32)) is torch.float32
        assert pickle.loads(pickle.dumps(torch.nn.functional.relu)) is torch.nn.functional.relu
        """
    )


def test_an_installed_alias_serves_jupyter_and_is_installed_once():
    out = printed(
        python(
            "-c",
            "import gputensor, sys; gputensor.as_torch.load_ipython_extension(None); gputensor.as_torch.install(); "
            "import torch; gputensor.as_torch.install(); "
            "print(torch.Tensor is gputensor.Tensor, sum('as_torch' in str(f) for f in sys.meta_path), gputensor.int8)",
        )
    )
    assert out == "True 1 torch.int8\n"


@pytest.mark.parametrize("name", ["torch", "torchvision"])
def test_the_alias_refuses_where_the_real_torch_is_imported_already(name, tmp_path):
    (tmp_path / f"{name}.py").write_text("__version__ = '9.9'")
    code = f"import sys; sys.path.insert(0, '.'); import {name}, gputensor; gputensor.as_torch.install()"
    done = python("-c", code, cwd=tmp_path)
    assert f"RuntimeError: as_torch: the real {name} (9.9) is imported already" in done.stderr
    (tmp_path / "sitecustomize.py").write_text(f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import {name}")
    done = as_torch("-c", "print('never')", PYTHONPATH=f"{tmp_path}:{python.__globals__['ROOT']}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"as_torch: the real {name}")
