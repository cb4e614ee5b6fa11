"""`torchvision.transforms`: pictures changed in certain and in random ways."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import gputensor as gt
from gputensor import Tensor
from gputensor.as_torch.vision import functional as functional
from gputensor.as_torch.vision.augmentation import (
    FiveCrop as FiveCrop,
    RandomAdjustSharpness as RandomAdjustSharpness,
    RandomAffine as RandomAffine,
    RandomAutocontrast as RandomAutocontrast,
    RandomChoice as RandomChoice,
    RandomErasing as RandomErasing,
    RandomInvert as RandomInvert,
    RandomOrder as RandomOrder,
    RandomPosterize as RandomPosterize,
    RandomSolarize as RandomSolarize,
    TenCrop as TenCrop,
    ToDtype as ToDtype,
    ToImage as ToImage,
)
from gputensor.as_torch.vision.drawing import below, uniform
from gputensor.as_torch.vision.functional import InterpolationMode as InterpolationMode
from gputensor.nn import Module


class Compose:
    """One transform after another.

    >>> Compose([Resize(2), Normalize([0.5], [0.5])])(gt.ones(1, 4, 4)).sum()
    tensor(4.)
    """

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]) -> None:
        self.transforms = list(transforms)

    def __call__(self, img: Any) -> Any:
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self) -> str:
        return "\n".join(["Compose(", *(f"    {transform}" for transform in self.transforms), ")"])


class Lambda:
    """A function as a transform. See `Compose`."""

    def __init__(self, lambd: Callable[[Any], Any]) -> None:
        self.lambd = lambd

    def __call__(self, img: Any) -> Any:
        return self.lambd(img)


class ToTensor:
    """`functional.to_tensor` as a transform. See `Compose`."""

    def __call__(self, pic: Any) -> Tensor:
        return functional.to_tensor(pic)

    def __repr__(self) -> str:
        return "ToTensor()"


class PILToTensor(ToTensor):
    """`functional.pil_to_tensor` as a transform. See `Compose`."""

    def __call__(self, pic: Any) -> Tensor:
        return functional.pil_to_tensor(pic)


class ToPILImage:
    """`functional.to_pil_image` as a transform. See `Compose`."""

    def __init__(self, mode: str | None = None) -> None:
        self.mode = mode

    def __call__(self, pic: Any) -> Any:
        return functional.to_pil_image(pic, self.mode)


class ConvertImageDtype(Module):
    """A tensor of bytes as floats between 0 and 1, or the other way. See `Compose`."""

    def __init__(self, dtype: Any) -> None:
        super().__init__()
        self.dtype = dtype

    def forward(self, image: Tensor) -> Tensor:
        """The tensor in the other dtype."""
        return functional.convert_image_dtype(image, self.dtype)


class Normalize(Module):
    """`functional.normalize` as a transform. See `Compose`."""

    def __init__(self, mean: Sequence[float], std: Sequence[float], inplace: bool = False) -> None:
        super().__init__()
        self.mean, self.std, self.inplace = mean, std, inplace

    def forward(self, tensor: Tensor) -> Tensor:
        """(x - mean) / std."""
        return functional.normalize(tensor, self.mean, self.std, self.inplace)

    def __repr__(self) -> str:
        return f"Normalize(mean={self.mean}, std={self.std})"


class Resize(Module):
    """`functional.resize` as a transform. See `Compose`."""

    def __init__(
        self,
        size: int | Sequence[int],
        interpolation: Any = InterpolationMode.BILINEAR,
        max_size: int | None = None,
        antialias: bool | None = True,
    ) -> None:
        super().__init__()
        self.size, self.interpolation, self.max_size, self.antialias = size, interpolation, max_size, antialias

    def forward(self, img: Any) -> Any:
        """The picture in the other size."""
        return functional.resize(img, self.size, self.interpolation, self.max_size, self.antialias)


class CenterCrop(Module):
    """`functional.center_crop` as a transform. See `Compose`."""

    def __init__(self, size: int | Sequence[int]) -> None:
        super().__init__()
        self.size = size

    def forward(self, img: Any) -> Any:
        """The middle."""
        return functional.center_crop(img, self.size)


class Pad(Module):
    """`functional.pad` as a transform. See `Compose`."""

    def __init__(self, padding: int | Sequence[int], fill: float = 0, padding_mode: str = "constant") -> None:
        super().__init__()
        self.padding, self.fill, self.padding_mode = padding, fill, padding_mode

    def forward(self, img: Any) -> Any:
        """The picture with its border."""
        return functional.pad(img, self.padding, self.fill, self.padding_mode)


class RandomCrop(Module):
    """A part of the picture, of one size, wherever it is, after a border was put around. See `Compose`."""

    def __init__(
        self,
        size: int | Sequence[int],
        padding: int | Sequence[int] | None = None,
        pad_if_needed: bool = False,
        fill: float = 0,
        padding_mode: str = "constant",
    ) -> None:
        super().__init__()
        self.size = functional.pair(size)
        self.padding, self.pad_if_needed, self.fill, self.padding_mode = padding, pad_if_needed, fill, padding_mode

    def forward(self, img: Any) -> Any:
        """A part of the picture."""
        if self.padding is not None:
            img = functional.pad(img, self.padding, self.fill, self.padding_mode)
        (height, width), (h, w) = self.size, functional.size_of(img)
        if self.pad_if_needed and (h < height or w < width):
            border = [max(width - w, 0), max(height - h, 0)]
            img = functional.pad(img, border, self.fill, self.padding_mode)
            h, w = functional.size_of(img)
        return functional.crop(img, *self.get_params(img, self.size))

    @staticmethod
    def get_params(img: Any, output_size: Sequence[int]) -> tuple[int, int, int, int]:
        """Where a part of that size is: top, left, height and width, for `functional.crop`."""
        (height, width), (h, w) = output_size, functional.size_of(img)
        if h < height or w < width:
            raise ValueError(
                f"RandomCrop: size {tuple(output_size)} is larger than the picture, {(h, w)}; give a padding"
            )
        return below(h - height + 1), below(w - width + 1), height, width


class RandomResizedCrop(Module):
    """A part of the picture of random size and form, resized to one size. See `Compose`."""

    def __init__(
        self,
        size: int | Sequence[int],
        scale: Sequence[float] = (0.08, 1.0),
        ratio: Sequence[float] = (3 / 4, 4 / 3),
        interpolation: Any = InterpolationMode.BILINEAR,
        antialias: bool | None = True,
    ) -> None:
        super().__init__()
        self.size, self.scale, self.ratio = functional.pair(size), scale, ratio
        self.interpolation, self.antialias = interpolation, antialias

    def forward(self, img: Any) -> Any:
        """A part of the picture in that size."""
        part = self.get_params(img, self.scale, self.ratio)
        return functional.resized_crop(img, *part, self.size, self.interpolation, self.antialias)

    @staticmethod
    def get_params(img: Any, scale: Sequence[float], ratio: Sequence[float]) -> tuple[int, int, int, int]:
        """Where a part of random size and form is: top, left, height and width, for `functional.crop`."""
        h, w = functional.size_of(img)
        for _ in range(10):
            area = h * w * uniform(*scale)
            form = math.exp(uniform(math.log(ratio[0]), math.log(ratio[1])))
            width, height = round(math.sqrt(area * form)), round(math.sqrt(area / form))
            if 0 < width <= w and 0 < height <= h:
                return below(h - height + 1), below(w - width + 1), height, width
        # the largest part in the middle of a form that is allowed
        width, height = w, h
        if w / h < min(ratio):
            height = round(w / min(ratio))
        elif w / h > max(ratio):
            width = round(h * max(ratio))
        return (h - height) // 2, (w - width) // 2, height, width


class RandomApply(Module):
    """Transforms, all or none of them. See `Compose`."""

    def __init__(self, transforms: Any, p: float = 0.5) -> None:
        super().__init__()
        self.transforms, self.p = transforms, p

    def forward(self, img: Any) -> Any:
        """The picture, changed with probability p."""
        if gt.rand(()).item() < self.p:
            for transform in self.transforms:
                img = transform(img)
        return img


class RandomHorizontalFlip(RandomApply):
    """`functional.hflip` with probability p. See `Compose`."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__([functional.hflip], p)


