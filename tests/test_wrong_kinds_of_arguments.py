"""Arguments of a wrong kind get a sentence that names the operation and the argument."""

import pickle
import re

import numpy as np
import pytest

import gputensor as gt
from gputensor import nn, optim
from gputensor.nn import functional as F
from gputensor.utils import data


def _parameter():
    return gt.ones(1, requires_grad=True)


def _without_weight():
    layer = nn.Linear(3, 2)
    layer.weight = None
    return layer


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: optim.SGD([_parameter()]).step(3), "SGD.step: closure must be a function .*, got int 3; pass the fun"),
        (
            lambda: optim.Adam([_parameter()]).step(gt.ones(())),
            r"Adam.step: closure must be a function .*, got float32 of shape \(\)",
        ),
        (lambda: optim.LBFGS([_parameter()]).step("a"), "LBFGS.step: closure must be a function"),
        (lambda: optim.Adam([]), "Adam: optimizer got an empty parameter list; pass a module's .parameters"),
        (lambda: optim.SGD(nn.Linear(2, 2)), "SGD: params must be .* got Linear; pass its .parameters"),
        (lambda: optim.Adam(_parameter()), "Adam: params argument .* but got Tensor; put it into a list"),
        (lambda: optim.Adam([_parameter(), 3]), "Adam: optimizer can only optimize Tensors, .* is int"),
        (lambda: optim.Adam([_parameter()], lr=-1), "Adam: Invalid learning rate: -1; use a number of at least 0"),
        (lambda: optim.lr_scheduler.StepLR(_parameter(), 3), "StepLR: Tensor is not an Optimizer"),
        (lambda: optim.lr_scheduler.StepLR(optim.SGD([_parameter()]), "a"), "StepLR: step_size must be a number"),
        (lambda: optim.lr_scheduler.StepLR(optim.SGD([_parameter()]), 0), "StepLR: step_size must not be 0"),
        (
            lambda: optim.lr_scheduler.CosineAnnealingLR(optim.SGD([_parameter()]), 0),
            "CosineAnnealingLR: T_max must not be 0",
        ),
        (
            lambda: optim.lr_scheduler.MultiStepLR(optim.SGD([_parameter()]), 3),
            "MultiStepLR: milestones must be several ints, got int 3; use a list",
        ),
        (lambda: _without_weight()(gt.ones(1, 3)), "linear: weight must be a Tensor, got NoneType None; pass a Tensor"),
        (lambda: gt.relu(None), "relu: input must be a Tensor, got NoneType None; pass a Tensor"),
        (lambda: gt.relu(3), r"relu: input must be a Tensor, got int 3; wrap it with gputensor.tensor\("),
        (lambda: nn.Sequential([nn.ReLU()]), "Sequential: child '0' must be a Module, .*; pass the modules one by one"),
        (lambda: nn.ModuleDict({"a": 3}), "ModuleDict: child 'a' must be a Module, and int is not"),
        (
            lambda: nn.LSTM(3, 2)(gt.ones(1, 2, 3), gt.ones(1, 2, 2)),
            "LSTM: hx must be the two tensors .* got one",
        ),
        (lambda: data.TensorDataset([1, 2]), "TensorDataset: tensor 0 must be a Tensor, got list; wrap it with"),
        (lambda: gt.func.functional_call(3, {}, gt.ones(1)), "functional_call: module must be a Module, got int 3"),
        (
            lambda: gt.distributions.Normal(0.0, 1.0).sample(3),
            "the shape of samples must be several ints, .* got int 3",
        ),
        (lambda: gt.distributions.Categorical(), "Categorical: Either `probs` or `logits` must be specified"),
        (lambda: gt.fft.fftfreq(3, d="a"), "fftfreq: d must be a number, got str 'a'"),
        (
            lambda: F.scaled_dot_product_attention(gt.ones(1, 2, 4), gt.ones(1, 2, 3), gt.ones(1, 2, 4)),
            r"scaled_dot_product_attention: query of shape \(1, 2, 4\), key \(1, 2, 3\) .* need one width",
        ),
        (lambda: gt.amp.GradScaler("cpu", init_scale="a"), "GradScaler: init_scale must be a number, got str 'a'"),
        (
            lambda: gt.utils.checkpoint.checkpoint(3, gt.ones(1)),
            "checkpoint: function must be a function .*, got int 3",
        ),
        (
            lambda: optim.lr_scheduler.ExponentialLR(optim.SGD([_parameter()]), "a"),
            "ExponentialLR: gamma must be a number, got str 'a'",
        ),
        (lambda: gt.ones(2).to(3.5), "to: expected a dtype, a device or a Tensor, got float 3.5"),
        (lambda: gt.zeros(2).fill_(None), "fill_: value must be a number or a 0-d Tensor, got NoneType"),
        (lambda: gt.zeros(2).fill_("a"), "fill_: value must be a number or a 0-d Tensor, got str"),
        (lambda: gt.zeros(2).fill_([1, 2]), "fill_: value must be a number or a 0-d Tensor, got list"),
        (lambda: gt.zeros(2).byte().fill_(300), "fill_: 300 does not fit into uint8"),
        (lambda: gt.zeros(2).long().fill_(float("nan")), "fill_: nan does not fit into int64"),
        (lambda: gt.tril(gt.ones(2, 2), 1.5), "tril: diagonal must be an int, got float 1.5"),
        (lambda: gt.diagonal(gt.ones(2, 2), "a"), "diagonal: offset must be an int, got str 'a'"),
        (lambda: gt.diag_embed(gt.ones(2), "a"), "diag_embed: offset must be an int, got str 'a'"),
        (lambda: gt.tril_indices("a", 2), "tril_indices: row must be an int, got str 'a'"),
        (lambda: gt.multinomial(gt.ones(2), "a"), "multinomial: num_samples must be an int, got str 'a'"),
        (lambda: gt.tensordot(gt.ones(2), gt.ones(2), "a"), "tensordot: dims must be an int, got str 'a'"),
        (lambda: gt.manual_seed("a"), "manual_seed: seed must be an int, got str 'a'"),
        (lambda: gt.manual_seed(None), "manual_seed: seed must be an int, got NoneType"),
        (lambda: nn.Conv2d("a", 1, 1), "Conv2d: in_channels must be an int, got str 'a'"),
        (lambda: nn.Dropout("a"), "dropout probability has to be between 0 and 1, but got 'a'"),
        (lambda: gt.autograd.backward("a"), "backward: expected a Tensor or several to start from, got str"),
        (lambda: gt.autograd.backward([]), "backward: at least one tensor to start from is needed"),
        (lambda: gt.autograd.grad([3], gt.ones(1, requires_grad=True)), "grad: expected a Tensor or several"),
        (lambda: gt.lerp(gt.ones(2), gt.ones(2), "a"), "lerp: weight must be a number, got str 'a'"),
        (lambda: gt.isclose(gt.ones(2), gt.ones(2), rtol="a"), "isclose: rtol must be a number, got str 'a'"),
        (lambda: gt.var(gt.ones(2), correction="a"), "var: correction must be a number, got str 'a'"),
        (lambda: gt.std(gt.ones(2), correction="2"), "std: correction must be a number, got str '2'"),
        (lambda: gt.repeat_interleave(gt.ones(2), "a"), "repeat_interleave: repeats must be an int, got str 'a'"),
        (lambda: gt.round(gt.ones(2), decimals="a"), "round: decimals must be an int, got str 'a'"),
        (lambda: F.elu(gt.ones(2), "a"), "elu: alpha must be a number, got str 'a'"),
        (lambda: F.leaky_relu(gt.ones(2), "a"), "leaky_relu: negative_slope must be a number, got str 'a'"),
        (lambda: F.hardtanh(gt.ones(2), "a"), "hardtanh: min_val must be a number, got str 'a'"),
        (lambda: F.layer_norm(gt.ones(2, 3), (3,), eps="a"), "layer_norm: eps must be a number, got str 'a'"),
        (
            lambda: F.batch_norm(gt.ones(2, 3), gt.ones(3), gt.ones(3), training=True, momentum="a"),
            "batch_norm: momentum must be a number, got str 'a'",
        ),
        (lambda: nn.BatchNorm1d(3, momentum="a"), "BatchNorm1d: momentum must be a number, got str 'a'"),
        (lambda: nn.BatchNorm1d("a"), "BatchNorm1d: num_features must be an int, got str 'a'"),
        (lambda: nn.LayerNorm("a"), "LayerNorm: normalized_shape must be an int or several, got str 'a'"),
        (lambda: nn.LayerNorm(["a"]), r"LayerNorm: normalized_shape\[0\] must be an int, got str 'a'"),
        (
            lambda: nn.CrossEntropyLoss(label_smoothing="a")(gt.ones(1, 2), gt.tensor([0])),
            "cross_entropy: label_smoothing must be a number, got str 'a'",
        ),
        (lambda: optim.SGD([_parameter()], lr="a"), "SGD: lr must be a number, got str 'a'"),
        (lambda: optim.SGD([_parameter()], momentum="a"), "SGD: momentum must be a number, got str 'a'"),
        (lambda: optim.Adam([_parameter()], betas=3), "Adam: betas must be two numbers, got int 3"),
        (lambda: optim.AdamW([_parameter()], eps="a"), "AdamW: eps must be a number, got str 'a'"),
        (lambda: data.random_split([1, 2], "a"), "random_split: lengths must be a sequence of numbers, got str 'a'"),
        (lambda: data.random_split([1, 2], ["a"]), r"random_split: lengths\[0\] must be a number, got str 'a'"),
        (
            lambda: nn.utils.clip_grad_norm_([3], 1.0),
            "clip_grad_norm_: parameters must be a Tensor or several, got int 3 among them",
        ),
        (
            lambda: nn.utils.clip_grad_value_(3, 1.0),
            "clip_grad_value_: parameters must be a Tensor or several, got int 3",
        ),
        (
            lambda: gt.tensor([[1], [1, 2]]),
            "ragged: expected a sequence of length 1 at dim 1, got 2; pad them to equal",
        ),
        (lambda: gt.tensor([[1, 2], 3]), "ragged: expected a sequence of length 2 at dim 1, got int 3; pad them"),
        (lambda: gt.tensor([1, [3]]), "ragged: expected a number at dim 1, got a sequence of length 1; pad them"),
        (
            lambda: gt.ones(2, 3).index_add_(0, gt.tensor([0]), gt.ones(1, 3), alpha="a"),
            "^index_add_: alpha must be a number, got str 'a'",
        ),
        (lambda: F.dropout(gt.ones(2), "a"), "^dropout: p must be a number, got str 'a'"),
        (lambda: F.pad(gt.ones(2), (1, 1), value="a"), "^pad: value must be a number, got str 'a'"),
        (lambda: F.one_hot(gt.tensor([1]), "a"), "^one_hot: num_classes must be an int, got str 'a'"),
        (lambda: F.softplus(gt.ones(2), "a"), "^softplus: beta must be a number, got str 'a'"),
        (lambda: F.celu(gt.ones(2), "a"), "^celu: alpha must be a number, got str 'a'"),
        (lambda: F.gumbel_softmax(gt.ones(2), "a"), "^gumbel_softmax: tau must be a number, got str 'a'"),
        (lambda: F.rrelu(gt.ones(2), "a"), "^rrelu: lower must be a number, got str 'a'"),
        (lambda: nn.Embedding(3, 2, max_norm="a")(gt.tensor([1])), "^embedding: max_norm must be a number, got str"),
        (lambda: nn.SmoothL1Loss(beta="a")(gt.ones(2), gt.ones(2)), "^smooth_l1_loss: beta must be a number, got str"),
        (lambda: nn.HuberLoss(delta="a")(gt.ones(2), gt.ones(2)), "^huber_loss: delta must be a number, got str 'a'"),
        (lambda: nn.TripletMarginLoss(margin="a"), "^TripletMarginLoss: margin must be a number, got str 'a'"),
        (
            lambda: nn.MarginRankingLoss(margin="a")(gt.ones(2), gt.ones(2), gt.ones(2)),
            "^margin_ranking_loss: margin must be a number, got str 'a'",
        ),
        (
            lambda: nn.HingeEmbeddingLoss(margin="a")(gt.ones(2), gt.ones(2)),
            "^hinge_embedding_loss: margin must be a number, got str 'a'",
        ),
        (
            lambda: nn.CosineEmbeddingLoss(margin="a")(gt.ones(2, 3), gt.ones(2, 3), gt.ones(2)),
            "^cosine_embedding_loss: margin must be a number, got str 'a'",
        ),
        (lambda: nn.Threshold("a", 1), "^Threshold: threshold must be a number, got str 'a'"),
        (lambda: nn.Hardtanh("a", "b"), "^Hardtanh: min_val must be a number, got str 'a'"),
        (lambda: nn.Softplus("a"), "^Softplus: beta must be a number, got str 'a'"),
        (lambda: nn.Linear(1, 1).apply(3), "^apply: fn must be a function of one module, got int 3"),
        (lambda: nn.init.normal_("a"), "^normal_: tensor must be a Tensor, got str 'a'"),
        (lambda: nn.init.normal_(gt.ones(2), "a"), "^normal_: mean must be a number, got str 'a'"),
        (lambda: nn.init.uniform_(gt.ones(2), "a"), "^uniform_: a must be a number, got str 'a'"),
        (lambda: nn.init.trunc_normal_(gt.ones(2), "a"), "^trunc_normal_: mean must be a number, got str 'a'"),
        (lambda: nn.init.xavier_normal_("a"), "^xavier_normal_: tensor must be a Tensor, got str 'a'"),
        (lambda: nn.init.kaiming_normal_("a"), "^kaiming_normal_: tensor must be a Tensor, got str 'a'"),
        (lambda: nn.init.orthogonal_(gt.ones(2, 2), "a"), "^orthogonal_: gain must be a number, got str 'a'"),
        (lambda: nn.init.sparse_(gt.ones(2, 2), "a"), "^sparse_: sparsity must be a number, got str 'a'"),
        (lambda: nn.utils.clip_grad_norm_([_parameter()], "a"), "^clip_grad_norm_: max_norm must be a number, got str"),
        (
            lambda: nn.utils.clip_grad_norm_([_parameter()], 1.0, "a"),
            "^clip_grad_norm_: norm_type must be a number, got str 'a'",
        ),
        (
            lambda: nn.utils.clip_grad_value_([_parameter()], "a"),
            "^clip_grad_value_: clip_value must be a number, got str 'a'",
        ),
        (lambda: gt.ones(2).equal("a"), "^equal: other must be a Tensor, got str 'a'"),
        (lambda: gt.allclose(gt.ones(2), 3), "^allclose: other must be a Tensor, got int 3"),
        (lambda: gt.allclose(gt.ones(2), gt.ones(2), rtol="a"), "^allclose: rtol must be a number, got str 'a'"),
        (lambda: gt.addcmul(gt.ones(2), 3, gt.ones(2)), "^addcmul: tensor1 must be a Tensor, got int 3"),
        (
            lambda: gt.addcdiv(gt.ones(2), gt.ones(2), gt.ones(2), value="a"),
            "^addcdiv: value must be a number, got str 'a'",
        ),
        (lambda: gt.range(0, "a"), "^range: end must be a number, got str 'a'"),
        (lambda: gt.Size("ab"), r"^Size: expected ints, got \('a', 'b'\)"),
        (lambda: gt.Size([1.5]), r"^Size: expected ints, got \(1.5,\)"),
        (lambda: gt.ones(2, requires_grad="a"), "^ones: requires_grad must be a bool, got str 'a'"),
        (lambda: gt.ones_like(gt.ones(2), requires_grad=1), "^ones_like: requires_grad must be a bool, got int 1"),
        (lambda: gt.tensor([1.0], requires_grad="a"), "^tensor: requires_grad must be a bool, got str 'a'"),
        (lambda: gt.arange(3.0, requires_grad="a"), "^arange: requires_grad must be a bool, got str 'a'"),
        (lambda: nn.Parameter(gt.ones(2), requires_grad="a"), "^Parameter: requires_grad must be a bool, got str 'a'"),
        (lambda: gt.ones(2).softmax(), "softmax: dim must be an int, got NoneType None"),
        (lambda: gt.ones(2).item("a"), r"^Tensor\.item\(\) takes 1 positional argument but 2 were given"),
        (lambda: nn.Linear(1, 1).half("a"), r"^Module\.half\(\) takes 1 positional argument but 2 were given"),
        (lambda: gt.ones(2).clamp_(min="a"), "clamp: min must be a number, got str 'a'"),
        (lambda: gt.clamp(gt.ones(2), [1]), r"clamp: min must be a number, got list \[1\]"),
        (lambda: gt.clamp(gt.ones(2), gt.ones(2), "a"), "clamp: max must be a number, got str 'a'"),
        (lambda: gt.add(gt.ones(2), gt.ones(2), alpha="a"), "add: alpha must be a number, got str 'a'"),
        (lambda: gt.ones(2).sub_(1, alpha=[2]), r"sub_: alpha must be a number, got list \[2\]"),
        (lambda: gt.matmul(gt.ones(2), 3), "matmul: operand 2 must be a Tensor, got int 3; wrap it with"),
        (lambda: gt.ones(2).requires_grad_("a"), "requires_grad_: requires_grad must be a bool, got str 'a'"),
        (lambda: gt.ones(2).long().add_(1.5), "cannot be written into a tensor of int64"),
        (lambda: gt.ones(2).long().sqrt_(), "cannot be written into a tensor of int64"),
        (lambda: gt.finfo(gt.int8), "finfo: expected a floating-point or complex dtype, got int8; use gputensor.iinfo"),
        (lambda: gt.iinfo(gt.float32), "iinfo: expected an integer dtype, got float32; use gputensor.finfo"),
    ],
)
def test_an_argument_of_a_wrong_kind_is_named(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call()


def test_fill_wraps_negative_numbers_of_unsigned_dtypes_as_item_assignment_does():
    x = gt.zeros(2).byte()
    y = x.clone()
    y[:] = -1
    assert x.fill_(-1).tolist() == y.tolist() == [255, 255]


def test_gradcheck_refuses_a_function_without_tensors():
    x = gt.ones(2, dtype="float64", requires_grad=True)
    for result in (3, None, ()):
        with pytest.raises(TypeError, match="gradcheck: the function must return a Tensor"):
            gt.autograd.gradcheck(lambda _, result=result: result, x)


def test_the_data_of_a_tensor_that_requires_grad_stays_floating_point():
    x = gt.ones(2, requires_grad=True)
    with pytest.raises(TypeError, match=r"data: this tensor requires grad .* got int64 of shape"):
        x.data = gt.ones(2).long()
    assert x.dtype is gt.float32


def test_utilities_are_there_without_an_import_of_their_own():
    x = gt.ones(2, requires_grad=True)
    gt.utils.checkpoint.checkpoint(gt.sin, x, use_reentrant=False).sum().backward()
    assert x.grad is not None
    assert gt.utils.data.DataLoader([1]).batch_size == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda: gt.tensor([2]) ** -1,
        lambda: gt.div(gt.ones(2), 2, rounding_mode="a"),
        lambda: gt.clamp(gt.ones(2)),
    ],
)
def test_a_value_that_cannot_be_used_is_a_runtime_error_too(call):
    for kind in (ValueError, RuntimeError):
        with pytest.raises(kind):
            call()


