"""What programs take from PyTorch's own cellars, and how they ask which PyTorch there is."""

import textwrap

from tests.as_torch.running import as_torch, printed


def run(program, **environment):
    return printed(as_torch("-c", textwrap.dedent(program), **environment))


def test_the_release_is_found_by_importlib():
    run(
        """
        from importlib import metadata
        import torch
        assert metadata.version("torch") == torch.__version__ == "2.13.0+gputensor"
        assert metadata.version("torchvision").endswith("+gputensor")
        assert metadata.distribution("torch").metadata["Name"] == "torch"
        assert metadata.version("numpy")
        try:
            metadata.version("no-such-package")
        except metadata.PackageNotFoundError:
            pass
        else:
            raise SystemExit("a package that is not there was found")
        """
    )


def test_flattening_and_rebuilding_are_where_pytorch_keeps_them():
    run(
        """
        import torch
        try:
            torch._utils._rebuild_tensor_v2
        except AttributeError:
            raise SystemExit("the name is in every PyTorch")
        import torch._utils
        from torch._utils import _flatten_dense_tensors, _rebuild_parameter, _take_tensors, _unflatten_dense_tensors

        a, b = torch.arange(4.0).reshape(2, 2), torch.ones(3)
        flat = _flatten_dense_tensors([a, b])
        assert flat.tolist() == [0, 1, 2, 3, 1, 1, 1]
        one, two = _unflatten_dense_tensors(flat, [a, b])
        two.fill_(5)
        assert torch.equal(one, a) and flat[-1] == 5
        t = torch._utils._rebuild_tensor_v2(a.storage(), 1, (2,), (2,), True, None)
        assert t.tolist() == [1, 3] and t.requires_grad and t.is_leaf
        t.data[0] = 9
        assert a[0, 1] == 9
        assert isinstance(_rebuild_parameter(a, True, None), torch.nn.Parameter)
        assert [len(x) for x in _take_tensors([a, b, a.long(), b], 30)] == [2, 1, 1]
        assert torch._utils._import_dotted_name("torch.nn.Linear") is torch.nn.Linear
        """
    )


def test_tensorboard_cannot_be_imported_without_the_package_that_writes():
    out = run(
        """
        import sys
        sys.modules["tensorboardX"] = None
        import torch
        from torch.utils import *
        assert not hasattr(torch.utils, "tensorboard")
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            print(error)
        try:
            from torch.utils import tensorboard
        except ImportError as error:
            print(error)
        """
    )
    assert [("tensorboardX is not installed" in line and "pip install" in line) for line in out.splitlines()] == [1, 1]


def test_tensorboard_is_there_with_the_package():
    run(
        """
        import sys, types
        sys.modules["tensorboardX"] = types.ModuleType("tensorboardX")
        from torch.utils.tensorboard import SummaryWriter
        from torch.utils.tensorboard.writer import FileWriter
        import gputensor.utils.tensorboard
        assert SummaryWriter is gputensor.utils.tensorboard.SummaryWriter
        """
    )


def test_names_that_code_copied_from_pytorch_takes_are_there():
    run(
        """
        import torch, warnings
        import torch.nn.functional as F
        from torch import nn
        from torch._jit_internal import Optional, boolean_dispatch
        from torch.autograd.function import InplaceFunction
        from torch.nn.init import _no_grad_trunc_normal_, _no_grad_uniform_, _no_grad_fill_
        from torch.nn.modules.module import _addindent, register_module_forward_hook, _IncompatibleKeys
        from torch.nn.modules.rnn import apply_permutation
        from torch.nn.modules.transformer import _get_activation_fn, _get_clones
        from torch.overrides import has_torch_function, is_tensor_like

        assert _addindent("a\\nb", 2) == "a\\n  b"
        assert (_no_grad_fill_(torch.empty(2), 3) == 3).all()
        assert _no_grad_trunc_normal_(torch.empty(9), 0., 1., -2., 2.).abs().max() <= 2
        one, two = _get_clones(nn.Linear(2, 2), 2)
        assert one.weight is not two.weight and torch.equal(one.weight, two.weight)
        assert _get_activation_fn("gelu") is F.gelu
        assert apply_permutation(torch.arange(4).view(2, 2), torch.tensor([1, 0])).tolist() == [[1, 0], [3, 2]]
        assert F._Reduction.get_enum("sum") == 2 and F._Reduction.legacy_get_string(False, None) == "sum"
        assert is_tensor_like(torch.ones(1)) and not has_torch_function((torch.ones(1),)) and F.has_torch_function
        assert "NumPy" in torch.__config__.show() and torch.__config__.parallel_info()
        pick = boolean_dispatch("flag", 1, False, lambda x, flag=False: "yes", lambda x, flag=False: "no", None, None)
        assert (pick(1), pick(1, True), pick(1, flag=True)) == ("no", "yes", "yes")
        torch._assert(torch.tensor(True), "fine")
        try:
            torch._assert(1 == 2, "told so")
        except AssertionError as error:
            assert str(error) == "told so"
        torch.multiprocessing.set_sharing_strategy("file_system")

        class Layer(torch.jit.ScriptModule):
            @torch.jit.script_method
            def forward(self, x):
                return x + 1

        assert Layer()(torch.zeros(1)).item() == 1
        warnings.simplefilter("ignore", torch.jit.TracerWarning)

        class Sign(InplaceFunction):
            @staticmethod
            def forward(ctx, x):
                ctx.save_for_backward(x)
                return x.sign()
            @staticmethod
            def backward(ctx, g):
                (x,) = ctx.saved_variables
                return g * (x.abs() < 1)

        x = torch.tensor([0.5, 2.0], requires_grad=True)
        Sign.apply(x).sum().backward()
        assert x.grad.tolist() == [1, 0]
        """
    )


