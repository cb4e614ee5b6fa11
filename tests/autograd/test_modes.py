"""no_grad, enable_grad, inference_mode, set_grad_enabled: contexts, decorators, threads."""

import asyncio
import threading

import pytest

import gputensor as gt
from gputensor.core.modes import OFF

MODES = {
    "no_grad": (gt.no_grad, (False, False)),
    "enable_grad": (gt.enable_grad, (True, False)),
    "inference_mode": (gt.inference_mode, (False, True)),
    "inference_mode off": (lambda: gt.inference_mode(False), (True, False)),
    "set_grad_enabled off": (lambda: gt.set_grad_enabled(False), (False, False)),
    "set_grad_enabled on": (lambda: gt.set_grad_enabled(True), (True, False)),
}


def state():
    return gt.is_grad_enabled(), gt.is_inference_mode_enabled()


@pytest.fixture(autouse=True)
def _recording_again():
    yield
    gt.set_grad_enabled(True)
    assert not OFF


@pytest.mark.parametrize("outer", [gt.no_grad, gt.enable_grad, gt.inference_mode])
@pytest.mark.parametrize("name", MODES)
def test_a_mode_holds_for_the_body_and_what_was_before_returns_even_when_the_body_raises(name, outer):
    make, inside = MODES[name]
    with outer():
        before = state()
        with make():
            assert state() == (inside if "inference" in name else (inside[0], before[1]))
        assert state() == before
        with pytest.raises(KeyError), make():
            raise KeyError
        assert state() == before


@pytest.mark.parametrize("name", MODES)
def test_a_decorated_function_runs_in_the_mode(name):
    make, inside = MODES[name]

    @make()
    def function(*args, **kwargs):
        """Its docstring."""
        return state(), args, kwargs

    assert state() == (True, False)
    assert function(1, k=2) == (inside, (1,), {"k": 2})
    assert (function.__name__, function.__doc__) == ("function", "Its docstring.")
    assert state() == (True, False)


@pytest.mark.parametrize("mode", [gt.no_grad, gt.inference_mode])
def test_the_decorator_may_do_without_parentheses(mode):
    @mode
    def function():
        return state()

    assert function()[0] is False
    assert gt.is_grad_enabled()


def test_a_decorated_method_that_calls_itself_restores_every_level():
    class Thing:
        @gt.no_grad()
        def down(self, n):
            return gt.is_grad_enabled() or (n > 0 and self.down(n - 1))

    assert Thing().down(5) is False
    assert gt.is_grad_enabled()


def test_a_decorated_generator_is_in_the_mode_only_while_it_runs():
    log = []

    @gt.no_grad()
    def body():
        got = yield gt.is_grad_enabled()
        try:
            yield (got, gt.is_grad_enabled())
        except ValueError:
            log.append(gt.is_grad_enabled())
            yield "caught"
        return "end"

    steps = body()
    assert next(steps) is False
    assert gt.is_grad_enabled()
    assert steps.send(5) == (5, False)
    assert steps.throw(ValueError()) == "caught"
    with pytest.raises(StopIteration, match="end"):
        next(steps)
    assert log == [False]
    assert gt.is_grad_enabled()


def test_a_decorated_generator_that_is_closed_cleans_up_in_the_mode():
    log = []

    @gt.no_grad()
    def body():
        try:
            yield 1
        finally:
            log.append(gt.is_grad_enabled())

    steps = body()
    next(steps)
    steps.close()
    assert log == [False]


def test_two_generators_in_turns_keep_their_own_modes():
    @gt.no_grad()
    def quiet():
        for _ in range(3):
            yield gt.is_grad_enabled()

    @gt.enable_grad()
    def loud():
        for _ in range(3):
            yield gt.is_grad_enabled()

    assert list(zip(quiet(), loud(), strict=True)) == [(False, True)] * 3
    assert gt.is_grad_enabled()


def test_a_decorated_coroutine_is_in_the_mode_only_while_it_runs():
    log = []

    @gt.no_grad()
    async def body():
        log.append(gt.is_grad_enabled())
        await asyncio.sleep(0)
        log.append(gt.is_grad_enabled())
        return "end"

    async def other():
        log.append(gt.is_grad_enabled())

    async def both():
        return await asyncio.gather(body(), other())

    assert asyncio.run(both()) == ["end", None]
    assert log == [False, True, False]


def test_classes_async_generators_and_things_that_are_no_functions_cannot_be_decorated():
    async def steps():
        yield 1

    for mode in (gt.no_grad(), gt.enable_grad(), gt.inference_mode(), gt.set_grad_enabled(True)):
        with pytest.raises(TypeError, match="class cannot be decorated"):
            mode(type("Thing", (), {}))
        with pytest.raises(TypeError, match="async generator"):
            mode(steps)
        with pytest.raises(TypeError, match="expected a function"):
            mode(3)