def test_a_failed_batch_norm_changes_no_statistics():
    layer = nn.BatchNorm1d(3)
    layer.momentum = "a"
    with pytest.raises(TypeError, match="batch_norm: momentum must be a number"):
        layer(gt.rand(4, 3))
    assert layer.running_mean.tolist() == [0.0, 0.0, 0.0]
    assert layer.num_batches_tracked.item() == 0


def test_a_subset_says_which_index_is_out_of_range():
    with pytest.raises(IndexError, match=r"Subset: indices\[0\] is 5, but the dataset has 2 samples"):
        data.Subset([1, 2], [5])[0]
    with pytest.raises(IndexError, match="Subset: index 3 is out of range for 1 samples"):
        data.Subset([1, 2], [0])[3]
    assert list(data.Subset([1, 2], [1, 0])) == [2, 1]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("index", [0, slice(None), [0], ...])
def test_an_item_of_read_only_memory_cannot_be_set(index):
    a = np.ones(2)
    a.flags.writeable = False
    x = gt.from_numpy(a)
    with pytest.raises(ValueError, match="this tensor's memory is read-only"):
        x[index] = 0.0
    assert a.tolist() == [1.0, 1.0]


@pytest.mark.torch
def test_the_limits_of_dtypes_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    for name in ("float16", "bfloat16", "float32", "float64", "complex64", "complex128"):
        ours, theirs = gt.finfo(getattr(gt, name)), torch.finfo(getattr(torch, name))
        assert repr(ours) == repr(theirs)
        for word in ("bits", "dtype", "eps", "max", "min", "resolution", "smallest_normal", "tiny"):
            assert getattr(ours, word) == getattr(theirs, word), (name, word)
    for name in ("uint8", "int8", "int16", "int32", "int64"):
        ours, theirs = gt.iinfo(getattr(gt, name)), torch.iinfo(getattr(torch, name))
        assert (repr(ours), ours.bits) == (repr(theirs), theirs.bits)


