"""What NumPy asks a tensor: operators of arrays and scalars, out=, where=, arrays of tensors, refusals."""

import subprocess
import sys

import ml_dtypes
import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import DtypeError, GradError, ImplicitTransferError


def test_operators_of_arrays_give_tensors_with_a_graph():
    t = gt.tensor([1.0, 2.0], dtype=gt.float64, requires_grad=True)
    a = np.array([3.0, 5.0])
    for result, expected in (
        (t + a, [4.0, 7.0]),
        (a + t, [4.0, 7.0]),
        (a - t, [2.0, 3.0]),
        (a * t, [3.0, 10.0]),
        (a / t, [3.0, 2.5]),
        (a // t, [3.0, 2.0]),
        (a % t, [0.0, 1.0]),
        (a**t, [3.0, 25.0]),
    ):
        assert type(result) is gt.Tensor
        assert result.requires_grad
        assert result.tolist() == expected
    assert (a @ t).item() == 13.0
    assert (np.ones((2, 2)) @ t).tolist() == [3.0, 3.0]
    (a @ t).backward()
    assert t.grad.tolist() == [3.0, 5.0]
    for result in (a < t, a == t, a >= t):
        assert result.dtype is gt.bool
    quotient, rest = divmod(a, t)
    assert quotient.tolist() == [3.0, 2.0]
    assert rest.tolist() == [0.0, 1.0]


def test_a_tensor_is_written_by_an_array_in_place():
    t = gt.ones(2)
    kept = t
    t += np.array([1.0, 2.0], np.float32)
    assert t is kept
    assert t.tolist() == [2.0, 3.0]


def test_an_array_is_written_by_a_tensor_in_place_and_stays_an_array():
    a = np.zeros(2)
    kept = a
    a += gt.tensor([1.0, 2.0])
    assert a is kept
    assert a.tolist() == [1.0, 2.0]
    a[:] = gt.tensor([7.0, 8.0])
    assert a.tolist() == [7.0, 8.0]
    with pytest.raises(GradError, match=r"add: .*detach\(\).*a = a \+ t"):
        a += gt.ones(2, requires_grad=True)
    whole = np.zeros(2, np.int64)
    with pytest.raises(DtypeError, match="add: the result is float32"):
        whole += gt.ones(2)
    with pytest.raises(ValueError, match="broadcast"):
        a += gt.ones(3, 2)
    assert a.tolist() == [7.0, 8.0]


def test_an_array_is_multiplied_by_a_matrix_in_place():
    a = np.arange(4.0).reshape(2, 2)
    kept, expected = a, a @ np.array([[1.0, 2.0], [3.0, 4.0]])
    a @= gt.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert a is kept
    assert a.tolist() == expected.tolist()
    v = np.array([1.0, 2.0])
    v @= gt.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert v.tolist() == [7.0, 10.0]
    with pytest.raises(ValueError, match="axes"):  # NumPy, too, refuses a vector on the right
        a @= gt.ones(2)


def test_where_says_which_elements_of_out_are_written():
    x, mask = gt.tensor([1.0, 4.0, 9.0]), [True, False, True]
    out = gt.full((3,), -1.0)
    assert np.sqrt(x, out=out, where=gt.tensor(mask)) is out
    assert out.tolist() == [1.0, -1.0, 3.0]
    array = np.full(3, -1.0)
    for where in (gt.tensor(mask), np.array(mask), mask):
        assert np.add(x, 1, out=array, where=where) is array
        assert array.tolist() == [2.0, -1.0, 10.0]
    leaf = gt.ones(3, requires_grad=True)
    held = leaf * 2
    np.multiply(leaf, 5.0, out=held, where=mask)
    held.sum().backward()
    assert leaf.grad.tolist() == [5.0, 2.0, 5.0]


def test_a_mean_of_some_16_bit_floats_does_not_overflow():
    x = gt.full((4,), 60000.0, dtype=gt.float16)
    mean = np.mean(x, where=[True, True, True, False])
    assert mean.dtype is gt.float16
    assert mean.item() == x[0].item()


def test_masked_arrays_keep_their_masks():
    m, t = np.ma.array([1.0, 2.0], mask=[False, True]), gt.tensor([3.0, 5.0])
    for result, expected in (
        (t + m, 4.0), (t - m, 2.0), (t * m, 3.0), (t / m, 3.0), (t**m, 3.0), (t // m, 3.0), (t % m, 0.0),
        (m + t, 4.0), (np.add(t, m), 4.0), (np.multiply(m, t), 3.0), (t > m, True), (t == m, False),
    ):  # fmt: skip
        assert isinstance(result, np.ma.MaskedArray)
        assert result.tolist() == [expected, None]
    with pytest.raises(GradError, match="detach"):
        gt.ones(2, requires_grad=True) * m
    for refused in (lambda: t.add_(m), lambda: gt.add(t, m), lambda: np.add(t, m, out=t), lambda: t.clamp(m, m)):
        with pytest.raises(TypeError, match=r"MaskedArray|mask"):
            refused()
    assert t.tolist() == [3.0, 5.0]


def test_dtypes_have_numpys_names_in_numpys_functions():
    x = gt.ones(3)
    assert np.mean(x, dtype="f2").dtype is gt.float16
    assert np.sum(x, dtype="f8").dtype is gt.float64
    assert np.add(x, 1, dtype="float").dtype is gt.float64
    assert np.zeros_like(x, dtype="int").dtype is gt.int64
    assert np.concatenate([x, x], dtype="<f8").dtype is gt.float64
    assert x.astype("float").dtype is gt.float64
    assert x.to(dtype="float").dtype is gt.float32  # PyTorch's name
    assert gt.zeros(1, dtype="f8").dtype is gt.float64
    for unknown in ("f3", "f4,i8", "f4,,(", ">f8", "S4", "tensor"):
        with pytest.raises(DtypeError, match="is not a dtype; known are bool"):
            gt.zeros(1, dtype=unknown)


def test_numpys_scalars_count_as_numbers():
    t = gt.ones(2, requires_grad=True)
    for scalar in (np.float64(2.0), np.float32(2.0), np.int64(2), np.int8(2)):
        for result in (scalar * t, t * scalar, np.multiply(scalar, t), np.multiply(t, scalar)):
            assert type(result) is gt.Tensor
            assert result.dtype is gt.float32
            assert result.requires_grad
            assert result.tolist() == [2.0, 2.0]
    assert (np.float64(0.5) + gt.tensor([1, 2])).dtype is gt.float32
    assert (np.float64(0.1) * gt.ones(1, dtype=gt.float16)).dtype is gt.float16
    assert np.maximum(gt.ones(2), np.float64(3.0)).dtype is gt.float32
    assert (np.float64(1.0) < gt.ones(2) * 2).tolist() == [True, True]
    assert bool((np.bool_(True) & gt.tensor([True])).item())


@pytest.mark.parametrize("number", [np.longdouble(2), np.clongdouble(2), ml_dtypes.bfloat16(2)])
@pytest.mark.parametrize("make", [gt.tensor, gt.array_api.asarray])
def test_numpys_scalars_of_which_item_makes_no_python_number_count_as_numbers(number, make):
    t = make([1.0, 3.0])
    for got in (number * t, t * number, np.multiply(number, t)):
        assert isinstance(got, type(t))
        assert got.tolist() == [2.0, 6.0]
        assert got.dtype is (gt.complex64 if np.iscomplexobj(number) else gt.float32)


@pytest.mark.parametrize("word", [np.datetime64("2020-01-01"), np.timedelta64(1, "D"), np.str_("1"), np.bytes_(b"1")])
def test_dates_and_words_are_no_numbers(word):
    t = gt.ones(2)
    for call in (
        lambda: t + word,
        # bytes are joined with whatever has a buffer, as tensors have from Python 3.12 on
        lambda: t + word if isinstance(word, bytes) else word + t,
        lambda: np.add(t, word),
        lambda: gt.add(t, word),
        lambda: gt.array_api.asarray(t) * word,
        lambda: gt.full((2,), word),
        lambda: t.__setitem__(0, word),
    ):
        with pytest.raises(TypeError):
            call()
    assert t.tolist() == [1.0, 1.0]


def test_an_array_is_written_at_places_that_tensors_name():
    a = np.zeros(3)
    np.add.at(a, gt.tensor([0, 0]), gt.tensor([1.0, 2.0]))
    np.multiply.at(a, (gt.tensor([0, 0]),), 2.0)
    assert a.tolist() == [12.0, 0.0, 0.0]
    with pytest.raises(GradError, match="detach"):
        np.add.at(a, [0], gt.ones(1, requires_grad=True))


def test_dtypes_promote_as_tensors_do():
    f32, f64, i64 = gt.ones(2), np.ones(2), np.ones(2, np.int64)
    assert (f32 + f64).dtype is gt.float64
    assert (f32 + i64).dtype is gt.float32  # NumPy: float64
    assert np.add(f32, np.array(1.0)).dtype is gt.float32  # a 0-d array weighs less
    assert np.mean(gt.tensor([1, 2])).dtype is gt.float32  # NumPy: float64
    assert np.sin(gt.tensor([1, 2])).dtype is gt.float32
    assert np.sum(gt.tensor([1, 2], dtype=gt.int8)).dtype is gt.int64
    assert np.concatenate([f32, f64]).dtype is gt.float64
    assert np.where(f32 > 0, f32, 0.0).dtype is gt.float32
    assert np.hypot(gt.tensor([3], dtype=gt.bfloat16), 4.0).dtype is gt.bfloat16
    assert np.add(gt.ones(2), [1.0, 2.0]).dtype is gt.float32
    assert np.result_type(f32, i64) == np.float32


def test_out_takes_tensors_and_arrays():
    x = gt.tensor([4.0, 9.0])
    out = gt.zeros(2)
    assert np.sqrt(x, out=out) is out
    assert out.tolist() == [2.0, 3.0]
    array = np.zeros(2)
    assert np.add(x, 1, out=array) is array
    assert array.tolist() == [5.0, 10.0]
    total = gt.zeros(())
    assert np.sum(x, out=total) is total
    assert np.add(array, array, out=out).tolist() == [10.0, 20.0]
    parts = (gt.zeros(2), gt.zeros(2))
    assert np.modf(gt.tensor([1.5, -2.25]), out=parts)[0].tolist() == [0.5, -0.25]
    leaf = gt.ones(2, requires_grad=True)
    held = leaf * 1
    np.multiply(leaf, 3.0, out=held)  # a write is recorded
    held.sum().backward()
    assert leaf.grad.tolist() == [3.0, 3.0]
    with pytest.raises(DtypeError, match="sqrt: the result is float32"):
        np.sqrt(x, out=gt.zeros(2, dtype=gt.int32))
    with pytest.raises(ValueError, match="shape"):
        np.add(x, 1, out=gt.zeros(3))


def test_numpy_takes_our_dtypes():
    for d in gt.core.dtypes.ALL:
        assert np.dtype(d) == d.numpy
    assert np.zeros(2, dtype=gt.float32).dtype == np.float32
    assert np.arange(3).astype(gt.int8).dtype == np.int8
    assert np.asarray(gt.ones(2), dtype=gt.float64).dtype == np.float64


def test_dtypes_have_numpys_letter_for_their_category():
    for d in (gt.bool, gt.uint8, gt.int64, gt.float16, gt.float64, gt.complex64):
        assert d.kind == d.numpy.kind
    assert gt.bfloat16.kind == "f"


def test_dtype_casts_the_operands():
    x = gt.tensor([1, 2], dtype=gt.int8)
    assert np.add(x, 100, dtype=np.int64).tolist() == [101, 102]
    assert np.sin(gt.ones(2), dtype=np.float64).dtype is gt.float64
    assert np.sum(gt.ones(2), dtype=np.float64).dtype is gt.float64
    assert np.equal(x, 1, dtype=bool).tolist() == [True, False]
    with pytest.raises(DtypeError, match="add: an operand is"):
        np.add(gt.ones(2), 1, dtype=np.int64)


def test_what_has_no_meaning_is_refused_in_a_sentence():
    x = gt.ones(2, 3)
    with pytest.raises(TypeError, match=r"add: where= without out=.*numpy\.where"):
        np.add(x, 1, where=np.array([True, False, True]))
    with pytest.raises(TypeError, match=r"sum: where= must be booleans, got gputensor\.int64"):
        np.sum(x, where=[1, 0, 1])
    with pytest.raises(ValueError, match=r"sum: where= has shape \(2,\), which does not broadcast to \(2, 3\)"):
        np.sum(x, where=[True, False])
    with pytest.raises(ValueError, match=r"max: where= needs a number.*initial="):
        np.max(x, where=[True, False, True])
    with pytest.raises(ValueError, match=r"subtract\.reduce: where= needs a neutral number"):
        np.subtract.reduce(x, where=[True, False, True])
    with pytest.raises(IndexError, match=r"add\.reduceat: the indices must lie between 0 and 1"):
        np.add.reduceat(x, [0, 2])
    with pytest.raises(TypeError, match=r"isnat: .*\.detach\(\)\.numpy\(\)"):
        np.isnat(x)
    with pytest.raises(TypeError, match=r"numpy\.roots is not supported.*\.detach\(\)\.numpy\(\)"):
        np.roots(gt.ones(3))
    with pytest.raises(TypeError, match=r"multiply\.at is not supported"):
        np.multiply.at(x, 0, 1.0)
    with pytest.raises(ValueError, match=r"matmul: axes must name \[2, 2, 2\] dims"):
        np.matmul(x, x.T, axes=[(0, 1), (0,), (0, 1)])
    with pytest.raises(np.exceptions.AxisError, match=r"matmul: axes name dim 0 twice"):
        np.matmul(x, x.T, axes=[(0, 0), (0, 1), (0, 1)])
    with pytest.raises(ValueError, match=r"subtract\.reduce: the order of elements matters"):
        np.subtract.reduce(x, axis=(0, 1))
    with pytest.raises(np.exceptions.AxisError, match="sum: axis 5 is out of range for 2 dims"):
        np.sum(x, axis=5)
    with pytest.raises(ValueError, match=r"quantile: method 'hazen'"):
        np.quantile(x, 0.5, method="hazen")
    with pytest.raises(TypeError, match=r"histogram: the rule bins='auto'"):
        np.histogram(x, bins="auto")
    with pytest.raises(ValueError, match=r"split: 3 elements do not divide into 2"):
        np.split(x, 2, axis=1)
    with pytest.raises(ValueError, match=r"squeeze: dim 0 of \(2, 3\)"):
        np.squeeze(x, 0)
    with pytest.raises(TypeError, match=r"copyto: what is written is a ndarray"):
        np.copyto(np.zeros(3), x, where=[True, False, True])


def test_other_classes_are_asked_too():
    class Other:
        __array_ufunc__ = None

        def __radd__(self, x):
            return "asked"

    class Third:
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            return "ufunc"

        def __array_function__(self, func, types, args, kwargs):
            return "function"

    assert gt.ones(2) + Other() == "asked"
    assert np.add(gt.ones(2), Third()) == "ufunc"
    assert np.concatenate([gt.ones(2), Third()]) == "function"


def test_scipys_universal_functions_come_through_the_same_door():
    special = pytest.importorskip("scipy.special")
    from gputensor.interop.numpy_door.ufuncs import SPECIAL

    x = gt.tensor([0.3, 0.6], dtype=gt.float64, requires_grad=True)
    for name in SPECIAL:
        function = getattr(special, name)
        operands = (x,) * function.nin
        expected = function(*[t.detach().numpy() for t in operands])
        np.testing.assert_allclose(function(*operands).detach().numpy(), expected, rtol=1e-9)
    special.erf(x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 / np.sqrt(np.pi) * np.exp(-(x.detach().numpy() ** 2)))
    with pytest.raises(TypeError, match="not supported for tensors"):
        special.ellipk(x)


def test_numpys_functions_work_inside_vmap_and_grad():
    x = gt.arange(6.0).reshape(2, 3)
    assert gt.vmap(lambda row: np.sum(np.sin(row)))(x).allclose(gt.sin(x).sum(1))
    assert gt.func.grad(lambda v: np.linalg.norm(v))(gt.tensor([3.0, 4.0])).allclose(gt.tensor([0.6, 0.8]))


def test_conversion_to_arrays_shares_or_copies():
    t = gt.arange(3.0)
    a = np.asarray(t)
    assert np.shares_memory(a, t.numpy())
    assert np.asarray(t, copy=False) is not None
    assert not np.shares_memory(np.array(t), t.numpy())
    assert not np.shares_memory(np.asarray(t, copy=True), t.numpy())
    assert np.asarray(t, dtype=np.float64).dtype == np.float64
    with pytest.raises(ValueError, match="copy"):
        np.asarray(t, dtype=np.float64, copy=False)
    with pytest.raises(ValueError, match=r"numpy\.asarray: float32 as float64 needs a copy"):
        t.__array__(np.float64, copy=False)
    assert t.__array__(copy=True) is not t.array
    assert np.asarray(gt.ones(2, dtype=gt.bfloat16)).dtype == ml_dtypes.bfloat16
    assert np.asarray(gt.tensor(2.0)).shape == ()
    assert np.asarray(gt.arange(4)[::-1]).tolist() == [3, 2, 1, 0]
    assert np.array([gt.tensor(1.0), gt.tensor(2.0)]).tolist() == [1.0, 2.0]
    with pytest.raises(GradError, match=r"numpy\.asarray: .*detach\(\)"):
        np.asarray(gt.ones(2, requires_grad=True))


def test_a_cuda_tensor_is_never_converted_silently(gpus):
    t = gt.arange(3.0).cuda()
    for convert in (np.asarray, np.array, lambda x: x.tobytes(), lambda x: x.numpy()):
        with pytest.raises(ImplicitTransferError, match=r"\.cpu\(\)"):
            convert(t)
    assert not hasattr(t, "__array_interface__")
    assert issubclass(ImplicitTransferError, TypeError)
    with pytest.raises(Exception, match="cuda:0"):
        t + np.ones(3)
    with pytest.raises(Exception, match="cuda:0"):
        np.ones(3) + t
    with pytest.raises(ImplicitTransferError, match=r"add: .*cuda:0"):
        np.add(t, t, out=np.zeros(3))
    for result in (np.sin(t), np.concatenate([t, [1.0]]), np.add(t, 2), np.where(t > 1, t, 0.0), np.zeros(2, like=t)):
        assert result.is_cuda
    assert np.sum(t).item() == 3.0


def test_a_gpus_interface_is_on_cuda_tensors_alone(gpus):
    assert not hasattr(gt.ones(2), "__cuda_array_interface__")
    with pytest.raises(AttributeError, match="on the CPU"):
        gt.ones(2).__cuda_array_interface__  # noqa: B018
    t = gt.arange(6.0).reshape(2, 3).cuda()
    interface = t.T.__cuda_array_interface__
    assert interface["shape"] == (3, 2)
    assert interface["typestr"] == "<f4"
    assert interface["data"][0] == t.data_ptr()
    assert interface["version"] == 3
    with pytest.raises(GradError, match="detach"):
        t.clone().requires_grad_().__cuda_array_interface__  # noqa: B018
    assert not hasattr(t.bfloat16(), "__cuda_array_interface__")


def test_the_array_interface_shows_the_memory():
    t = gt.arange(6).reshape(2, 3)
    interface = t.__array_interface__
    assert interface["data"][0] == t.data_ptr()
    assert interface["shape"] == (2, 3)
    assert not hasattr(gt.ones(2, requires_grad=True), "__array_interface__")
    assert not hasattr(gt.ones(2, dtype=gt.bfloat16), "__array_interface__")
    assert t.tobytes() == t.numpy().tobytes()
    with pytest.raises(GradError, match="detach"):
        gt.ones(2, requires_grad=True).tobytes()


@pytest.mark.skipif(sys.version_info < (3, 12), reason="classes have buffers from Python 3.12 on")
def test_a_tensor_is_a_buffer():
    t = gt.arange(6, dtype=gt.int16).reshape(2, 3)
    view = memoryview(t)
    assert (view.shape, view.strides, view.format, view.readonly) == ((2, 3), (6, 2), "h", False)
    view[1, 2] = 99
    assert t[1, 2].item() == 99
    assert bytes(t) == t.numpy().tobytes()
    assert memoryview(t[:, ::-1]).strides == (6, -2)
    assert memoryview(gt.tensor(True)).tolist() is True
    assert memoryview(gt.zeros(0, 3)).nbytes == 0
    frozen = np.arange(3.0)
    frozen.flags.writeable = False
    assert memoryview(gt.from_numpy(frozen)).readonly
    for refused, word in (
        (gt.ones(2, requires_grad=True), "detach"),
        (gt.ones(2, dtype=gt.bfloat16), "bfloat16"),
    ):
        with pytest.raises(BufferError, match=word):
            memoryview(refused)
    with pytest.raises(GradError):
        np.asarray(gt.ones(2, requires_grad=True))


@pytest.mark.skipif(sys.version_info < (3, 12), reason="classes have buffers from Python 3.12 on")
def test_a_cuda_tensor_is_no_buffer(gpus):
    with pytest.raises(BufferError, match=r"\.cpu\(\)"):
        memoryview(gt.ones(2).cuda())


def test_files_and_texts_of_numpy_take_tensors(tmp_path):
    t = gt.tensor([[1.5, 2.0]], requires_grad=True)
    np.save(tmp_path / "a.npy", t)
    assert np.load(tmp_path / "a.npy").tolist() == [[1.5, 2.0]]
    np.savez(tmp_path / "b.npz", t, named=t)
    np.savez_compressed(tmp_path / "c.npz", t)
    with np.load(tmp_path / "b.npz") as found:
        assert sorted(found) == ["arr_0", "named"]
    np.savetxt(tmp_path / "d.txt", t, fmt="%g")
    assert (tmp_path / "d.txt").read_text() == "1.5 2\n"


def test_the_tables_are_loaded_on_first_use():
    code = (
        "import sys, gputensor as gt; assert not [m for m in sys.modules if m.startswith('gputensor.interop')];"
        "import numpy as np; np.sin(gt.ones(1)); assert 'gputensor.interop.numpy_door.ufuncs' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_astype_is_numpys_name_for_another_dtype():
    x = gt.tensor([1.5, 2.5], requires_grad=True)
    wide = x.astype(np.float64)
    assert wide.dtype is gt.float64
    wide.sum().backward()
    assert x.grad.tolist() == [1.0, 1.0]
    assert x.astype("float32") is not x
    assert x.astype(gt.float32, copy=False) is x


def test_ways_to_shuffle_keep_every_row():
    t = gt.arange(12.0).reshape(6, 2)
    everything = set(map(tuple, t.tolist()))
    rng = np.random.default_rng(0)
    with pytest.warns(UserWarning, match="duplicates after shuffling"):  # the trap that the page on NumPy names
        rng.shuffle(t.clone())
    for shuffled in (t[gt.randperm(len(t))], rng.permutation(t)):
        assert set(map(tuple, shuffled.tolist())) == everything
    rng.shuffle(t.numpy())
    assert t[0, 0].item() != 0.0
    assert set(map(tuple, t.tolist())) == everything


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_a_matrix_beside_a_tensor_is_an_array():
    m, t = np.matrix([[1.0, 2.0], [3.0, 4.0]]), gt.tensor([[1.0, 2.0], [0.0, 1.0]], requires_grad=True)
    for product in (m * t, t * m, np.multiply(m, t)):
        assert product.tolist() == [[1.0, 4.0], [0.0, 4.0]]
        assert product.requires_grad
    assert (m @ t).tolist() == [[1.0, 4.0], [3.0, 10.0]]
    assert (t @ m).tolist() == [[7.0, 10.0], [3.0, 4.0]]
