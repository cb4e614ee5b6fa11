"""autocast: which dtype each function runs in, and where the context begins and ends."""

import threading

import numpy as np
import pytest

import gputensor as gt
from gputensor.core import apply
from tests.amp.autocast_calls import CALLS, ON_CUDA


def on_cpu(call, lib, dtype):
    rng = np.random.default_rng(0)

    def f(*shape):
        return lib.tensor((rng.random(shape) * 0.8 + 0.1).astype(np.float32))

    with lib.autocast("cpu", dtype=lib.bfloat16):
        out = call(lib, f, lambda x: x.to(getattr(lib, dtype)))
    return out


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float64"])
@pytest.mark.parametrize("name", CALLS)
def test_dtypes_and_values_on_the_cpu_are_those_of_pytorch(name, dtype):
    torch = pytest.importorskip("torch")
    try:
        expected = on_cpu(CALLS[name], torch, dtype)
    except RuntimeError:
        pytest.skip("PyTorch refuses mixed dtypes here, which promote in gputensor")
    out = on_cpu(CALLS[name], gt, dtype)
    assert repr(out.dtype) == repr(expected.dtype).replace("torch.", "gputensor.")
    wide = np.complex128 if expected.is_complex() else np.float64
    # bfloat16 has 8 bits: sums of a few products differ by two units of the last place at most
    tolerance = 2**-6 if "bfloat16" in (dtype, out.dtype.name) else 1e-6
    if name == "bilinear":
        tolerance = 2**-6  # PyTorch rounds inside of it, and gives the result in float32
    np.testing.assert_allclose(
        out.to(gt.complex128 if wide is np.complex128 else gt.float64).numpy(),
        expected.to(torch.complex128 if wide is np.complex128 else torch.float64).numpy(),
        rtol=tolerance,
        atol=tolerance,
    )


@pytest.mark.usefixtures("gpus")
@pytest.mark.parametrize("dtype", [0, 1], ids=["float32", "float16"])
@pytest.mark.parametrize("name", ON_CUDA)
def test_dtypes_on_cuda_are_those_of_the_documented_lists(name, dtype):
    with gt.device("cuda"), gt.autocast("cuda"):
        out = CALLS[name](gt, lambda *s: gt.rand(*s) * 0.8 + 0.1, lambda x: x.to([gt.float32, gt.float16][dtype]))
    assert out.dtype.name == ON_CUDA[name][dtype]


def test_gradients_arrive_in_float32_and_are_those_of_the_cast_product():
    x = gt.tensor([[1.0, 2.0], [3.0, 4.0]])
    w = gt.tensor([[0.5, 0.25], [1.0, 2.0]], requires_grad=True)
    with gt.autocast("cpu"):
        y = x @ w
        loss = y.float().sum()
    loss.backward()
    assert (y.dtype, w.grad.dtype) == (gt.bfloat16, gt.float32)
    assert w.grad.tolist() == [[4.0, 4.0], [6.0, 6.0]]


def test_contexts_nest_and_end_also_when_the_body_raises():
    x = gt.ones(2, 2)
    with gt.autocast("cpu", dtype=gt.float16):
        assert (x @ x).dtype is gt.float16
        with gt.autocast("cpu", enabled=False):
            assert (x @ x).dtype is gt.float32
            with gt.autocast("cpu", dtype=gt.bfloat16):
                assert (x @ x).dtype is gt.bfloat16
        assert (x @ x).dtype is gt.float16
    assert (x @ x).dtype is gt.float32
    with pytest.raises(KeyError), gt.autocast("cpu"):
        raise KeyError
    assert (x @ x).dtype is gt.float32
    assert not gt.is_autocast_enabled("cpu")
    assert gt.get_autocast_dtype("cpu") is gt.bfloat16


def test_a_decorated_function_runs_in_autocast_again_and_again():
    @gt.autocast("cpu")
    def product(x, depth):
        return x @ x if not depth else product(x, depth - 1)

    for _ in range(2):
        assert product(gt.ones(2, 2), 2).dtype is gt.bfloat16
        assert not gt.is_autocast_enabled("cpu")
    with pytest.raises(TypeError, match="function to decorate"):
        gt.autocast("cpu")(3)


def test_nothing_is_asked_of_operations_outside():
    before = apply.SLOW
    with gt.autocast("cpu"):
        assert apply.SLOW
    assert apply.SLOW is before is False
    assert apply.CASTER is None


def test_autocast_is_of_one_thread():
    seen = []
    with gt.autocast("cpu"):
        thread = threading.Thread(target=lambda: seen.append((gt.ones(2, 2) @ gt.ones(2, 2)).dtype))
        thread.start()
        thread.join()
    assert seen == [gt.float32]