def test_the_constants_are_those_of_mathematics():
    assert (gt.sin(gt.tensor(gt.pi / 2)).item(), gt.log(gt.tensor(gt.e)).item()) == (1.0, 1.0)
    assert gt.tensor(gt.inf).isinf()
    assert gt.tensor(gt.nan).isnan()
    assert gt.finfo() == gt.finfo(gt.float32) != gt.finfo(gt.float64)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: gt.autograd.grad(3, x), "grad: outputs must be a Tensor or a sequence of Tensors, got int"),
        (lambda x: gt.autograd.grad(x, None), "grad: inputs must be a Tensor or a sequence of Tensors, got NoneType"),
        (lambda x: gt.autograd.grad(x, x, grad_outputs=3), "grad: grad_outputs must be a Tensor or a sequence"),
        (lambda x: gt.autograd.backward(3), "backward: tensors must be a Tensor or a sequence of Tensors, got int"),
        (lambda x: x.sum(True), "sum: dim must be an int, got bool True"),
        (lambda x: x << 1, "bitwise_left_shift: not defined for float32 of shape () and"),
    ],
)
def test_what_is_said_of_arguments_of_other_kinds(call, message):
    with pytest.raises(TypeError, match=re.escape(message)) as caught:
        call(gt.tensor(1.0, requires_grad=True))
    assert "ufunc" not in str(caught.value)


