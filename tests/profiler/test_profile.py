"""The profiler: what is recorded, added up, shown and written."""

import gzip
import json
import threading
import time

import pytest

import gputensor as gt
from gputensor.autograd import engine
from gputensor.core import apply
from gputensor.profiler import ProfilerAction, ProfilerActivity, profile, record_function, schedule


def rows(prof):
    return {row.key: row for row in prof.key_averages()}


def test_operations_and_backward_steps_are_counted():
    w = gt.ones(3, requires_grad=True)
    with profile() as prof:
        for _ in range(2):
            (w * 2).exp().sum().backward()
    counts = {key: row.count for key, row in rows(prof).items()}
    names = ("mul", "exp", "sum", "MulBackward0", "ExpBackward0", "SumBackward0")
    assert counts == dict.fromkeys(names, 2)
    assert all(row.cpu_time_total > 0 for row in rows(prof).values())
    assert w.grad is not None


def test_every_way_through_apply_is_seen():
    x, m = gt.ones(2, 2), gt.ones(2, 2)
    with profile() as prof:
        x[0]
        x.transpose(0, 1)
        x.gt(1)
        x.add_(1.0)
        gt.cat([x, m])
        gt.where(x > 0, x, m)
        x.argmax()
        x.sort()
    seen = set(rows(prof))
    assert {"slice", "greater", "add", "cat", "where", "argmax"} <= seen


def test_nothing_is_paid_afterwards():
    with profile():
        assert apply.SLOW
    assert not apply.SLOW
    assert apply.OBSERVERS == apply.STARTERS == engine.WATCHERS == []
    with pytest.raises(KeyError), profile():
        raise KeyError
    assert apply.OBSERVERS == engine.WATCHERS == []


def test_regions_hold_what_is_inside_them():
    with profile() as prof, record_function("outer"):
        time.sleep(0.002)
        with record_function("inner"):
            time.sleep(0.004)
            gt.ones(4) + 1
    found = rows(prof)
    outer, inner, add = found["outer"], found["inner"], found["add"]
    assert outer.cpu_time_total >= inner.cpu_time_total + 2000 > 6000
    assert outer.self_cpu_time_total == pytest.approx(outer.cpu_time_total - inner.cpu_time_total)
    assert inner.self_cpu_time_total == pytest.approx(inner.cpu_time_total - add.cpu_time_total)
    assert outer.cpu_memory_usage == inner.cpu_memory_usage == add.cpu_memory_usage == 16
    assert outer.self_cpu_memory_usage == 0
    assert prof.key_averages().self_cpu_time_total == pytest.approx(outer.cpu_time_total)


def test_memory_is_that_of_new_results():
    x = gt.ones(100, dtype=gt.float64)
    with profile(profile_memory=True) as prof:
        y = x + 1.0
        y.mul_(2.0)
        y[:10]
    found = rows(prof)
    assert (found["add"].cpu_memory_usage, found["mul"].cpu_memory_usage, found["slice"].cpu_memory_usage) == (
        800,
        0,
        0,
    )
    assert "CPU Mem" in prof.key_averages().table()


def test_the_table_is_sorted_and_cut():
    with profile() as prof:
        for _ in range(3):
            gt.ones(2) * 2
        gt.ones(2) + 1
    table = prof.key_averages().table(sort_by="count", row_limit=1)
    assert "mul" in table
    assert "add" not in table
    assert "Self CPU time total" in table
    assert "add" in str(prof.key_averages())
    with pytest.raises(ValueError, match="sort_by must be one of"):
        prof.key_averages().table(sort_by="beauty")


def test_shapes_part_the_rows():
    with profile(record_shapes=True) as prof:
        gt.ones(2) * gt.ones(2)
        gt.ones(3, 1) * gt.ones(2)
    shapes = [row.input_shapes for row in prof.key_averages(group_by_input_shape=True)]
    assert shapes == [[[2], [2]], [[3, 1], [2]]]
    assert "Input Shapes" in prof.key_averages(group_by_input_shape=True).table()


def test_an_operation_that_fails_spoils_nothing():
    with profile() as prof, record_function("all"):
        with pytest.raises(RuntimeError):
            gt.ones(2) + gt.ones(3)
        gt.ones(2) * 2
    assert {key: row.count for key, row in rows(prof).items()} == {"all": 1, "mul": 1}


