"""Complex numbers: views, writes through them, and gradients against differences."""

import numpy as np
import pytest

import gputensor as gt


def test_real_and_imag_are_views():
    z = gt.tensor([1 + 2j, 3 + 4j])
    z.real.mul_(10)
    z.imag.zero_()
    assert z.tolist() == [10 + 0j, 30 + 0j]
    z.imag = gt.tensor([1.0, 2.0])
    assert z.tolist() == [10 + 1j, 30 + 2j]


def test_pairs_and_complex_numbers_share_memory():
    pairs = gt.tensor([[1.0, 2.0], [3.0, 4.0]])
    z = gt.view_as_complex(pairs)
    z[0] = 5j
    assert pairs.tolist() == [[0.0, 5.0], [3.0, 4.0]]
    back = gt.view_as_real(z)
    back[1, 0] = -1.0
    assert z.tolist() == [5j, -1 + 4j]
    assert gt.view_as_real(gt.tensor(1 + 2j)).tolist() == [1.0, 2.0]
    assert gt.view_as_complex(gt.tensor([1.0, 2.0])).tolist() == 1 + 2j


def test_strides_survive_the_view_as_pairs():
    z = gt.tensor(np.arange(6).reshape(2, 3) * (1 + 1j)).T[:, ::2]
    assert gt.view_as_real(z).tolist() == [[[v.real, v.imag] for v in row] for row in z.tolist()]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.ones((2, 3)), "the last dim must have size 2"),
        (np.float64(1), "the last dim must have size 2"),
        (np.ones((2, 2)).T[::-1], "the last dim must have stride 1"),
    ],
)
def test_view_as_complex_names_what_does_not_fit(data, message):
    with pytest.raises(ValueError, match=f"view_as_complex: {message}"):
        gt.view_as_complex(gt.from_numpy(np.asarray(data)))


@pytest.mark.parametrize("name", ["imag", "view_as_real"])
def test_real_tensors_have_no_imaginary_part(name):
    with pytest.raises(TypeError, match=f"{name}: expected a complex tensor"):
        getattr(gt, name)(gt.tensor([1.0]))


def test_complex_wants_two_equal_dtypes():
    with pytest.raises(TypeError, match="complex: expected two tensors, both float32 or both float64"):
        gt.complex(gt.tensor([1.0]), gt.tensor([1.0], dtype="float64"))


def test_infinities_survive_being_put_together():
    z = gt.complex(gt.tensor([float("inf")]), gt.tensor([0.0]))
    assert z.real.tolist() == [float("inf")]
    assert z.imag.tolist() == [0.0]


def test_conjugates_are_computed_at_once():
    z = gt.tensor([1 + 2j])
    assert z.conj().tolist() == [1 - 2j]
    assert not z.conj().is_conj()
    assert z.conj().resolve_conj().tolist() == [1 - 2j]
    x = gt.tensor([1.0])
    assert x.conj() is x
    assert gt.real(x) is x


FUNCTIONS = {
    "abs": lambda z: z.abs(),
    "angle": lambda z: z.angle(),
    "real": lambda z: z.real * z.real,
    "imag": lambda z: z.imag * z.imag,
    "sgn": lambda z: (z.sgn() * (2 - 1j)).real,
    "conj": lambda z: (z.conj() * z.conj() * (1 + 2j)).real,
    "exp": lambda z: z.exp().imag,
    "log": lambda z: z.log().real,
    "sqrt": lambda z: z.sqrt().imag,
    "tanh": lambda z: z.tanh().real,
    "acosh": lambda z: gt.acosh(z).imag,
    "asin": lambda z: gt.asin(z).real,
    "sinc": lambda z: gt.sinc(z).imag,
    "power": lambda z: (z**2.5).real,
    "reciprocal": lambda z: z.reciprocal().imag,
    "view_as_real": lambda z: (gt.view_as_real(z) ** 3).sum(-1),
    "polar": lambda z: gt.polar(z.real, z.imag).real * z.imag,
    "view_as_complex": lambda z: (gt.view_as_complex(gt.view_as_real(z) * 2) ** 2).imag,
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_complex_gradients_agree_with_differences(name):
    function = FUNCTIONS[name]
    z = np.array([0.7 + 0.4j, -0.6 + 0.5j, 0.3 - 0.8j, -0.5 - 0.9j])

    def value(at):
        return function(gt.tensor(at)).sum().item()

    x = gt.tensor(z, requires_grad=True)
    function(x).sum().backward()
    step = 1e-6
    for k in range(len(z)):
        e = np.zeros(len(z))
        e[k] = step
        # dL/dx + i dL/dy
        want = (value(z + e) - value(z - e)) / (2 * step) + 1j * (value(z + 1j * e) - value(z - 1j * e)) / (2 * step)
        assert x.grad[k].item() == pytest.approx(want, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_second_complex_gradients_agree_with_differences(name):
    function = FUNCTIONS[name]
    z = np.array([0.7 + 0.4j, -0.6 + 0.5j])
    weights = gt.tensor([0.3 - 1j, 1.1 + 0.2j])

    def slope(at, create_graph):
        x = gt.tensor(at, requires_grad=True)
        (g,) = gt.autograd.grad(function(x).sum(), [x], create_graph=create_graph)
        return x, (g * weights).real.sum()

    x, first = slope(z, True)
    (second,) = gt.autograd.grad(first, [x])
    step = 1e-6
    for k in range(len(z)):
        e = np.zeros(len(z))
        e[k] = step
        along = [(slope(z + d * e, False)[1].item() - slope(z - d * e, False)[1].item()) / (2 * step) for d in (1, 1j)]
        assert second[k].item() == pytest.approx(along[0] + 1j * along[1], rel=1e-5, abs=1e-6)


def test_the_gradient_at_the_origin_is_zero():
    for function in (gt.abs, gt.angle, lambda z: gt.sgn(z).real):
        z = gt.tensor([0j], requires_grad=True)
        function(z).sum().backward()
        assert z.grad.tolist() == [0j]


def test_a_write_through_the_real_part_is_recorded():
    x = gt.tensor([1.0, 2.0], requires_grad=True)
    z = gt.tensor([1 + 1j, 2 + 2j]) * 1
    z.real.copy_(x * 3)
    (z * z).real.sum().backward()  # 9 x^2 - y^2
    assert x.grad.tolist() == [18.0, 36.0]


def test_negations_are_never_put_off():
    x = gt.tensor([1 + 2j])
    assert not gt.is_neg(x.conj().imag)
    assert not (-x).is_neg()
    assert x.conj().imag.tolist() == [-2.0]
    assert gt.tensor([1.0]).cfloat().dtype == gt.cfloat == gt.complex64
