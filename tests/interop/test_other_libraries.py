"""Libraries that know nothing of tensors: opt_einsum, jaxtyping, pandas, matplotlib, tqdm, PIL."""

import numpy as np
import pytest

import gputensor as gt
from gputensor.errors import GradError


def test_opt_einsum_contracts_tensors():
    opt_einsum = pytest.importorskip("opt_einsum")
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=s) for s in ((2, 3), (3, 4), (4, 5), (5,))]
    tensors = [gt.tensor(a, requires_grad=True) for a in arrays]
    for equation in ("ij,jk,kl,l->i", "ij,jk,kl,l->", "ij,jk,kl,l->lkji"):
        out = opt_einsum.contract(equation, *tensors)
        np.testing.assert_allclose(out.detach().numpy(), opt_einsum.contract(equation, *arrays), rtol=1e-12)
    out.sum().backward()
    assert all(t.grad is not None for t in tensors)
    expression = opt_einsum.contract_expression("ij,jk->ki", (2, 3), (3, 4))
    assert expression(*tensors[:2]).equal((tensors[0] @ tensors[1]).T)
    fixed = opt_einsum.contract_expression("ij,jk->ik", tensors[0].detach(), (3, 4), constants=[0])
    assert fixed(tensors[1], backend="gputensor").allclose(tensors[0] @ tensors[1])
    for operands in ((arrays[0], tensors[1]), (tensors[0], arrays[1]), (tensors[0], arrays[1], arrays[2])):
        for equation in ("ij,jk->ki", "ij,jk->", "ij,jk->ijk"):
            equation = equation.replace("->", ",kl->") if len(operands) == 3 else equation
            out = opt_einsum.contract(equation, *operands)
            assert isinstance(out, gt.Tensor)
            assert out.requires_grad
            expected = opt_einsum.contract(equation, *arrays[: len(operands)])
            np.testing.assert_allclose(out.detach().numpy(), expected, rtol=1e-12)
    assert gt.transpose(tensors[0], axes=(1, 0)).equal(tensors[0].T)
    assert gt.tensordot(tensors[0], tensors[1], axes=((1,), (0,))).allclose(tensors[0] @ tensors[1])
    with pytest.raises(TypeError, match="two dims"):
        gt.transpose(tensors[0])
    with pytest.raises(TypeError, match="two dims"):
        gt.transpose(tensors[0], 0)


def test_sums_of_products_take_arrays_beside_tensors():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    t = gt.tensor(b, requires_grad=True)
    for out in (
        gt.einsum("ij,jk->ik", a, t),
        gt.einsum("jk,ij->ik", t, a),
        gt.tensordot(a, t, 1),
        gt.tensordot(t, a, axes=((0,), (1,))).T,
        gt.einsum("ij,jk,kl->il", a, b, gt.eye(4, requires_grad=True)),
    ):
        assert out.requires_grad
        np.testing.assert_array_equal(out.detach().numpy(), a @ b)
    assert gt.einsum("ij,jk->ik", a, b).dtype is gt.float64  # the first two of three, alone
    with pytest.raises(TypeError, match="einsum: operand 1 must be a Tensor, got list"):
        gt.einsum("i,i->", t[0], [1.0])
    with pytest.raises(TypeError, match=r"tensordot: expected a Tensor, got MaskedArray"):
        gt.tensordot(t, np.ma.array(a, mask=a > 1), 1)


def test_jaxtyping_checks_shapes_and_dtypes():
    jaxtyping = pytest.importorskip("jaxtyping")
    Matrix, Batch = jaxtyping.Float[gt.Tensor, "3 4"], jaxtyping.Float32[gt.Tensor, "batch *rest"]
    assert isinstance(gt.zeros(3, 4), Matrix)
    assert isinstance(gt.zeros(2, 3, 4), Batch)
    assert not isinstance(gt.zeros(3, 5), Matrix)
    assert not isinstance(gt.zeros(2, dtype=gt.float64), Batch)
    for annotation, dtype in (
        (jaxtyping.Int, gt.int64),
        (jaxtyping.Bool, gt.bool),
        (jaxtyping.UInt8, gt.uint8),
        (jaxtyping.BFloat16, gt.bfloat16),
        (jaxtyping.Complex, gt.complex64),
    ):
        assert isinstance(gt.zeros(2, dtype=dtype), annotation[gt.Tensor, "2"])
    assert not isinstance(gt.zeros(2), jaxtyping.Int[gt.Tensor, "2"])
    assert not isinstance(np.zeros((3, 4)), Matrix)


def test_pandas_makes_tables_of_tensors_and_tensors_of_tables():
    pandas = pytest.importorskip("pandas")
    t = gt.tensor([[1.0, 2.0], [3.0, 4.0]])
    frame = pandas.DataFrame(t, columns=["a", "b"])
    assert frame["b"].tolist() == [2.0, 4.0]
    assert frame.dtypes.tolist() == [np.dtype(np.float32)] * 2
    series = pandas.Series(gt.arange(3))
    assert series.tolist() == [0, 1, 2]
    assert pandas.DataFrame({"x": gt.arange(3)})["x"].tolist() == [0, 1, 2]
    assert gt.tensor(frame).equal(t)
    assert gt.tensor(series).tolist() == [0, 1, 2]
    assert gt.as_tensor(frame["a"]).tolist() == [1.0, 3.0]
    out = gt.asarray(series)
    out += 1  # what pandas marks as read-only is copied
    assert series.tolist() == [0, 1, 2]
    assert (series + gt.tensor([10, 20, 30])).tolist() == [10, 21, 32]
    assert (gt.tensor([10, 20, 30]) + series).tolist() == [10, 21, 32]
    with pytest.raises(GradError, match="detach"):
        pandas.Series(gt.ones(2, requires_grad=True))


