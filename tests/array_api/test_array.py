"""The Array: shares storage and graph with Tensors, follows the standard, and stays an Array."""

import copy
import operator
import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor import array_api as xp
from gputensor.errors import DeviceError, DtypeError, GradError, ShapeError
from tests import doubles


def test_an_array_of_a_tensor_shares_storage_and_graph():
    t = gt.ones(3, requires_grad=True)
    a = xp.asarray(t)
    assert type(a) is xp.Array
    assert isinstance(a, gt.Tensor)
    assert a.array is t.array
    (a * 2 + t).sum().backward()
    assert t.grad.tolist() == [3.0, 3.0, 3.0]
    assert a.grad is t.grad
    assert xp.asarray(a) is a


def test_an_array_of_nested_tensors_and_numbers_keeps_their_graph():
    t = gt.tensor([2.0, 3.0], dtype=gt.float64, requires_grad=True)
    a = xp.asarray([[t[0], 0.1], [4, t[1] * 2]])
    assert a.tolist() == [[2.0, 0.1], [4.0, 6.0]]
    xp.sum(a * a).backward()
    assert t.grad.tolist() == [4.0, 24.0]
    assert xp.asarray([[1.0, 2.0], t]).requires_grad
    assert xp.asarray([t[0], 1j]).dtype is gt.complex128
    with pytest.raises(DtypeError, match="NoneType"):
        xp.asarray([t[0], None])
    with pytest.raises(ValueError, match="no memory to share"):
        xp.asarray([[t[0]]], copy=False)


def test_a_buffer_has_the_dtype_that_it_says():
    n = np.arange(4.0).reshape(2, 2)
    a = xp.asarray(memoryview(n), copy=False)
    assert a.dtype is gt.float64
    assert a.tolist() == n.tolist()
    a[0, 0] = 7.0
    assert n[0, 0] == 7.0
    for few in (b"ab", bytearray(b"ab"), memoryview(b"ab")):
        assert xp.asarray(few).dtype is gt.uint8
        assert xp.asarray(few).tolist() == [97, 98]


@pytest.mark.parametrize("copy", [None, True, False])
def test_from_dlpack_of_a_tensor_keeps_its_graph(copy):
    t = gt.ones(2, requires_grad=True)
    xp.sum(xp.from_dlpack(t, copy=copy) * 3).backward()
    assert t.grad.tolist() == [3.0, 3.0]


def test_astype_which_is_numpys_method_gives_arrays():
    t = gt.ones(2, requires_grad=True)
    a = xp.asarray(t)
    for out in (a.astype(np.float64), a.astype("f4", copy=False)):
        assert type(out) is xp.Array
        out.sum().backward()
    assert t.grad.tolist() == [2.0, 2.0]


def test_a_write_through_an_array_is_the_tensors_too_with_its_history():
    w = gt.tensor(2.0, requires_grad=True)
    t = gt.zeros(3)
    a = xp.asarray(t)
    a[1] = w * 3
    assert t.tolist() == [0.0, 6.0, 0.0]
    (t * t).sum().backward()
    assert w.grad.item() == 36.0
    a *= 2
    assert t.tolist() == [0.0, 12.0, 0.0]


def test_a_write_through_the_tensor_is_the_arrays_too_with_its_history():
    w = gt.tensor(2.0, requires_grad=True)
    t = gt.zeros(2)
    a = xp.asarray(t)
    v = xp.reshape(a, (1, 2))
    t[0] = w
    xp.sum(v * v).backward()
    assert w.grad.item() == 4.0


def test_a_value_saved_by_an_array_and_written_afterwards_is_noticed():
    t = gt.ones(2, requires_grad=True)
    u = t * 1.0
    out = xp.sum(xp.square(xp.asarray(u)))
    u.add_(1.0)
    with pytest.raises(GradError, match="add_"):
        out.backward()


def test_a_leaf_that_requires_grad_is_not_written_through_an_array():
    t = gt.ones(2, requires_grad=True)
    a = xp.asarray(t)
    with pytest.raises(GradError, match="leaf"):
        a += 1
    with gt.no_grad():
        a += 1
    assert t.tolist() == [2.0, 2.0]


def test_views_of_an_array_made_under_no_grad_stay_what_they_are():
    t = gt.ones(2, requires_grad=True) * 1
    with gt.no_grad():
        v = xp.asarray(t)[0:1]
    with pytest.raises(GradError):
        v += 1


