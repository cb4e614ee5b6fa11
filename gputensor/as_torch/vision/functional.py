"""Pictures changed in one certain way: PIL's images, or tensors (…, channels, height, width)."""

from __future__ import annotations

import enum
import importlib
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.nn import functional as F


class InterpolationMode(enum.Enum):
    """How pictures are resized.

    >>> InterpolationMode("bilinear")
    <InterpolationMode.BILINEAR: 'bilinear'>
    """

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    LANCZOS = "lanczos"
    BOX = "box"
    HAMMING = "hamming"


# PIL's own numbers of the same ways
_OF_PIL = {"nearest": 0, "nearest-exact": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "box": 4, "hamming": 5}


def pil() -> Any:
    """PIL.Image, which is loaded when a picture is one of its. Raises ImportError with the way to mend it."""
    try:
        return importlib.import_module("PIL.Image")
    except ModuleNotFoundError as error:
        raise ImportError("torchvision: this needs the package pillow; mend it with: pip install pillow") from error


def to_tensor(pic: Any) -> Tensor:
    """A picture of PIL, or an array (height, width[, channels]), as a tensor (channels, height, width).

    Bytes become float32 between 0 and 1.

    >>> to_tensor(np.full((1, 2, 3), 255, np.uint8)).shape
    gputensor.Size([3, 1, 2])
    """
    x = pil_to_tensor(pic)
    return x.to(gt.get_default_dtype()).div(255) if x.dtype == gt.uint8 else x


def pil_to_tensor(pic: Any) -> Tensor:
    """A picture or array as a tensor (channels, height, width) of its own dtype. See `to_tensor`."""
    if isinstance(pic, Tensor):
        raise TypeError("to_tensor: expected a picture of PIL or an array, got a Tensor, which needs no conversion")
    array = np.array(pic)
    if array.dtype == bool:  # PIL's mode "1"
        array = array.astype(np.uint8) * 255
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3:
        raise TypeError(f"to_tensor: expected a picture of 2 or 3 dims, got an array of shape {array.shape}")
    return gt.from_numpy(np.ascontiguousarray(array.transpose(2, 0, 1)))


def to_pil_image(pic: Any, mode: str | None = None) -> Any:
    """A tensor (channels, height, width), or an array (height, width[, channels]), as a picture of PIL.

    Floats are taken for numbers between 0 and 1.
    """
    array = pic.detach().cpu().numpy() if isinstance(pic, Tensor) else np.asarray(pic)
    if isinstance(pic, Tensor):
        array = array[None] if array.ndim == 2 else array
        array = (array * 255).astype(np.uint8) if array.dtype.kind == "f" else array
        array = array.transpose(1, 2, 0)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    return pil().fromarray(array) if mode is None else pil().fromarray(array).convert(mode)


def size_of(img: Any) -> tuple[int, int]:
    """Height and width.

    >>> size_of(gt.ones(3, 4, 5))
    (4, 5)
    """
    return (int(img.shape[-2]), int(img.shape[-1])) if isinstance(img, Tensor) else (img.size[1], img.size[0])


def on_tensors(change: Callable[[Tensor], Tensor], img: Any) -> Any:
    """Apply a change of tensors to a picture of either kind."""
    return change(img) if isinstance(img, Tensor) else to_pil_image(change(pil_to_tensor(img)))


