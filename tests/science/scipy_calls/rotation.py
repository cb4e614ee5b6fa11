"""scipy.spatial.transform: the methods of Rotation, RigidTransform and Slerp, which SciPy's table lists one by one."""

import numpy as np

from tests.science.scipy_calls.call import Call

QUATERNIONS = np.array([[0.1, 0.2, 0.3, 0.9], [0.5, -0.4, 0.6, 0.3], [0.05, 0.6, 0.1, 0.8]])
QUATERNIONS /= np.linalg.norm(QUATERNIONS, axis=1, keepdims=True)
VECTORS = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 0.25], [0.0, 0.0, 2.0]])
ANGLES = np.array([[0.3, 0.4, 0.5], [-1.0, 0.2, 0.7]])
AXES = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])


def turned(a, values=QUATERNIONS):
    from scipy.spatial.transform import Rotation

    return Rotation.from_quat(a(values))


def rigid(a, values=QUATERNIONS):
    from scipy.spatial.transform import RigidTransform

    return RigidTransform.from_components(a(VECTORS[: len(values)]), turned(a, values))


def slerp(a):
    from scipy.spatial.transform import Slerp

    return Slerp(a([0.0, 1.0, 3.0]), turned(a))


R, T, S = "spatial.transform.Rotation", "spatial.transform.RigidTransform", "spatial.transform.Slerp"
OTHERS = np.array([[0.8, 0.0, 0.6, 0.0], [0.2, 0.1, -0.4, 0.7], [-0.5, 0.1, 0.1, 0.6]])

CALLS = (
    Call(f"{R}.__getitem__", lambda f, a: f(turned(a), slice(1, 3)).as_quat()),
    Call(f"{R}.__iter__", lambda f, a: [r.as_quat() for r in f(turned(a))]),
    Call(f"{R}.__mul__", lambda f, a: f(turned(a), turned(a, OTHERS)).as_quat()),
    Call(f"{R}.__pow__", lambda f, a: f(turned(a), 0.5).as_quat()),
    Call(f"{R}.__repr__", lambda f, a: f(turned(a)).startswith("Rotation"), note="words"),
    Call(f"{R}.__setitem__", lambda f, a: (lambda r: (f(r, 0, turned(a, OTHERS[0])), r.as_quat()))(turned(a))),
    Call(f"{R}.align_vectors", lambda f, a: (lambda r: (r[0].as_quat(), r[1]))(f(a(VECTORS), a(VECTORS[[1, 2, 0]])))),
    Call(f"{R}.apply", lambda f, a: f(turned(a), a(VECTORS), inverse=True)),
    Call(f"{R}.approx_equal", lambda f, a: f(turned(a), turned(a, OTHERS), 1.0)),
    Call(
        f"{R}.as_davenport",
        lambda f, a: f(turned(a), a(AXES), "extrinsic"),
        smooth=lambda f, a: f(turned(a), a.fixed(AXES), "extrinsic"),
    ),
    Call(f"{R}.as_euler", lambda f, a: f(turned(a), "xyz", degrees=True)),
    Call(f"{R}.as_matrix", lambda f, a: f(turned(a))),
    Call(f"{R}.as_mrp", lambda f, a: f(turned(a))),
    Call(f"{R}.as_quat", lambda f, a: f(turned(a), canonical=True, scalar_first=True)),
    Call(f"{R}.as_rotvec", lambda f, a: f(turned(a))),
    Call(f"{R}.concatenate", lambda f, a: f([turned(a), turned(a, OTHERS)]).as_quat()),
    Call(
        f"{R}.from_davenport",
        lambda f, a: f(a(AXES), "extrinsic", a(ANGLES)).as_quat(),
        smooth=lambda f, a: f(a.fixed(AXES), "extrinsic", a(ANGLES)).as_quat(),
    ),
    Call(f"{R}.from_euler", lambda f, a: f("zyx", a(ANGLES)).as_quat()),
    Call(f"{R}.from_matrix", lambda f, a: f(turned(a).as_matrix()).as_quat()),
    Call(f"{R}.from_mrp", lambda f, a: f(a(ANGLES)).as_quat()),
    Call(f"{R}.from_quat", lambda f, a: f(a(QUATERNIONS * 2)).as_quat()),
    Call(f"{R}.from_rotvec", lambda f, a: f(a(ANGLES)).as_quat()),
    Call(f"{R}.inv", lambda f, a: f(turned(a)).as_quat()),
    Call(f"{R}.magnitude", lambda f, a: f(turned(a))),
    Call(f"{R}.mean", lambda f, a: f(turned(a), a([1.0, 2.0, 0.5])).as_quat()),
    Call(f"{R}.reduce", lambda f, a: f(turned(a), turned(a, OTHERS), turned(a)).as_quat()),
    Call(f"{T}.__getitem__", lambda f, a: f(rigid(a), slice(1, 3)).as_matrix()),
    Call(f"{T}.__iter__", lambda f, a: [r.as_matrix() for r in f(rigid(a))]),
    Call(f"{T}.__mul__", lambda f, a: f(rigid(a), rigid(a, OTHERS)).as_matrix()),
    Call(f"{T}.__pow__", lambda f, a: f(rigid(a), 0.5).as_matrix()),
    Call(f"{T}.__setitem__", lambda f, a: (lambda r: (f(r, 0, rigid(a, OTHERS)[1]), r.as_matrix()))(rigid(a))),
    Call(f"{T}.apply", lambda f, a: f(rigid(a), a(VECTORS))),
    Call(f"{T}.as_components", lambda f, a: (lambda r: (r[0], r[1].as_quat()))(f(rigid(a)))),
    Call(f"{T}.as_dual_quat", lambda f, a: f(rigid(a))),
    Call(f"{T}.as_exp_coords", lambda f, a: f(rigid(a))),
    Call(f"{T}.as_matrix", lambda f, a: f(rigid(a))),
    Call(f"{T}.concatenate", lambda f, a: f([rigid(a), rigid(a, OTHERS)]).as_matrix()),
    Call(f"{T}.from_components", lambda f, a: f(a(VECTORS), turned(a)).as_matrix()),
    Call(f"{T}.from_dual_quat", lambda f, a: f(rigid(a).as_dual_quat()).as_matrix()),
    Call(f"{T}.from_exp_coords", lambda f, a: f(a(np.concatenate([ANGLES, VECTORS[:2]], axis=1))).as_matrix()),
    Call(f"{T}.from_matrix", lambda f, a: f(rigid(a).as_matrix()).as_matrix()),
    Call(f"{T}.from_rotation", lambda f, a: f(turned(a)).as_matrix()),
    Call(f"{T}.from_translation", lambda f, a: f(a(VECTORS)).as_matrix()),
    Call(f"{T}.identity", lambda f, a: f(2).as_matrix(), note="made without an array, in NumPy"),
    Call(f"{T}.inv", lambda f, a: f(rigid(a)).as_matrix()),
    Call(f"{T}.mean", lambda f, a: f(rigid(a)).as_matrix()),
    Call(f"{S}.__call__", lambda f, a: f(slerp(a), a([0.5, 2.0])).as_quat()),
    Call(f"{S}.__init__", lambda f, a: slerp(a)(a([0.25, 2.5])).as_quat()),
)