def test_functions_of_lists_of_tensors_are_there():
    out = run(
        """
        import torch
        a, b = [torch.tensor([1.0, 4.0]), torch.tensor([9.0])], [torch.tensor([2.0, 2.0]), torch.tensor([3.0])]
        each = [
            torch._foreach_add(a, b, alpha=2), torch._foreach_mul(a, [2.0, 3.0]), torch._foreach_norm(a, 1),
            torch._foreach_lerp(a, b, 0.5), torch._foreach_addcdiv(a, b, b, [1.0, 2.0]), torch._foreach_sqrt(a),
            torch._foreach_addcmul(a, b, b, value=2),
        ]
        c = [x.clone() for x in a]
        assert torch._foreach_lerp_(c, b, 0.5)[1] is c[1]
        torch._foreach_add_(c, b, alpha=-1)
        torch._foreach_zero_(c[1:])
        for ts in [*each, c]:
            print([t.tolist() for t in ts])
        assert not hasattr(torch, "_foreach_nothing")
        """
    )
    assert out.splitlines() == [
        "[[5.0, 8.0], [15.0]]",
        "[[2.0, 8.0], [27.0]]",
        "[5.0, 9.0]",
        "[[1.5, 3.0], [6.0]]",
        "[[2.0, 5.0], [11.0]]",
        "[[1.0, 2.0], [3.0]]",
        "[[9.0, 12.0], [27.0]]",
        "[[-0.5, 1.0], [0.0]]",
    ]


def test_timers_of_pytorch_measure():
    run(
        """
        import torch
        from torch.utils.benchmark import Compare, Measurement, Timer
        t = Timer("y = x @ x", "x = torch.ones(3, 3)", globals={"torch": torch}, label="mm", description="small")
        m = t.timeit(20)
        assert type(m) is Measurement and len(m.times) == 1 and 0 < m.mean == m.median and m.number_per_run == 20
        m = t.blocked_autorange(min_run_time=0.02)
        assert len(m.times) > 1 and m.iqr >= 0 and "mm" in str(m) and "small" in str(Compare([m]))
        assert len(t.adaptive_autorange(max_run_time=0.05).times) > 0
        """
    )


def test_what_older_programs_import_is_there():
    run(
        """
        import torch
        from torch._C import DisableTorchFunctionSubclass, _disabled_torch_function_impl
        from torch._utils import ExceptionWrapper, _get_all_device_indices, _get_device_index
        from torch.optim import _multi_tensor
        from torch.optim.optimizer import Optimizer, ParamsT, _get_value, _use_grad_for_differentiable, required
        from torch.utils.data._utils.worker import get_worker_info
        from torch.utils.data.dataloader import DataLoader, _BaseDataLoaderIter, _MultiProcessingDataLoaderIter
        import torch._VF as _VF
        torch._C._jit_set_profiling_executor(False)
        torch._C._jit_set_profiling_mode(False)
        torch._C._jit_override_can_fuse_on_cpu(True)
        try:
            1 / 0
        except ZeroDivisionError:
            caught = ExceptionWrapper(where="in thread 3")
        try:
            caught.reraise()
        except ZeroDivisionError as error:
            assert str(error).startswith("Caught ZeroDivisionError in thread 3.\\nOriginal Traceback")
        assert _get_device_index(torch.device("cpu"), allow_cpu=True) == -1 and _get_device_index(2) == 2
        batches = iter(DataLoader([1, 2]))
        assert isinstance(batches, _BaseDataLoaderIter) and not isinstance(batches, _MultiProcessingDataLoaderIter)
        assert _multi_tensor.AdamW is torch.optim.AdamW and _VF.lstm is torch.lstm and _get_value(torch.ones(1)) == 1

        class Plain(torch.Tensor):
            __torch_function__ = _disabled_torch_function_impl
        with DisableTorchFunctionSubclass():
            assert type(torch.ones(2).as_subclass(Plain) + 1) is torch.Tensor
        try:
            import torch._six
        except ImportError:
            pass
        else:
            raise SystemExit("PyTorch has removed it")
        """
    )
