"""`torchvision.transforms`: pictures changed in certain and in random ways."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import gputensor as gt
from gputensor import Tensor
from gputensor.as_torch.vision import functional as functional
from gputensor.as_torch.vision.functional import InterpolationMode as InterpolationMode
from gputensor.nn import Module


def _uniform(low: float, high: float) -> float:
    return low + (high - low) * gt.rand(()).item()


def _below(n: int) -> int:
    return int(gt.randint(0, n, ()).item())


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
        if image.is_floating_point() == self.dtype.is_floating_point:
            return image.to(self.dtype)
        return image.to(self.dtype) / 255 if self.dtype.is_floating_point else (image * 255.999).to(self.dtype)


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
        if h < height or w < width:
            raise ValueError(f"RandomCrop: size {self.size} is larger than the picture, {(h, w)}; give a padding")
        return functional.crop(img, _below(h - height + 1), _below(w - width + 1), height, width)


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
        h, w = functional.size_of(img)
        for _ in range(10):
            area = h * w * _uniform(*self.scale)
            form = math.exp(_uniform(math.log(self.ratio[0]), math.log(self.ratio[1])))
            width, height = round(math.sqrt(area * form)), round(math.sqrt(area / form))
            if 0 < width <= w and 0 < height <= h:
                img = functional.crop(img, _below(h - height + 1), _below(w - width + 1), height, width)
                break
        else:
            img = functional.center_crop(img, min(h, w))
        return functional.resize(img, self.size, self.interpolation, antialias=self.antialias)


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
        return functional.rotate(img, _uniform(*self.degrees), self.interpolation, self.fill)


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
                img = changes[k](img, _uniform(low, high))
        return img


class GaussianBlur(Module):
    """`functional.gaussian_blur` with a random sigma. See `Compose`."""

    def __init__(self, kernel_size: int | Sequence[int], sigma: float | Sequence[float] = (0.1, 2.0)) -> None:
        super().__init__()
        self.kernel_size, self.sigma = kernel_size, functional.pair(sigma)

    def forward(self, img: Any) -> Any:
        """The picture, blurred."""
        return functional.gaussian_blur(img, self.kernel_size, _uniform(*self.sigma))
