"""Which modules of gputensor stand for which of PyTorch's."""

from __future__ import annotations

import importlib.util

from gputensor._left_out import TABLES, names_left_out
from gputensor.ops.left_out import LeftOut, LeftOutMethods

_STAND_INS = "gputensor.as_torch.stand_ins"
_VISION = "gputensor.as_torch.vision"


def _modules(names: str) -> frozenset[str]:
    return frozenset(f"torch.{name}" for name in names.split())


# PyTorch's module -> those that have its names, asked in this order. A module that is not here, nor below one of
# `_FALL_BACK`, has the same place in both packages.
_MODULES: dict[str, tuple[str, ...]] = {
    "torch": (f"{_STAND_INS}.top", "gputensor"),
    "torch._C": (f"{_STAND_INS}.internals", "gputensor"),
    "torch._dynamo": (f"{_STAND_INS}.dynamo",),
    "torch._dynamo.config": (f"{_STAND_INS}.config",),
    "torch._inductor": (f"{_STAND_INS}.config",),
    "torch._inductor.config": (f"{_STAND_INS}.config",),
    "torch._tensor": ("gputensor",),
    "torch._VF": ("gputensor",),
    "torch.__config__": (f"{_STAND_INS}.build",),
    "torch._jit_internal": (f"{_STAND_INS}.jit_internal",),
    "torch._utils": (f"{_STAND_INS}.utils",),
    "torch.amp.autocast_mode": ("gputensor.amp.autocast_mode", "gputensor.amp"),
    "torch.autograd.anomaly_mode": ("gputensor.autograd",),
    "torch.autograd.function": ("gputensor.autograd.function", f"{_STAND_INS}.function", "gputensor.autograd"),
    "torch.autograd.grad_mode": ("gputensor.autograd", "gputensor"),
    "torch.autograd.gradcheck": ("gputensor.autograd",),
    "torch.compiler": (f"{_STAND_INS}.compiler",),
    "torch.functional": ("gputensor",),
    "torch.hub": (f"{_STAND_INS}.hub",),
    "torch.jit": (f"{_STAND_INS}.jit",),
    "torch.nn._reduction": (f"{_STAND_INS}.reduction",),
    "torch.nn.backends": (),
    "torch.nn.common_types": (f"{_STAND_INS}.common_types",),
    "torch.nn.functional": ("gputensor.nn.functional", f"{_STAND_INS}.functional"),
    "torch.nn.init": ("gputensor.nn.init", f"{_STAND_INS}.init"),
    "torch.nn.modules.module": ("gputensor.nn.modules.module", f"{_STAND_INS}.module", "gputensor.nn.modules.hooks"),
    "torch.nn.modules.rnn": ("gputensor.nn.modules.rnn", f"{_STAND_INS}.layers"),
    "torch.nn.modules.transformer": ("gputensor.nn.modules.transformer", f"{_STAND_INS}.layers"),
    "torch.nn.functional._Reduction": (f"{_STAND_INS}.reduction",),
    "torch.nn.grad": ("gputensor.nn",),
    "torch.nn.utils.spectral_norm": ("gputensor.nn.utils",),
    "torch.nn.utils.weight_norm": ("gputensor.nn.utils",),
    "torch.optim._multi_tensor": ("gputensor.optim",),
    "torch.optim.optimizer": ("gputensor.optim.optimizer", f"{_STAND_INS}.optimizer", "gputensor.optim"),
    "torch.optim.lr_scheduler": ("gputensor.optim.lr_scheduler", f"{_STAND_INS}.lr_scheduler"),
    "torch.overrides": (f"{_STAND_INS}.overrides",),
    "torch.signal.windows.windows": ("gputensor.signal.windows",),
    "torch.storage": (f"{_STAND_INS}.internals", "gputensor"),
    "torch.torch_version": (f"{_STAND_INS}.torch_version",),
    "torch.types": (f"{_STAND_INS}.types",),
    "torch.utils.benchmark": (f"{_STAND_INS}.benchmark",),
    "torch.utils.data.dataloader": ("gputensor.utils.data.dataloader", f"{_STAND_INS}.loading", "gputensor.utils.data"),
    "torch.utils.data._utils.fetch": ("gputensor.utils.data",),
    "torch.utils.data._utils.worker": ("gputensor.utils.data",),
    "torch.utils.data._utils.pin_memory": ("gputensor.utils.data",),
    "torch.utils.data._utils": ("gputensor.utils.data",),
    "torch.utils.data._utils.collate": ("gputensor.utils.data",),
    "torch.utils.hooks": ("gputensor.core.hooks", "gputensor.nn.modules.hooks"),
    "torch.utils.tensorboard": (f"{_STAND_INS}.tensorboard", "gputensor.utils.tensorboard"),
    "torch.utils.model_zoo": (f"{_STAND_INS}.hub",),
    "torch.version": (f"{_STAND_INS}.version", "gputensor.version"),
    "torchvision": (_VISION,),
    "torchvision.datasets": (f"{_VISION}.datasets",),
    "torchvision.datasets.folder": (f"{_VISION}.datasets",),
    "torchvision.datasets.cifar": (f"{_VISION}.datasets",),
    "torchvision.datasets.mnist": (f"{_VISION}.datasets",),
    "torchvision.datasets.vision": (f"{_VISION}.datasets",),
    "torchvision.models": (f"{_VISION}.models",),
    "torchvision.models.resnet": (f"{_VISION}.models",),
    "torchvision.models.vgg": (f"{_VISION}.models",),
    "torchvision.transforms": (f"{_VISION}.transforms",),
    "torchvision.transforms.functional": (f"{_VISION}.functional", f"{_VISION}.tones"),
    "torchvision.transforms.transforms": (f"{_VISION}.transforms",),
    "torchvision.transforms.v2": (f"{_VISION}.transforms",),
    "torchvision.transforms.v2.functional": (f"{_VISION}.functional", f"{_VISION}.tones"),
    "torchvision.utils": (f"{_VISION}.utils",),
}

