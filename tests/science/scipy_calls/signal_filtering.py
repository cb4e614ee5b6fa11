"""scipy.signal: signals convolved, filtered, resampled and interpolated."""

import numpy as np

from tests.science.scipy_calls.call import Call
from tests.science.scipy_calls.data import COMPLEX, IMAGE, KERNEL, PICTURE, ROWS, SHORT, SIGNAL
from tests.science.scipy_calls.signal_design import SECTIONS, A, B

PLACES = np.array([0.0, 0.5, 1.25, 7.75, 14.0])

CALLS = (
    Call("signal.choose_conv_method", lambda f, a: f(a(SIGNAL), a(SHORT)), note="a word"),
    Call("signal.convolve", lambda f, a: f(a(SIGNAL), a(COMPLEX), mode="same")),
    Call("signal.convolve2d", lambda f, a: f(a(IMAGE), a(KERNEL), boundary="symm")),
    Call("signal.correlate", lambda f, a: f(a(SIGNAL), a(SHORT), mode="valid")),
    Call("signal.correlate2d", lambda f, a: f(a(IMAGE), a(KERNEL), mode="same")),
    Call("signal.cspline1d", lambda f, a: f(a(SHORT))),
    Call("signal.cspline1d_eval", lambda f, a: f(a(SHORT), a(PLACES))),
    Call("signal.cspline2d", lambda f, a: f(a(PICTURE)), note="SciPy's code does not convert the result back"),
    Call("signal.deconvolve", lambda f, a: f(a(SIGNAL[:12]), a([1.0, 0.5, -0.25]))),
    Call("signal.detrend", lambda f, a: f(a(ROWS), type="linear", bp=a([10]))),
    Call("signal.envelope", lambda f, a: f(a(SIGNAL), (1, 20))),
    Call("signal.fftconvolve", lambda f, a: f(a(SIGNAL), a(SHORT))),
    Call("signal.filtfilt", lambda f, a: f(a(B), a(A), a(ROWS))),
    Call("signal.gauss_spline", lambda f, a: f(a(SHORT), 3)),
    Call("signal.hilbert", lambda f, a: f(a(ROWS))),
    Call("signal.hilbert2", lambda f, a: f(a(IMAGE))),
    Call("signal.lfilter", lambda f, a: f(a(B), a(A), a(SIGNAL), zi=a(np.ones(4)))),
    Call("signal.lfilter_zi", lambda f, a: f(a(B), a(A))),
    Call(
        "signal.lfiltic",
        lambda f, a: f(a(B), a(A), a([1.0, 0.5]), a([0.25, -1.0])),
        smooth=lambda f, a: f(a(2 * B), a(2 * A), a([1.0, 0.5]), a([0.25, -1.0])),
    ),
    Call("signal.medfilt", lambda f, a: f(a(IMAGE), 3)),
    Call("signal.medfilt2d", lambda f, a: f(a(IMAGE), 3)),
    Call("signal.oaconvolve", lambda f, a: f(a(SIGNAL), a(SHORT[:5]))),
    Call("signal.order_filter", lambda f, a: f(a(IMAGE), a(np.ones((3, 3))), 2)),
    Call("signal.qspline1d", lambda f, a: f(a(SHORT))),
    Call("signal.qspline1d_eval", lambda f, a: f(a(SHORT), a(PLACES))),
    Call("signal.resample", lambda f, a: f(a(ROWS), 20, axis=1, window="hann")),
    Call("signal.resample_poly", lambda f, a: f(a(SIGNAL), 3, 2)),
    Call("signal.savgol_filter", lambda f, a: f(a(ROWS), 7, 2)),
    Call("signal.sosfilt", lambda f, a: f(a(SECTIONS), a(ROWS))),
    Call("signal.sosfilt_zi", lambda f, a: f(a(SECTIONS))),
    Call("signal.spline_filter", lambda f, a: f(a(PICTURE), 2.0)),
    Call("signal.upfirdn", lambda f, a: f(a(SHORT), a(ROWS), 2, 3)),
    Call("signal.vectorstrength", lambda f, a: f(a(SIGNAL), a([2.0, 3.0]))),
    Call("signal.wiener", lambda f, a: f(a(IMAGE), 3)),
)
