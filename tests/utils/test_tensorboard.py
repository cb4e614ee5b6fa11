"""SummaryWriter: what is added is in the file that TensorBoard reads."""

import re
import sys

import numpy as np
import pytest

import gputensor as gt
from gputensor._installing import install_line


@pytest.fixture
def package():
    return pytest.importorskip("tensorboardX", reason="the extra `tensorboard` is not installed")


def summaries(folder):
    """(tag, step, value) of every record in a folder's files."""
    from tensorboardX.proto import event_pb2
    from tensorboardX.record_writer import RecordWriter  # noqa: F401  (the format's other half)

    found = []
    for path in sorted(folder.rglob("events.*")):
        content, at = path.read_bytes(), 0
        while at < len(content):
            length = int.from_bytes(content[at : at + 8], "little")
            event = event_pb2.Event.FromString(content[at + 12 : at + 12 + length])
            at += 12 + length + 4
            found += [(value.tag, event.step, value) for value in event.summary.value]
    return found


def test_scalars_of_every_kind_are_written(package, tmp_path):
    from gputensor.utils.tensorboard import SummaryWriter

    with SummaryWriter(tmp_path / "log") as writer:
        assert writer.get_logdir() == str(tmp_path / "log")
        writer.add_scalar("loss", gt.tensor(0.5, requires_grad=True), 3)
        writer.add_scalar("number", 2.0, global_step=4)
        writer.add_scalar("half", gt.tensor([0.25], dtype=gt.bfloat16), 5)
        writer.add_scalars("both", {"a": 1.0, "b": gt.tensor(2.0)}, 1)
        writer.flush()
    found = {(tag, step, value.simple_value) for tag, step, value in summaries(tmp_path)}
    assert {("loss", 3, 0.5), ("number", 4, 2.0), ("half", 5, 0.25)} <= found
    assert sorted(value for _, step, value in found if step == 1) == [1.0, 2.0]


def test_histograms_texts_pictures_and_curves_are_written(package, tmp_path):
    from gputensor.utils.tensorboard.writer import SummaryWriter

    writer = SummaryWriter(tmp_path, filename_suffix=".x")
    writer.add_histogram("weights", gt.arange(10).float(), 1)
    writer.add_text("note", "hello", 1)
    writer.add_pr_curve("curve", gt.tensor([0, 1, 1]), gt.tensor([0.1, 0.8, 0.9]), 1)
    writer.add_hparams({"lr": 0.1}, {"accuracy": gt.tensor(0.75)})
    pytest.importorskip("PIL", reason="pictures are compressed by Pillow")
    writer.add_image("picture", gt.rand(3, 4, 5), 1)
    writer.add_images("pictures", gt.rand(2, 1, 4, 5), 1)
    writer.close()
    found = {tag: value for tag, _, value in summaries(tmp_path)}
    assert found["weights"].histo.num == 10
    assert found["weights"].histo.sum == 45.0
    assert b"hello" in found["note/text_summary"].tensor.string_val[0]
    assert (found["picture"].image.height, found["picture"].image.width) == (4, 5)
    assert found["accuracy"].simple_value == 0.75


def test_tensors_are_made_arrays_wherever_they_are():
    from gputensor.utils.tensorboard.writer import _host, _number

    found = _host({"a": [gt.ones(2), 3], "b": (gt.ones(1, requires_grad=True),)})
    assert isinstance(found["a"][0], np.ndarray)
    assert isinstance(found["b"][0], np.ndarray)
    assert (found["a"][1], _number(gt.tensor([2.0])), _number(1)) == (3, 2.0, 1)


def test_without_the_package_the_line_that_mends_it_is_said(monkeypatch, tmp_path):
    from gputensor.utils.tensorboard import FileWriter, SummaryWriter

    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(ImportError, match=re.escape(install_line("tensorboard"))):
        SummaryWriter(tmp_path)
    with pytest.raises(ImportError, match="tensorboardX is not installed"):
        FileWriter(str(tmp_path))


def test_in_place_of_a_picture_of_the_program_its_layers_are_written(package, tmp_path):
    layers = gt.nn.Sequential(gt.nn.Linear(3, 1))
    with gt.utils.tensorboard.SummaryWriter(tmp_path) as writer, pytest.warns(UserWarning, match="not traced"):
        writer.add_graph(layers, gt.zeros(1, 3))
    [(tag, _, value)] = summaries(tmp_path)
    assert tag.startswith("graph/Sequential")
    assert b"(0): Linear(in_features=3" in value.tensor.string_val[0]