# below these PyTorch has other files than gputensor: a name that the module lacks is asked of the public package
_FALL_BACK: dict[str, tuple[str, ...]] = {
    "torch.nn.modules.": ("gputensor.nn.modules", "gputensor.nn"),
    "torch.nn.parallel.": ("gputensor.nn.parallel",),
    "torch.nn.utils.": ("gputensor.nn.utils",),
    "torch.optim.": ("gputensor.optim",),
    "torch.utils.data.": ("gputensor.utils.data",),
    "torch.distributions.": ("gputensor.distributions",),
    "torch.autograd.": ("gputensor.autograd",),
    "torch.cuda.amp.": ("gputensor.cuda.amp",),
    "torch.cuda.": ("gputensor.cuda",),
    "torch.cpu.amp.": ("gputensor.cpu.amp",),
    "torch.amp.": ("gputensor.amp",),
    "torch.profiler.": ("gputensor.profiler",),
    "torch.multiprocessing.": ("gputensor.multiprocessing",),
    "torch.accelerator.": ("gputensor.accelerator",),
}
# what PyTorch has below those of the above that have no file of this name in gputensor
_FILES_OF_PYTORCH = _modules("""
    nn.parallel.comm nn.parallel.data_parallel nn.parallel.parallel_apply nn.parallel.replicate nn.utils.init
    optim.adamw cuda.memory cuda.random cuda.streams cuda.comm cuda.amp.autocast_mode cuda.amp.common
    cpu.amp.autocast_mode cpu.amp.grad_scaler profiler.profiler multiprocessing.spawn multiprocessing.pool
    multiprocessing.queue accelerator.memory autograd.profiler_util autograd.profiler_legacy
""")

# PyTorch's modules that are left out whole. Importing one is no error, as many programs import what they use in one
# branch only; its names are missing.
_LEFT_OUT = _modules("""
    ao ao.nn ao.quantization quantization sparse nested masked onnx export package fx fx.experimental fx.passes fx.node
    fx.proxy library mps xpu mtia quasirandom classes _export monitor utils.cpp_extension
    utils.mobile_optimizer utils.bundled_inputs utils.collect_env utils.bottleneck utils.flop_counter
    utils.data.datapipes utils.data.graph utils.data.backward_compatibility autograd.forward_ad nn.quantized nn.qat
    nn.intrinsic nn.attention.flex_attention nn.attention.bias distributed.rpc distributed.fsdp distributed.fsdp.wrap
    distributed.fsdp.fully_sharded_data_parallel distributed.tensor distributed.tensor.parallel distributed._tensor
    distributed.device_mesh distributed.checkpoint distributed.checkpoint.state_dict distributed.pipelining
    distributed.nn distributed.optim distributed.algorithms distributed.elastic distributed.launch distributed.run
    distributed.autograd distributed.distributed_c10d
""")

