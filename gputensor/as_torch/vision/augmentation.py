"""More of `torchvision.transforms`: several crops of a picture, parts wiped out, chosen and reordered transforms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import gputensor as gt
from gputensor import Tensor
from gputensor.as_torch.vision import functional, tones
from gputensor.as_torch.vision.drawing import below, uniform
from gputensor.as_torch.vision.functional import InterpolationMode
from gputensor.nn import Module


class FiveCrop(Module):
    """The four corners and the middle, as a tuple. See `functional.five_crop`."""

    def __init__(self, size: int | Sequence[int]) -> None:
        super().__init__()
        self.size = functional.pair(size)

    def forward(self, img: Any) -> tuple[Any, ...]:
        """Five pictures."""
        return functional.five_crop(img, self.size)


class TenCrop(Module):
    """The five of `FiveCrop`, and those of the mirrored picture."""

    def __init__(self, size: int | Sequence[int], vertical_flip: bool = False) -> None:
        super().__init__()
        self.size, self.vertical_flip = functional.pair(size), vertical_flip

    def forward(self, img: Any) -> tuple[Any, ...]:
        """Ten pictures."""
        return functional.ten_crop(img, self.size, self.vertical_flip)


class RandomChoice(Module):
    """One of the transforms, with probabilities in proportion to p, or with the same. See `FiveCrop`."""

    def __init__(self, transforms: Sequence[Any], p: Sequence[float] | None = None) -> None:
        super().__init__()
        self.transforms, self.p = transforms, p

    def forward(self, img: Any) -> Any:
        """The picture, changed by one of them."""
        shares = gt.tensor([1] * len(self.transforms) if self.p is None else list(self.p), dtype=gt.float32)
        return self.transforms[int(gt.multinomial(shares, 1).item())](img)


class RandomOrder(Module):
    """All of the transforms, one after another, in random order. See `FiveCrop`."""

    def __init__(self, transforms: Sequence[Any]) -> None:
        super().__init__()
        self.transforms = transforms

    def forward(self, img: Any) -> Any:
        """The picture, changed by all."""
        for k in gt.randperm(len(self.transforms)).tolist():
            img = self.transforms[k](img)
        return img


class RandomErasing(Module):
    """A part of a tensor, of random size and form, wiped out with probability p.

    value: a number, one for each channel, or "random" for noise. See `FiveCrop`.
    """

    def __init__(
        self,
        p: float = 0.5,
        scale: Sequence[float] = (0.02, 0.33),
        ratio: Sequence[float] = (0.3, 3.3),
        value: Any = 0,
        inplace: bool = False,
    ) -> None:
        super().__init__()
        self.p, self.scale, self.ratio, self.value, self.inplace = p, scale, ratio, value, inplace

    def forward(self, img: Tensor) -> Tensor:
        """The tensor, with or without the part."""
        if gt.rand(()).item() >= self.p:
            return img
        height, width = functional.size_of(img)
        for _ in range(10):
            area = height * width * uniform(*self.scale)
            form = math.exp(uniform(math.log(self.ratio[0]), math.log(self.ratio[1])))
            h, w = round(math.sqrt(area * form)), round(math.sqrt(area / form))
            if h < height and w < width:
                value: Any = self.value
                if value == "random" or value is None:
                    value = gt.randn(*img.shape[:-2], h, w, dtype=img.dtype)
                elif isinstance(value, (list, tuple)):
                    value = gt.tensor(value, dtype=img.dtype).view(-1, 1, 1)
                top, left = below(height - h + 1), below(width - w + 1)
                return tones.erase(img, top, left, h, w, value, self.inplace)
        return img


class RandomAffine(Module):
    """`functional.affine` with random numbers: degrees between -degrees and degrees or two bounds, translate as the
    largest shares of width and height, scale between two bounds, shear as degrees. See `FiveCrop`."""

    def __init__(
        self,
        degrees: float | Sequence[float],
        translate: Sequence[float] | None = None,
        scale: Sequence[float] | None = None,
        shear: float | Sequence[float] | None = None,
        interpolation: Any = InterpolationMode.NEAREST,
        fill: float = 0,
        center: Sequence[int] | None = None,
    ) -> None:
        super().__init__()
        self.degrees = (-degrees, degrees) if isinstance(degrees, (int, float)) else degrees
        self.shear = (-shear, shear) if isinstance(shear, (int, float)) else shear
        self.translate, self.scale = translate, scale
        self.interpolation, self.fill, self.center = interpolation, fill, center

    def forward(self, img: Any) -> Any:
        """The picture, turned, moved, scaled and sheared."""
        h, w = functional.size_of(img)
        shares = self.translate or (0.0, 0.0)
        moved = [round(uniform(-share * n, share * n)) for share, n in zip(shares, (w, h), strict=True)]
        angle = uniform(*self.degrees)
        scale = 1.0 if self.scale is None else uniform(*self.scale)
        sheared = [0.0, 0.0]
        if self.shear is not None:
            sheared[0] = uniform(self.shear[0], self.shear[1])
            sheared[1] = uniform(self.shear[2], self.shear[3]) if len(self.shear) == 4 else 0.0
        return functional.affine(
            img, angle, moved, scale, sheared, self.interpolation, fill=self.fill, center=self.center
        )


class _WithChance(Module):
    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def forward(self, img: Any) -> Any:
        """The picture, changed with probability p."""
        return self.changed(img) if gt.rand(()).item() < self.p else img

    def changed(self, img: Any) -> Any:
        """The picture, changed."""
        raise NotImplementedError


class RandomInvert(_WithChance):
    """The negative, with probability p. See `tones.invert`."""

    def changed(self, img: Any) -> Any:
        """The negative."""
        return tones.invert(img)


class RandomAutocontrast(_WithChance):
    """`tones.autocontrast` with probability p."""

    def changed(self, img: Any) -> Any:
        """The stretched picture."""
        return tones.autocontrast(img)


class RandomPosterize(_WithChance):
    """`tones.posterize` with probability p."""

    def __init__(self, bits: int, p: float = 0.5) -> None:
        super().__init__(p)
        self.bits = bits

    def changed(self, img: Any) -> Any:
        """The picture in fewer tones."""
        return tones.posterize(img, self.bits)


class RandomSolarize(_WithChance):
    """`tones.solarize` with probability p."""

    def __init__(self, threshold: float, p: float = 0.5) -> None:
        super().__init__(p)
        self.threshold = threshold

    def changed(self, img: Any) -> Any:
        """The picture with the negative of its bright places."""
        return tones.solarize(img, self.threshold)


class RandomAdjustSharpness(_WithChance):
    """`tones.adjust_sharpness` with probability p."""

    def __init__(self, sharpness_factor: float, p: float = 0.5) -> None:
        super().__init__(p)
        self.sharpness_factor = sharpness_factor

    def changed(self, img: Any) -> Any:
        """The sharper picture."""
        return tones.adjust_sharpness(img, self.sharpness_factor)


class ToImage(Module):
    """`functional.pil_to_tensor` as a transform of ``v2``; a tensor stays as it is. See `FiveCrop`."""

    def forward(self, pic: Any) -> Tensor:
        """The picture as a tensor of its own dtype."""
        return pic if isinstance(pic, Tensor) else functional.pil_to_tensor(pic)


class ToDtype(Module):
    """A tensor in another dtype; scale: with its bounds, as `functional.convert_image_dtype`. See `FiveCrop`."""

    def __init__(self, dtype: Any, scale: bool = False) -> None:
        super().__init__()
        self.dtype, self.scale = dtype, scale

    def forward(self, img: Tensor) -> Tensor:
        """The tensor in the other dtype."""
        return functional.convert_image_dtype(img, self.dtype) if self.scale else img.to(self.dtype)
