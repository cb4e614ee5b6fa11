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
