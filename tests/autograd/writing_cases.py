"""Programs of views and writes, in plain Python operators: they run over tensors, PyTorch's, and NumPy arrays."""

import contextlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

import gputensor as gt

A = np.arange(1.0, 13.0).reshape(3, 4) / 7


OURS = SimpleNamespace(
    exp=gt.exp, no_grad=gt.no_grad, detach=lambda x: x.detach(), constant=lambda a: gt.from_numpy(np.array(a)),
    unbind=lambda x: x.unbind(), expand=lambda x, *shape: x.expand(*shape), zero=lambda x: x.zero_(),
    exp_=lambda x: x.exp_(),
)  # fmt: skip
NUMPY = SimpleNamespace(
    exp=np.exp, no_grad=contextlib.nullcontext, detach=lambda x: x, constant=np.array, unbind=tuple,
    expand=lambda x, *shape: np.broadcast_to(x, shape), zero=lambda x: np.copyto(x, 0.0),
    exp_=lambda x: np.exp(x, out=x),
)  # fmt: skip


@dataclass
class Case:
    program: Any  # program(lib, leaf) -> result
    raises: str | None = None  # words of our error
    gradient: Any = None  # of the sum of the result, where the graph does not see everything that NumPy computes
    torch: bool = True  # whether PyTorch does the same
    reason: str = ""  # why it does not


CASES: dict[str, Case] = {}


def case(raises=None, gradient=None, torch=True, reason=""):
    def add(program):
        CASES[program.__name__] = Case(program, raises, gradient, torch, reason)
        return program

    return add


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
