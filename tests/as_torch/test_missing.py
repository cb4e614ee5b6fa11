"""Missing names: an error that says what, why and where, or with --report a list of them all."""

import textwrap

import pytest

from tests.as_torch.running import as_torch, printed


@pytest.mark.parametrize(
    ("line", "error", "words"),
    [
        ("torch.sparse_coo_tensor", "MissingError(AttributeError)", "sparse tensors are left out"),
        ("torch.nn.functional.no_such", "MissingError(AttributeError)", "torch.nn.functional.no_such does not exist"),
        ("from torch import sparse_coo_tensor", "MissingImportError(ImportError)", "torch.sparse_coo_tensor does not"),
        ("from torch.nn import Linaer", "MissingImportError(ImportError)", "torch.nn.Linaer does not exist"),
        ("from torch.onnx import export", "MissingImportError(ImportError)", "models are not exported"),
        ("import torch.onnx; torch.onnx.export(1)", "MissingError(AttributeError)", "models are not exported"),
        ("import torch.zork", "MissingModuleError(ModuleNotFoundError)", "torch.zork does not exist"),
        ("from torch.zork import y", "MissingModuleError(ModuleNotFoundError)", "torch.zork does not exist"),
        ("from torchvision import ops", "MissingImportError(ImportError)", "torchvision.ops does not exist"),
        ("import torchaudio", "MissingModuleError(ModuleNotFoundError)", "scipy.io.wavfile"),
        ("from torchtext.data import Field", "MissingModuleError(ModuleNotFoundError)", "torchtext needs the real"),
        ("torch.hub.load('a/b', 'c')", "MissingError(AttributeError)", "nothing is downloaded; get a/b"),
        ("torch.ones(2).to_sparse()", "MissingError(AttributeError)", "torch.Tensor.to_sparse does not exist"),
        (
            "import torch.fx.passes.shape_prop as p; p.ShapeProp",
            "MissingError(AttributeError)",
            "no graphs of programs",
        ),
        (
            "torch.ops.aten.add",
            "MissingError(AttributeError)",
            "torch.ops does not exist in gputensor: PyTorch's regis",
        ),
        ("from torch._functorch import config", "MissingModuleError(ModuleNotFoundError)", "internals of torch.func"),
        ("from torch.optim.adam import adam", "MissingImportError(ImportError)", "use the class"),
        ("from torch.optim.adamw import adamw", "MissingImportError(ImportError)", "use the class"),
        ("torch.optim.sgd.sgd", "MissingError(AttributeError)", "an optimizer's step has no function of its own"),
        ("from torchvision.models import ResNet18_Weights", "MissingImportError(ImportError)", "give weights=None"),
        ("from torchvision.transforms import RandAugment", "MissingImportError(ImportError)", "compose RandomAffine"),
        ("from torchvision import transforms; transforms.RandomPerspective()", "MissingError", "use RandomAffine"),
    ],
)
def test_a_missing_name_is_named_with_its_reason_and_its_line(tmp_path, line, error, words):
    script = tmp_path / "wants.py"
    catch = "except Exception as e:\n    print(f'{type(e).__name__}({type(e).__mro__[1].__name__}): {e}')\n"
    script.write_text(f"import torch\n\ntry:\n    {line}\n{catch}")
    out = printed(as_torch(script))
    assert out.startswith(error)
    assert words in out
    if "hub" not in line:
        assert f"(wanted at {script}:4)" in out


def test_a_report_lists_the_names_and_runs_on(tmp_path):
    script = tmp_path / "uses.py"
    script.write_text(
        textwrap.dedent(
            """
            import torch
            import torch.nn as nn
            import torchaudio.transforms as T
            from torch import fx, sparse_coo_tensor
            from torch.zork import something
            from torchaudio import datasets
            torch.ones(2).to_sparse
            if hasattr(torch, "vulkan") or hasattr(torch.ones(2), "to_mkldnn"):
                raise SystemExit("a probe is no use")
            class Tracer(fx.Tracer):
                pass
            print(isinstance(torch.ones(2), torch.SymInt), nn.Linear(2, 3))
            for call in (sparse_coo_tensor, something, Tracer, fx.wrap, T.Resample):
                try:
                    call(3)
                except AttributeError as error:
                    print(error)
            """
        )
    )
    done = as_torch("--report", script)
    assert printed(done).splitlines() == [
        "False Linear(in_features=2, out_features=3, bias=True)",
        f"torch.sparse_coo_tensor does not exist in gputensor: {SPARSE} (wanted at {script}:16)",
        f"torch.zork.something does not exist in gputensor (wanted at {script}:16)",
        f"torch.fx.Tracer does not exist in gputensor: {GRAPHS} (wanted at {script}:16)",
        f"torch.fx.wrap does not exist in gputensor: {GRAPHS} (wanted at {script}:16)",
        f"torchaudio.transforms.Resample does not exist in gputensor (wanted at {script}:16)",
    ]
    report = done.stderr.splitlines()
    assert report[0] == "gputensor.as_torch: 2 names of torch were used, 11 were missing"
    assert report[1:4] == ["used:", "  torch.nn.Linear", "  torch.ones"]
    assert f"  torch.sparse_coo_tensor, wanted at {script}:5: {SPARSE}" in report
    assert f"  torch.fx.Tracer, wanted at {script}:11: {GRAPHS}" in report
    assert f"  torchaudio.datasets, wanted at {script}:7" in report
    assert f"  torch.Tensor.to_sparse, wanted at {script}:8: {SPARSE}" in report
    assert not any("vulkan" in line or "mkldnn" in line for line in report)


SPARSE = (
    "sparse tensors are left out; make a dense one, zeros(size).index_put_(tuple(indices), values, accumulate=True), "
    "which mm, spmm and @ take; or use scipy.sparse where most numbers are 0"
)
GRAPHS = "there are no graphs of programs to rewrite; change the module's forward, or use forward hooks"


def test_a_report_lists_what_no_tensor_has():
    program = """
        import copy, pickle
        import torch
        x = torch.ones(2)
        y = x.foo
        try:
            x.bar(2)
        except AttributeError as error:
            print(error)
        x.mine = 3
        print(x.mine, hasattr(x, "baz"), getattr(x, "bay", 4), torch.nn.Parameter(x).quux)
        pickle.dumps(copy.deepcopy(x)), str(x), torch.nn.Linear(2, 2)(x).sum().backward()
    """
    done = as_torch("--report", "-c", textwrap.dedent(program))
    assert printed(done).splitlines() == [
        "torch.Tensor.bar does not exist in gputensor (wanted at <string>:7)",
        "3 False 4 <torch.Tensor.quux, which gputensor has not>",
    ]
    assert [line for line in done.stderr.splitlines() if "wanted" in line] == [
        "  torch.Tensor.bar, wanted at <string>:7",
        "  torch.Tensor.foo, wanted at <string>:5",
        "  torch.Tensor.quux, wanted at <string>:11",
    ]


def test_a_report_comes_even_where_the_program_fails():
    done = as_torch("--report", "-c", "import torch\ntorch.zeros(2)\n1 / 0")
    assert done.returncode == 1
    assert "1 names of torch were used, 0 were missing\nused:\n  torch.zeros\n" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert "no names of torch were used" in as_torch("--report", "-c", "pass").stderr