def test_set_grad_enabled_switches_at_once_and_takes_bools_only():
    switch = gt.set_grad_enabled(False)
    assert not gt.is_grad_enabled()
    gt.set_grad_enabled(True)
    with switch:
        assert not gt.is_grad_enabled()
    assert gt.is_grad_enabled()
    with switch:
        assert not gt.is_grad_enabled()
    assert gt.is_grad_enabled()
    with pytest.raises(TypeError, match="bool"):
        gt.set_grad_enabled(1)


def test_one_object_entered_twice_nests():
    mode = gt.no_grad()
    with mode:
        with mode:
            pass
        assert not gt.is_grad_enabled()
    assert gt.is_grad_enabled()


def test_what_is_made_in_a_mode():
    w = gt.ones(2, requires_grad=True)
    with gt.no_grad():
        assert gt.ones(1, requires_grad=True).requires_grad
        y = (w * 2).requires_grad_()
        assert not (y * 2).requires_grad
        with gt.enable_grad():
            assert (w * 2).requires_grad
    with gt.inference_mode():
        z = w * 2
    (z * w).sum().backward()
    assert w.grad.numpy().tolist() == [2.0, 2.0]


def test_eight_threads_toggle_ten_thousand_times_each():
    wrong = []

    def toggle(seed):
        mode = (gt.no_grad, gt.inference_mode, gt.enable_grad)
        for k in range(10_000):
            chosen = mode[(k + seed) % 3]
            with chosen():
                if gt.is_grad_enabled() is not (chosen is gt.enable_grad):
                    wrong.append((seed, k))
            if not gt.is_grad_enabled():
                wrong.append((seed, k, "after"))

    threads = [threading.Thread(target=toggle, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_mode_is_one_threads_own_and_shared_objects_do_not_mix_threads_up():
    mode, seen = gt.no_grad(), []
    inside, leave = threading.Event(), threading.Event()

    def other():
        with mode:
            inside.set()
            leave.wait()
        seen.append(gt.is_grad_enabled())

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait()
    assert gt.is_grad_enabled()
    with mode:
        leave.set()
        thread.join()
        assert not gt.is_grad_enabled()
    assert gt.is_grad_enabled()
    assert seen == [True]


def test_a_thread_that_ends_with_recording_off_does_not_pass_that_on():
    seen = []

    def careless():
        seen.append(state())
        gt.set_grad_enabled(False)
        gt.inference_mode().__enter__()

    for _ in range(5):
        thread = threading.Thread(target=careless)
        thread.start()
        thread.join()
    assert seen == [(True, False)] * 5
    assert not OFF


@pytest.mark.torch
def test_modes_inside_modes_are_those_of_pytorch():
    torch = pytest.importorskip("torch")

    def states(lib):
        makers = [
            lib.no_grad, lib.enable_grad, lib.inference_mode, lambda: lib.inference_mode(False),
            lambda: lib.set_grad_enabled(False), lambda: lib.set_grad_enabled(True),
        ]  # fmt: skip
        seen = []
        for outer in makers:
            for inner in makers:
                with outer():
                    seen.append((lib.is_grad_enabled(), lib.is_inference_mode_enabled()))
                    with inner():
                        seen.append((lib.is_grad_enabled(), lib.is_inference_mode_enabled()))
                    seen.append((lib.is_grad_enabled(), lib.is_inference_mode_enabled()))
        return seen

    assert states(gt) == states(torch)


def test_variable_is_an_old_word_for_a_tensor():
    x = gt.ones(2)
    assert gt.autograd.variable.Variable is gt.autograd.Variable
    assert isinstance(x, gt.autograd.Variable)
    assert gt.autograd.Variable(x, requires_grad=True).requires_grad


@pytest.mark.parametrize("enable", [gt.enable_grad, lambda: gt.set_grad_enabled(True)])
def test_nothing_is_recorded_in_inference_mode_whatever_is_enabled_there(enable):
    w = gt.ones(2, requires_grad=True)
    with gt.inference_mode():
        with enable():
            assert state() == (True, True)
            results = [w * 2, w.sum(), w[0], gt.cat([w, w]), w.double(), w.view(2, 1)]
            assert not any(y.requires_grad for y in results)
            with gt.inference_mode(False):
                assert (w * 2).requires_grad
            assert not (w * 2).requires_grad
        assert state() == (False, True)
    assert (w * 2).requires_grad


def test_a_backward_pass_in_inference_mode_leaves_the_mode_as_it_was():
    w = gt.ones(2, requires_grad=True)
    loss = w.sum()
    with gt.inference_mode(), gt.enable_grad():
        loss.backward()
        assert state() == (True, True)
        assert not (w * 2).requires_grad
    assert w.grad.tolist() == [1.0, 1.0]