@pytest.mark.parametrize("call", [lambda x: x, xp.positive, xp.real, lambda x: xp.reshape(x, x.shape)])
def test_a_function_that_changes_nothing_gives_an_array_and_leaves_the_tensor_a_tensor(call):
    t = gt.ones(2)
    a = call(xp.asarray(t))
    assert (type(a), type(t)) == (xp.Array, gt.Tensor)


def test_the_array_stays_an_array_in_operators_with_tensors_on_either_side():
    t, a = gt.ones(2), xp.ones(2)
    for out in (a + t, t + a, a - t, t - a, t @ a, a @ t, t < a, t**a, t // a, t % a, 1 - a, 2**a, -a, abs(a), a[0]):
        assert type(out) is xp.Array
    assert type(t + t) is gt.Tensor
    assert [type(row) for row in xp.ones((2, 2))] == [xp.Array, xp.Array]
    b = a
    b += t
    assert b is a


def test_pytorchs_methods_are_there_and_give_tensors():
    a = xp.asarray([[1.0, 2.0], [3.0, 4.0]])
    out = a.mean(dim=0)
    assert type(out) is gt.Tensor
    assert out.tolist() == [2.0, 3.0]
    assert a.detach().size() == (2, 2)
    assert gt.softmax(a, 0).shape == (2, 2)
    assert gt.nn.functional.linear(a, gt.eye(2)).tolist() == a.tolist()


def test_attributes():
    a = xp.ones((2, 3, 4), dtype=xp.int16)
    assert (a.size, a.ndim, a.shape, a.dtype, a.device) == (24, 3, (2, 3, 4), xp.int16, gt.device("cpu"))
    assert isinstance(a.size, int)
    assert isinstance(a.shape, tuple)
    assert a.mT.shape == (2, 4, 3)
    assert a[0, ...].T.shape == (4, 3)
    with pytest.raises(ShapeError, match="T: expected 2 dims"):
        _ = a.T
    with pytest.raises(ShapeError, match="mT"):
        _ = xp.ones(3).mT
    assert not any(hasattr(a, name) for name in ("iloc", "fit", "flags"))


def test_numbers_from_arrays():
    assert (bool(xp.asarray(True)), int(xp.asarray(3)), float(xp.asarray(1.5))) == (True, 3, 1.5)
    assert complex(xp.asarray(1 + 2j)) == 1 + 2j
    assert [10, 20, 30][xp.asarray(1)] == 20
    with pytest.raises(ValueError, match="bool"):
        bool(xp.ones(2))
    with pytest.raises(TypeError, match="index"):
        range(3)[xp.asarray(1.0)]


def test_copies_and_pickles_are_arrays():
    a = xp.asarray([1, 2])
    for other in (copy.copy(a), copy.deepcopy(a), pickle.loads(pickle.dumps(a))):
        assert type(other) is xp.Array
        assert other.tolist() == [1, 2]


def test_arrays_are_hashable_and_print_their_name():
    a = xp.asarray([1, 2])
    assert a in {a: 1}
    assert repr(a) == "Array([1, 2])"


def test_an_array_is_made_by_functions_only():
    with pytest.raises(TypeError, match="asarray"):
        xp.Array([1, 2])


def test_an_array_of_no_dims_is_formatted_as_its_number():
    assert f"{xp.asarray(1.5):>7.2f}|{xp.asarray(3):>3}" == "   1.50|  3"
    with pytest.raises(TypeError, match="__format__"):
        format(xp.asarray([1.5]), ".2f")


# --- in place ---------------------------------------------------------------------------------------------------------


def test_in_place_operators_write_and_keep_dtype_and_shape():
    a = xp.asarray([7, 8, 9])
    b = a
    a += 1
    a -= 2
    a *= 3
    a //= 2
    a %= 8
    a **= 2
    a &= 31
    a |= 1
    a ^= 3
    a <<= 1
    a >>= 1
    n = np.asarray([7, 8, 9])
    n += 1
    n -= 2
    n *= 3
    n //= 2
    n %= 8
    n **= 2
    n &= 31
    n |= 1
    n ^= 3
    n <<= 1
    n >>= 1
    assert a is b
    assert a.tolist() == n.tolist()
    m = xp.asarray([[1.0, 2.0], [3.0, 4.0]])
    k = m
    m @= xp.asarray([[0.0, 1.0], [1.0, 0.0]])
    m /= 2
    assert k is m
    assert m.tolist() == [[1.0, 0.5], [2.0, 1.5]]


def test_in_place_operators_do_not_change_the_dtype_or_shape():
    a = xp.ones(2, dtype=xp.float32)
    with pytest.raises(DtypeError, match="in place the array would have to become complex64"):
        a += xp.ones(2, dtype=xp.complex64)
    with pytest.raises(DtypeError, match="complex64"):
        a *= 1j
    with pytest.raises(ShapeError):
        a += xp.ones((3, 2))
    b = xp.asarray([1, 2])
    with pytest.raises(DtypeError, match="floating-point"):
        b /= 2
    short = xp.asarray([1, 2], dtype=xp.int32)
    with pytest.raises(DtypeError, match="in place the array would have to become int64, and it is int32"):
        short += b
    assert a.tolist() == [1.0, 1.0]


def test_in_place_operators_take_floats_of_another_width_and_keep_their_own():
    for wide, own in ((xp.float64, xp.float32), (xp.float32, xp.float64), (xp.float32, xp.float16)):
        a = xp.full((2, 2), 4.0, dtype=own)
        other = xp.full((2, 2), 2.0, dtype=wide)
        a += other
        a -= other
        a *= other
        a /= other
        a //= other
        a **= other
        a %= xp.full((2, 2), 3.0, dtype=wide)
        a @= other
        assert a.dtype is own
        assert a.tolist() == [[4.0, 4.0], [4.0, 4.0]]
    c = xp.asarray([1j], dtype=xp.complex64)
    c *= xp.asarray([1j], dtype=xp.complex128)
    assert c.dtype is xp.complex64
    assert c.tolist() == [-1]


@pytest.mark.parametrize("write", [operator.iadd, operator.isub, operator.imul, operator.itruediv, operator.ifloordiv])
def test_a_write_that_spoils_a_gradient_is_named_by_the_line_that_made_it(write):
    w = xp.asarray(gt.tensor([4.0], requires_grad=True))
    root = xp.sqrt(w)
    with gt.no_grad():
        write(root, 3.0)
    with pytest.raises(gt.errors.GradError, match=r"changed in place afterwards, by \w+ at .*test_array\.py:"):
        root.backward()


def test_in_place_operators_round_to_the_narrower_dtype_of_the_same_kind():
    # third is no float32: 1 + third has to be rounded once, after the sum
    third = xp.asarray([1 / 3, 2 / 3], dtype=xp.float64)
    w = gt.ones(2, requires_grad=True)
    a = xp.asarray(w) * 1
    b = a
    a += third
    a **= third * 3
    assert a is b
    assert a.dtype == xp.float32
    expected = (np.ones(2) + np.asarray([1 / 3, 2 / 3])).astype(np.float32) ** np.asarray([1.0, 2.0])
    np.testing.assert_array_equal(np.asarray(a.detach()), expected.astype(np.float32))
    xp.sum(a).backward()
    np.testing.assert_allclose(w.grad.numpy(), [1.0, 2 * 5 / 3], rtol=1e-6)
    c = xp.ones(2, dtype=xp.complex64)
    c /= xp.asarray([2.0, 4j], dtype=xp.complex128)
    assert c.dtype == xp.complex64
    assert c.tolist() == [0.5, -0.25j]
    m = xp.ones((2, 2), dtype=xp.float32)
    m @= xp.ones((2, 2), dtype=xp.float64) / 2
    assert m.dtype == xp.float32
    assert m.tolist() == [[1.0, 1.0], [1.0, 1.0]]


def test_in_place_powers_and_products_are_recorded():
    w = gt.tensor([2.0, 3.0], requires_grad=True)
    a = xp.asarray(w) * 1
    a **= 2
    a //= 1
    xp.sum(a).backward()
    assert w.grad.tolist() == [0.0, 0.0]
    m = xp.asarray(gt.eye(2, requires_grad=True)) * 1
    m @= xp.asarray([[1.0, 2.0], [3.0, 4.0]])
    assert m.requires_grad


# --- square brackets --------------------------------------------------------------------------------------------------


def test_indices_of_every_kind():
    x = xp.reshape(xp.arange(12), (3, 4))
    n = np.arange(12).reshape(3, 4)
    assert x[1, 2].tolist() == 6
    assert x[::-1, 1:3].tolist() == n[::-1, 1:3].tolist()
    assert x[..., None, 0].tolist() == n[..., None, 0].tolist()
    i, j = xp.asarray([2, 0], dtype=xp.uint8), xp.asarray([[1], [3]], dtype=xp.uint64)
    assert x[i, j].tolist() == n[[2, 0], [[1], [3]]].tolist()
    assert x[i, 1].tolist() == n[[2, 0], 1].tolist()
    assert x[i, ...].tolist() == n[[2, 0]].tolist()  # PyTorch reads uint8 as a mask
    assert x[x > 5].tolist() == [6, 7, 8, 9, 10, 11]
    assert x[xp.asarray(True)].shape == (1, 3, 4)
    assert x[xp.asarray(1), xp.asarray(2)].tolist() == 6
    assert x[gt.tensor([1])].tolist() == [[4, 5, 6, 7]]


def test_a_mask_without_elements_selects_nothing():
    x = xp.ones((3, 2))
    assert x[xp.zeros((0,), dtype=xp.bool)].shape == (0, 2)
    assert x[xp.zeros((0, 2), dtype=xp.bool)].shape == (0,)
    assert x[..., xp.zeros((0,), dtype=xp.bool)].shape == (3, 0)
    with pytest.raises(IndexError, match="mask"):
        x[xp.ones((2,), dtype=xp.bool)]
    with pytest.raises(IndexError, match="mask"):
        x[xp.zeros((0, 3), dtype=xp.bool)]
    with pytest.raises(IndexError):
        x[xp.zeros((0, 0, 0), dtype=xp.bool)]


def test_assignment_through_every_kind_of_index():
    x = xp.zeros((3, 4), dtype=xp.int64)
    n = np.zeros((3, 4), np.int64)
    x[0, 1:3] = xp.asarray([1, 2])
    n[0, 1:3] = [1, 2]
    x[xp.asarray([1, 2]), 0] = 7
    n[[1, 2], 0] = 7
    x[x == 0] = -1
    n[n == 0] = -1
    x[1, ...] = xp.asarray(3, dtype=xp.int8)
    n[1] = 3
    assert x.tolist() == n.tolist()


def test_an_assignment_that_would_change_the_dtype_is_refused():
    x = xp.zeros(2, dtype=xp.int64)
    for value in (xp.asarray(1.0), 1.5, 1j, np.ones(1), xp.asarray(True)):
        with pytest.raises(DtypeError, match="written into"):
            x[0] = value
    assert x.tolist() == [0, 0]
    y = xp.zeros(2, dtype=xp.float32)
    y[0] = xp.asarray(0.5, dtype=xp.float64)  # of one kind, as in NumPy
    y[1] = 2
    assert y.tolist() == [0.5, 2.0]


# --- making and converting --------------------------------------------------------------------------------------------


def test_asarray_takes_what_there_is():
    n = np.asarray([1.0, 2.0])
    shared = xp.asarray(n)
    n[0] = 5.0
    assert shared.tolist() == [5.0, 2.0]
    assert xp.asarray(n, copy=True).tolist() == [5.0, 2.0]
    assert xp.asarray(3).shape == ()
    assert xp.asarray([[1, 2], [3, 4]]).dtype is xp.int64
    assert xp.asarray([1, 2.0]).dtype is xp.float32
    assert xp.asarray([True]).dtype is xp.bool
    assert xp.asarray(bytearray(b"ab"), dtype=xp.uint8).tolist() == [97, 98]
    assert xp.asarray((1, 2), dtype=xp.complex64).dtype is xp.complex64
    assert xp.asarray(2**64 - 1, dtype=xp.uint64).tolist() == 2**64 - 1


def test_asarray_copies_as_it_is_told():
    t = gt.ones(2)
    copied = xp.asarray(t, copy=True)
    copied[0] = 5.0
    assert t.tolist() == [1.0, 1.0]
    assert xp.asarray(t, copy=False).array is t.array
    with pytest.raises(ValueError, match="copy=False"):
        xp.asarray(t, dtype=xp.float64, copy=False)
    with pytest.raises(ValueError, match="copy=False"):
        xp.asarray([1, 2], copy=False)
    with pytest.raises(ValueError, match="copy=False"):
        xp.asarray([t, t], copy=False)
    with pytest.raises(DtypeError, match="complex"):
        xp.asarray(xp.asarray([1j]), dtype=xp.float32)


def test_a_list_of_arrays_is_stacked_and_recorded():
    w = gt.tensor(2.0, requires_grad=True)
    a = xp.asarray([w * 2, w, gt.tensor(1)])
    assert a.tolist() == [4.0, 2.0, 1.0]
    xp.sum(a).backward()
    assert w.grad.item() == 3.0


def test_full_takes_a_0d_array_and_its_gradient_comes_back():
    w = gt.tensor(2.0, requires_grad=True)
    a = xp.full((2, 3), w)
    a[0, 0] = 0.0
    xp.sum(a).backward()
    assert w.grad.item() == 5.0
    assert xp.full_like(xp.ones(2, dtype=xp.float64), xp.asarray(3)).dtype is xp.float64
    assert xp.full(3, xp.asarray(True)).dtype is xp.bool


def test_shapes_may_be_lists_and_ints():
    assert xp.zeros([2, 3]).shape == xp.reshape(xp.ones(6), [2, 3]).shape == (2, 3)
    assert xp.broadcast_to(xp.ones(3), [2, 3]).shape == (2, 3)
    assert xp.ones(4).shape == xp.reshape(xp.ones((2, 2)), 4).shape == (4,)
    assert xp.permute_dims(xp.ones((2, 3)), [1, 0]).shape == (3, 2)
    assert xp.tile(xp.ones(2), [3]).shape == (6,)
    assert xp.sum(xp.ones((2, 3)), axis=[0, 1]).shape == ()


def test_dlpack_shares_memory_both_ways():
    a = xp.asarray([1.0, 2.0])
    n = np.from_dlpack(a)  # read-only on NumPy 2.0
    a[0] = 9.0
    assert n.tolist() == [9.0, 2.0]
    n = np.array([9.0, 2.0])
    b = xp.from_dlpack(n)
    assert type(b) is xp.Array
    b[1] = 7.0
    assert n.tolist() == [9.0, 7.0]
    assert xp.from_dlpack(n, copy=True).tolist() == [9.0, 7.0]
    assert type(xp.from_dlpack(gt.ones(2))) is xp.Array
    assert a.__dlpack_device__() == (1, 0)


def test_astype_copies_unless_told_otherwise():
    a = xp.asarray([1.0])
    assert xp.astype(a, xp.float32).array is not a.array
    assert xp.astype(a, xp.float32, copy=False).array is a.array
    with pytest.raises(DtypeError, match="complex"):
        xp.astype(xp.asarray([1j]), xp.float32)
    assert xp.astype(xp.asarray([1j, 0j]), xp.bool).tolist() == [True, False]


def test_reshape_copies_as_it_is_told():
    a = xp.reshape(xp.arange(6), (2, 3))
    flat = xp.reshape(a, (6,), copy=False)
    flat[0] = 9
    assert a[0, 0].tolist() == 9
    apart = xp.reshape(a, (6,), copy=True)
    apart[0] = 1
    assert a[0, 0].tolist() == 9
    with pytest.raises(ValueError, match="copy=False"):
        xp.reshape(a.T, (6,), copy=False)


def test_broadcast_shapes_knows_unknown_sizes():
    assert xp.broadcast_shapes() == ()
    assert xp.broadcast_shapes((5, 1), (1, 3), (3,)) == (5, 3)
    assert xp.broadcast_shapes((None, 3), (1,)) == (None, 3)
    assert xp.broadcast_shapes((None,), (1,)) == (None,)
    assert xp.broadcast_shapes((0,), (1,)) == (0,)
    with pytest.raises(ShapeError, match="do not broadcast"):
        xp.broadcast_shapes((2,), (3,))
    with pytest.raises(ShapeError, match="do not broadcast"):
        xp.broadcast_shapes((2,), (None,), (3,))


# --- what bad input gets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: xp.sum(xp.ones(2), axis=1), IndexError, "sum: axis 1 is out of range"),
        (lambda: xp.sum(xp.ones(2), axis=(0, 0)), ShapeError, "twice"),
        (lambda: xp.squeeze(xp.ones((2, 1)), 0), ValueError, "size 2, not 1"),
        (lambda: xp.nonzero(xp.asarray(1)), ShapeError, "0-d"),
        (lambda: xp.concat([]), ShapeError, "no arrays"),
        (lambda: xp.concat([xp.ones(2), xp.ones((1, 2))]), ShapeError, "number of dims"),
        (lambda: xp.stack([]), ShapeError, "no arrays"),
        (lambda: xp.expand_dims(xp.ones(2), 3), IndexError, "axis 3"),
        (lambda: xp.expand_dims(xp.ones(2), (0, 0)), ShapeError, "twice"),
        (lambda: xp.take(xp.ones((2, 2)), xp.asarray([0])), ShapeError, "1 dim only"),
        (lambda: xp.cumulative_sum(xp.ones((2, 2))), ShapeError, "1 dim only"),
        (lambda: xp.max(xp.asarray([1j])), DtypeError, "max"),
        (lambda: xp.sort(xp.asarray([1j])), DtypeError, "sort: expected a dtype that is real"),
        (lambda: xp.argmax(xp.asarray([1j])), DtypeError, "argmax"),
        (lambda: xp.linalg.inv(xp.ones(3)), ShapeError, "linalg.inv: expected at least 2 dims"),
        (lambda: xp.linalg.det(xp.asarray([[1, 2], [3, 4]])), DtypeError, "linalg.det"),
        (lambda: xp.linalg.qr(xp.ones((2, 2)), mode="raw"), ValueError, "mode"),
        (lambda: xp.linalg.cross(xp.ones(2), xp.ones(2)), ShapeError, "size 3"),
        (lambda: xp.vecdot(xp.ones(2), xp.ones(3)), ShapeError, "same size"),
        (lambda: xp.vecdot(xp.ones((2, 2)), xp.ones(2), axis=-2), IndexError, "axis -2"),
        (lambda: xp.tensordot(xp.ones((2, 1)), xp.ones((3, 2)), axes=1), ShapeError, "same size"),
        (lambda: xp.matrix_transpose(xp.ones(2)), ShapeError, "2 dims"),
        (lambda: xp.diff(xp.ones(2), -1), ValueError, "negative"),
        (lambda: xp.zeros("a"), TypeError, "zeros: shape must be an int"),
        (lambda: xp.sin([1.0]), TypeError, "sin"),
        (lambda: xp.sum([1.0]), TypeError, "sum: expected an array"),
        (lambda: xp.bitwise_and(xp.ones(2), xp.ones(2)), DtypeError, "integer or boolean"),
        (lambda: xp.asarray([1.0]) < 1j, DtypeError, "real"),
        (lambda: xp.asarray("text"), TypeError, "of str"),
        (lambda: xp.ones(2).to_device("tpu"), DeviceError, "tpu"),
        (lambda: xp.ones(2).to_device("cpu", stream=3), TypeError, "stream"),
        (lambda: xp.result_type(), TypeError, "at least one"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence(call, error, words):
    with pytest.raises(error, match=words):
        call()


# --- devices ----------------------------------------------------------------------------------------------------------


def test_arrays_go_to_devices_and_gradients_come_back():
    with doubles.installed():
        t = gt.ones(2, requires_grad=True)
        a = xp.asarray(t).to_device("cuda:1")
        assert type(a) is xp.Array
        assert str(a.device) == "cuda:1"
        assert type(t.to_device("cuda:0")) is gt.Tensor
        assert [str(d) for d in xp.__array_namespace_info__().devices()] == ["cpu", "cuda:0", "cuda:1"]
        xp.sum(a * 3).backward()
        assert t.grad.tolist() == [3.0, 3.0]
        assert a.to_device(a.device).array is a.array
        assert str(xp.asarray([1.0], device="cuda:0").device) == "cuda:0"
        with gt.cuda.stream(gt.cuda.Stream("cuda:0")) as stream:
            assert str(xp.ones(2).to_device("cuda:0", stream=stream).device) == "cuda:0"
        with pytest.raises(DeviceError):
            a + xp.ones(2, device="cuda:0")


def test_functions_of_numpy_give_arrays_that_keep_the_graph():
    leaf = gt.tensor([1.0, 2.0], requires_grad=True)
    x = xp.asarray(leaf)
    results = [np.sin(x), np.ones(2) + x, np.concatenate([x, x]), np.mean(x), *np.split(x, 2)]
    assert all(type(result) is xp.Array for result in results)
    np.sum(np.concatenate([x, 3 * x])).backward()
    assert leaf.grad.tolist() == [4.0, 4.0]
    assert type(np.linalg.svd(xp.eye(2)).S) is xp.Array
    out = xp.zeros(2)
    assert np.negative(xp.ones(2), out=out) is out
    assert out.tolist() == [-1.0, -1.0]
