"""scipy.signal: filters designed, converted and looked at in frequency."""

import numpy as np

from tests.science.scipy_calls.call import COUNTED, Call

# a low-pass filter of four poles, in its four forms
B = np.array([0.00482434, 0.01929737, 0.02894606, 0.01929737, 0.00482434])
A = np.array([1.0, -2.36951301, 2.31398841, -1.05466541, 0.18737949])
ZEROS = np.array([-1.0 + 0j, -1.0, 0.3 + 0.4j, 0.3 - 0.4j])
POLES = np.array([0.6 + 0.5j, 0.6 - 0.5j, 0.5 + 0.2j, 0.5 - 0.2j])
GAIN = 0.02
# of none of them the square less 4 is on the negative half of the real line, where roots jump
PLACES = np.array([-1.0 + 0.5j, -0.5 - 1.5j, -2.0 + 3.0j])
SECTIONS = np.array([[0.02, 0.03, 0.02, 1.0, -1.2, 0.61], [1.0, -0.6, 0.25, 1.0, -1.0, 0.29]])
# an analog one
NUM, DEN = np.array([1.0, 3.0]), np.array([1.0, 2.0, 5.0, 4.0])
EDGES = np.array([0.2, 0.5])
ANGLES = np.linspace(0.1, 3.0, 16)
STATE = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [-2.0, -3.0, -1.0]])
INPUTS = np.array([[1.0], [0.0], [1.0]])


def sections(a):
    """Sections whose leading ones no gradient is asked of: SciPy refuses any other number."""
    return a.xp.concat([a(SECTIONS[:, :3]), a.fixed(SECTIONS[:, 3:4]), a(SECTIONS[:, 4:])], axis=1)


MIXED = "SciPy puts tensors, which NumPy's functions gave it, beside arrays, and refuses the mixture"
SYSTEMS = "systems are classes of SciPy that hold NumPy arrays"

