"""scipy.signal.windows: made in the namespace that `xp` names."""

from tests.science.scipy_calls.call import Call

CALLS = (
    Call("signal.windows.barthann", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.bartlett", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.blackman", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.blackmanharris", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.bohman", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.boxcar", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.chebwin", lambda f, a: f(9, 60.0, xp=a.xp)),
    Call("signal.windows.cosine", lambda f, a: f(9, sym=False, xp=a.xp)),
    Call("signal.windows.exponential", lambda f, a: f(9, tau=3.0, xp=a.xp)),
    Call("signal.windows.flattop", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.gaussian", lambda f, a: f(9, 2.0, xp=a.xp)),
    Call("signal.windows.general_cosine", lambda f, a: f(9, a([0.4, 0.5, 0.1]))),
    Call("signal.windows.general_gaussian", lambda f, a: f(9, 1.5, 2.0, xp=a.xp)),
    Call("signal.windows.general_hamming", lambda f, a: f(9, 0.7, xp=a.xp)),
    Call("signal.windows.get_window", lambda f, a: f(("kaiser", 4.0), 9, xp=a.xp)),
    Call("signal.windows.hamming", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.hann", lambda f, a: f(8, sym=False, xp=a.xp)),
    Call("signal.windows.kaiser", lambda f, a: f(9, 8.0, xp=a.xp)),
    Call("signal.windows.kaiser_bessel_derived", lambda f, a: f(8, 4.0, xp=a.xp)),
    Call("signal.windows.lanczos", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.nuttall", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.parzen", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.taylor", lambda f, a: f(9, xp=a.xp)),
    Call("signal.windows.triang", lambda f, a: f(8, xp=a.xp)),
    Call("signal.windows.tukey", lambda f, a: f(9, 0.4, xp=a.xp)),
)
