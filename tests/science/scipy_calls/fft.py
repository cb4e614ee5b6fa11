"""scipy.fft: the standard's transforms run in the Tensor's namespace, the cosine and sine ones in SciPy's pocketfft."""

from tests.science.scipy_calls.call import Call
from tests.science.scipy_calls.data import COMPLEX, COMPLEX_IMAGE, IMAGE, ROWS, SHORT

CALLS = (
    Call("fft.fft", lambda f, a: f(a(ROWS), 20, norm="ortho")),
    Call("fft.ifft", lambda f, a: f(a(COMPLEX))),
    Call("fft.fft2", lambda f, a: f(a(IMAGE))),
    Call("fft.ifft2", lambda f, a: f(a(COMPLEX_IMAGE), (8, 8))),
    Call("fft.fftn", lambda f, a: f(a(IMAGE), axes=(0,))),
    Call("fft.ifftn", lambda f, a: f(a(COMPLEX_IMAGE), norm="forward")),
    Call("fft.rfft", lambda f, a: f(a(ROWS), axis=0)),
    Call("fft.irfft", lambda f, a: f(a(COMPLEX), 21)),
    Call("fft.rfft2", lambda f, a: f(a(IMAGE))),
    Call("fft.irfft2", lambda f, a: f(a(COMPLEX_IMAGE))),
    Call("fft.rfftn", lambda f, a: f(a(IMAGE), norm="ortho")),
    Call("fft.irfftn", lambda f, a: f(a(COMPLEX_IMAGE), (7, 9))),
    Call("fft.hfft", lambda f, a: f(a(COMPLEX))),
    Call("fft.ihfft", lambda f, a: f(a(SHORT))),
    Call("fft.hfft2", lambda f, a: f(a(COMPLEX_IMAGE))),
    Call("fft.ihfft2", lambda f, a: f(a(IMAGE))),
    Call("fft.hfftn", lambda f, a: f(a(COMPLEX_IMAGE))),
    Call("fft.ihfftn", lambda f, a: f(a(IMAGE))),
    Call("fft.fftfreq", lambda f, a: f(9, 0.25, xp=a.xp)),
    Call("fft.rfftfreq", lambda f, a: f(8, 0.25, xp=a.xp)),
    Call("fft.fftshift", lambda f, a: f(a(IMAGE), axes=1)),
    Call("fft.ifftshift", lambda f, a: f(a(IMAGE))),
    Call("fft.dct", lambda f, a: f(a(ROWS), type=2, norm="ortho")),
    Call("fft.idct", lambda f, a: f(a(ROWS), type=3, axis=0)),
    Call("fft.dst", lambda f, a: f(a(ROWS), type=1)),
    Call("fft.idst", lambda f, a: f(a(ROWS), type=4)),
    Call("fft.dctn", lambda f, a: f(a(IMAGE))),
    Call("fft.idctn", lambda f, a: f(a(IMAGE), norm="ortho")),
    Call("fft.dstn", lambda f, a: f(a(IMAGE), axes=(0,))),
    Call("fft.idstn", lambda f, a: f(a(IMAGE))),
    Call("fft.fht", lambda f, a: f(a(SHORT), 0.1, 0.5, bias=0.2)),
    Call("fft.ifht", lambda f, a: f(a(SHORT), 0.1, 0.5, offset=0.3)),
)