CALLS = (
    Call("signal.abcd_normalize", lambda f, a: f(a(STATE), a(INPUTS), a([[1.0, 0.0, 2.0]]), a([[0.5]]))),
    Call("signal.bessel", lambda f, a: f(3, a(0.3))),
    Call("signal.besselap", lambda f, a: f(4, xp=a.xp)),
    Call("signal.bilinear", lambda f, a: f(a(NUM), a(DEN), fs=2.0)),
    Call("signal.bilinear_zpk", lambda f, a: f(a(ZEROS), a(POLES), GAIN, 2.0)),
    Call("signal.bode", lambda f, a: f((a(NUM), a(DEN)), w=a(ANGLES))),
    Call("signal.buttap", lambda f, a: f(4, xp=a.xp)),
    Call("signal.butter", lambda f, a: f(3, a(EDGES), "bandpass", output="zpk")),
    Call("signal.buttord", lambda f, a: f(a(EDGES), a([0.1, 0.6]), 3, 40)),
    Call("signal.cheb1ap", lambda f, a: f(4, 1.0, xp=a.xp)),
    Call("signal.cheb1ord", lambda f, a: f(a(0.2), a(0.3), 3, 40)),
    Call("signal.cheb2ap", lambda f, a: f(4, 30.0, xp=a.xp)),
    Call("signal.cheb2ord", lambda f, a: f(a(0.2), a(0.3), 3, 40)),
    Call("signal.cheby1", lambda f, a: f(4, 1.0, a(0.3), "highpass")),
    Call("signal.cheby2", lambda f, a: f(4, 30.0, a(0.3), output="sos")),
    Call("signal.ellip", lambda f, a: f(4, 1.0, 30.0, a(0.3))),
    Call("signal.ellipap", lambda f, a: f(4, 1.0, 30.0, xp=a.xp)),
    Call("signal.ellipord", lambda f, a: f(a(0.2), a(0.3), 3, 40)),
    Call("signal.firls", lambda f, a: f(9, a([0.0, 0.3, 0.5, 1.0]), a([1.0, 1.0, 0.0, 0.0]))),
    Call("signal.firwin", lambda f, a: f(9, a(EDGES), pass_zero=False)),
    Call("signal.firwin2", lambda f, a: f(9, a([0.0, 0.5, 1.0]), a([1.0, 0.5, 0.0]))),
    Call("signal.freqs", lambda f, a: f(a(NUM), a(DEN), worN=a(ANGLES))),
    Call("signal.freqs_zpk", lambda f, a: f(a(ZEROS), a(POLES), GAIN, worN=a(ANGLES))),
    Call("signal.freqz", lambda f, a: f(a(B), a(A), worN=16)),
    Call("signal.freqz_sos", lambda f, a: f(a(SECTIONS), worN=16), smooth=lambda f, a: f(sections(a), worN=16)),
    Call("signal.freqz_zpk", lambda f, a: f(a(ZEROS), a(POLES), GAIN, worN=16)),
    Call("signal.gammatone", lambda f, a: f(440.0, "iir", fs=16000.0, xp=a.xp)),
    Call("signal.get_window", lambda f, a: f("hann", 9, xp=a.xp)),
    Call("signal.group_delay", lambda f, a: f((a(B), a(A)), 16), fails=COUNTED),
    Call("signal.iircomb", lambda f, a: f(0.25, 5.0, xp=a.xp)),
    Call("signal.iirdesign", lambda f, a: f(a(0.2), a(0.3), 1.0, 40.0)),
    Call("signal.iirfilter", lambda f, a: f(3, a(EDGES), rs=40.0, btype="bandstop", ftype="cheby2", output="ba")),
    Call("signal.iirnotch", lambda f, a: f(0.25, 5.0, xp=a.xp)),
    Call("signal.iirpeak", lambda f, a: f(0.25, 5.0, xp=a.xp)),
    Call("signal.impulse", lambda f, a: f((a(NUM), a(DEN)), T=a(ANGLES - 0.1)), note=SYSTEMS, fails=MIXED),
    Call("signal.lp2bp", lambda f, a: f(a(NUM), a(DEN), 2.0, 0.5)),
    Call(
        "signal.lp2bp_zpk",
        lambda f, a: f(a(ZEROS), a(POLES), GAIN, 2.0, 0.5),
        smooth=lambda f, a: f(a(PLACES[:2]), a(PLACES), GAIN, 2.0, 0.5),
    ),
    Call("signal.lp2bs", lambda f, a: f(a(NUM), a(DEN), 2.0, 0.5)),
    Call(
        "signal.lp2bs_zpk",
        lambda f, a: f(a(ZEROS), a(POLES), GAIN, 2.0, 0.5),
        smooth=lambda f, a: f(a(PLACES[:2]), a(PLACES), GAIN, 2.0, 0.5),
    ),
    Call("signal.lp2hp", lambda f, a: f(a(NUM), a(DEN), 2.0)),
    Call("signal.lp2hp_zpk", lambda f, a: f(a(ZEROS), a(POLES), GAIN, 2.0)),
    Call("signal.lp2lp", lambda f, a: f(a(NUM), a(DEN), 2.0)),
    Call("signal.lp2lp_zpk", lambda f, a: f(a(ZEROS), a(POLES), GAIN, 2.0)),
    Call("signal.minimum_phase", lambda f, a: f(a([0.1, 0.2, 0.5, 0.2, 0.1]))),
    Call("signal.normalize", lambda f, a: f(a(NUM * 2), a(DEN * 2))),
    Call(
        "signal.place_poles",
        lambda f, a: (lambda r: (r.gain_matrix, r.computed_poles))(
            f(a(STATE), a(np.hstack([INPUTS, INPUTS[::-1] * 2 - 1])), a([-1.0, -2.0, -3.0]))
        ),
        note="computed in NumPy from end to end",
        fails="its poles are complex: `numpy.linalg.eig` of tensors is, that of arrays only where it has to be",
    ),
    Call("signal.remez", lambda f, a: f(9, a([0.0, 0.2, 0.3, 0.5]), a([1.0, 0.0]), fs=1.0)),
    Call("signal.savgol_coeffs", lambda f, a: f(7, 2, deriv=1, xp=a.xp)),
    Call("signal.sos2tf", lambda f, a: f(a(SECTIONS))),
    Call("signal.sos2zpk", lambda f, a: f(a(SECTIONS))),
    Call("signal.sosfreqz", lambda f, a: f(a(SECTIONS), worN=16), smooth=lambda f, a: f(sections(a), worN=16)),
    Call("signal.tf2sos", lambda f, a: f(a(np.convolve(*SECTIONS[:, :3])), a(np.convolve(*SECTIONS[:, 3:])))),
    Call("signal.tf2zpk", lambda f, a: f(a([1.0, 0.5, 0.2]), a([1.0, -1.2, 0.61]))),
    Call("signal.zpk2sos", lambda f, a: f(a(ZEROS), a(POLES), GAIN)),
    Call("signal.zpk2tf", lambda f, a: f(a(ZEROS), a(POLES), GAIN)),
)
