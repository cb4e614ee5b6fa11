"""Programs that write: to saved values, to leaves, to constants, by setting and by functions in place."""

import numpy as np

from tests.autograd.writing_programs import A, case

# --- writes to what was saved -----------------------------------------------------------------------------------------


@case(raises="mul.*changed in place afterwards, by mul_")
def an_operand_that_was_saved_is_written(lib, a):
    x = a * 1.0
    y = x * x
    x *= 2.0
    return y


@case()
def an_operand_that_was_not_saved_is_written(lib, a):
    x = a * 1.0
    y = x + x
    x *= 2.0
    return y + x


@case(raises="exp.*changed in place")
def a_result_that_was_saved_is_written(lib, a):
    y = lib.exp(a)
    y *= 2.0
    return y


@case()
def a_result_that_was_not_saved_is_written(lib, a):
    y = a * 3.0
    y *= 2.0
    return y


@case(raises="changed in place")
def the_base_was_saved_and_a_view_is_written(lib, a):
    x = a * 1.0
    v = x[0]
    y = x * x
    v *= 2.0
    return y


@case(raises="changed in place")
def a_view_was_saved_and_the_base_is_written(lib, a):
    x = a * 1.0
    v = x[0]
    y = v * v
    x *= 2.0
    return y


@case(raises="changed in place")
def a_view_was_saved_and_another_part_is_written(lib, a):
    x = a * 1.0
    v = x[0]
    y = v * v
    w = x[1]
    w *= 2.0
    return y


@case(raises="changed in place")
def a_detached_twin_of_a_saved_value_is_written(lib, a):
    x = a * 1.0
    y = x * x
    d = lib.detach(x)
    d *= 2.0
    return y


@case(gradient=np.ones_like)
def a_detached_twin_of_an_unsaved_value_is_written(lib, a):
    x = a * 1.0
    d = lib.detach(x)
    d *= 2.0
    return x


@case(gradient=lambda a: np.vstack([4.0 * a[:1], 0 * a[1:]]))
def a_detached_twin_is_written_before_a_view_is_read(lib, a):
    x = a * 1.0
    v = x[0]
    d = lib.detach(x)
    d[0] *= 2.0
    return v * v


@case(raises="changed in place")
def a_leaf_that_was_saved_is_stepped(lib, a):
    y = a * a
    with lib.no_grad():
        a += 1.0
    return y


@case(raises="changed in place")
def a_saved_number_of_zero_dimensions_is_written(lib, a):
    x = a.sum() * 1.0
    y = a * x
    x *= 2.0
    return y


@case()
def an_operand_of_a_product_with_a_constant_is_written(lib, a):
    x = a * 1.0
    y = x * 2.0
    x *= 3.0
    return y + x


# --- writes to leaves -------------------------------------------------------------------------------------------------


@case(raises="leaf that requires grad")
def a_leaf_is_written(lib, a):
    a *= 2.0
    return a


@case(raises="view of a leaf")
def a_view_of_a_leaf_is_written(lib, a):
    v = a[0]
    v *= 2.0
    return a * 1.0


@case(raises="view of a leaf")
def a_part_of_a_leaf_is_set(lib, a):
    a[0] = 2.0
    return a * 1.0


@case(gradient=lambda a: 2 * np.vstack([4 * a[:1], 5 + 0 * a[1:2], 2 * a[2:]]))
def a_leaf_is_written_while_nothing_is_recorded(lib, a):
    with lib.no_grad():
        a *= 2.0
        a[0] *= 2.0
        a[1] = 5.0
    return a * a


@case(gradient=lambda a: np.vstack([2 * a[1:2], 0 * a[1:]]))
def a_view_of_a_leaf_is_written_while_nothing_is_recorded(lib, a):
    v = a[0]
    with lib.no_grad():
        v[...] = a[1]
    return v * v


@case(raises="leaf that requires grad")
def a_leaf_is_written_with_itself(lib, a):
    a += a
    return a


# --- constants that get history ---------------------------------------------------------------------------------------


@case()
def a_part_of_a_constant_is_set_to_a_variable(lib, a):
    z = lib.constant(A * 0)
    z[1] = a[0] * 2.0
    return z * z


@case()
def a_view_of_a_constant_is_set_and_another_view_read(lib, a):
    z = lib.constant(A * 0)
    v, w = z[1], z.T
    v[...] = a[0]
    return w * w


@case()
def a_constant_is_added_to_and_multiplied(lib, a):
    z = lib.constant(A * 0)
    z += a
    z *= a
    return z


@case()
def a_constant_is_filled_row_by_row(lib, a):
    z = lib.constant(A * 0)
    for k in range(3):
        z[k] = a[k] * float(k + 1)
    return z * z


