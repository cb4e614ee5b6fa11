"""Operations on a GPU that is not the current one: the arithmetic between their words happens there too."""

import pytest

import gputensor as gt
from gputensor import nn, optim
from gputensor.nn import functional as F


def _numbers(*shape, like):
    count = 1
    for n in shape:
        count *= n
    return (((gt.arange(count) * 7) % 11).float() / 11).reshape(*shape).to(like)


def _batch_norm(x, momentum):
    layer = nn.BatchNorm1d(3, momentum=momentum).to(x.device)
    layer(x)
    layer(x * 2)
    return gt.cat([layer.running_mean, layer.running_var])


def _instance_norm(x):
    layer = nn.InstanceNorm1d(4, track_running_stats=True).to(x.device)
    layer(x)
    return gt.cat([layer.running_mean, layer.running_var])


def _limited(x, numbers):
    F.embedding(numbers, x, max_norm=0.25)
    return x


def _stepped(x):
    p = nn.Parameter(x)
    p.grad = x.detach().clone()
    optim.Adagrad([p], lr=0.1, initial_accumulator_value=0.5).step()
    return p.detach()


def _seeded(draw):
    gt.manual_seed(3)
    return draw()


CASES = {
    "batch_norm": lambda at: _batch_norm(_numbers(4, 3, like=at), 0.1),
    "batch_norm, all batches alike": lambda at: _batch_norm(_numbers(4, 3, like=at), None),
    "instance_norm": lambda at: _instance_norm(_numbers(2, 4, 3, like=at)),
    "embedding of limited norm": lambda at: _limited(_numbers(4, 3, like=at), gt.tensor([1, 3]).to(at)),
    "one_hot": lambda at: F.one_hot(gt.tensor([0, 2]).to(at)),
    "multi_margin_loss": lambda at: F.multi_margin_loss(_numbers(2, 3, like=at), gt.tensor([0, 2]).to(at)),
    "multilabel_margin_loss": lambda at: F.multilabel_margin_loss(
        _numbers(2, 3, like=at), gt.tensor([[0, -1, 1], [2, 1, -1]]).to(at)
    ),
    "nll_loss": lambda at: F.nll_loss(_numbers(2, 3, like=at), gt.tensor([0, -100]).to(at)),
    "weighted cross_entropy": lambda at: F.cross_entropy(
        _numbers(2, 3, like=at), gt.tensor([0, 2]).to(at), weight=_numbers(3, like=at), label_smoothing=0.1
    ),
    "put": lambda at: gt.zeros(2, 3).to(at).put_(gt.tensor([-1, 2]).to(at), _numbers(2, like=at)),
    "put through a view": lambda at: gt.zeros(2, 3).to(at).T.put_(gt.tensor([-1, 2]).to(at), _numbers(2, like=at)),
    "index_fill": lambda at: gt.zeros(2, 3).to(at).index_fill(1, gt.tensor([-1]).to(at), 2.0),
    "causal attention": lambda at: F.scaled_dot_product_attention(*[_numbers(2, 3, 4, like=at)] * 3, is_causal=True),
    "normal": lambda at: _seeded(lambda: gt.normal(_numbers(3, like=at), _numbers(3, like=at))),
    "bernoulli": lambda at: _seeded(lambda: gt.bernoulli(_numbers(3, like=at))),
    "multinomial": lambda at: _seeded(lambda: gt.multinomial(_numbers(5, like=at), 3)),
    "multinomial again": lambda at: _seeded(lambda: gt.multinomial(_numbers(2, 5, like=at), 3, True)),
    "normal_": lambda at: _seeded(lambda: gt.zeros(3).to(at).normal_(1.0, 2.0)),
    "exponential_": lambda at: _seeded(lambda: gt.zeros(3).to(at).exponential_(2.0)),
    "adagrad": lambda at: _stepped(_numbers(3, like=at)),
    "dropout of everything": lambda at: F.dropout(_numbers(3, like=at), 1.0),
    "gumbel_softmax": lambda at: F.gumbel_softmax(gt.tensor([[0.0, 0.0, 1e5]]).to(at), hard=True),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_a_gpu_that_is_not_the_current_one_computes_is_what_the_cpu_does(gpus, case):
    there = case("cuda:1")
    assert str(there.device) == "cuda:1"
    assert gt.allclose(there.cpu().double(), case("cpu").double(), rtol=1e-6)
    assert gpus.cuda.runtime.getDevice() == 0


def test_dropout_draws_on_the_gpu_of_its_input(gpus):
    x = gt.ones(64).to("cuda:1")
    y = F.dropout(x, 0.5)
    assert str(y.device) == "cuda:1"
    assert set(y.cpu().tolist()) == {0.0, 2.0}


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (optim.Adam, {}),
        (optim.Adam, {"amsgrad": True}),
        (optim.Adam, {"capturable": True}),
        (optim.Adam, {"fused": True}),
        (optim.NAdam, {"capturable": True}),
        (optim.ASGD, {"capturable": True}),
        (optim.RMSprop, {"momentum": 0.5}),
    ],
)
def test_an_optimizer_steps_and_is_loaded_on_a_gpu_that_is_not_the_current_one(gpus, make, options):
    def trained(at):
        p = nn.Parameter(_numbers(2, 3, like=at))
        optimizer = make([p], lr=0.1, **options)
        for _ in range(2):
            (p * p).sum().backward()
            optimizer.step()
            optimizer.load_state_dict(optimizer.state_dict())
        assert str(p.device).startswith(at)
        return p.detach().cpu()

    assert gt.allclose(trained("cuda:1"), trained("cpu"), rtol=1e-6)


def test_gradcheck_moves_inputs_on_a_gpu_that_is_not_the_current_one(gpus):
    x = gt.tensor([0.5, 2.0], dtype=gt.float64, device="cuda:1", requires_grad=True)
    assert gt.autograd.gradcheck(lambda t: t * t, [x])
