"""The functions of the other door take Arrays as the Tensors they are: every row of the table of samples."""

import warnings

import numpy as np

import gputensor as gt
from gputensor import array_api as xp
from tests.asking import SAMPLES, rows, tensors, values
from tests.drawing import draw


@rows(SAMPLES)
def test_a_function_gives_the_same_of_arrays_as_of_tensors(sample):
    given = tensors(draw(sample, sample.dtypes[0]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gt.manual_seed(0)
        expected = values(sample.call(gt, *given))
        gt.manual_seed(0)
        found = values(sample.call(gt, *[xp.asarray(x) for x in given]))
    for a, b in zip(found, expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)