def test_threads_are_told_apart():
    def work():
        with record_function("in thread"):
            gt.ones(2) * 2

    with profile() as prof, record_function("main"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    threads = {event.name: event.thread for event in prof.events()}
    assert threads["in thread"] == threads["mul"] != threads["main"]
    assert rows(prof)["main"].cpu_memory_usage == 0


def test_the_trace_is_json_for_chrome(tmp_path):
    with profile(record_shapes=True) as prof, record_function("step"):
        gt.ones(2) * 2
    prof.add_metadata("note", "hello")
    prof.export_chrome_trace(str(tmp_path / "trace.json"))
    prof.export_chrome_trace(str(tmp_path / "trace.json.gz"))
    content = json.loads((tmp_path / "trace.json").read_text())
    with gzip.open(tmp_path / "trace.json.gz", "rt") as file:
        assert json.load(file) == content
    assert content["note"] == "hello"
    events = {event["name"]: event for event in content["traceEvents"] if event["ph"] == "X"}
    assert events["mul"]["args"]["Input Dims"][0] == [2]
    step, mul = events["step"], events["mul"]
    assert step["ts"] <= mul["ts"] <= mul["ts"] + mul["dur"] <= step["ts"] + step["dur"]
    assert (step["cat"], mul["cat"]) == ("user_annotation", "cpu_op")


def plans():
    return {
        "plain": {"wait": 1, "warmup": 1, "active": 2},
        "twice": {"wait": 0, "warmup": 1, "active": 2, "repeat": 2},
        "late": {"wait": 2, "warmup": 0, "active": 1, "repeat": 1, "skip_first": 3},
        "first at once": {"wait": 2, "warmup": 1, "active": 1, "skip_first": 1, "skip_first_wait": 1},
    }


@pytest.mark.torch
@pytest.mark.filterwarnings("ignore:Profiler won't be using warmup")
@pytest.mark.parametrize("name", plans())
def test_schedules_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch")
    mine, theirs = schedule(**plans()[name]), torch.profiler.schedule(**plans()[name])
    assert [mine(k).name for k in range(15)] == [theirs(k).name for k in range(15)]


def test_a_schedule_records_its_steps_only(tmp_path):
    ready = []

    def handle(prof):
        ready.append({row.key: row.count for row in prof.key_averages()})

    with profile(schedule=schedule(wait=1, warmup=1, active=2, repeat=2), on_trace_ready=handle) as prof:
        for _ in range(10):
            gt.ones(2) * 2
            prof.step()
    assert ready == [{"ProfilerStep*": 2, "mul": 2}] * 2
    assert prof.step_num == 10
    assert apply.OBSERVERS == []


def test_traces_go_into_a_folder_for_tensorboard(tmp_path):
    handler = gt.profiler.tensorboard_trace_handler(str(tmp_path / "log"), worker_name="me")
    with profile(on_trace_ready=handler):
        gt.ones(2) * 2
    (file,) = (tmp_path / "log").iterdir()
    assert file.name.startswith("me.")
    assert file.name.endswith(".pt.trace.json")
    assert any(event["name"] == "mul" for event in json.loads(file.read_text())["traceEvents"])


def test_wrong_plans_are_refused():
    with pytest.raises(ValueError, match="active must be above 0"):
        schedule(wait=1, warmup=1, active=0)
    with pytest.raises(ValueError, match="number of a step"):
        schedule(wait=0, warmup=0, active=1)(-1)
    with pytest.raises(ValueError, match="activities"):
        profile(activities=[])
    with pytest.raises(RuntimeError, match="nothing was recorded"):
        profile(schedule=lambda step: ProfilerAction.NONE).key_averages()


def test_the_older_profiler_shows_the_same(tmp_path):
    with gt.autograd.profiler.profile(record_shapes=True) as prof, gt.autograd.profiler.record_function("all"):
        gt.ones(2) * 2
    assert {row.key for row in prof.key_averages()} == {"all", "mul"}
    assert prof.total_average().count == 2
    assert "mul" in prof.table(sort_by="cpu_time_total")
    assert prof.self_cpu_time_total > 0
    prof.export_chrome_trace(str(tmp_path / "trace.json"))
    assert "traceEvents" in json.loads((tmp_path / "trace.json").read_text())
    with gt.autograd.profiler.profile(enabled=False) as off:
        gt.ones(2) * 2
    assert len(off.function_events) == 0


def test_a_decorated_function_is_a_region():
    @record_function("named")
    def work():
        return gt.ones(1) * 2

    work()
    with profile() as prof:
        work()
        work()
    assert rows(prof)["named"].count == 2


@pytest.mark.usefixtures("gpus")
def test_work_on_a_gpu_is_timed_by_events_in_its_stream():
    w = gt.ones(3, device="cuda", requires_grad=True)
    with profile(activities=[ProfilerActivity.CPU, ProfilerActivity.CUDA]) as prof:
        (w * 2).sum().backward()
    found = rows(prof)
    assert all(found[name].device_time_total > 0 for name in ("mul", "sum", "MulBackward0"))
    assert found["mul"].device_memory_usage == 12
    assert "Self CUDA" in prof.key_averages().table(sort_by="cuda_time_total")
    with profile(activities=[ProfilerActivity.CPU]) as prof:
        w * 2
    assert rows(prof)["mul"].device_time_total == 0
    assert ProfilerActivity.CUDA in gt.profiler.supported_activities()


def test_an_event_has_the_fields_that_programs_read():
    x = gt.ones(3, 4)
    with gt.profiler.profile(record_shapes=True, profile_memory=True) as prof:
        with gt.profiler.record_function("mine"):
            y = x * 2
        y.sum()
    events = prof.events()
    assert [e.key for e in events] == [e.name for e in events] == ["mine", "mul", "sum"]
    mine, mul, total = events
    assert mul.cpu_parent is mine
    assert mine.cpu_children == [mul]
    assert total.cpu_parent is None
    assert (mine.count, mine.is_user_annotation, mul.is_user_annotation) == (1, True, False)
    assert mul.input_shapes[0] == [3, 4]
    assert mul.cpu_memory_usage == mine.cpu_memory_usage == 48
    assert mine.self_cpu_memory_usage == 0
    assert 0 <= mine.time_range.start <= mul.time_range.start <= mul.time_range.end <= mine.time_range.end
    assert mine.cpu_time == mine.cpu_time_total == mine.time_range.elapsed_us()
    inside = mine.self_cpu_time_total + mul.cpu_time_total
    assert abs(inside - mine.cpu_time_total) < 1e-3
    assert mul.cuda_time_total == mul.device_time == 0.0
    assert (mul.device_type, mul.thread, mul.stack, mul.flops) == ("cpu", mine.thread, [], 0)
    assert mul.cpu_time_str.endswith("s")
    row = prof.events().key_averages()[0]
    assert (row.key, row.count, row.cpu_time_total) == ("mine", 1, pytest.approx(mine.cpu_time_total))
    assert row.self_cuda_time_total == 0.0
    assert row.is_user_annotation
    assert row.self_cpu_time_total_str == prof.key_averages()[0].self_cpu_time_total_str


def test_loading_and_the_optimizers_work_have_rows_of_their_own():
    class Slow:
        def __len__(self):
            return 2

        def __getitem__(self, i):
            time.sleep(0.02)
            return gt.tensor(float(i))

    class Twice(gt.optim.SGD):
        def step(self, closure=None):
            time.sleep(0.02)
            return super().step(closure)

    w = gt.nn.Parameter(gt.ones(1))
    optimizer = Twice([w], lr=0.1)
    with profile() as prof, record_function("training"):
        for x in gt.utils.data.DataLoader(Slow()):
            optimizer.zero_grad()
            (w * x).sum().backward()
            optimizer.step()
    rows = {row.key: row for row in prof.key_averages()}
    assert rows["Optimizer.step#Twice.step"].count == 2
    assert rows["Optimizer.zero_grad#Twice.zero_grad"].count == 2
    # the attempt that finds no more is one, too
    assert rows["enumerate(DataLoader)"].count == 3
    for key in ("Optimizer.step#Twice.step", "enumerate(DataLoader)"):
        assert rows[key].self_cpu_time_total > 40_000
    outer = rows["training"]
    inside = rows["Optimizer.step#Twice.step"].cpu_time_total + rows["enumerate(DataLoader)"].cpu_time_total
    assert outer.self_cpu_time_total <= outer.cpu_time_total - inside


def test_a_profiler_says_what_it_was_asked_for():
    plan = schedule(wait=1, warmup=0, active=1)
    with profile(schedule=plan, with_stack=True, with_flops=True) as prof:
        assert prof.current_action is ProfilerAction.NONE
        prof.step()
        assert prof.current_action is ProfilerAction.RECORD_AND_SAVE
    assert prof.schedule is plan
    assert (prof.with_stack, prof.with_flops, prof.with_modules, prof.acc_events) == (True, True, False, False)
    assert prof.use_device == ("cuda" if gt.cuda.is_available() else None)
    with pytest.raises(NotImplementedError, match="export_stacks: stacks are not recorded; use export_chrome_trace"):
        prof.export_stacks("stacks.txt")


def test_a_table_of_the_outermost_events_in_one_unit():
    with profile() as prof:
        with record_function("outside"):
            gt.ones(3).exp()
        gt.ones(3).sin()
    text = prof.key_averages().table(top_level_events_only=True, time_unit="ms")
    assert [line.split()[0] for line in text.splitlines()[3:5]] == ["outside", "sin"]
    assert "exp" not in text
    assert "us" not in text
    assert prof.key_averages()[0].use_device is None
    assert prof.events()[0].kernels == []
    with pytest.raises(gt.errors.ArgumentError, match="time_unit must be 's', 'ms', 'us' or None, got 'hours'"):
        prof.key_averages().table(time_unit="hours")
