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


NAMED = [d for d in gt.core.dtypes.ALL if d not in (gt.uint32, gt.uint64)]


@pytest.mark.parametrize("dtype", NAMED, ids=lambda d: d.name)
def test_tensors_are_written_whole(package, tmp_path, dtype):
    x = gt.tensor([[1, 0, 1]]).to(dtype).T
    with gt.utils.tensorboard.SummaryWriter(tmp_path) as writer:
        writer.add_tensor("x", x, 7)
        writer.add_tensor("nothing", gt.zeros(0, 2), 1)
        writer.add_tensor("leaf", gt.tensor(2.0, requires_grad=True))
    found = {tag: (step, value.tensor) for tag, step, value in summaries(tmp_path)}
    step, record = found["x"]
    assert step == 7
    assert [d.size for d in record.tensor_shape.dim] == [3, 1]
    names = {"float16": "half", "float32": "float", "float64": "double"}
    assert package.proto.types_pb2.DataType.Name(record.dtype) == f"DT_{names.get(dtype.name, dtype.name)}".upper()
    assert np.array_equal(np.frombuffer(record.tensor_content, dtype.numpy).reshape(3, 1), x.numpy())
    assert [d.size for d in found["nothing"][1].tensor_shape.dim] == [0, 2]
    assert np.frombuffer(found["leaf"][1].tensor_content, np.float32).tolist() == [2.0]


def test_a_record_of_a_tensor_is_what_tensorboard_reads(package, tmp_path):
    make_ndarray = pytest.importorskip("tensorboard.util.tensor_util").make_ndarray
    from tensorboard.compat.proto.tensor_pb2 import TensorProto

    x = gt.rand(2, 3, dtype=gt.float64)
    with gt.utils.tensorboard.SummaryWriter(tmp_path) as writer:
        writer.add_tensor("x", x)
    ((_, _, value),) = summaries(tmp_path)
    assert np.array_equal(make_ndarray(TensorProto.FromString(value.tensor.SerializeToString())), x.numpy())


def test_tensors_that_no_record_holds_are_refused(package, tmp_path):
    with gt.utils.tensorboard.SummaryWriter(tmp_path) as writer:
        with pytest.raises(TypeError, match="add_tensor: TensorBoard knows no uint32"):
            writer.add_tensor("x", gt.zeros(1, dtype=gt.uint32))
        with pytest.raises(ValueError, match="add_tensor: 'x' has 2147483648 bytes"):
            writer.add_tensor("x", gt.zeros(1, dtype=gt.uint8).expand(2**31))


def test_histograms_that_are_counted_already_are_written(package, tmp_path):
    x = gt.tensor([0.5, 1.5, 1.75])
    counts, edges = gt.histogram(x, gt.tensor([0.0, 1.0, 2.0]))
    with gt.utils.tensorboard.SummaryWriter(tmp_path) as writer:
        writer.add_histogram_raw("h", x.min(), x.max(), 3, x.sum(), (x * x).sum(), edges[1:], counts, 2)
        with pytest.raises(ValueError, match="add_histogram_raw: 3 bucket_limits for 2 bucket_counts"):
            writer.add_histogram_raw("h", 0, 1, 1, 1, 1, edges, counts)
    ((tag, step, value),) = summaries(tmp_path)
    assert (tag, step) == ("h", 2)
    assert (value.histo.min, value.histo.max, value.histo.num, value.histo.sum) == (0.5, 1.75, 3.0, 3.75)
    assert list(value.histo.bucket_limit) == [1.0, 2.0]
    assert list(value.histo.bucket) == [1.0, 2.0]


@pytest.mark.parametrize("shape", [(1, 4), (4,), (4, 1), (2, 4)])
def test_sounds_are_written_without_another_package(package, tmp_path, shape, monkeypatch):
    import io
    import wave

    monkeypatch.setitem(sys.modules, "soundfile", None)
    sound = gt.tensor([0.0, 0.5, -1.0, 7.0]).expand(2, 4) if shape[0] == 2 else gt.tensor([0.0, 0.5, -1.0, 7.0])
    with gt.utils.tensorboard.SummaryWriter(tmp_path) as writer:
        writer.add_audio("beep", sound.reshape(shape), 3, sample_rate=8000)
        with pytest.raises(ValueError, match=r"add_audio: the sound 'beep' has shape \(3, 4\)"):
            writer.add_audio("beep", gt.zeros(3, 4))
    ((_, step, value),) = summaries(tmp_path)
    channels = 2 if shape[0] == 2 else 1
    assert (step, value.audio.num_channels, value.audio.length_frames) == (3, channels, 4)
    with wave.open(io.BytesIO(value.audio.encoded_audio_string)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getnframes()) == (8000, channels, 4)
        samples = np.frombuffer(file.readframes(4), "<i2").reshape(4, channels)
    for k in range(channels):
        assert samples[:, k].tolist() == [0, 16383, -32767, 32767]


def test_the_writers_of_files_are_found_by_their_folders(package, tmp_path):
    writer = gt.utils.tensorboard.SummaryWriter(tmp_path)
    assert list(writer.all_writers) == [str(tmp_path)]
    writer.close()
    assert writer.all_writers is None
    writer.add_tensor("x", gt.ones(1))  # opens another file
    assert list(writer.all_writers) == [str(tmp_path)]
    writer.close()


def test_a_video_without_its_package_is_refused_in_a_sentence(package, tmp_path, monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with gt.utils.tensorboard.SummaryWriter(tmp_path) as writer, pytest.raises(ImportError, match="moviepy"):
        writer.add_video("v", gt.zeros(1, 2, 3, 4, 4))


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
