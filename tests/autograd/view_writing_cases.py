"""Programs that write through views, and to the bases of views."""

import numpy as np

from tests.autograd.writing_programs import A, case

# --- views ------------------------------------------------------------------------------------------------------------


@case()
def a_view_is_written_and_the_base_read(lib, a):
    x = a * 1.0
    v = x[1:]
    v *= 3.0
    return x * x


@case()
def the_base_is_written_and_a_view_read(lib, a):
    x = a * 1.0
    v = x.T
    x *= 3.0
    return v * v


@case()
def a_sibling_is_written_and_a_view_read(lib, a):
    x = a * 1.0
    v = x[0]
    w = x.reshape(12)
    w[2:7] *= 5.0
    return v * v


@case(torch=False, reason="PyTorch refuses operands that overlap in part")
def two_overlapping_siblings_are_written(lib, a):
    x = a * 1.0
    v = x[0]
    w = x.T[1]
    v *= 2.0
    w *= 3.0
    v += w[0]
    return x * x + v


@case()
def a_view_of_a_view_is_written(lib, a):
    x = a * 1.0
    v = x[1:]
    w = v.T
    w[1:3] *= 4.0
    return x * v[0] * 2.0


@case()
def a_view_is_read_before_and_after_a_write(lib, a):
    x = a * 1.0
    v = x[1]
    before = v + 0.0
    x *= 2.0
    return before * v


@case()
def an_element_is_written(lib, a):
    x = a * 1.0
    x[1, 2] *= 7.0
    x[-1, -1] = x[0, 0]
    return x * x


@case()
def a_view_with_new_dims_is_written(lib, a):
    x = a * 1.0
    v = x[None, :, 1:3, None]
    v *= 2.0
    return x * x


@case(torch=False, reason="PyTorch refuses negative steps")
def a_view_with_negative_steps_is_written(lib, a):
    x = a * 1.0
    v = x[::-1, ::-2]
    v[0] *= 3.0
    v += x[:, :2] * 1.0
    return x * v[0, 0]


@case(torch=False, reason="PyTorch saves the very memory that it writes, and refuses in backward")
def every_second_element_is_written(lib, a):
    x = a * 1.0
    v = x.reshape(12)[1::2]
    v *= v[0]
    return x * x


@case()
def a_copy_made_by_reshape_is_written(lib, a):
    x = a * 1.0
    flat = x.T.reshape(12)
    flat *= 2.0
    return x * x + flat.reshape(4, 3).T


@case()
def a_long_chain_of_views_is_written(lib, a):
    x = a * 1.0
    v = x.reshape(12)[2:9].reshape(7)[::3].reshape(3, 1).T[0, 1:]
    v *= 2.0
    return x * x


@case()
def views_of_a_product_are_written_in_turns(lib, a):
    x = a * a
    rows = [x[k] for k in range(3)]
    for k, row in enumerate(rows):
        row *= float(k + 1)
        x += 1.0
    return x * rows[0]


@case()
def a_view_goes_on_living_after_its_base_is_gone(lib, a):
    v = (a * 1.0)[1:]
    v *= 2.0
    return v * v


@case(raises="share one memory location")
def an_expanded_view_is_written(lib, a):
    x = lib.expand((a * 1.0)[0], 3, 4)
    x *= 2.0
    return x


@case()
def the_base_of_an_expanded_view_is_written(lib, a):
    x = a * 1.0
    e = lib.expand(x[0], 5, 4)
    x *= 2.0
    return e * e


# --- several views made together --------------------------------------------------------------------------------------


@case(raises="one of several made together")
def one_of_several_views_is_written(lib, a):
    x = a * 1.0
    p = lib.unbind(x)[0]
    p *= 2.0
    return x


@case(raises="out of date")
def the_base_of_several_views_is_written_and_one_read(lib, a):
    x = a * 1.0
    p, q = lib.unbind(x)[:2]
    x *= 2.0
    return p * q


@case()
def the_base_of_several_views_is_written_and_none_read(lib, a):
    x = a * 1.0
    rows = lib.unbind(x)
    x *= 2.0
    assert len(rows) == 3
    return x


@case(gradient=np.zeros_like)
def one_of_several_views_of_a_constant_is_written(lib, a):
    z = lib.constant(A)
    p = lib.unbind(z)[0]
    p *= 2.0
    return z + a * 0.0


@case(raises="one of several made together")
def one_of_several_views_of_a_constant_is_written_with_history(lib, a):
    z = lib.constant(A)
    p = lib.unbind(z)[0]
    p *= a[0]
    return z


# --- views made while nothing was recorded ----------------------------------------------------------------------------


@case(raises="made while nothing was recorded")
def a_view_from_no_grad_is_written(lib, a):
    x = a * 1.0
    with lib.no_grad():
        v = x[0]
    v *= 2.0
    return x


@case(gradient=np.ones_like)
def a_view_from_no_grad_is_written_in_no_grad(lib, a):
    x = a * 1.0
    with lib.no_grad():
        v = x[0]
        v *= 2.0
    return x


@case(raises="made while nothing was recorded")
def the_base_of_a_view_from_no_grad_is_written_and_the_view_read(lib, a):
    x = a * 1.0
    with lib.no_grad():
        v = x[0]
    x *= 2.0
    return v * x


@case(gradient=lambda a: np.vstack([4.0 * a[:1], 0 * a[1:]]))
def a_base_is_written_in_no_grad_and_a_view_read(lib, a):
    x = a * 1.0
    v = x[0]
    with lib.no_grad():
        x *= 2.0
    return v * v