def test_a_parameter_is_cast_once_in_the_outermost_context_only():
    w = gt.ones(2, 2, requires_grad=True)
    nodes = []
    with gt.autocast("cpu"):
        with gt.autocast("cpu"):
            nodes.append((w @ w).grad_fn.next_functions[0][0])
        nodes.append((w @ w).grad_fn.next_functions[0][0])
    with gt.autocast("cpu"):
        nodes.append((w @ w).grad_fn.next_functions[0][0])
    with gt.autocast("cpu", cache_enabled=False):
        nodes += [(w @ w).grad_fn.next_functions[0][0], (w @ w).grad_fn.next_functions[0][0]]
    assert nodes[0] is nodes[1]
    assert len({id(n) for n in nodes}) == 4


def test_a_parameter_written_inside_is_cast_anew():
    w = gt.ones(2, 2, requires_grad=True)
    with gt.autocast("cpu"):
        before = w @ w
        with gt.no_grad():
            w.mul_(2.0)
        after = w @ w
    assert (before.tolist(), after.tolist()) == ([[2.0, 2.0]] * 2, [[8.0, 8.0]] * 2)


def test_a_cast_made_without_a_graph_does_not_hide_the_gradient():
    w = gt.ones(2, 2, requires_grad=True)
    with gt.autocast("cpu"):
        with gt.no_grad():
            w @ w
        assert (w @ w).requires_grad


def test_settings_are_asked_and_set():
    assert gt.get_autocast_gpu_dtype() is gt.float16
    assert gt.get_autocast_cpu_dtype() is gt.bfloat16
    gt.set_autocast_dtype("cpu", gt.float16)
    gt.set_autocast_enabled("cpu", True)
    try:
        assert gt.is_autocast_cpu_enabled()
        assert (gt.ones(2, 2) @ gt.ones(2, 2)).dtype is gt.float16
    finally:
        gt.set_autocast_enabled("cpu", False)
        gt.set_autocast_dtype("cpu", gt.bfloat16)
    gt.set_autocast_cache_enabled(False)
    assert not gt.is_autocast_cache_enabled()
    gt.set_autocast_cache_enabled(True)
    gt.clear_autocast_cache()
    assert gt.amp.is_autocast_available("cuda")
    assert not gt.amp.is_autocast_available("xla")


def test_what_autocast_cannot_do_is_said():
    with pytest.raises(RuntimeError, match="'cpu' or 'cuda', got 'xla'"):
        gt.autocast("xla")
    with pytest.raises(ValueError, match="device_type must be"):
        gt.autocast(1)
    with pytest.warns(UserWarning, match="float16 or bfloat16"), gt.autocast("cpu", dtype=gt.float64):
        assert (gt.ones(2, 2) @ gt.ones(2, 2)).dtype is gt.float32


def test_without_a_gpu_cuda_autocast_warns_and_does_nothing():
    if gt.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.warns(UserWarning, match="no usable GPU"), gt.cuda.amp.autocast():
        assert not gt.is_autocast_enabled()
    with gt.cpu.amp.autocast():
        assert gt.is_autocast_enabled("cpu")


class Product(gt.autograd.Function):
    @staticmethod
    @gt.amp.custom_fwd(device_type="cpu", cast_inputs=gt.float32)
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x @ y

    @staticmethod
    @gt.amp.custom_bwd(device_type="cpu")
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return g @ y.T, x.T @ g


def test_a_custom_function_can_ask_for_its_own_precision():
    x = gt.ones(2, 2, requires_grad=True)
    with gt.autocast("cpu"):
        out = Product.apply(x.bfloat16(), gt.ones(2, 2))
    assert out.dtype is gt.float32
    out.sum().backward()
    assert x.grad.tolist() == [[2.0, 2.0]] * 2


@pytest.mark.torch
def test_a_training_step_in_autocast_is_near_that_of_pytorch():
    torch = pytest.importorskip("torch")
    losses = {}
    for lib in (gt, torch):
        rng = np.random.default_rng(0)
        net = lib.nn.Sequential(lib.nn.Linear(8, 16), lib.nn.ReLU(), lib.nn.Linear(16, 4))
        with lib.no_grad():
            for p in net.parameters():
                p.copy_(lib.tensor(rng.normal(size=tuple(p.shape)).astype(np.float32) * 0.3))
        optimizer = lib.optim.SGD(net.parameters(), lr=0.1)
        x, t = lib.tensor(rng.normal(size=(16, 8)).astype(np.float32)), lib.tensor(rng.integers(0, 4, 16))
        seen = []
        for _ in range(10):
            optimizer.zero_grad()
            with lib.autocast("cpu", dtype=lib.bfloat16):
                loss = lib.nn.functional.cross_entropy(net(x), t)
            loss.backward()
            optimizer.step()
            seen.append(loss.item())
        losses[lib.__name__] = seen
    # each product is rounded to 8 bits, in an order of summation that is each library's own
    np.testing.assert_allclose(losses["gputensor"], losses["torch"], rtol=2e-2)
    assert losses["gputensor"][-1] < losses["gputensor"][0]


