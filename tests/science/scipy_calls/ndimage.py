"""scipy.ndimage: the arrays go to SciPy's compiled code and the results come back as Tensors."""

import numpy as np

from tests.science.scipy_calls.call import COUNTED, Call
from tests.science.scipy_calls.data import COMPLEX_IMAGE, IMAGE, KERNEL, LABELS, LEVELS, MASK, SHORT

INDEX = np.array([1, 2, 3])
MATRIX = np.array([[0.9, 0.1], [-0.2, 1.1]])
FULL = np.ones((3, 3), dtype=bool)
MARKERS = np.zeros((7, 8), dtype=np.int32)
MARKERS[1, 1], MARKERS[5, 6] = 1, 2


def spread(values):
    return values.max() - values.min()


def running(line, out):
    out[...] = line[:-2] + 2 * line[1:-1] - line[2:]


def sloped(image, axis, output, mode, cval):
    from scipy import ndimage

    return ndimage.sobel(image, axis, output, mode, cval)


def moved(place):
    return place[0] * 0.75 + 0.5, place[1] - 0.25


CALLS = (
    Call("ndimage.affine_transform", lambda f, a: f(a(IMAGE), a(MATRIX), offset=0.5)),
    Call("ndimage.binary_closing", lambda f, a: f(a(MASK))),
    Call("ndimage.binary_dilation", lambda f, a: f(a(MASK), structure=a(FULL))),
    Call("ndimage.binary_erosion", lambda f, a: f(a(MASK), border_value=1)),
    Call("ndimage.binary_fill_holes", lambda f, a: f(a(MASK))),
    Call("ndimage.binary_hit_or_miss", lambda f, a: f(a(MASK), structure1=a(FULL[:2, :2]))),
    Call("ndimage.binary_opening", lambda f, a: f(a(MASK), structure=a(FULL[:2, :2]))),
    Call("ndimage.binary_propagation", lambda f, a: f(a(MARKERS == 1), mask=a(MASK == 1))),
    Call("ndimage.black_tophat", lambda f, a: f(a(IMAGE), size=3)),
    Call("ndimage.center_of_mass", lambda f, a: f(a(LEVELS), a(LABELS), a(INDEX))),
    Call("ndimage.convolve", lambda f, a: f(a(IMAGE), a(KERNEL), mode="mirror")),
    Call("ndimage.convolve1d", lambda f, a: f(a(IMAGE), a(KERNEL[0]), axis=0)),
    Call("ndimage.correlate", lambda f, a: f(a(IMAGE), a(KERNEL), mode="wrap")),
    Call("ndimage.correlate1d", lambda f, a: f(a(IMAGE), a(KERNEL[0]))),
    Call("ndimage.distance_transform_bf", lambda f, a: f(a(MASK), return_indices=True)),
    Call("ndimage.distance_transform_cdt", lambda f, a: f(a(MASK))),
    Call("ndimage.distance_transform_edt", lambda f, a: f(a(MASK), sampling=[1.0, 2.0])),
    Call("ndimage.extrema", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.find_objects", lambda f, a: f(a(LABELS)), note="a list of tuples of slices"),
    Call("ndimage.fourier_ellipsoid", lambda f, a: f(a(COMPLEX_IMAGE), 2.5)),
    Call("ndimage.fourier_gaussian", lambda f, a: f(a(COMPLEX_IMAGE), 1.5)),
    Call("ndimage.fourier_shift", lambda f, a: f(a(COMPLEX_IMAGE), (1.0, -0.5))),
    Call("ndimage.fourier_uniform", lambda f, a: f(a(COMPLEX_IMAGE), 3)),
    Call("ndimage.gaussian_filter", lambda f, a: f(a(IMAGE), (1.0, 2.0), order=(0, 1))),
    Call("ndimage.gaussian_filter1d", lambda f, a: f(a(IMAGE), 1.5, axis=0)),
    Call("ndimage.gaussian_gradient_magnitude", lambda f, a: f(a(IMAGE), 1.0)),
    Call("ndimage.gaussian_laplace", lambda f, a: f(a(IMAGE), 1.0)),
    Call("ndimage.generic_filter", lambda f, a: f(a(IMAGE), spread, size=3)),
    Call("ndimage.generic_filter1d", lambda f, a: f(a(IMAGE), running, 3)),
    Call("ndimage.generic_gradient_magnitude", lambda f, a: f(a(IMAGE), sloped)),
    Call("ndimage.generic_laplace", lambda f, a: f(a(IMAGE), sloped)),
    Call("ndimage.geometric_transform", lambda f, a: f(a(IMAGE), moved)),
    Call("ndimage.grey_closing", lambda f, a: f(a(IMAGE), size=(3, 2))),
    Call("ndimage.grey_dilation", lambda f, a: f(a(LEVELS), footprint=a(FULL))),
    Call("ndimage.grey_erosion", lambda f, a: f(a(IMAGE), structure=a(KERNEL))),
    Call("ndimage.grey_opening", lambda f, a: f(a(IMAGE), size=3)),
    Call("ndimage.histogram", lambda f, a: f(a(IMAGE), -2.0, 2.0, 5)),
    Call("ndimage.iterate_structure", lambda f, a: f(a(MASK[:3, :3] == 0), 2)),
    Call("ndimage.label", lambda f, a: f(a(MASK), structure=a(FULL))),
    Call(
        "ndimage.labeled_comprehension",
        lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX), spread, np.float64, -1.0),
        fails=COUNTED,
    ),
    Call("ndimage.laplace", lambda f, a: f(a(IMAGE))),
    Call("ndimage.map_coordinates", lambda f, a: f(a(IMAGE), a([[0.5, 2.25, 6.0], [1.0, 3.5, 7.5]]), order=2)),
    Call("ndimage.maximum", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.maximum_filter", lambda f, a: f(a(IMAGE), footprint=a(FULL))),
    Call("ndimage.maximum_filter1d", lambda f, a: f(a(IMAGE), 3)),
    Call("ndimage.maximum_position", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.mean", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.median", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.median_filter", lambda f, a: f(a(LEVELS), size=3)),
    Call("ndimage.minimum", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.minimum_filter", lambda f, a: f(a(IMAGE), size=(2, 3))),
    Call("ndimage.minimum_filter1d", lambda f, a: f(a(IMAGE), 3, axis=0)),
    Call("ndimage.minimum_position", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.morphological_gradient", lambda f, a: f(a(IMAGE), size=3)),
    Call("ndimage.morphological_laplace", lambda f, a: f(a(IMAGE), size=3)),
    Call("ndimage.percentile_filter", lambda f, a: f(a(IMAGE), 30, size=3)),
    Call("ndimage.prewitt", lambda f, a: f(a(IMAGE), axis=0)),
    Call("ndimage.rank_filter", lambda f, a: f(a(IMAGE), 2, footprint=a(FULL))),
    Call("ndimage.rotate", lambda f, a: f(a(IMAGE), 30.0)),
    Call("ndimage.shift", lambda f, a: f(a(IMAGE), (0.5, -1.25), mode="nearest")),
    Call("ndimage.sobel", lambda f, a: f(a(IMAGE))),
    Call("ndimage.spline_filter", lambda f, a: f(a(IMAGE))),
    Call("ndimage.spline_filter1d", lambda f, a: f(a(SHORT), order=2)),
    Call("ndimage.standard_deviation", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.sum_labels", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.uniform_filter", lambda f, a: f(a(IMAGE), 3)),
    Call("ndimage.uniform_filter1d", lambda f, a: f(a(IMAGE), 3, axis=0)),
    Call("ndimage.value_indices", lambda f, a: f(a(LABELS), ignore_value=0)),
    Call("ndimage.variance", lambda f, a: f(a(IMAGE), a(LABELS), a(INDEX))),
    Call("ndimage.vectorized_filter", lambda f, a: f(a(IMAGE), a.xp.max, size=3)),
    Call("ndimage.watershed_ift", lambda f, a: f(a(LEVELS.astype(np.uint8)), a(MARKERS))),
    Call("ndimage.white_tophat", lambda f, a: f(a(IMAGE), size=3)),
    Call("ndimage.zoom", lambda f, a: f(a(IMAGE), (2.0, 1.5))),
)