@pytest.fixture
def axes():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, ax = pyplot.subplots()
    yield ax
    figure.canvas.draw()
    pyplot.close(figure)


def test_matplotlib_draws_lines(axes):
    x, y = gt.linspace(0, 1, 5), gt.linspace(0, 1, 5) ** 2
    (line,) = axes.plot(x, y)
    np.testing.assert_array_equal(line.get_xdata(), x.numpy())
    np.testing.assert_array_equal(line.get_ydata(), y.numpy())
    (line,) = axes.plot(y)
    np.testing.assert_array_equal(line.get_ydata(), y.numpy())
    assert len(axes.plot(gt.ones(4, 3))) == 3
    axes.fill_between(x, y, y + 1)
    axes.errorbar(x, y, yerr=gt.full((5,), 0.1))
    axes.axhline(gt.tensor(0.5))
    axes.set_xlim(gt.tensor(0.0), gt.tensor(2.0))
    assert axes.get_xlim() == (0.0, 2.0)


def test_matplotlib_draws_points_pictures_and_histograms(axes):
    x = gt.tensor([0.0, 1.0, 2.0])
    points = axes.scatter(x, x * 2, c=x, s=x * 10 + 1)
    np.testing.assert_array_equal(points.get_offsets(), [[0, 0], [1, 2], [2, 4]])
    picture = axes.imshow(gt.arange(12.0).reshape(3, 4))
    assert picture.get_array().shape == (3, 4)
    axes.imshow(gt.zeros(3, 4, 3, dtype=gt.uint8))
    counts, edges, _ = axes.hist(gt.tensor([0.0, 0.1, 0.9, 1.0]), bins=2)
    assert np.asarray(counts).tolist() == [2.0, 2.0]
    np.testing.assert_allclose(np.asarray(edges), [0.0, 0.5, 1.0])
    axes.bar(gt.arange(3), gt.tensor([1.0, 2.0, 3.0]))
    axes.contour(gt.arange(12.0).reshape(3, 4))
    axes.boxplot(gt.arange(10.0))
    axes.pcolormesh(gt.arange(12.0).reshape(3, 4))


def test_matplotlib_draws_surfaces(axes):
    pytest.importorskip("mpl_toolkits.mplot3d")
    pytest.importorskip("matplotlib", "3.11", reason="older ones ask what they plot for its size, a method here")
    space = axes.figure.add_subplot(projection="3d")
    x, y = gt.meshgrid(gt.arange(10.0), gt.arange(10.0), indexing="ij")
    space.plot_surface(x, y, x * y)
    assert space.zz_dataLim.intervalx.tolist() == [0.0, 81.0]
    space.plot_wireframe(x, y, x * y)


@pytest.mark.parametrize("t", [gt.zeros(2, 3), gt.zeros(4, 3, dtype=gt.int16).T[::2], gt.zeros(()), gt.zeros(3)[::-1]])
def test_strides_are_the_arrays(t):
    assert t.strides == t.numpy().strides
    assert type(t.strides) is tuple


def test_matplotlib_is_told_to_detach(axes):
    with pytest.raises(GradError, match="detach"):
        axes.plot(gt.ones(3, requires_grad=True))


def test_tqdm_counts_the_rows_of_a_tensor():
    tqdm = pytest.importorskip("tqdm")
    import io

    text = io.StringIO()
    rows = list(tqdm.tqdm(gt.arange(6).reshape(3, 2), file=text))
    assert [row.tolist() for row in rows] == [[0, 1], [2, 3], [4, 5]]
    assert "3/3" in text.getvalue()


@pytest.mark.parametrize(("mode", "shape"), [("L", (4, 6)), ("RGB", (4, 6, 3)), ("RGBA", (4, 6, 4))])
def test_pictures_come_and_go(mode, shape):
    Image = pytest.importorskip("PIL.Image")
    t = gt.arange(int(np.prod(shape)), dtype=gt.uint8).reshape(shape)
    picture = Image.fromarray(t)
    assert (picture.mode, picture.size) == (mode, (6, 4))
    assert np.array_equal(np.asarray(picture), t.numpy())
    for make in (gt.tensor, gt.asarray, gt.as_tensor):
        back = make(picture)
        assert back.dtype is gt.uint8
        assert back.equal(t)
        back.zero_()  # its own memory
    assert np.array_equal(np.asarray(picture), t.numpy())
    assert Image.fromarray(t.movedim(0, 1)).size == (4, 6)
    assert gt.tensor([picture, picture]).shape == (2, *shape)


def test_other_modes_of_pictures():
    Image = pytest.importorskip("PIL.Image")
    assert gt.tensor(Image.new("1", (3, 2), 1)).tolist() == [[True] * 3] * 2
    assert gt.tensor(Image.new("F", (3, 2), 0.5)).dtype is gt.float32
    assert Image.fromarray(gt.full((2, 3), 0.5)).mode == "F"
    with pytest.raises(AttributeError, match="detach"):
        Image.fromarray(gt.ones(2, 3, requires_grad=True))


def test_python_arrays_and_memory_are_taken():
    import array

    assert gt.tensor(array.array("d", [1.0, 2.0])).tolist() == [1.0, 2.0]
    held = bytearray(8)
    t = gt.asarray(memoryview(held), dtype=gt.float32)
    t.fill_(1.0)
    assert held[3] == 0x3F
