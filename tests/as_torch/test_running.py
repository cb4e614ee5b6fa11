"""A program runs as Python itself would run it."""

import textwrap

import pytest

from tests.as_torch.running import as_torch, printed, python

SHOW = (
    "import sys, torch\nprint(sys.argv, sys.path[0], __name__, globals().get('__file__'), __spec__ and __spec__.name)\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "script.py").write_text("import beside\n" + SHOW)
    (tmp_path / "inner" / "beside.py").write_text("import torch.nn\n")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    (tmp_path / "package" / "__main__.py").write_text("from . import part\n" + SHOW)
    (tmp_path / "package" / "part.py").write_text("from torch import nn\n")
    return tmp_path


def stub(folder):
    """A folder with an empty torch, for Python's own answer."""
    (folder / "stub" / "torch").mkdir(parents=True)
    (folder / "stub" / "torch" / "__init__.py").touch()
    (folder / "stub" / "torch" / "nn.py").touch()
    return {"PYTHONPATH": str(folder / "stub")}


@pytest.mark.parametrize(
    "command",
    [
        ("inner/script.py", "a", "--report"),
        ("-m", "package", "-x"),
        ("-c", SHOW, "b", "-m"),
        ("inner/../inner/script.py",),
    ],
)
def test_arguments_path_and_name_are_pythons(folder, command):
    expected = printed(python(*command, cwd=folder, **stub(folder)))
    assert printed(as_torch(*command, cwd=folder)) == expected


def test_a_program_may_come_from_the_standard_input_or_from_a_folder(folder):
    assert printed(as_torch("-", "a", given=SHOW)) == "['-', 'a']  __main__ None None\n"
    (folder / "inner" / "__main__.py").write_text("import beside\n" + SHOW)
    out = printed(as_torch("inner", "a", cwd=folder))
    assert out.startswith("['inner', 'a'] inner __main__ ")


def test_tracebacks_begin_and_end_in_the_program(folder):
    script = folder / "fails.py"
    script.write_text("import torch\ndef f():\n    torch.no_such_name\ntry:\n    1 / 0\nexcept ValueError:\n    pass\n")
    expected = f'Traceback (most recent call last):\n  File "{script}", line 5, in <module>\n    1 / 0\n'
    done = as_torch(script)
    assert done.returncode == 1
    assert done.stderr.startswith(expected)
    script.write_text("import torch\ndef f():\n    torch.zeross(3)\nf()\n")
    done = as_torch(script)
    assert "as_torch/" not in done.stderr
    assert done.stderr.splitlines()[-1] == (
        f"gputensor.errors.MissingError: torch.zeross does not exist in gputensor (wanted at {script}:3); "
        "did you mean zeros?"
    )


def test_what_is_no_python_is_shown_as_by_python(folder):
    script = folder / "broken.py"
    script.write_text("import torch\nif\n")
    done = as_torch(script)
    assert done.returncode == 1
    assert done.stderr == python(script).stderr


@pytest.mark.parametrize(
    ("source", "code"), [("raise SystemExit(7)", 7), ("import sys; sys.exit('no')", 1), ("raise KeyboardInterrupt", -2)]
)
def test_exit_codes_are_pythons(source, code):
    assert as_torch("-c", f"import torch; {source}").returncode == code


def test_what_cannot_be_run_is_said(folder):
    done = as_torch("nothing.py", cwd=folder)
    assert (done.returncode, done.stderr.endswith("[Errno 2] No such file or directory\n")) == (2, True)
    assert "No module named no_such_module" in as_torch("-m", "no_such_module").stderr
    assert "can't find '__main__' module in" in as_torch("inner", cwd=folder).stderr
    (folder / "package" / "__main__.py").unlink()
    assert "'package' is a package and cannot be run" in as_torch("-m", "package", cwd=folder).stderr
    for arguments in ((), ("--unknown", "x.py"), ("-m",), ("-c",)):
        done = as_torch(*arguments)
        assert done.returncode == 2
        assert "usage: python -m gputensor.as_torch" in done.stderr
    assert printed(as_torch("--help")).startswith("usage:")


WORKERS = """
import sys
import torch
import torch.multiprocessing as mp
from torch.utils.data import DataLoader, Dataset

class Squares(Dataset):
    def __len__(self):
        return 6

    def __getitem__(self, i):
        assert torch.__version__.endswith("gputensor")
        return torch.tensor([float(i)]) ** 2

def work(rank, queue, name):
    queue.put((rank, str(torch.ones(2).dtype), __name__, sys.argv[1:]))

if __name__ == "__main__":
    method = sys.argv[1]
    loader = DataLoader(Squares(), batch_size=3, num_workers=1, multiprocessing_context=method)
    print(torch.cat(list(loader)).flatten().tolist())
    queue = mp.get_context(method).SimpleQueue()
    mp.start_processes(work, args=(queue, "x"), nprocs=1, start_method=method)
    print(queue.get())
"""


@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_processes_that_a_program_starts_see_the_alias(tmp_path, method):
    script = tmp_path / "workers.py"
    script.write_text(textwrap.dedent(WORKERS))
    name = "__main__" if method == "fork" else "__mp_main__"
    expected = f"[0.0, 1.0, 4.0, 9.0, 16.0, 25.0]\n(0, 'torch.float32', '{name}', ['{method}'])\n"
    assert printed(as_torch(script, method, cwd=tmp_path)) == expected
