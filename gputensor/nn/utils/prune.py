"""Pruning: elements or whole channels of a parameter set to zero by a mask, which a hook applies before every call.

A pruned tensor is computed from the parameter <name>_orig and the buffer <name>_mask.
"""

from __future__ import annotations

import numbers
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, TypeGuard, TypeVar

from gputensor._tensor import Tensor
from gputensor.errors import ShapeError
from gputensor.nn.modules.module import Module
from gputensor.nn.utils.vectors import parameters_to_vector
from gputensor.ops.creation import ones_like, zeros_like
from gputensor.ops.dims import one_dim
from gputensor.ops.random import rand, rand_like

__all__ = [
    "BasePruningMethod",
    "CustomFromMask",
    "Identity",
    "L1Unstructured",
    "LnStructured",
    "PruningContainer",
    "RandomStructured",
    "RandomUnstructured",
    "custom_from_mask",
    "global_unstructured",
    "identity",
    "is_pruned",
    "l1_unstructured",
    "ln_structured",
    "random_structured",
    "random_unstructured",
    "remove",
]

M = TypeVar("M", bound=Module)


class BasePruningMethod(ABC):
    """What a pruning method inherits: it writes `compute_mask` and a PRUNING_TYPE.

    PRUNING_TYPE: "unstructured" (elements), "structured" (channels along `dim`) or "global". An object of the class is
    the hook that prunes one tensor of a module.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import prune
    >>> class Negative(prune.BasePruningMethod):
    ...     PRUNING_TYPE = "unstructured"
    ...     def compute_mask(self, t, default_mask):
    ...         return default_mask * (t > 0)
    >>> Negative().prune(gt.tensor([-1.0, 2.0])).abs()
    tensor([0., 2.])
    """

    PRUNING_TYPE: str
    _tensor_name: str

    def __call__(self, module: Module, inputs: Any) -> None:
        setattr(module, self._tensor_name, self.apply_mask(module))

    @abstractmethod
    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask for scores t, 0 where default_mask is 0 already."""

    def apply_mask(self, module: Module) -> Tensor:
        """The pruned tensor: mask times original."""
        original = getattr(module, self._tensor_name + "_orig")
        return getattr(module, self._tensor_name + "_mask").to(original.dtype) * original

    @classmethod
    def apply(cls, module: Module, name: str, *args: Any, importance_scores: Any = None, **kwargs: Any) -> Any:
        """Prune this tensor of a module, further if it is pruned already; returns the hook.

        importance_scores: what the mask is computed from instead of the tensor itself. Raises ShapeError for scores of
        another shape; if anything is refused, nothing has changed.
        """
        made = cls(*args, **kwargs)
        made._tensor_name = name
        original = getattr(module, name)
        scores = original if importance_scores is None else importance_scores
        _check_scores(scores, original)
        hooks: dict[int, Any] = module._forward_pre_hooks
        old = [(k, h) for k, h in hooks.items() if _prunes(h, name)]
        method: Any = made
        if old:
            _, before = old[0]
            method = before if isinstance(before, PruningContainer) else PruningContainer(before)
            method.add_pruning_method(made)
            mask = getattr(module, name + "_mask").detach().clone()
        else:
            mask = ones_like(original.detach())
        try:
            mask = method.compute_mask(scores.detach(), default_mask=mask)
        except Exception:
            if old:
                method._pruning_methods = method._pruning_methods[:-1]
            raise
        if not old:
            del module._parameters[name]
            module.register_parameter(name + "_orig", original)
        for k, _ in old:
            del module._forward_pre_hooks[k]
        module.register_buffer(name + "_mask", mask)
        setattr(module, name, method.apply_mask(module))
        module.register_forward_pre_hook(method)
        return method

    def prune(self, t: Tensor, default_mask: Tensor | None = None, importance_scores: Tensor | None = None) -> Tensor:
        """A pruned copy of t, without a module."""
        scores = t if importance_scores is None else importance_scores
        _check_scores(scores, t)
        mask = ones_like(t.detach()) if default_mask is None else default_mask
        return t * self.compute_mask(scores.detach(), default_mask=mask)

    def remove(self, module: Module) -> None:
        """Make the pruned tensor an ordinary parameter, with its zeros. The hook itself stays; see `remove`."""
        name = self._tensor_name
        weight = self.apply_mask(module)
        delattr(module, name)
        original: Any = module._parameters.pop(name + "_orig")
        del module._buffers[name + "_mask"]
        original.data = weight.detach()
        setattr(module, name, original)


class PruningContainer(BasePruningMethod):
    """Several pruning methods after each other; the last one computes on what those before it left.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import prune
    >>> layer = prune.identity(prune.identity(gt.nn.Linear(2, 2), "weight"), "weight")
    >>> len(next(iter(layer._forward_pre_hooks.values())))
    2
    """

    def __init__(self, *args: BasePruningMethod) -> None:
        self._pruning_methods: tuple[BasePruningMethod, ...] = ()
        if len(args) == 1:
            self._tensor_name = args[0]._tensor_name
        for method in args:
            self.add_pruning_method(method)

    def add_pruning_method(self, method: Any) -> None:
        """Add a method at the end. Raises TypeError for what is none, ValueError for one of another tensor."""
        if not isinstance(method, BasePruningMethod):
            raise TypeError(f"{type(method)} is not a BasePruningMethod subclass")
        if self._tensor_name != method._tensor_name:
            raise ValueError(
                f"Can only add pruning methods acting on the parameter named '{self._tensor_name}' to this "
                f"PruningContainer. Found '{method._tensor_name}'"
            )
        self._pruning_methods += (method,)

    def __len__(self) -> int:
        return len(self._pruning_methods)

    def __iter__(self) -> Iterator[BasePruningMethod]:
        return iter(self._pruning_methods)

    def __getitem__(self, idx: int) -> BasePruningMethod:
        return self._pruning_methods[idx]

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        """The mask of the last method, computed on what is not pruned yet."""
        method: Any = self._pruning_methods[-1]
        kind = method.PRUNING_TYPE
        part: Any
        if kind == "unstructured":
            part = default_mask == 1
        elif kind == "structured":
            dim = one_dim("prune", method.dim, t.dim(), t.array.shape)
            kept = default_mask.sum([d for d in range(t.dim()) if d != dim]) != 0
            part = (*[slice(None)] * dim, kept)
        elif kind == "global":
            part = ()
        else:
            raise ValueError(f"Unrecognized PRUNING_TYPE {kind}; use 'unstructured', 'structured' or 'global'")
        mask = default_mask.to(t.dtype).clone()
        mask[part] = method.compute_mask(t[part], default_mask=default_mask[part]).to(mask.dtype)
        return mask


class Identity(BasePruningMethod):
    """A mask of ones: the names of pruning without its effect. See `identity`."""

    PRUNING_TYPE = "unstructured"

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        return default_mask


class _Amount(BasePruningMethod):
    """What methods with an amount share: an int counts, a float from 0 to 1 is a part."""

    amount: Any

    def __init__(self, amount: Any) -> None:
        if isinstance(amount, bool) or not hasattr(amount, "__float__") or isinstance(amount, Tensor):
            raise TypeError(f"Invalid type for amount: {amount}. Must be int or float.")
        if amount < 0 or (not isinstance(amount, numbers.Integral) and amount > 1):
            raise ValueError(f"amount={amount} should either be a float in the range [0, 1] or a non-negative integer")
        self.amount = amount

    def count(self, size: int) -> int:
        """How many of `size` to prune. Raises ValueError for more than there are."""
        count = int(self.amount) if isinstance(self.amount, numbers.Integral) else round(self.amount * size)
        if count > size:
            raise ValueError(f"amount={count} should be smaller than the number of parameters to prune={size}")
        return count


class RandomUnstructured(_Amount):
    """Elements chosen at random. See `random_unstructured`."""

    PRUNING_TYPE = "unstructured"

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        return _without(default_mask, rand_like(t), self.count(t.numel()))


class L1Unstructured(_Amount):
    """The elements of smallest magnitude. See `l1_unstructured`."""

    PRUNING_TYPE = "unstructured"

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        return _without(default_mask, t.abs(), self.count(t.numel()))


class RandomStructured(_Amount):
    """Channels along dim chosen at random. See `random_structured`."""

    PRUNING_TYPE = "structured"

    def __init__(self, amount: float, dim: int = -1) -> None:
        super().__init__(amount)
        self.dim = dim

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        dim = _channels(t, self.dim)
        return _without_channels(default_mask, rand(t.shape[dim], device=t.device), self.count(t.shape[dim]), t, dim)


class LnStructured(_Amount):
    """The channels along dim of smallest norm. See `ln_structured`."""

    PRUNING_TYPE = "structured"

    def __init__(self, amount: float, n: Any, dim: int = -1) -> None:
        super().__init__(amount)
        self.n = n
        self.dim = dim

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        dim = _channels(t, self.dim)
        rows = t.movedim(dim, 0).reshape(t.shape[dim], -1)
        # "fro" and "nuc" are names of norms of a matrix; of one row both are the norm of order 2
        order = 2 if self.n in ("fro", "nuc") else float(self.n)
        return _without_channels(default_mask, rows.norm(order, 1), self.count(t.shape[dim]), t, dim)


class CustomFromMask(BasePruningMethod):
    """What a given mask says. See `custom_from_mask`."""

    PRUNING_TYPE = "global"

    def __init__(self, mask: Tensor) -> None:
        self.mask = mask

    def compute_mask(self, t: Tensor, default_mask: Tensor) -> Tensor:
        if default_mask.shape != self.mask.shape:
            raise ShapeError(
                f"prune: expected a mask of shape {tuple(default_mask.shape)}, got {tuple(self.mask.shape)}"
            )
        return default_mask * self.mask.to(default_mask.dtype)


def identity(module: M, name: str) -> M:
    """Give a tensor of a module the form of a pruned one, with a mask of ones; returns the module.

    >>> import gputensor as gt
    >>> list(gt.nn.utils.prune.identity(gt.nn.Linear(2, 3), "weight").state_dict())
    ['bias', 'weight_orig', 'weight_mask']
    """
    Identity.apply(module, name)
    return module


def random_unstructured(module: M, name: str, amount: float) -> M:
    """Prune elements of a tensor, chosen at random; returns the module.

    amount: how many, or as a float from 0 to 1 which part. Raises TypeError or ValueError for another amount.

    >>> import gputensor as gt
    >>> int(gt.nn.utils.prune.random_unstructured(gt.nn.Linear(2, 3), "weight", 2).weight_mask.sum())
    4
    """
    RandomUnstructured.apply(module, name, amount)
    return module


def l1_unstructured(module: M, name: str, amount: float, importance_scores: Tensor | None = None) -> M:
    """Prune the elements of smallest magnitude; returns the module. amount: as in `random_unstructured`.

    importance_scores: what counts instead of the tensor itself.

    >>> import gputensor as gt
    >>> layer = gt.nn.Linear(3, 1)
    >>> layer.weight.data = gt.tensor([[1.0, -3.0, 2.0]])
    >>> gt.nn.utils.prune.l1_unstructured(layer, "weight", amount=1).weight_mask
    tensor([[0., 1., 1.]])
    """
    L1Unstructured.apply(module, name, amount, importance_scores=importance_scores)
    return module


def random_structured(module: M, name: str, amount: float, dim: int) -> M:
    """Prune whole channels along dim, chosen at random; returns the module. amount: as in `random_unstructured`.

    >>> import gputensor as gt
    >>> int(gt.nn.utils.prune.random_structured(gt.nn.Linear(2, 3), "weight", 1, dim=0).weight_mask.sum())
    4
    """
    RandomStructured.apply(module, name, amount, dim)
    return module


def ln_structured(module: M, name: str, amount: float, n: Any, dim: int, importance_scores: Tensor | None = None) -> M:
    """Prune the channels along dim of smallest norm of order n; returns the module.

    amount: as in `random_unstructured`; importance_scores: as in `l1_unstructured`.

    >>> import gputensor as gt
    >>> layer = gt.nn.Linear(1, 3)
    >>> layer.weight.data = gt.tensor([[1.0], [-3.0], [2.0]])
    >>> gt.nn.utils.prune.ln_structured(layer, "weight", 1, n=2, dim=0).weight_mask.tolist()
    [[0.0], [1.0], [1.0]]
    """
    LnStructured.apply(module, name, amount, n, dim, importance_scores=importance_scores)
    return module


def global_unstructured(
    parameters: Iterable[tuple[Module, str]], pruning_method: type, importance_scores: Any = None, **kwargs: Any
) -> None:
    """Prune several tensors as if they were one, by an unstructured method; the mask of each is its part.

    parameters: (module, name) of each; importance_scores: by (module, name), what counts instead of a tensor itself.
    Raises TypeError for a method that is not unstructured.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import prune
    >>> layer = gt.nn.Linear(2, 2)
    >>> prune.global_unstructured([(layer, "weight"), (layer, "bias")], prune.L1Unstructured, amount=2)
    >>> int(layer.weight_mask.sum() + layer.bias_mask.sum())
    4
    """
    if not isinstance(parameters, Iterable):
        raise TypeError("global_unstructured(): parameters is not an Iterable")
    given = list(parameters)
    scores = {} if importance_scores is None else importance_scores
    if not isinstance(scores, dict):
        raise TypeError("global_unstructured(): importance_scores must be of type dict")
    method = pruning_method(**kwargs)
    if method.PRUNING_TYPE != "unstructured":
        raise TypeError(
            f'Only "unstructured" PRUNING_TYPE supported for the `pruning_method`. Found method {pruning_method} of '
            f"type {method.PRUNING_TYPE}"
        )
    method._tensor_name = "temp"
    tensors = [getattr(module, name) for module, name in given]
    every = parameters_to_vector([scores.get(key, t).detach() for key, t in zip(given, tensors, strict=True)])
    before = parameters_to_vector(
        [
            getattr(module, name + "_mask", ones_like(t.detach()))
            for (module, name), t in zip(given, tensors, strict=True)
        ]
    )
    mask = PruningContainer(method).compute_mask(every, before)
    place = 0
    for (module, name), t in zip(given, tensors, strict=True):
        custom_from_mask(module, name, mask[place : place + t.numel()].reshape(t.shape))
        place += t.numel()


def custom_from_mask(module: M, name: str, mask: Tensor) -> M:
    """Prune a tensor where a mask of its shape is 0; returns the module. Raises ShapeError for another shape.

    >>> import gputensor as gt
    >>> layer = gt.nn.utils.prune.custom_from_mask(gt.nn.Linear(1, 2), "bias", gt.tensor([0, 1]))
    >>> layer.bias_mask
    tensor([0., 1.])
    """
    CustomFromMask.apply(module, name, mask)
    return module


def remove(module: M, name: str) -> M:
    """Make a pruned tensor an ordinary parameter, with its zeros; returns the module.

    Raises ValueError for a tensor that is not pruned.

    >>> import gputensor as gt
    >>> from gputensor.nn.utils import prune
    >>> list(prune.remove(prune.identity(gt.nn.Linear(2, 3), "weight"), "weight").state_dict())
    ['bias', 'weight']
    """
    for number, hook in module._forward_pre_hooks.items():
        if _prunes(hook, name):
            hook.remove(module)
            del module._forward_pre_hooks[number]
            return module
    raise ValueError(f"Parameter '{name}' of module {module} has to be pruned before pruning can be removed")


def is_pruned(module: Module) -> bool:
    """Whether a tensor of this module or of one below it is pruned.

    >>> import gputensor as gt
    >>> gt.nn.utils.prune.is_pruned(gt.nn.Linear(2, 3))
    False
    """
    return any([isinstance(h, BasePruningMethod) for m in module.modules() for h in m._forward_pre_hooks.values()])


def _prunes(hook: Any, name: str) -> TypeGuard[BasePruningMethod]:
    return isinstance(hook, BasePruningMethod) and hook._tensor_name == name


def _check_scores(scores: Tensor, t: Tensor) -> None:
    if scores.shape != t.shape:
        raise ShapeError(
            f"prune: importance_scores must have the shape of the tensor, {tuple(t.shape)}, got {tuple(scores.shape)}"
        )


def _without(mask: Tensor, scores: Tensor, count: int) -> Tensor:
    """The mask with 0 at the `count` smallest scores."""
    out = mask.clone().reshape(-1)
    if count:
        out[scores.reshape(-1).topk(count, largest=False)[1]] = 0
    return out.reshape(mask.shape)


def _channels(t: Tensor, dim: int) -> int:
    if t.dim() <= 1:
        raise ValueError(
            f"Structured pruning can only be applied to multidimensional tensors. Found tensor of shape "
            f"{tuple(t.shape)} with {t.dim()} dims"
        )
    return one_dim("prune", dim, t.dim(), t.array.shape)


def _without_channels(mask: Tensor, scores: Tensor, count: int, t: Tensor, dim: int) -> Tensor:
    """The mask with 0 in the `count` channels of smallest scores."""
    if not count:
        return mask
    keep = zeros_like(t)
    keep[(*[slice(None)] * dim, scores.topk(scores.shape[0] - count)[1])] = 1
    return keep * mask.to(keep.dtype)


def __dir__() -> list[str]:
    return __all__
