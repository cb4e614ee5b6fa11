"""Short-time Fourier transforms: the spectra of overlapping windows of a signal, and the signal from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gputensor.core.apply import apply1
from gputensor.core.autocasting import autocasts
from gputensor.core.explain import describe, everywhere
from gputensor.core.promotion import FLOATING
from gputensor.errors import DtypeError, NumberRangeError, ShapeError
from gputensor.ops.complex_numbers import view_as_real
from gputensor.ops.creation import ones
from gputensor.ops.dims import checked, one_int
from gputensor.ops.fourier import fft, ifft, irfft, rfft
from gputensor.ops.operands import COMPLEX
from gputensor.ops.padding import pad
from gputensor.ops.strided_views import WindowAdd

if TYPE_CHECKING:
    from gputensor._tensor import Tensor


@autocasts("stft")
def stft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    pad_mode: str = "reflect",
    normalized: bool = False,
    onesided: bool | None = None,
    return_complex: bool | None = None,
    align_to_window: bool | None = None,
) -> Tensor:
    """The Fourier transforms of overlapping windows of a signal, hop_length apart.

    ``out[f, t] = sum over k of window[k] input[t hop_length + k] exp(-2 pi i f k / n_fft)``

    input: (time,) or (batch, time) -> (frequencies, windows) or (batch, frequencies, windows), complex; n_fft // 2 + 1
    frequencies of real signals, or all n_fft. hop_length: n_fft // 4 unless given. window: (win_length,), ones unless
    given, with zeros on both sides up to n_fft. center: pad the signal with n_fft // 2 elements at both ends, by
    pad_mode (as in `gputensor.nn.functional.pad`), so that window t lies around element t hop_length. normalized:
    divide by the root of n_fft. onesided: half of the frequencies; the default for real signals with real windows.
    return_complex: has to be given for these; with False the parts come in a last dim of 2. align_to_window: without
    center, let the first window begin at the first element although n_fft is longer.

    Raises DtypeError for integers, ShapeError for other dims and for sizes that do not fit. Unlike torch: no warning
    about a missing window or about return_complex=False.

    >>> import gputensor as gt
    >>> gt.stft(gt.ones(12), 4, window=gt.hann_window(4), return_complex=True).abs()[:, :2]
    tensor([[2., 2.],
            [1., 1.],
            [0., 0.]])
    """
    x = checked("stft", input)
    n, hop, width = _sizes("stft", n_fft, hop_length, win_length)
    if x.array.dtype not in FLOATING:
        raise DtypeError(f"stft: expected a floating-point or complex signal, got {describe(x)}; convert with .float()")
    if x.array.ndim not in (1, 2):
        raise ShapeError(f"stft: expected a signal of shape (time,) or (batch, time), got {tuple(x.array.shape)}")
    if hop < 1:
        raise ShapeError(f"stft: hop_length must be positive, got {hop}")
    if center and align_to_window is not None:
        raise ValueError("stft: align_to_window belongs to center=False; leave it away")
    full = _window("stft", window, n, width, x)
    plain = x.array.dtype not in COMPLEX and (full is None or full.array.dtype not in COMPLEX)
    if return_complex is None and plain:
        raise ValueError(
            "stft: return_complex must be given for real signals; use return_complex=True, and gputensor.view_as_real "
            "for the parts"
        )
    half = plain if onesided is None else onesided
    if half and not plain:
        raise ValueError("stft: a complex signal or window has no onesided transform; use onesided=False")
    if center:
        x = pad(x, (n // 2, n // 2), pad_mode)
    elif align_to_window:
        x = pad(x, ((n - width) // 2, (n - width) // 2))
    length = x.array.shape[-1]
    if not 0 < n <= length:
        raise ShapeError(f"stft: n_fft must lie between 1 and the length of the (padded) signal, {length}; got {n}")
    frames = x.unfold(-1, n, hop)
    if full is not None:
        frames = frames * full
    out = (rfft if half else fft)(frames, norm="ortho" if normalized else None).transpose(-2, -1)
    return view_as_real(out) if return_complex is False else out


@autocasts("istft")
def istft(
    input: Tensor,
    n_fft: int,
    hop_length: int | None = None,
    win_length: int | None = None,
    window: Tensor | None = None,
    center: bool = True,
    normalized: bool = False,
    onesided: bool | None = None,
    length: int | None = None,
    return_complex: bool = False,
) -> Tensor:
    """The signal whose `stft` is nearest to input, in the sense of least squares.

    (frequencies, windows) or (batch, frequencies, windows), complex -> (time,) or (batch, time). The arguments are
    those of the `stft`; onesided is found from the number of frequencies unless given. The windows' inverse transforms,
    multiplied by the window again, are added up and divided by the sum of the squared windows. With center the padding
    is cut off. length: of the result, cut or with zeros at its end. return_complex: the signal was complex.

    Raises DtypeError for real input, ShapeError for sizes that do not fit, NumberRangeError (a RuntimeError) where some
    element lies in no window. Waits for the GPU. Unlike torch: no warning about a missing window or a length beyond the
    signal's. Source: Griffin and Lim 1984, Signal estimation from modified short-time Fourier transform.

    >>> import gputensor as gt
    >>> window = gt.hann_window(4)
    >>> gt.istft(gt.stft(gt.arange(8.0), 4, window=window, return_complex=True), 4, window=window).round(decimals=3)
    tensor([0., 1., 2., 3., 4., 5., 6., 7.])
    """
    x = checked("istft", input)
    n, hop, width = _sizes("istft", n_fft, hop_length, win_length)
    shape = tuple(x.array.shape)
    if x.array.dtype not in COMPLEX:
        raise DtypeError(f"istft: expected a complex tensor, as stft(…, return_complex=True) gives, got {describe(x)}")
    if len(shape) not in (2, 3) or not x.array.size:
        raise ShapeError(f"istft: expected shape (frequencies, windows) or (batch, frequencies, windows), got {shape}")
    if not 0 < hop <= width:
        raise ShapeError(f"istft: hop_length must lie between 1 and win_length, {width}; got {hop}")
    full = _window("istft", window, n, width, x.real)
    half = shape[-2] != n if onesided is None else onesided
    if shape[-2] != (n // 2 + 1 if half else n):
        raise ShapeError(
            f"istft: expected {n // 2 + 1 if half else n} frequencies for n_fft {n} and onesided={half}, got {shape}"
        )
    if return_complex and half:
        raise ValueError("istft: a complex signal has no onesided transform; use return_complex=False")
    if not return_complex and full is not None and full.array.dtype in COMPLEX:
        raise DtypeError("istft: a complex window makes a complex signal; use return_complex=True")
    spectra, norm = x.transpose(-2, -1), "ortho" if normalized else None
    frames = ifft(spectra, norm=norm) if return_complex else irfft(spectra[..., : n // 2 + 1], n, norm=norm)
    if full is None:
        full = ones(n, dtype=frames.dtype, device=frames.device)
    total = n + hop * (shape[-1] - 1)
    add = WindowAdd(len(shape) - 2, total, hop)
    weights = apply1(WindowAdd(0, total, hop), (full * full).expand(shape[-1], n))
    start = n // 2 if center else 0
    end = start + one_int("istft", "length", length) if length is not None else total - n // 2 if center else total
    weights = weights[start:end]
    if end <= start or not everywhere(weights.xp, (weights.abs() > 1e-11).array):
        raise NumberRangeError(
            f"istft: elements {start} to {end} of the signal do not all lie in a window; use a shorter hop_length, or "
            "center=True"
        )
    signal = apply1(add, frames * full)[..., start:end] / weights
    return pad(signal, (0, end - total)) if end > total else signal


def _sizes(name: str, n_fft: Any, hop_length: Any, win_length: Any) -> tuple[int, int, int]:
    n = one_int(name, "n_fft", n_fft)
    hop = n // 4 if hop_length is None else one_int(name, "hop_length", hop_length)
    width = n if win_length is None else one_int(name, "win_length", win_length)
    if not 0 < width <= n:
        raise ShapeError(f"{name}: win_length must lie between 1 and n_fft, {n}; got {width}")
    return n, hop, width


def _window(name: str, window: Any, n: int, width: int, like: Any) -> Any:
    """A window of n elements; None for ones."""
    if window is None:
        return None if width == n else _padded(ones(width, dtype=like.dtype, device=like.device), n, width)
    if tuple(checked(name, window).array.shape) != (width,):
        raise ShapeError(f"{name}: window must have shape (win_length,) = ({width},), got {tuple(window.array.shape)}")
    return _padded(window, n, width)


def _padded(window: Any, n: int, width: int) -> Any:
    before = (n - width) // 2
    return pad(window, (before, n - width - before)) if width < n else window


class SpectrogramMethods:
    """The short-time Fourier transforms of a tensor."""

    __slots__ = ()

    def stft(
        self,
        n_fft: int,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: Tensor | None = None,
        center: bool = True,
        pad_mode: str = "reflect",
        normalized: bool = False,
        onesided: bool | None = None,
        return_complex: bool | None = None,
        align_to_window: bool | None = None,
    ) -> Tensor:
        """See `gputensor.stft`."""
        x: Any = self
        return stft(
            x, n_fft, hop_length, win_length, window, center, pad_mode, normalized, onesided, return_complex,
            align_to_window,
        )  # fmt: skip

    def istft(
        self,
        n_fft: int,
        hop_length: int | None = None,
        win_length: int | None = None,
        window: Tensor | None = None,
        center: bool = True,
        normalized: bool = False,
        onesided: bool | None = None,
        length: int | None = None,
        return_complex: bool = False,
    ) -> Tensor:
        """See `gputensor.istft`."""
        return istft(self, n_fft, hop_length, win_length, window, center, normalized, onesided, length, return_complex)  # type: ignore[arg-type]