def test_a_bias_of_another_width_is_named():
    with pytest.raises(gt.errors.ShapeError, match=re.escape("linear: bias of shape (4,) does not fit weight of")):
        gt.nn.functional.linear(gt.ones(2, 3), gt.ones(5, 3), gt.ones(4))


@pytest.mark.parametrize(
    ("make", "option"),
    [(optim.SGD, "lr"), (optim.SGD, "momentum"), (optim.Adam, "betas"), (optim.AdamW, "weight_decay")],
)
def test_an_option_that_is_no_number_any_more_is_named_and_no_group_is_changed(make, option):
    first, second = gt.nn.Parameter(gt.ones(2)), gt.nn.Parameter(gt.ones(2))
    first.grad = second.grad = gt.ones(2)
    optimizer = make([{"params": [first]}, {"params": [second]}], lr=0.1)
    optimizer.param_groups[1][option] = "a"
    with pytest.raises(TypeError, match=f"^step: {option} of group 1 must be a number, got str 'a'"):
        optimizer.step()
    assert first.tolist() == [1.0, 1.0]
    assert not optimizer.state


def test_a_tensor_may_be_the_rate_of_a_step():
    p = gt.nn.Parameter(gt.ones(2))
    p.grad = gt.ones(2)
    optimizer = optim.SGD([p], lr=0.1)
    optimizer.param_groups[0]["lr"] = gt.tensor(0.5)
    optimizer.step()
    assert p.tolist() == [0.5, 0.5]