def test_a_checkpoint_is_computed_again_in_the_precision_of_its_first_run():
    from gputensor.utils.checkpoint import checkpoint

    w = gt.tensor([[0.5, 0.25], [1.0, 2.0]], requires_grad=True)
    x = gt.tensor([[1.0, 2.0]], requires_grad=True)
    seen = []

    def layer(t):
        out = (t @ w).relu() @ w
        seen.append(out.dtype)
        return out

    gradients = []
    for run in (layer, lambda t: checkpoint(layer, t, use_reentrant=False)):
        w.grad = x.grad = None
        with gt.autocast("cpu"):
            loss = run(x).float().sum()
        loss.backward()
        gradients.append((w.grad.tolist(), x.grad.tolist()))
    assert set(seen) == {gt.bfloat16}
    assert gradients[0] == gradients[1]
    assert not gt.is_autocast_enabled("cpu")


def test_second_derivatives_go_through_the_casts():
    w = gt.tensor([[2.0, 0.0], [0.0, 3.0]], requires_grad=True)
    with gt.autocast("cpu"):
        y = (w @ w).float().sum()
    (g,) = gt.autograd.grad(y, w, create_graph=True)
    g.sum().backward()
    assert w.grad.tolist() == [[4.0, 4.0], [4.0, 4.0]]


@pytest.mark.parametrize(
    ("layer", "low"), [(gt.nn.LSTM, True), (gt.nn.RNN, True), (gt.nn.GRU, False), (gt.nn.RNNCell, True),
                       (gt.nn.LSTMCell, False), (gt.nn.GRUCell, False)]
)  # fmt: skip
def test_recurrent_layers_run_in_the_precision_that_pytorch_has_on_the_cpu(layer, low):
    net, x = layer(3, 4), gt.randn(5, 3)
    wide = net(x)
    with gt.autocast("cpu"):
        out = net(x)
        again = net(x.bfloat16())
    first, exact = (o[0] if isinstance(o, tuple) else o for o in (out, wide))
    assert first.dtype is (gt.bfloat16 if low else gt.float32)
    assert isinstance(again, (gt.Tensor, tuple))
    np.testing.assert_allclose(first.detach().float().numpy(), exact.detach().numpy(), atol=0.03)
    first.float().sum().backward()
    assert net.weight_ih_l0.grad.dtype is gt.float32 if hasattr(net, "weight_ih_l0") else True
    assert net.double()(x.double())[0].dtype is gt.float64


@pytest.mark.torch
@pytest.mark.parametrize("name", ["LSTM", "RNN", "GRU"])
def test_recurrent_layers_in_autocast_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch")
    theirs = getattr(torch.nn, name)(3, 4, num_layers=2, bidirectional=True)
    ours = getattr(gt.nn, name)(3, 4, num_layers=2, bidirectional=True)
    ours.load_state_dict({k: gt.tensor(v.numpy()) for k, v in theirs.state_dict().items()})
    x = np.random.default_rng(0).normal(size=(5, 2, 3)).astype("float32")
    with torch.autocast("cpu"):
        expected = theirs(torch.tensor(x))[0]
    with gt.autocast("cpu"):
        out = ours(gt.tensor(x))[0]
    assert str(out.dtype).split(".")[1] == str(expected.dtype).split(".")[1]
    np.testing.assert_allclose(out.detach().float().numpy(), expected.detach().float().numpy(), atol=0.03)


@pytest.mark.parametrize("narrow", ["input", "source"])
def test_index_copy_on_the_cpu_takes_the_widest_dtype(narrow):
    x, source, i = gt.zeros(3), gt.tensor([1.5]), gt.tensor([1])
    if narrow == "input":
        x = x.bfloat16()
    else:
        source = source.bfloat16()
    with gt.autocast("cpu", dtype=gt.bfloat16):
        for out in (gt.index_copy(x, 0, i, source), x.index_copy(0, i, source)):
            assert out.dtype == gt.float32
            assert out.tolist() == [0.0, 1.5, 0.0]
        with pytest.raises(gt.errors.DtypeError):
            x.index_copy_(0, i, source)
    with pytest.raises(gt.errors.DtypeError):
        gt.index_copy(x, 0, i, source)


@pytest.mark.torch
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_all_classes_of_an_adaptive_softmax_have_the_dtype_of_the_input(dtype):
    torch = pytest.importorskip("torch")

    def found(lib):
        with lib.autocast("cpu", dtype=lib.bfloat16):
            layer = lib.nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2])
            return repr(layer.log_prob(lib.ones(3, 4, dtype=getattr(lib, dtype))).dtype)

    assert found(gt) == found(torch).replace("torch.", "gputensor.")


def test_lu_in_autocast_takes_narrow_floats():
    with gt.autocast("cpu"):
        assert gt.lu(gt.eye(2, dtype=gt.bfloat16))[0].dtype is gt.float32