class RandomVerticalFlip(RandomApply):
    """`functional.vflip` with probability p. See `Compose`."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__([functional.vflip], p)


class RandomGrayscale(RandomApply):
    """Black and white, in as many channels, with probability p. See `Compose`."""

    def __init__(self, p: float = 0.1) -> None:
        super().__init__([Grayscale(3)], p)


class Grayscale(Module):
    """`functional.rgb_to_grayscale` as a transform. See `Compose`."""

    def __init__(self, num_output_channels: int = 1) -> None:
        super().__init__()
        self.num_output_channels = num_output_channels

    def forward(self, img: Any) -> Any:
        """Black and white."""
        return functional.rgb_to_grayscale(img, self.num_output_channels)


class RandomRotation(Module):
    """`functional.rotate` by an angle between -degrees and degrees, or between two. See `Compose`."""

    def __init__(
        self, degrees: float | Sequence[float], interpolation: Any = InterpolationMode.NEAREST, fill: float = 0
    ) -> None:
        super().__init__()
        self.degrees = (-degrees, degrees) if isinstance(degrees, (int, float)) else degrees
        self.interpolation, self.fill = interpolation, fill

    def forward(self, img: Any) -> Any:
        """The picture, turned."""
        return functional.rotate(img, uniform(*self.degrees), self.interpolation, self.fill)


class ColorJitter(Module):
    """Brightness, contrast, saturation and hue, changed by chance, in random order. See `Compose`.

    Each: a number x for factors between 1 - x and 1 + x (hue: -x and x), or the bounds themselves.
    """

    def __init__(self, brightness: Any = 0, contrast: Any = 0, saturation: Any = 0, hue: Any = 0) -> None:
        super().__init__()
        given = (brightness, contrast, saturation, hue)
        self.bounds = [
            (max(center - x, least), center + x) if isinstance(x, (int, float)) else tuple(x)
            for x, center, least in zip(given, (1, 1, 1, 0), (0, 0, 0, -0.5), strict=True)
        ]

    def forward(self, img: Any) -> Any:
        """The picture in other colours."""
        changes = (
            functional.adjust_brightness, functional.adjust_contrast, functional.adjust_saturation,
            functional.adjust_hue,
        )  # fmt: skip
        for k in gt.randperm(4).tolist():
            low, high = self.bounds[k]
            if low != high:
                img = changes[k](img, uniform(low, high))
        return img


class GaussianBlur(Module):
    """`functional.gaussian_blur` with a random sigma. See `Compose`."""

    def __init__(self, kernel_size: int | Sequence[int], sigma: float | Sequence[float] = (0.1, 2.0)) -> None:
        super().__init__()
        self.kernel_size, self.sigma = kernel_size, functional.pair(sigma)

    def forward(self, img: Any) -> Any:
        """The picture, blurred."""
        return functional.gaussian_blur(img, self.kernel_size, uniform(*self.sigma))
