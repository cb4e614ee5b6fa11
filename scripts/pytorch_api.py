"""What of PyTorch's public API is here: the page docs/pytorch-api.md, and the share of the names that programs call.

    python scripts/pytorch_api.py            # writes the page
    python scripts/pytorch_api.py --collect  # reads the names of the PyTorch that is installed, then writes the page
    python scripts/pytorch_api.py --usage    # prints which of the names that programs call are missing

The names of PyTorch are kept in docs/data/pytorch-names.txt, so that the page is made and checked without it.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NAMES = ROOT / "docs" / "data" / "pytorch-names.txt"
USAGE = ROOT / "docs" / "data" / "api-usage.tsv"
PAGE = ROOT / "docs" / "pytorch-api.md"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMESPACES = (
    "", "Tensor", "nn", "nn.functional", "nn.init", "nn.utils", "nn.utils.rnn", "nn.utils.parametrize",
    "nn.utils.parametrizations", "nn.utils.prune", "nn.attention", "nn.parallel", "optim", "optim.lr_scheduler",
    "optim.swa_utils", "linalg", "fft", "special", "signal.windows", "random", "distributions",
    "distributions.constraints", "distributions.transforms", "func", "autograd", "autograd.functional",
    "autograd.forward_ad", "autograd.graph", "amp", "testing", "utils.data", "utils.checkpoint", "utils.dlpack",
    "profiler", "accelerator", "cuda", "cpu", "version",
)  # fmt: skip
# of the classes on PyTorch's top level most describe its compiler; these are for programs
CLASSES = _words("""
    Generator Size Tensor device dtype layout memory_format finfo iinfo no_grad enable_grad inference_mode autocast
    GradScaler OutOfMemoryError Stream Event FloatTensor DoubleTensor HalfTensor BFloat16Tensor ByteTensor CharTensor
    ShortTensor IntTensor LongTensor BoolTensor
""")
# what the list of called names leaves aside: several processes, compilers, graphs of programs, export
ASIDE = ("torch.distributed.", "torch.fx", "torch.jit", "torch.onnx", "torch.classes", "torch.ops.", "torch._dynamo")
# attributes of instances, which no class has
OF_INSTANCES = frozenset(("Module.weight", "Module.bias", "Optimizer.param_groups"))
# the part of torch.distributed that a script needs with one process
ONE_PROCESS = {
    f"torch.distributed.{name}"
    for name in _words("""
        init_process_group destroy_process_group get_rank get_world_size get_backend barrier all_reduce all_gather
        broadcast scatter reduce_scatter is_initialized is_available is_nccl_available is_mpi_available ReduceOp.SUM
        ReduceOp.AVG
    """)
}


def collect() -> list[str]:
    """The public names of the PyTorch that is installed, a line ``namespace name`` each."""
    import torch

    lines = []
    for namespace in NAMESPACES:
        owner = _module(torch, namespace)
        listed = getattr(owner, "__all__", None) if namespace not in ("", "Tensor") else None
        for name in sorted(set(listed or dir(owner))):
            if name.startswith("_") or not hasattr(owner, name) or not _counts(namespace, name, getattr(owner, name)):
                continue
            lines.append(f"{namespace or '.'} {name}")
    return lines


def _counts(namespace: str, name: str, value: Any) -> bool:
    """Whether a name is PyTorch's own and for programs."""
    if isinstance(value, types.ModuleType):
        return False
    home = getattr(value, "__module__", "") or ""
    if home.partition(".")[0] in ("typing", "typing_extensions", "collections", "abc", "builtins", "enum", "functools"):
        return isinstance(value, types.BuiltinFunctionType) and namespace != "nn.utils.prune"
    if namespace in ("", "autograd.graph") and isinstance(value, type):
        return name in CLASSES or namespace != ""
    return not (name.isupper() and isinstance(value, (bool, dict, frozenset, set, int)))


def _module(root: Any, path: str) -> Any:
    found = root
    try:
        for part in path.split(".") if path else ():
            found = _part(found, part)
    except AttributeError:
        return None
    return found


def _part(owner: Any, name: str) -> Any:
    """An attribute, or a module that is an attribute only once it is imported. Raises AttributeError."""
    try:
        return getattr(owner, name)
    except AttributeError:
        try:
            return importlib.import_module(f"{owner.__name__}.{name}")
        except (ImportError, AttributeError):
            pass
        raise