def test_a_shape_of_ints_of_any_kind_is_a_shape():
    sizes = gt.Size([True, np.int64(2), gt.tensor(3)])
    assert sizes == (1, 2, 3)
    assert all(type(n) is int for n in sizes)
    assert gt.Size() == ()
    assert type(sizes[1:]) is type(sizes * 2) is type(sizes + sizes) is gt.Size


def test_methods_are_pickled_by_the_names_that_errors_give_them():
    assert pickle.loads(pickle.dumps(gt.Tensor.softmax)) is gt.Tensor.softmax
    assert pickle.loads(pickle.dumps(nn.Module.half)) is nn.Module.half
    assert pickle.loads(pickle.dumps(gt.ones(2).sum))().item() == 2.0


def test_the_margin_of_a_triplet_loss_with_a_distance_is_a_number():
    with pytest.raises(TypeError, match=r"^TripletMarginWithDistanceLoss: margin must be a number, got str 'a'"):
        nn.TripletMarginWithDistanceLoss(margin="a")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: nn.utils.spectral_norm("a"), "^spectral_norm: module must be a Module, got str 'a'"),
        (lambda: nn.utils.remove_weight_norm(3), "^remove_weight_norm: module must be a Module, got int 3"),
        (lambda: nn.utils.remove_spectral_norm(3), "^remove_spectral_norm: module must be a Module, got int 3"),
        (
            lambda: nn.utils.convert_conv2d_weight_memory_format(3, gt.channels_last),
            "^convert_conv2d_weight_memory_format: module must be a Module, got int 3",
        ),
        (lambda: nn.utils.fuse_conv_bn_eval(3, 4), "^fuse_conv_bn_eval: the first layer must be a Module, got int 3"),
        (
            lambda: nn.utils.fuse_linear_bn_eval(nn.Linear(1, 1), None),
            "^fuse_linear_bn_eval: bn must be a Module, got NoneType",
        ),
        (
            lambda: nn.utils.fuse_linear_bn_weights(gt.ones(1, 1), None, gt.ones(1), 3, 0.0, None, None),
            "^fuse_linear_bn_weights: bn_rv must be a Tensor, got int 3",
        ),
        (
            lambda: gt.func.replace_all_batch_norm_modules_(3),
            "^replace_all_batch_norm_modules_: root must be a Module, got int 3",
        ),
        (
            lambda: gt.func.stack_module_state([nn.Linear(1, 1), 3]),
            r"^stack_module_state: models\[1\] must be a Module, got int 3",
        ),
        (lambda: gt.func.stack_module_state(3), "^stack_module_state: models must be several Modules, got int 3"),
        (lambda: nn.utils.parameters_to_vector(3), "^parameters_to_vector: parameters must be a tuple or a list, got"),
        (lambda: nn.utils.parameters_to_vector([3]), "^parameters_to_vector: expected a Tensor, got int"),
        (lambda: nn.utils.get_total_norm(3), "^get_total_norm: tensors must be a tuple or a list, got int 3"),
        (lambda: nn.utils.rnn.unpack_sequence(3), "^pad_packed_sequence: expected a PackedSequence, got int 3; pack_"),
        (lambda: nn.utils.rnn.pack_sequence([3]), "^pad_sequence: expected a Tensor, got int"),
        (lambda: nn.utils.rnn.invert_permutation(3), "^invert_permutation: expected a Tensor, got int"),
        (
            lambda: nn.utils.rnn.pack_padded_sequence(gt.ones(2, 4), "cuda"),
            "^pack_padded_sequence: lengths must be ints, got str 'cuda'",
        ),
        (
            lambda: nn.utils.rnn.pack_padded_sequence(3, [1]),
            "^pack_padded_sequence: expected a Tensor, got int",
        ),
        (
            lambda: nn.utils.rnn.unpad_sequence(gt.ones(2, 1), 3),
            "^unpad_sequence: lengths must be a tuple or a list, got int 3",
        ),
        (
            lambda: nn.utils.rnn.unpad_sequence(gt.ones(2), [1, 1]),
            "^unpad_sequence: padded_sequences must have at least 2 dims",
        ),
        (lambda: gt.split_with_sizes(gt.ones(3), 3), "^split_with_sizes: split_sizes must be a tuple or a list, got"),
        (lambda: gt.unsafe_split_with_sizes(gt.ones(3), None), "^unsafe_split_with_sizes: split_sizes must be a tuple"),
        (
            lambda: gt.lstm(gt.ones(1, 1, 1), 3, [], True, 1, 0.0, False, False, False),
            "^lstm: hx must be a tuple or a list, got int 3",
        ),
        (
            lambda: gt.gru("a", gt.ones(1, 1, 1), [], True, 1, 0.0, False, False, False),
            "^gru: expected a Tensor, got str",
        ),
        (lambda: gt.frobenius_norm(gt.ones(2, 2), None), "^frobenius_norm: dim must be a tuple or a list"),
        (lambda: gt.linalg.multi_dot(3), "^multi_dot: tensors must be a tuple or a list, got int 3"),
        (lambda: F.layer_norm(gt.ones(2, 3), None), "^layer_norm: normalized_shape must be a tuple or a list"),
        (lambda: F.local_response_norm(gt.ones(1, 2, 3), "a"), "^local_response_norm: size must be an int, got"),
        (lambda: F.adaptive_avg_pool2d(gt.ones(1, 2, 3), 1.5), "^adaptive_avg_pool2d: output_size must be a tuple"),
        (lambda: gt.put(gt.ones(2), 0, gt.ones(1)), "^put: index must be a Tensor, got int 0"),
        (lambda: gt.to_dlpack(3), "^to_dlpack: expected a Tensor, got int"),
        (lambda: gt.rot90(gt.ones(2, 2), "a"), "^rot90: k must be an int, got str 'a'"),
        (lambda: gt.polygamma("a", gt.ones(2)), "^polygamma: n must be an int, got str 'a'"),
        (lambda: gt.broadcast_shapes("a"), "^broadcast_shapes: a size must be an int, got str 'a'"),
        (
            lambda: gt.linalg.tensorsolve(gt.eye(2), gt.ones(2), 1.5),
            "^linalg.tensorsolve: dims must be a tuple or a list, got float 1.5",
        ),
        (lambda: F.lp_pool2d(3, 2.0, 2), "^lp_pool2d: expected a Tensor, got int"),
        (lambda: F.elu_(3), "^elu_: input must be a Tensor, got int 3"),
        (lambda: F.relu(3, inplace=True), "^relu_: expected a Tensor, got int"),
        (lambda: F.softmax(3), "^softmax: expected a Tensor, got int"),
        (lambda: nn.init.kaiming_uniform_(gt.ones(2, 2), mode=3), "^init: Mode 3 not supported"),
        (lambda: F.l1_loss(gt.ones(2), gt.ones(2), reduction=[]), r"must be 'none', 'mean' or 'sum', got \[\]"),
        (lambda: gt.logit(gt.ones(2), []), "^logit: eps must be a number, got list"),
        (lambda: gt.nan_to_num(gt.ones(2), "a"), "^nan_to_num: nan must be a number, got str 'a'"),
        (lambda: gt.ge(2, gt.ones(2)), "^greater_equal: operand 1 must be a Tensor, got int 2"),
    ],
)  # fmt: skip
def test_an_argument_that_python_would_name_by_its_attributes_is_named(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call()


def test_weight_norm_is_of_a_module():
    with (
        pytest.warns(FutureWarning, match="weight_norm"),
        pytest.raises(TypeError, match=r"^weight_norm: module must be a Module, got int 3"),
    ):
        nn.utils.weight_norm(3)
