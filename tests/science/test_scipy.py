"""Every function of SciPy's own array-API table takes Tensors, and does with them what docs/scipy.md says."""

import os
import re
import subprocess
import sys
from importlib.metadata import version

import numpy as np
import pytest

from tests.science.scipy_calls import FAMILIES
from tests.science.scipy_page import CALLS, PAGE, ROOT, answers, mark, page, printed

NOT_DERIVATIVES = [name for name, call in CALLS.items() if call.no_slope]

SCIPY = (
    "1.17"  # the release whose table the calls, the marks and the page are about; the next one lists other functions
)

pytestmark = pytest.mark.skipif(
    not version("scipy").startswith(f"{SCIPY}."),
    reason=f"the table of SciPy {SCIPY} is asked, and {version('scipy')} is installed",
)

NUMPY_OF_THE_PAGE = pytest.mark.skipif(
    np.lib.NumpyVersion(np.__version__) >= "2.5.0",
    reason="from NumPy 2.5 on numpy.linalg.eig is complex for arrays, too, so that signal.place_poles runs",
)


@pytest.fixture(scope="module")
def answer():
    return answers()


@pytest.fixture(scope="module")
def found(answer):
    return {name: said for name, said in answer["results"].items() if said and not CALLS[name].fails}


def test_every_function_of_scipys_table_has_a_call(answer):
    missing = sorted(set(answer["listed"]) - set(CALLS))
    assert not missing, "write their calls in tests/science/scipy_calls"


def test_no_function_has_two_calls():
    names = [call.name for family in FAMILIES for call in family.CALLS]
    assert len(names) == len(set(names))


def test_the_table_is_read(answer):
    assert len(answer["listed"]) > 400
    assert "stats.zscore" in answer["listed"]
    assert "spatial.transform.Rotation.apply" in answer["listed"]


def test_results_are_those_of_numpy(found):
    wrong = {
        (name, dtype): outcome["differs"]
        for name, said in found.items()
        for dtype, outcome in said.items()
        if outcome["differs"]
    }
    assert not wrong


@NUMPY_OF_THE_PAGE
def test_what_is_said_to_fail_does(answer):
    marked = {name: answer["results"][name] for name, call in CALLS.items() if call.fails and answer["results"][name]}
    well = [name for name, said in marked.items() if not any(outcome["differs"] for outcome in said.values())]
    assert not well, "these run now: take `fails` away"


def test_few_results_depend_on_the_default_dtype(found):
    mixed = {
        name: said["float64"]["beside float32"] for name, said in found.items() if said["float64"]["beside float32"]
    }
    assert 0 < len(mixed) <= 0.03 * len(found), mixed


def test_the_example_of_the_page_runs():
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(code) == 1
    check = "\nassert special.logsumexp(x, axis=0).requires_grad and x.grad.shape == (100, 3)"
    subprocess.run([sys.executable, "-c", code[0] + check], cwd=ROOT, check=True)


def test_what_gives_no_tensors_says_why(found):
    others = {name for name, said in found.items() if said["float64"]["gives"] != "Tensor"}
    assert others == {name for name, call in CALLS.items() if call.note and name in found}


def test_float32_gives_tensors_where_float64_does(found):
    narrow = {
        name
        for name, said in found.items()
        if said["float32"]["gives"] != said["float64"]["gives"] and "refused" not in said["float32"]
    }
    assert not narrow


def test_gradients_are_those_of_differences(found):
    wrong = {
        name: said["float64"]["gradient"] for name, said in found.items() if mark(said["float64"]) == "Not a derivative"
    }
    assert set(wrong) == {name for name in NOT_DERIVATIVES if name in found}, wrong


@pytest.mark.parametrize(
    "name",
    [
        "cluster.vq.whiten", "differentiate.jacobian", "fft.irfftn", "integrate.cubature", "integrate.trapezoid",
        "optimize.rosen_hess", "signal.fftconvolve", "signal.freqz", "signal.hilbert", "signal.resample",
        "spatial.transform.Rotation.from_euler", "spatial.transform.Rotation.mean", "special.chdtr", "special.erfcx",
        "special.log_softmax", "special.logsumexp", "special.polygamma", "special.rel_entr", "stats.circmean",
        "stats.entropy", "stats.gmean", "stats.kurtosis", "stats.quantile", "stats.skew", "stats.zscore",
    ],
)  # fmt: skip
def test_a_gradient_flows(found, name):
    assert found[name]["float64"]["gradient"] == "flows"


def test_functions_for_the_gpu_stay_there(answer):
    cuda = answer["cuda"]
    assert len(cuda) > 200
    assert not {name: said["differs"] for name, said in cuda.items() if said["differs"]}
    assert not [name for name, said in cuda.items() if "other" in said["gives"]]
    refused = [name for name, said in cuda.items() if "refused" in said]
    assert all("copy it first with .cpu()" in cuda[name]["refused"] for name in refused)
    assert len(refused) < 0.05 * len(cuda)


@pytest.mark.gpu
def test_functions_for_the_gpu_stay_on_a_real_one(answer):
    real = printed("scipy_cuda")
    assert {name: said["gives"] for name, said in real.items()} == {
        name: said["gives"] for name, said in answer["cuda"].items()
    }
    assert not {name: said["differs"] for name, said in real.items() if said["differs"]}


def test_special_functions_are_computed_here(found):
    # compiled code would refuse a Tensor that requires grad, so what has a gradient, or none without an error, is ours
    import gputensor as gt

    names = [name for name in dir(gt.array_api.special) if f"special.{name}" in found]
    assert len(names) > 30
    refused = [name for name in names if found[f"special.{name}"]["float64"]["gradient"] == "refused"]
    assert not refused


COUNTS = """
import numpy as np
from scipy import ndimage, signal
import gputensor as gt

gt.set_default_dtype(gt.float64)

def ask(array):
    b, a = array([1.0, 0.5, 0.2]), array([1.0, -0.3])
    image, labels = array([[1.0, 2.0], [3.0, 5.0]]), array([[1, 1], [2, 2]])
    yield from signal.group_delay((b, a), 16)
    yield ndimage.labeled_comprehension(image, labels, array([1, 2]), np.mean, float, 0.0)

for got, expected in zip(ask(gt.array_api.asarray), ask(np.asarray), strict=True):
    assert type(got) is gt.array_api.Array
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-10)
"""


def test_where_scipy_reads_the_size_arrays_of_the_standard_go():
    environment = {**os.environ, "SCIPY_ARRAY_API": "1", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", COUNTS], env=environment, check=True)


@NUMPY_OF_THE_PAGE
def test_the_page_is_true(answer):
    said = PAGE.read_text()
    if f"SciPy {answer['version']} lists" not in said:
        pytest.skip(f"docs/scipy.md is about another SciPy than {answer['version']}")
    assert said == page(answer), "run `python -m tests.science.scipy_page`"
