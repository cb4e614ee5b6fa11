"""Fourier transforms beside the table of samples: arguments, refusals, out=, precision, gradients."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError, ShapeError

ONE = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
MANY = ("fftn", "ifftn", "rfftn", "irfftn", "hfftn", "ihfftn")
TWO = ("fft2", "ifft2", "rfft2", "irfft2", "hfft2", "ihfft2")


@pytest.mark.parametrize("name", [*ONE, *MANY])
def test_single_precision_stays_single_and_is_computed_in_it(name):
    function = getattr(gt.fft, name)
    assert function(gt.ones(3, 4)).dtype in (gt.complex64, gt.float32)
    assert function(gt.ones(3, 4, dtype=gt.float64)).dtype in (gt.complex128, gt.float64)


@pytest.mark.parametrize("name", [*ONE, *TWO, *MANY])
def test_16_bit_floats_are_refused(name):
    for dtype in (gt.float16, gt.bfloat16):
        with pytest.raises(DtypeError, match="16-bit"):
            getattr(gt.fft, name)(gt.ones(4, 4, dtype=dtype))


@pytest.mark.parametrize("name", ["rfft", "ihfft", "rfft2", "ihfft2", "rfftn", "ihfftn"])
def test_transforms_of_real_numbers_refuse_complex_ones(name):
    with pytest.raises(DtypeError, match="real"):
        getattr(gt.fft, name)(gt.ones(4, 4, dtype=gt.complex64))


@pytest.mark.parametrize("name", ONE)
def test_wrong_arguments_of_transforms_along_one_dim_are_refused(name):
    function = getattr(gt.fft, name)
    for given, error in (
        ({"n": 0}, ShapeError),
        ({"n": -1}, ShapeError),
        ({"dim": 1}, IndexError),
        ({"norm": "x"}, ValueError),
        ({"n": 2.0}, TypeError),
    ):
        with pytest.raises(error):
            function(gt.ones(3), **given)
    for x in (gt.ones(()), gt.ones(0), gt.ones(3, 0)):
        with pytest.raises(ShapeError):
            function(x)
    with pytest.raises(TypeError):
        function([1.0, 2.0])


@pytest.mark.parametrize("name", MANY)
def test_wrong_arguments_of_transforms_along_several_dims_are_refused(name):
    function = getattr(gt.fft, name)
    for given, error in (
        ({"s": (2, 2, 2)}, ShapeError),
        ({"s": (3,), "dim": (0, 1)}, ShapeError),
        ({"dim": (0, 0)}, ShapeError),
        ({"dim": (0, 2)}, IndexError),
        ({"s": (0, 3)}, ShapeError),
        ({"s": (-2, 3)}, ShapeError),
    ):
        with pytest.raises(error):
            function(gt.ones(2, 3), **given)


def test_only_complex_transforms_do_without_a_dim():
    assert gt.fft.fftn(gt.tensor(3.0)) == 3
    assert gt.fft.fftn(gt.ones(2), dim=()).tolist() == [1, 1]
    for name in MANY[2:]:
        with pytest.raises(ShapeError):
            getattr(gt.fft, name)(gt.ones(2, 3), dim=())


def test_other_dims_may_be_empty():
    assert gt.fft.fft(gt.ones(0, 3)).shape == (0, 3)
    assert gt.fft.rfft(gt.ones(0, 3)).shape == (0, 2)
    assert gt.fft.irfft(gt.ones(0, 3)).shape == (0, 4)
    assert gt.fft.fftn(gt.ones(0, 3), dim=(1,)).dtype == gt.complex64


def test_nothing_becomes_zeros_when_points_are_asked_for():
    assert gt.fft.fft(gt.ones(0), n=3).tolist() == [0, 0, 0]


def test_minus_one_in_the_sizes_keeps_a_dim():
    x = gt.arange(6.0).reshape(2, 3)
    assert gt.fft.fftn(x, s=(-1, 4)).equal(gt.fft.fftn(x, s=(2, 4)))


def test_the_last_of_the_dims_is_halved():
    assert gt.fft.rfftn(gt.ones(4, 6), dim=(1, 0)).shape == (3, 6)
    assert gt.fft.irfftn(gt.ones(4, 6), dim=(1, 0)).shape == (6, 6)


def test_a_result_goes_into_out():
    x = gt.tensor([1.0, 2.0, 5.0])
    for name, dtype in (("fft", gt.complex64), ("rfft", gt.complex128), ("irfft", gt.float64), ("fftn", gt.complex64)):
        out = gt.empty(0, dtype=dtype)
        assert getattr(gt.fft, name)(x, out=out) is out
        np.testing.assert_allclose(out.numpy(), getattr(gt.fft, name)(x).numpy(), rtol=1e-6)
    with pytest.raises(DtypeError):
        gt.fft.fft(x, out=gt.empty(0))
    out = gt.empty(0)
    assert gt.fft.fftfreq(4, out=out) is out
    assert out.tolist() == [0, 0.25, -0.5, -0.25]


def test_frequencies_have_a_dtype_and_a_history():
    assert gt.fft.fftfreq(4, dtype=gt.float16).dtype == gt.float16
    assert gt.fft.rfftfreq(4, requires_grad=True).requires_grad
    assert gt.fft.rfftfreq(0).isnan().tolist() == [True]
    for dtype in (gt.int64, gt.complex64):
        with pytest.raises(DtypeError):
            gt.fft.fftfreq(4, dtype=dtype)
    with pytest.raises(ShapeError):
        gt.fft.fftfreq(-1)


def test_shifts_need_a_dim():
    for function in (gt.fft.fftshift, gt.fft.ifftshift):
        with pytest.raises(ShapeError):
            function(gt.tensor(1.0))
        with pytest.raises(ShapeError):
            function(gt.ones(2, 3), dim=())
        with pytest.raises(IndexError):
            function(gt.ones(2, 3), dim=2)


def test_parsevals_sum_has_the_gradient_of_the_squares():
    x = gt.tensor([0.5, -1.0, 2.0, 4.0, 0.25], requires_grad=True)
    (gt.fft.fft(x, norm="ortho").abs() ** 2).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 * x.detach().numpy(), rtol=1e-6)


def test_a_transform_of_16_bit_floats_is_said_how_to_be_had():
    with pytest.raises(DtypeError, match=r"\.float\(\)"):
        gt.fft.fft(gt.ones(4, dtype=gt.float16))


def test_infinities_and_nan_spread():
    x = gt.tensor([1.0, float("nan"), 2.0, 0.0])
    assert gt.fft.fft(x).abs().isnan().all()
    assert gt.fft.ifft(gt.tensor([1.0, float("inf"), 2.0, 0.0])).abs().isfinite().any().item() is False


@pytest.mark.torch
@pytest.mark.parametrize("name", [*ONE, *TWO, *MANY])
def test_gradients_of_complex_operands_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    real = name in ("rfft", "ihfft", "rfft2", "ihfft2", "rfftn", "ihfftn")
    a = rng.standard_normal((3, 4)) if real else rng.standard_normal((3, 4)) + 1j * rng.standard_normal((3, 4))
    x, y = gt.tensor(a, requires_grad=True), torch.tensor(a, requires_grad=True)
    ours, theirs = getattr(gt.fft, name)(x), getattr(torch.fft, name)(y)
    np.testing.assert_allclose(ours.detach().numpy(), theirs.detach().resolve_conj().numpy(), atol=1e-12)
    w = rng.standard_normal(tuple(ours.shape))
    ((ours * gt.tensor(w)).abs() ** 2).sum().backward()
    ((theirs * torch.tensor(w)).abs() ** 2).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), y.grad.resolve_conj().numpy(), atol=1e-12)


def test_transforms_and_windows_on_a_gpu(gpus):
    a = np.arange(12.0).reshape(3, 4)
    for name in (*ONE, *TWO, *MANY):
        x = gt.tensor(a, requires_grad=True)
        y = gt.tensor(a, requires_grad=True)
        there, here = getattr(gt.fft, name)(x.cuda()), getattr(gt.fft, name)(y)
        assert there.is_cuda
        np.testing.assert_allclose(there.detach().cpu().numpy(), here.detach().numpy(), atol=1e-12)
        there.abs().sum().backward()
        here.abs().sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), y.grad.numpy(), atol=1e-12)
    window = gt.hann_window(4, device="cuda", dtype=gt.float64)
    spectra = gt.stft(gt.tensor(a.reshape(-1)).cuda(), 4, window=window, return_complex=True)
    back = gt.istft(spectra, 4, window=window)
    np.testing.assert_allclose(back.cpu().numpy(), a.reshape(-1), atol=1e-12)
    assert gt.fft.fftfreq(4, device="cuda").is_cuda
    gt.manual_seed(3)
    there = gt.poisson(gt.full((9,), 4.0, device="cuda"))
    gt.manual_seed(3)
    np.testing.assert_array_equal(there.cpu().numpy(), gt.poisson(gt.full((9,), 4.0)).numpy())


@pytest.mark.parametrize("shape", [(1,), (2,), (3,), (8,), (3, 4), (4, 6)])
def test_sums_of_real_numbers_have_no_negative_zero_as_imaginary_part(shape):
    x = gt.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    for y in (gt.fft.fft(x, dim=0), gt.fft.fftn(x)):
        first = y.numpy()[(0,) * len(shape)]
        assert first.imag == 0
        assert not np.signbit(first.imag)
    assert str(gt.fft.fft(gt.ones(2))) == "tensor([2.+0.j, 0.+0.j])"