def names() -> Iterator[tuple[str, str]]:
    """(namespace, name) of everything public in PyTorch 2.13."""
    for line in NAMES.read_text().splitlines():
        namespace, name = line.split(" ")
        yield ("" if namespace == "." else namespace), name


def reason(namespace: str, name: str) -> str | None:
    """Why a name is not here; None for one that is, "" for one without a reason."""
    import gputensor
    from gputensor.errors import MissingError

    owner = gputensor
    try:
        for part in namespace.split(".") if namespace else ():
            owner = _part(owner, part)
        getattr(owner, name)
    except MissingError as error:
        return str(error).partition(": ")[2] or str(error)
    except AttributeError:
        return ""
    return None


def page() -> str:
    """The page as it should be."""
    by_namespace: dict[str, list[tuple[str, str | None]]] = {}
    for namespace, name in names():
        by_namespace.setdefault(namespace, []).append((name, reason(namespace, name)))
    here = sum(why is None for rows in by_namespace.values() for _, why in rows)
    total = sum(len(rows) for rows in by_namespace.values())
    lines = [
        "# PyTorch's names",
        "",
        f"Of the {total} public names of PyTorch 2.13 in the namespaces below, {here} are here. The page is made by",
        "`scripts/pytorch_api.py`, and a test keeps it true. What behaves otherwise on purpose is in",
        "[differences.md](differences.md).",
        "",
        "| namespace | here | of | left out, with a reason | missing |",
        "|---|---|---|---|---|",
    ]
    for namespace, rows in by_namespace.items():
        present = sum(why is None for _, why in rows)
        missing = sum(why == "" for _, why in rows)
        title = f"gputensor{'.' * bool(namespace)}{namespace}"
        lines.append(f"| [{title}](#{title.replace('.', '').lower()}) | {present} | {len(rows)} | "
                     f"{len(rows) - present - missing} | {missing} |")  # fmt: skip
    for namespace, rows in by_namespace.items():
        lines += ["", f"## gputensor{'.' * bool(namespace)}{namespace}", ""]
        present_names = [f"`{name}`" for name, why in rows if why is None]
        lines += [" ".join(present_names) or "None of its names.", ""]
        reasons: dict[str, list[str]] = {}
        for name, why in rows:
            if why:
                reasons.setdefault(why, []).append(f"`{name}`")
        lines += [f"- Left out: {' '.join(found)}: {why}." for why, found in reasons.items()]
        missing_names = [f"`{name}`" for name, why in rows if why == ""]
        if missing_names:
            lines.append(f"- Missing: {' '.join(missing_names)}.")
    return "\n".join(line.rstrip() for line in lines).replace("\n\n\n", "\n\n") + "\n"


def usage() -> Iterator[tuple[str, int, bool]]:
    """The names that programs call, apart from what is left aside: (name, files that use it, whether it is here)."""
    import gputensor

    lacking = set(_lacking())
    for line in USAGE.read_text().splitlines()[1:]:
        name, files, _ = line.split("\t")
        if (name.startswith(ASIDE) and name not in ONE_PROCESS) or "flex_attention" in name or name in lacking:
            continue
        if any(part.startswith("_") and not part.startswith("__") for part in name.split(".")):
            continue
        path = name.replace("Tensor?", "Tensor").removeprefix("torch.")
        for short, long in (("F.", "nn.functional."), ("Module.", "nn.Module."), ("Optimizer.", "optim.Optimizer.")):
            if path.startswith(short):
                path = long + path.removeprefix(short)
        yield name, int(files), name in OF_INSTANCES or _reached(gputensor, path)


def _lacking() -> Iterator[str]:
    """Names in the list that PyTorch 2.13 itself lacks: attributes of instances, other libraries, names removed."""
    yield from (ROOT / "docs" / "data" / "api-usage-unknown.txt").read_text().split()


def _reached(root: Any, path: str) -> bool:
    *modules, name = path.split(".")
    try:
        for part in modules:
            root = _part(root, part)
        _part(root, name)
    except AttributeError:
        return False
    return True


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--collect", action="store_true", help="read the names of the PyTorch that is installed")
    parser.add_argument("--usage", action="store_true", help="print the names that programs call and that are missing")
    chosen = parser.parse_args(arguments)
    if chosen.collect:
        NAMES.write_text("\n".join(collect()) + "\n")
    if chosen.usage:
        rows = list(usage())
        for name, files, here in rows:
            if not here:
                print(f"{name}\t{files}")
        print(f"{sum(here for *_, here in rows)} of {len(rows)} names are here")
        return 0
    PAGE.write_text(page())
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
