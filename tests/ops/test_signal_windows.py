"""Window functions beside SciPy's and PyTorch's, and short-time Fourier transforms there and back."""

import numpy as np
import pytest
import scipy.signal.windows

import gputensor as gt
from gputensor.autograd import gradcheck
from gputensor.errors import DtypeError, NumberRangeError, ShapeError

WINDOWS = gt.signal.windows
# name: (our keywords, SciPy's name, SciPy's keywords)
CASES = {
    "bartlett": ({}, "bartlett", {}),
    "blackman": ({}, "blackman", {}),
    "cosine": ({}, "cosine", {}),
    "exponential": ({"tau": 2.0}, "exponential", {"tau": 2.0}),
    "gaussian": ({"std": 1.5}, "gaussian", {"std": 1.5}),
    "general_cosine": ({"a": [0.5, 0.3, 0.1]}, "general_cosine", {"a": [0.5, 0.3, 0.1]}),
    "general_hamming": ({"alpha": 0.3}, "general_hamming", {"alpha": 0.3}),
    "hamming": ({}, "hamming", {}),
    "hann": ({}, "hann", {}),
    "kaiser": ({"beta": 3.0}, "kaiser", {"beta": 3.0}),
}
OLD = {
    "hann_window": "hann",
    "hamming_window": "hamming",
    "blackman_window": "blackman",
    "bartlett_window": "bartlett",
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("sym", [True, False])
def test_windows_are_those_of_scipy(name, sym):
    ours, theirs, options = CASES[name]
    for m in (0, 1, 2, 3, 8, 101):
        got = getattr(WINDOWS, name)(m, **ours, sym=sym, dtype=gt.float64)
        np.testing.assert_allclose(
            got.numpy(), getattr(scipy.signal.windows, theirs)(m, **options, sym=sym), rtol=1e-12, atol=1e-14
        )
        assert getattr(WINDOWS, name)(m, **ours, sym=sym).dtype == gt.float32


def test_nuttalls_window_has_the_published_coefficients():
    x = WINDOWS.nuttall(5, dtype=gt.float64)
    np.testing.assert_allclose(x.numpy(), [0.0003628, 0.2269824, 1.0, 0.2269824, 0.0003628], atol=1e-7)


@pytest.mark.parametrize("name", OLD)
def test_the_old_names_are_periodic_unless_asked_otherwise(name):
    for m in (0, 1, 2, 9):
        for periodic in (True, False):
            got = getattr(gt, name)(m, periodic, dtype=gt.float64)
            expected = getattr(scipy.signal.windows, OLD[name])(m, sym=not periodic)
            np.testing.assert_allclose(got.numpy(), expected, rtol=1e-12, atol=1e-14)
    np.testing.assert_array_equal(getattr(gt, name)(6).numpy(), getattr(gt, name)(6, True).numpy())


def test_the_old_windows_have_the_parameters_of_pytorch():
    np.testing.assert_allclose(gt.hamming_window(5, True, 0.3, 0.2).numpy()[[0, 1]], [0.1, 0.2381966], rtol=1e-6)
    expected = scipy.signal.windows.kaiser(6, 3.0, sym=False)
    np.testing.assert_allclose(gt.kaiser_window(6, beta=3.0).numpy(), expected, rtol=1e-6)
    assert gt.kaiser_window(4, dtype=gt.bfloat16).dtype == gt.bfloat16
    assert gt.hann_window(4, dtype=gt.float16).tolist() == [0, 0.5, 1, 0.5]


def test_windows_refuse_what_makes_none():
    for function in (WINDOWS.hann, WINDOWS.bartlett, WINDOWS.kaiser, gt.hann_window):
        with pytest.raises(ShapeError):
            function(-1)
        with pytest.raises(TypeError):
            function(3.5)
        for dtype in (gt.int64, gt.complex64):
            with pytest.raises(DtypeError):
                function(4, dtype=dtype)
    with pytest.raises(DtypeError):
        WINDOWS.hann(4, dtype=gt.float16)
    for call in (
        lambda: WINDOWS.exponential(5, tau=0),
        lambda: WINDOWS.gaussian(5, std=-1.0),
        lambda: WINDOWS.kaiser(5, beta=-1.0),
        lambda: WINDOWS.exponential(5, center=1.0),
        lambda: WINDOWS.general_cosine(5, a=[]),
    ):
        with pytest.raises(ValueError):  # noqa: PT011  (each says its own reason)
            call()
    with pytest.raises(TypeError):
        WINDOWS.general_cosine(5, a=0.5)


def test_the_center_of_an_exponential_window_can_be_moved():
    got = WINDOWS.exponential(5, center=1.0, sym=False)
    np.testing.assert_allclose(got.numpy(), np.exp(-np.abs(np.arange(5) - 1.0)), rtol=1e-6)


def test_a_window_can_require_grad():
    assert gt.hann_window(4, requires_grad=True).requires_grad
    assert WINDOWS.hann(4, requires_grad=True).requires_grad


# --- stft and istft ---------------------------------------------------------------------------------------------------


@pytest.fixture
def signal():
    return np.random.default_rng(3).standard_normal((2, 40))


def frames_of(x, n, hop):
    return np.stack([x[..., k : k + n] for k in range(0, x.shape[-1] - n + 1, hop)], -2)


def test_stft_is_the_transform_of_every_window(signal):
    window = scipy.signal.windows.hann(8, sym=False)
    got = gt.stft(gt.tensor(signal), 8, 3, window=gt.tensor(window), center=False, return_complex=True)
    expected = np.swapaxes(np.fft.rfft(frames_of(signal, 8, 3) * window), -1, -2)
    np.testing.assert_allclose(got.numpy(), expected, atol=1e-12)
    padded = np.pad(signal, ((0, 0), (4, 4)), mode="reflect")
    got = gt.tensor(signal).stft(8, window=gt.tensor(window), onesided=False, normalized=True, return_complex=True)
    expected = np.swapaxes(np.fft.fft(frames_of(padded, 8, 2) * window, norm="ortho"), -1, -2)
    np.testing.assert_allclose(got.numpy(), expected, atol=1e-12)


def test_istft_gives_the_signal_back(signal):
    for options in (
        {"n_fft": 8},
        {"n_fft": 9, "hop_length": 2},
        {"n_fft": 8, "hop_length": 2, "win_length": 6},
        {"n_fft": 8, "normalized": True, "onesided": False},
        {"n_fft": 8, "center": False},
    ):
        width = options.get("win_length", options["n_fft"])
        for window in (gt.hamming_window(width, dtype=gt.float64), None):
            spectra = gt.stft(gt.tensor(signal), **options, window=window, return_complex=True)
            back = gt.istft(spectra, **options, window=window)
            n = back.shape[-1]
            assert n >= 32
            np.testing.assert_allclose(back.numpy(), signal[:, :n], atol=1e-12)
    spectra = gt.stft(gt.tensor(signal) + 1j, 8, window=None)
    back = spectra.istft(8, return_complex=True, length=50)
    np.testing.assert_allclose(back[:, :40].numpy(), signal + 1j, atol=1e-12)
    assert (back[:, 44:] == 0).all()


def test_stft_and_istft_have_gradients(signal):
    x = gt.tensor(signal[:, :12], requires_grad=True)
    window = gt.hamming_window(4, dtype=gt.float64).requires_grad_()
    assert gradcheck(lambda x, w: gt.view_as_real(gt.stft(x, 4, window=w, return_complex=True)), (x, window))
    spectra = gt.stft(x.detach(), 4, return_complex=True).detach().requires_grad_()
    assert gradcheck(lambda z, w: gt.istft(z, 4, window=w), (spectra, window))


def test_the_parts_of_a_spectrum_come_in_a_last_dim(signal):
    x = gt.tensor(signal)
    parts = gt.stft(x, 8, return_complex=False)
    assert parts.equal(gt.view_as_real(gt.stft(x, 8, return_complex=True)))


def test_stft_and_istft_refuse_what_does_not_fit(signal):
    x = gt.tensor(signal)
    for given, error in (
        ({}, ValueError),
        ({"n_fft": 0, "return_complex": True}, ShapeError),
        ({"n_fft": 50, "center": False, "return_complex": True}, ShapeError),
        ({"hop_length": 0, "return_complex": True}, ShapeError),
        ({"win_length": 9, "return_complex": True}, ShapeError),
        ({"window": gt.ones(7), "return_complex": True}, ShapeError),
        ({"return_complex": True, "align_to_window": True}, ValueError),
        ({"return_complex": True, "pad_mode": "x"}, ValueError),
    ):
        with pytest.raises(error):
            gt.stft(x, **{"n_fft": 8, **given})
    with pytest.raises(DtypeError):
        gt.stft(x.long(), 8, return_complex=True)
    with pytest.raises(ValueError, match="onesided"):
        gt.stft(x + 0j, 8, onesided=True)
    z = gt.stft(x, 8, return_complex=True)
    for given, error in (
        ({"hop_length": 9}, ShapeError),
        ({"win_length": 9}, ShapeError),
        ({"n_fft": 12}, ShapeError),
        ({"onesided": False}, ShapeError),
        ({"return_complex": True}, ValueError),
        ({"window": gt.ones(8) + 0j}, DtypeError),
        ({"window": gt.hann_window(8), "center": False}, NumberRangeError),
        ({"length": 0}, NumberRangeError),
    ):
        with pytest.raises(error):
            gt.istft(z, **{"n_fft": 8, **given})
    with pytest.raises(DtypeError):
        gt.istft(z.real, 8)


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore")
def test_stft_and_istft_are_those_of_pytorch(signal):
    torch = pytest.importorskip("torch")
    a = signal.astype(np.float32)
    for dtype in ("float32", "float64"):
        w, v = gt.hann_window(8, dtype=getattr(gt, dtype)), torch.hann_window(8, dtype=getattr(torch, dtype))
        for options in (
            {},
            {"hop_length": 3, "normalized": True},
            {"center": False},
            {"onesided": False},
            {"pad_mode": "constant"},
            {"pad_mode": "replicate"},
        ):
            ours = gt.stft(gt.tensor(a), 8, window=w, return_complex=True, **options)
            theirs = torch.stft(torch.tensor(a), 8, window=v, return_complex=True, **options)
            assert str(ours.dtype).split(".")[1] == str(theirs.dtype).split(".")[1]
            np.testing.assert_allclose(ours.numpy(), theirs.numpy(), atol=2e-6)
            options.pop("pad_mode", None)
            if options.get("center", True):
                for length in (None, 30, 50):
                    np.testing.assert_allclose(
                        gt.istft(ours, 8, window=w, length=length, **options).numpy(),
                        torch.istft(theirs, 8, window=v, length=length, **options).numpy(),
                        atol=2e-6,
                    )
    x, y = gt.tensor(a[0]), torch.tensor(a[0])
    for n, width in ((8, 4), (9, 5), (10, 10)):
        for align in (True, False):
            options = {"win_length": width, "center": False, "align_to_window": align, "return_complex": True}
            np.testing.assert_allclose(
                gt.stft(x, n, 2, window=gt.hamming_window(width), **options).numpy(),
                torch.stft(y, n, 2, window=torch.hamming_window(width), **options).numpy(),
                atol=2e-6,
            )
