"""The main job as a user sees it: what it prints, what it writes, what it refuses, and that the network learns."""

import importlib.util
import subprocess
import sys
from statistics import median

import numpy as np
import pytest

import gputensor as gt
from gputensor._installing import install_line
from gputensor.demo import Result, train
from gputensor.demo.__main__ import choose_devices, comparison, main
from gputensor.demo._training import DigitNet, digits
from gputensor.errors import DeviceError


@pytest.fixture
def no_gpu(monkeypatch):
    """Whatever this machine has: no GPU is usable."""
    monkeypatch.setattr(gt.cuda, "is_available", lambda: False)
    monkeypatch.setattr(gt.cuda, "why_unavailable", lambda: "there is no GPU in this test")


def without(monkeypatch, *names):
    """Let importlib say that packages are not installed."""
    found = importlib.util.find_spec
    hidden = lambda name, *more: None if name in names else found(name, *more)  # noqa: E731
    monkeypatch.setattr("gputensor.demo.__main__.find_spec", hidden)


def test_the_digits_are_split_into_1437_and_360_images_between_0_and_1():
    x, y, x_test, y_test = digits()
    assert x.shape == (1437, 1, 8, 8)
    assert x_test.shape == (360, 1, 8, 8)
    assert (len(y), len(y_test)) == (1437, 360)
    assert x.dtype == gt.float32
    assert float(x.min()) == 0.0
    assert float(x.max()) == 1.0


def test_two_epochs_learn_most_digits_and_the_same_seed_trains_alike():
    first, again, other = train(epochs=2, seed=3), train(epochs=1, seed=3), train(epochs=1, seed=4)
    assert first.accuracy > 0.85
    assert len(first.losses) == 2 * len(again.losses) == 2 * 45
    assert first.losses[:45] == again.losses
    assert first.losses[:45] != other.losses
    assert first.epoch_losses[1] < first.epoch_losses[0] / 2


@pytest.mark.slow
def test_the_median_of_five_seeds_recognises_97_percent():
    assert median(train(seed=seed).accuracy for seed in range(5)) >= 0.97


def test_the_command_trains_says_its_device_and_writes_two_pictures(no_gpu, tmp_path, capsys):
    assert main(["--epochs", "1", "--seed", "1", "--out", str(tmp_path / "new" / "folder")]) == 0
    printed = capsys.readouterr()
    assert "device: cpu (there is no GPU in this test)" in printed.out
    assert "of 360 test digits recognised" in printed.out
    assert "loss" in printed.err  # the progress bar
    for name in ("loss.png", "digits.png"):
        assert (tmp_path / "new" / "folder" / name).read_bytes().startswith(b"\x89PNG")
        assert f"wrote {tmp_path / 'new' / 'folder' / name}" in printed.out


def test_without_its_extra_the_demo_says_what_is_missing_and_trains(no_gpu, tmp_path, capsys, monkeypatch):
    without(monkeypatch, "tqdm", "matplotlib")
    assert main(["--epochs", "1", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "tqdm and matplotlib not installed" in printed
    assert f"mend it with: {install_line('demo')}" in printed
    assert "cpu, epoch 1/1: loss" in printed
    assert not list(tmp_path.glob("*.png"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--epochs", "0"], "'0' is not a whole number from 1 to 10000"),
        (["--epochs", "many"], "'many' is not a whole number"),
        (["--seed", "-1"], "'-1' is not a whole number"),
        (["--device", "tpu"], "'tpu' is not a device; use auto, cpu, cuda"),
        (["--deivce", "cpu"], "unrecognized arguments"),
    ],
)
def test_a_bad_value_gets_a_clear_error(arguments, words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    assert words in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_refused_before_training(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file" / "below", tmp_path / "file"):
        assert main(["--out", str(out)]) == 2
        said = capsys.readouterr().err
        assert f"--out {out}: {tmp_path / 'file'} is a file, and the pictures need a folder; name another" in said


def test_a_gpu_that_is_not_there_is_refused_with_the_way_to_mend_it(capsys, monkeypatch):
    def missing(name):
        raise DeviceError("cuda: CuPy is not installed; mend it with: pip install …")

    monkeypatch.setattr("gputensor.demo.__main__.gt.zeros", lambda *size, device: missing(device))
    assert main(["--device", "cuda"]) == 2
    assert "mend it with" in capsys.readouterr().err


def test_both_devices_are_chosen_where_there_is_a_gpu(gpus):
    devices, why = choose_devices("auto")
    assert devices == ["cpu", "cuda"]
    assert "training on both" in why


def test_the_table_compares_and_claims_no_speed_up_where_the_losses_differ():
    cpu = Result("cpu", epoch_losses=[0.5, 0.1000], epoch_seconds=[1.0, 2.0], accuracy=0.98)
    gpu = Result("cuda", epoch_losses=[0.5, 0.1005], epoch_seconds=[9.0, 0.5], accuracy=0.97)
    text, same = comparison([cpu, gpu])
    assert same
    assert "4.0" in text
    assert "same loss" in text
    gpu.epoch_losses[-1] = 0.2
    text, same = comparison([cpu, gpu])
    assert not same
    assert "DIFFER" in text
    assert "4.0" not in text


def test_the_network_gives_the_same_on_the_double_of_a_gpu(gpus):
    gt.manual_seed(0)
    net = DigitNet().eval()
    x = digits()[2][:4]
    here = net(x).detach().numpy()
    there = net.to("cuda")(x.cuda()).detach().cpu().numpy()
    assert np.allclose(here, there, rtol=1e-4, atol=1e-5)


@pytest.mark.gpu
def test_cpu_and_gpu_reach_the_same_loss():
    _, same = comparison([train("cpu", epochs=3), train("cuda", epochs=3)])
    assert same


def test_the_module_runs_as_a_program(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "gputensor.demo", "--device", "cpu", "--epochs", "1", "--out", str(tmp_path)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "device: cpu (asked for with --device)" in done.stdout