# parts of gputensor that are no modules of PyTorch, or other ones
_OURS_ALONE = (
    "array_api",
    "arrays",
    "as_torch",
    "benchmark",
    "core",
    "demo",
    "demo_data",
    "errors",
    "io",
    "ops",
    "show",
)


def modules_for(name: str) -> tuple[str, ...] | None:
    """The modules of gputensor that have the names of PyTorch's module `name`; () where it is left out whole, None
    where neither has such a module.

    >>> modules_for("torch.linalg"), modules_for("torch.onnx"), modules_for("torch.nothing")
    (('gputensor.linalg',), (), None)
    """
    if name in _MODULES:
        return _MODULES[name]
    if not name.startswith("torch."):
        return None
    first, *rest = name.removeprefix("torch.").split(".")
    own = f"gputensor.{'.'.join([first, *rest])}"
    beside = next((names for start, names in _FALL_BACK.items() if name.startswith(start)), ())
    if first not in _OURS_ALONE and not first.startswith("_") and _exists(own):
        return own, *(other for other in beside if other != own)
    if name in _FILES_OF_PYTORCH:
        return beside
    return () if name in _LEFT_OUT else None


def is_inside_left_out(name: str) -> bool:
    """Whether a module is part of one that is left out whole.

    >>> is_inside_left_out("torch.fx.passes.shape_prop"), is_inside_left_out("torch.nn")
    (True, False)
    """
    return any(name.startswith(f"{left}.") for left in _LEFT_OUT)


def _exists(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # what should be its package is a file
        return False


_NO_OPS = "PyTorch's registry of operators is left out; call the public function, torch.mm for torch.ops.aten.mm"
_POLICIES = "policies of augmentation are left out; compose RandomAffine, ColorJitter, RandomPosterize and their kin"
_WEIGHTS = "nothing is downloaded; give weights=None, and load_state_dict a file of weights, which you fetch yourself"
_UPDATE = "an optimizer's step has no function of its own; use the class"
# why names are left out that no table of gputensor's own has
_REASONS = {
    "torch.ops": _NO_OPS,
    "torch._ops": _NO_OPS,
    "torch._functorch": "internals of torch.func, which has the public names: grad, vjp, jvp, vmap, jacrev, jacfwd",
    "torchvision.ops": "torchvision's compiled operators are left out",
    "torchvision.transforms.RandomPerspective": "use RandomAffine, whose shear is nearest to it",
    "torchvision.transforms.AutoAugment": _POLICIES,
    "torchvision.transforms.AutoAugmentPolicy": _POLICIES,
    "torchvision.transforms.RandAugment": _POLICIES,
    "torchvision.transforms.TrivialAugmentWide": _POLICIES,
    "torchvision.transforms.AugMix": _POLICIES,
    "torchvision.transforms.autoaugment": _POLICIES,
}


def is_the_step(name: str) -> bool:
    """Whether PyTorch's `name` is an optimizer's function, which has the name of its file: gputensor's function of that
    name takes other arguments.

    >>> is_the_step("torch.optim.adam.adam"), is_the_step("torch.optim.adam")
    (True, False)
    """
    return name.startswith("torch.optim.") and name.count(".") == 3 and name.split(".")[2] == name.split(".")[3]


def reason(name: str) -> str | None:
    """Why PyTorch's `name`, "torch.onnx.export", is left out, if that was said of it or of the module it is in."""
    parts = name.split(".")
    if parts[1:2] == ["Tensor"]:
        method = vars(LeftOutMethods).get(parts[-1])
        return method.reason if isinstance(method, LeftOut) else None
    if is_the_step(name):
        return _UPDATE
    if parts[:2] == ["torchvision", "models"] and parts[-1].endswith("_Weights"):
        return _WEIGHTS
    for end in range(len(parts), 1, -1):
        if (found := _REASONS.get(".".join(parts[:end]))) is not None:
            return found
        namespace, last = ".".join(["gputensor", *parts[1 : end - 1]]), parts[end - 1]
        found = names_left_out(namespace).get(last) if namespace in TABLES else None
        if found is not None:
            return found
    return None