@case()
def a_constant_view_that_is_out_of_date_is_an_operand(lib, a):
    z, other = lib.constant(A), lib.constant(A[0])
    v = z[0]
    z *= a
    other += v
    return other * other


@case(torch=False, reason="PyTorch mistakes v for a leaf: its grad_fn is out of date")
def a_sibling_gets_history_and_a_view_is_written(lib, a):
    z = lib.constant(A)
    v = z[0]
    z[1][...] = a[1]
    v *= 2.0
    return z * z


# --- an operand that is part of what is written -----------------------------------------------------------------------


@case(torch=False, reason="PyTorch saves the very memory that it writes, and refuses in backward")
def a_value_is_multiplied_by_itself(lib, a):
    x = a * 1.0
    x *= x
    return x


@case(torch=False, reason="PyTorch saves the very memory that it writes, and refuses in backward")
def a_value_is_multiplied_by_its_own_row(lib, a):
    x = a * 1.0
    x *= x[0] * 1.0 if isinstance(x, np.ndarray) else x[0]
    return x


@case(torch=False, reason="PyTorch refuses operands that overlap in part")
def rows_are_multiplied_by_the_rows_above(lib, a):
    x = a * 1.0
    v = x[1:]
    v *= x[:2] * 1.0 if isinstance(x, np.ndarray) else x[:2]
    return x


@case()
def a_square_is_added_to_its_own_transpose(lib, a):
    x = a[:, :3] * 1.0
    x += x.T * 1.0
    return x * x


@case()
def a_view_is_set_to_another_part(lib, a):
    x = a * 1.0
    x[0] = x[1] * 2.0
    x[:, 0] = x[:, 1]
    return x * x


# --- setting ----------------------------------------------------------------------------------------------------------


@case()
def numbers_overwrite_parts(lib, a):
    x = a * 1.0
    x[:, 0] = x[:, 1] * 2.0
    x[0] = 7.0
    return x * x


@case()
def a_value_broadcasts_into_a_part(lib, a):
    z = lib.constant(A)
    z[1:] = a[0]
    z[:, 2:] = a[:, :1]
    return z * z


@case()
def rows_are_set_by_an_index_list(lib, a):
    x = a * 1.0
    x[[2, 0]] = a[:2] * 3.0
    return x * x


@case()
def elements_are_set_by_two_index_lists(lib, a):
    x = a * 1.0
    x[[0, 1, 2], [3, 2, 1]] = a[:, 0] * 2.0
    return x * x


@case()
def elements_are_set_by_a_mask(lib, a):
    x = a * 1.0
    mask = lib.constant(A > 1)
    x[mask] = 0.5
    return x * a


@case()
def a_part_of_a_view_is_set_by_an_index_list(lib, a):
    x = a * 1.0
    v = x.T
    v[[0, 3]] = v[[1, 2]] * 2.0
    return x * x


@case()
def a_row_gathered_by_a_list_is_a_copy(lib, a):
    x = a * 1.0
    rows = x[[0, 1]]
    rows *= 5.0
    return x[:2] * rows


@case()
def a_view_is_set_to_zero(lib, a):
    x = a * 1.0
    lib.zero(x[0])
    return x * x


# --- functions in place -----------------------------------------------------------------------------------------------


@case()
def an_exponential_in_place_saves_its_own_result(lib, a):
    x = a * 1.0
    lib.exp_(x)
    return x


@case(raises="exp.*changed in place")
def an_exponential_in_place_is_written_again(lib, a):
    x = a * 1.0
    lib.exp_(x)
    x *= 2.0
    return x


@case(raises="exp.*changed in place")
def an_exponential_of_a_view_and_a_write_to_another(lib, a):
    x = a * 1.0
    lib.exp_(x[0])
    x[1] *= 2.0
    return x


@case()
def quotients_and_powers_in_place(lib, a):
    x = a * 1.0
    x /= a + 1.0
    x **= 3.0
    x -= a
    return x * a


@case()
def an_operand_broadcasts_in_place(lib, a):
    x = a * 1.0
    x *= a[0]
    x += a[:, :1]
    return x


@case()
def a_history_is_kept_across_writes_and_readers(lib, a):
    x = a * 1.0
    y = x * 2.0
    x += 1.0
    z = x * 3.0
    x -= y
    return x + y + z


@case()
def a_loop_writes_its_own_state(lib, a):
    x = a * 1.0
    for k in range(4):
        x[k % 3] *= 1.0 + 0.1 * k
        x.T[k] += x[0, 0] * 1.0
    return x * x