def _floating(change: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Apply a change of numbers between 0 and 1 to a tensor of such numbers, or of bytes."""
    if x.is_floating_point():
        return change(x)
    return change(x.float() / 255).mul(255).round().clamp(0, 255).to(x.dtype)


def normalize(tensor: Tensor, mean: Sequence[float], std: Sequence[float], inplace: bool = False) -> Tensor:
    """(x - mean) / std, channel by channel.

    >>> normalize(gt.ones(1, 1, 2), (0.5,), (0.5,))
    tensor([[[1., 1.]]])
    """
    if not tensor.is_floating_point():
        raise TypeError(f"normalize: expected a floating-point tensor, got {tensor.dtype}; ToTensor comes first")
    middle, spread = (gt.as_tensor(v, dtype=tensor.dtype, device=tensor.device).view(-1, 1, 1) for v in (mean, std))
    if bool((spread == 0).any()):
        raise ValueError(f"normalize: std must not be 0, got {std}")
    return tensor.sub_(middle).div_(spread) if inplace else (tensor - middle) / spread


def resize(
    img: Any,
    size: int | Sequence[int],
    interpolation: Any = InterpolationMode.BILINEAR,
    max_size: int | None = None,
    antialias: bool | None = True,
) -> Any:
    """A picture of another size: (height, width), or the length of the shorter side.

    >>> resize(gt.ones(3, 10, 20), 5).shape
    gputensor.Size([3, 5, 10])
    """
    height, width = size_of(img)
    if isinstance(size, int) or len(size) == 1:
        short = size if isinstance(size, int) else size[0]
        large = int(short * max(height, width) / min(height, width))
        if max_size is not None and large > max_size:
            short, large = int(max_size * short / large), max_size
        size = (short, large) if height <= width else (large, short)
    way = getattr(interpolation, "value", None) or {v: k for k, v in _OF_PIL.items()}[interpolation]
    if not isinstance(img, Tensor):
        return img.resize((size[1], size[0]), _OF_PIL[way])
    batch = img.reshape(-1, *img.shape[-3:])
    smooth = way in ("bilinear", "bicubic")
    options: dict[str, Any] = {"antialias": bool(antialias), "align_corners": False} if smooth else {}
    out = _floating(lambda x: F.interpolate(x, tuple(size), mode=way, **options), batch)
    return out.reshape(*img.shape[:-2], *size)


def crop(img: Any, top: int, left: int, height: int, width: int) -> Any:
    """The part of a picture that begins at (top, left); beyond the borders it is 0.

    >>> crop(gt.ones(1, 2, 2), 1, 1, 1, 2)
    tensor([[[1., 0.]]])
    """
    if not isinstance(img, Tensor):
        return img.crop((left, top, left + width, top + height))
    h, w = size_of(img)
    beyond = (max(-left, 0), max(left + width - w, 0), max(-top, 0), max(top + height - h, 0))
    inner = img[..., max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)]
    return F.pad(inner, beyond) if any(beyond) else inner


def center_crop(img: Any, output_size: int | Sequence[int]) -> Any:
    """The middle of a picture. See `crop`."""
    height, width = pair(output_size)
    h, w = size_of(img)
    return crop(img, round((h - height) / 2), round((w - width) / 2), height, width)


def pad(img: Any, padding: int | Sequence[int], fill: float = 0, padding_mode: str = "constant") -> Any:
    """A border around a picture: one width, (left and right, top and bottom), or (left, top, right, bottom).

    >>> pad(gt.ones(1, 1, 1), (0, 1))
    tensor([[[0.],
             [1.],
             [0.]]])
    """
    sides = [padding] * 4 if isinstance(padding, int) else [*padding] * (4 // len(padding))
    left, top, right, bottom = sides
    mode = {"edge": "replicate"}.get(padding_mode, padding_mode)

    def widened(x: Tensor) -> Tensor:
        if mode == "constant":
            return F.pad(x, (left, right, top, bottom), value=fill)
        return F.pad(x, (left, right, top, bottom), mode=mode)

    return on_tensors(widened, img)


def five_crop(img: Any, size: int | Sequence[int]) -> tuple[Any, ...]:
    """The upper left, upper right, lower left and lower right corners, and the middle.

    >>> [int(part) for part in five_crop(gt.arange(9).view(1, 3, 3), 1)]
    [0, 2, 6, 8, 4]
    """
    (height, width), (h, w) = pair(size), size_of(img)
    if height > h or width > w:
        raise ValueError(f"five_crop: size {(height, width)} is larger than the picture, {(h, w)}")
    corners = [(top, left) for top in (0, h - height) for left in (0, w - width)]
    return *(crop(img, top, left, height, width) for top, left in corners), center_crop(img, (height, width))


def ten_crop(img: Any, size: int | Sequence[int], vertical_flip: bool = False) -> tuple[Any, ...]:
    """The five of `five_crop`, and those of the mirrored picture."""
    return five_crop(img, size) + five_crop(vflip(img) if vertical_flip else hflip(img), size)


def resized_crop(
    img: Any,
    top: int,
    left: int,
    height: int,
    width: int,
    size: int | Sequence[int],
    interpolation: Any = InterpolationMode.BILINEAR,
    antialias: bool | None = True,
) -> Any:
    """`crop`, then `resize`."""
    return resize(crop(img, top, left, height, width), size, interpolation, antialias=antialias)


def hflip(img: Any) -> Any:
    """The picture, left and right exchanged.

    >>> hflip(gt.tensor([[[1, 2]]]))
    tensor([[[2, 1]]])
    """
    return img.flip(-1) if isinstance(img, Tensor) else img.transpose(0)


def vflip(img: Any) -> Any:
    """The picture upside down. See `hflip`."""
    return img.flip(-2) if isinstance(img, Tensor) else img.transpose(1)


def rotate(img: Any, angle: float, interpolation: Any = InterpolationMode.NEAREST, fill: float = 0) -> Any:
    """The picture, turned by degrees against the clock around its middle; the corners that open are 0.

    >>> rotate(gt.tensor([[[1.0, 2.0], [3.0, 4.0]]]), 90)
    tensor([[[2., 4.],
             [1., 3.]]])
    """
    way = getattr(interpolation, "value", "nearest")
    if not isinstance(img, Tensor):
        return img.rotate(angle, _OF_PIL[way], fillcolor=None if fill == 0 else fill)
    h, w = size_of(img)
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))

    def turned(x: Tensor) -> Tensor:
        batch = x.reshape(-1, *x.shape[-3:])
        # in units of half the picture, which is wider than high or not
        theta = gt.tensor([[c, -s * h / w, 0.0], [s * w / h, c, 0.0]], dtype=x.dtype).expand(len(batch), 2, 3)
        grid = F.affine_grid(theta, batch.shape, align_corners=False)
        return F.grid_sample(batch, grid, mode=way, align_corners=False).reshape(x.shape)

    return _floating(turned, img)


def affine(
    img: Any,
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: float | Sequence[float],
    interpolation: Any = InterpolationMode.NEAREST,
    fill: float = 0,
    center: Sequence[float] | None = None,
) -> Any:
    """The picture, turned by degrees with the clock, sheared, scaled, then moved by (right, down).

    >>> affine(gt.tensor([[[1.0, 2.0], [3.0, 4.0]]]), 0, (1, 0), 1.0, 0)
    tensor([[[0., 1.],
             [0., 3.]]])
    """
    h, w = size_of(img)
    sheared = (shear, 0.0) if isinstance(shear, (int, float)) else pair(shear)
    turn, across, down = (math.radians(degrees) for degrees in (angle, *sheared))
    a = math.cos(turn - down) / math.cos(down)
    b = -a * math.tan(across) - math.sin(turn)
    c = math.sin(turn - down) / math.cos(down)
    d = -c * math.tan(across) + math.cos(turn)
    # where each place of the result comes from
    m = [d / scale, -b / scale, -c / scale, a / scale]
    middle = (0.0, 0.0) if center is None else (center[0] - w / 2, center[1] - h / 2)
    back = [-middle[0] - translate[0], -middle[1] - translate[1]]
    x0 = m[0] * back[0] + m[1] * back[1] + middle[0]
    y0 = m[2] * back[0] + m[3] * back[1] + middle[1]

    def changed(x: Tensor) -> Tensor:
        batch = x.reshape(-1, *x.shape[-3:])
        theta = gt.tensor([[m[0], m[1] * h / w, 2 * x0 / w], [m[2] * w / h, m[3], 2 * y0 / h]], dtype=x.dtype)
        grid = F.affine_grid(theta.expand(len(batch), 2, 3), batch.shape, align_corners=False)
        seen = batch if not fill else batch - fill  # beyond the borders grid_sample gives 0
        out = F.grid_sample(seen, grid, mode=getattr(interpolation, "value", "nearest"), align_corners=False)
        return (out if not fill else out + fill).reshape(x.shape)

    def of_tones(x: Tensor) -> Tensor:
        return changed(x) if x.is_floating_point() else changed(x.float()).round().clamp(0, 255).to(x.dtype)

    return on_tensors(of_tones, img)


def convert_image_dtype(image: Tensor, dtype: Any = gt.float32) -> Tensor:
    """A tensor of bytes as floats between 0 and 1, or the other way.

    >>> convert_image_dtype(gt.tensor([255, 0], dtype=gt.uint8))
    tensor([1., 0.])
    """
    if image.is_floating_point() == dtype.is_floating_point:
        return image.to(dtype)
    return image.to(dtype) / 255 if dtype.is_floating_point else (image * 255.999).to(dtype)


def get_image_size(img: Any) -> list[int]:
    """Width and height. See `size_of`."""
    return list(size_of(img)[::-1])


def get_dimensions(img: Any) -> list[int]:
    """Channels, height and width. See `size_of`."""
    return [img.shape[-3] if isinstance(img, Tensor) else len(img.getbands()), *size_of(img)]


def to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """See `rgb_to_grayscale`."""
    return rgb_to_grayscale(img, num_output_channels)


def rgb_to_grayscale(img: Any, num_output_channels: int = 1) -> Any:
    """The brightness of a picture of three channels, in one channel or thrice.

    >>> rgb_to_grayscale(gt.ones(3, 1, 1))
    tensor([[[0.9999]]])
    """

    def gray(x: Tensor) -> Tensor:
        if x.shape[-3] != 1:
            weights = gt.tensor([0.2989, 0.587, 0.114]).view(3, 1, 1)
            x = _floating(lambda y: (y * weights).sum(-3, keepdim=True), x)
        return x.expand(*x.shape[:-3], num_output_channels, *x.shape[-2:])

    return on_tensors(gray, img)


def blend(img: Any, other: Callable[[Tensor], Tensor], factor: float) -> Any:
    """factor of the picture and 1 - factor of another one, within the bounds: brightness, contrast and saturation."""
    mixed = lambda y: (y * factor + other(y) * (1 - factor)).clamp(0, 1)  # noqa: E731
    return on_tensors(lambda x: _floating(mixed, x), img)


def adjust_brightness(img: Any, brightness_factor: float) -> Any:
    """0 gives black, 1 the picture, 2 twice as bright.

    >>> adjust_brightness(gt.full((3, 1, 1), 0.25), 2.0).flatten()
    tensor([0.5000, 0.5000, 0.5000])
    """
    return blend(img, gt.zeros_like, brightness_factor)


def adjust_contrast(img: Any, contrast_factor: float) -> Any:
    """0 gives gray, 1 the picture. See `adjust_brightness`."""
    return blend(img, lambda y: rgb_to_grayscale(y).mean((-3, -2, -1), keepdim=True), contrast_factor)


def adjust_saturation(img: Any, saturation_factor: float) -> Any:
    """0 gives black and white, 1 the picture. See `adjust_brightness`."""
    return blend(img, rgb_to_grayscale, saturation_factor)


def adjust_hue(img: Any, hue_factor: float) -> Any:
    """The colours, moved along their circle: 0.5 and -0.5 give the opposite ones. See `adjust_brightness`."""

    def moved(x: Tensor) -> Tensor:
        red, green, blue = x.unbind(-3)
        top, low = x.amax(-3), x.amin(-3)
        spread = gt.where(top == low, 1.0, top - low)
        hue = gt.where(
            top == red,
            (green - blue) / spread,
            gt.where(top == green, 2 + (blue - red) / spread, 4 + (red - green) / spread),
        )
        # each channel is a trapezoid over the circle of hues
        place = (hue.unsqueeze(-3) + 6 * hue_factor + gt.tensor([5.0, 3.0, 1.0]).view(3, 1, 1)) % 6
        share = gt.minimum(place, 4 - place).clamp(0, 1)
        return top.unsqueeze(-3) - share * (top - low).unsqueeze(-3)

    return on_tensors(lambda x: _floating(moved, x), img)


def gaussian_blur(img: Any, kernel_size: int | Sequence[int], sigma: float | Sequence[float] | None = None) -> Any:
    """A picture seen through a Gaussian window.

    >>> gaussian_blur(gt.ones(1, 4, 4), 3, 1.0).sum()
    tensor(16.)
    """
    widths = pair(kernel_size)[::-1]  # (width, height), as torchvision orders them
    sigmas = pair(sigma) if sigma is not None else tuple([0.3 * ((k - 1) * 0.5 - 1) + 0.8 for k in widths])

    def window(k: int, s: float) -> Tensor:
        x = gt.linspace(-(k - 1) / 2, (k - 1) / 2, k)
        return gt.softmax(-0.5 * (x / s) ** 2, 0)

    def blurred(x: Tensor) -> Tensor:
        batch = x.reshape(-1, 1, *x.shape[-2:])
        across, down = (window(k, s) for k, s in zip(widths, sigmas, strict=True))
        batch = F.pad(batch, (widths[0] // 2,) * 2 + (widths[1] // 2,) * 2, mode="reflect")
        return F.conv2d(batch, gt.outer(down, across)[None, None]).reshape(x.shape)

    return on_tensors(lambda x: _floating(blurred, x), img)


def pair(x: Any) -> tuple[Any, Any]:
    """Two of x, or its two.

    >>> pair(3), pair([4]), pair((1, 2))
    ((3, 3), (4, 4), (1, 2))
    """
    if isinstance(x, (int, float)):
        return x, x
    return (x[0], x[0]) if len(x) == 1 else (x[0], x[1])
