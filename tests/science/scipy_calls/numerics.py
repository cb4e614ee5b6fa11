"""scipy.constants, differentiate, integrate, interpolate, linalg and optimize."""

import numpy as np

from tests.science.scipy_calls.call import Call
from tests.science.scipy_calls.data import CURVE, CURVES, KERNEL, POINTS, POSITIVE, SHORT, TIMES, UNIT


def bowl(a):
    """A sum of squares of the array's namespace, minimal at 1, -2."""
    return lambda x: (x[0] - 1.0) ** 2 + (x[1] + 2.0) ** 4 + a.xp.sin(x[0] * x[1])


def spline(made):
    return made.t, made.c, made.k


def found(result):
    """What two searches for the same minimum have in common; the rest are counts and brackets."""
    return result.x, result.f_x, result.success


def at_root(result):
    """As `found`; at a root the function's value is rounding alone."""
    return result.x, result.success


def in_a_box(a):
    return lambda x: a.xp.exp(-a.xp.sum(x * x, axis=-1))


def sequence():
    from scipy.stats import qmc

    return qmc.Halton(2, rng=1)


def pure(values):
    """exp(-|x|²) of points in columns."""
    return 2.718281828459045 ** (-(values[0] * values[0] + values[1] * values[1]))


CALLS = (
    Call("constants.convert_temperature", lambda f, a: f(a(POSITIVE), "Celsius", "Fahrenheit")),
    Call("constants.lambda2nu", lambda f, a: f(a(POSITIVE))),
    Call("constants.nu2lambda", lambda f, a: f(a(POSITIVE))),
    Call("differentiate.derivative", lambda f, a: (lambda r: (r.df, r.success))(f(a.xp.exp, a(UNIT)))),
    Call("differentiate.jacobian", lambda f, a: (lambda r: (r.df, r.success))(f(bowl(a), a([0.5, -1.0])))),
    Call("differentiate.hessian", lambda f, a: f(bowl(a), a([0.5, -1.0])).ddf),
    Call("integrate.cubature", lambda f, a: f(in_a_box(a), a([0.0, 0.0]), a([1.0, 2.0])).estimate),
    Call("integrate.cumulative_simpson", lambda f, a: f(a(CURVE), x=a(TIMES))),
    Call("integrate.cumulative_trapezoid", lambda f, a: f(a(CURVE), a(TIMES), initial=0)),
    Call("integrate.qmc_quad", lambda f, a: f(pure, a([0.0, 0.0]), a([1.0, 2.0]), n_points=64, qrng=sequence())),
    Call("integrate.romb", lambda f, a: f(a(np.append(SHORT, 1.0)), dx=0.5)),
    Call(
        "integrate.tanhsinh",
        lambda f, a: (lambda r: (r.integral, r.success))(f(a.xp.exp, a([0.0, 1.0]), a([1.0, 3.0]))),
    ),
    Call("integrate.trapezoid", lambda f, a: f(a(CURVES), a(TIMES))),
    Call("interpolate.generate_knots", lambda f, a: list(f(a(TIMES), a(CURVE), s=0.1))),
    Call("interpolate.make_interp_spline", lambda f, a: spline(f(a(TIMES), a(CURVE)))),
    Call(
        "interpolate.make_lsq_spline",
        lambda f, a: spline(f(a(TIMES), a(CURVE), a([0, 0, 0, 0, 2.0, 4.0, 6, 6, 6, 6]))),
    ),
    Call("interpolate.make_smoothing_spline", lambda f, a: spline(f(a(TIMES), a(CURVE), lam=0.1))),
    Call("interpolate.make_splprep", lambda f, a: (lambda r: (spline(r[0]), r[1]))(f(a(CURVES), s=0.1))),
    Call("interpolate.make_splrep", lambda f, a: spline(f(a(TIMES), a(CURVE), s=0.2))),
    Call("linalg.block_diag", lambda f, a: f(a(KERNEL), a([[1.0, 2.0]]), a([[3.0]]))),
    Call("linalg.fiedler", lambda f, a: f(a(SHORT))),
    Call("linalg.orthogonal_procrustes", lambda f, a: f(a(POINTS), a(POINTS[:, ::-1] ** 2))),
    Call("optimize.rosen", lambda f, a: f(a(CURVES))),
    Call("optimize.rosen_der", lambda f, a: f(a(SHORT))),
    Call("optimize.rosen_hess", lambda f, a: f(a(SHORT))),
    Call("optimize.rosen_hess_prod", lambda f, a: f(a(SHORT), a(SHORT[::-1].copy()))),
    Call(
        "optimize.elementwise.bracket_root",
        lambda f, a: (lambda r: (r.bracket, r.f_bracket, r.success, r.nfev))(
            f(lambda x, c: x**3 - c, a([0.0, 0.0, 0.0]), args=(a([1.3, 7.1, -26.5]),))
        ),
    ),
    Call(
        "optimize.elementwise.find_minimum",
        lambda f, a: found(
            f(
                lambda x, c: (x - c) ** 2,
                (a([-9.0, -9.0]), a([0.0, 0.0]), a([9.0, 9.0])),
                args=(a([1.0, -3.0]),),
            )
        ),
    ),
    Call(
        "optimize.elementwise.find_root",
        lambda f, a: at_root(f(lambda x, c: x**3 - c, (a([0.0, 0.0]), a([2.0, 3.0])), args=(a([1.3, 7.1]),))),
    ),
)
