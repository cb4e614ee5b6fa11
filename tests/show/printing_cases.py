"""Tensors and their printed form, as PyTorch 2.13 prints them with `torch.` for `gputensor.`."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ml_dtypes import bfloat16


@dataclass
class Case:
    name: str
    array: np.ndarray
    text: str
    options: dict[str, Any] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)


CASES = [
    Case("zero_dimensional_float", np.array(1.5, np.float32), "tensor(1.5000)"),
    Case("zero_dimensional_int", np.array(-7), "tensor(-7)"),
    Case("zero_dimensional_bool", np.array(True), "tensor(True)"),
    Case("zero_dimensional_complex", np.array(1 - 2j, np.complex64), "tensor(1.-2.j)"),
    Case("zero_dimensional_nan", np.array(np.nan, np.float32), "tensor(nan)"),
    Case("zero_dimensional_tiny", np.array(1e-20, np.float32), "tensor(1.0000e-20)"),
    Case("whole_floats", np.array([1, 2, 10], np.float32), "tensor([ 1.,  2., 10.])"),
    Case("whole_floats_with_nan_and_inf", np.array([1, np.nan, -np.inf], np.float32), "tensor([1., nan, -inf])"),
    Case("fractions", np.array([1.5, -0.25, 3], np.float32), "tensor([ 1.5000, -0.2500,  3.0000])"),
    Case("infinity_beside_a_fraction", np.array([np.inf, 1.5], np.float32), "tensor([   inf, 1.5000])"),
    Case("only_specials", np.array([np.nan, np.inf, -np.inf], np.float32), "tensor([nan, inf, -inf])"),
    Case("negative_zero_alone", np.array([-0.0, 0.0], np.float32), "tensor([-0., 0.])"),
    Case("negative_zero_beside_a_fraction", np.array([0.5, -0.0], np.float32), "tensor([0.5000, -0.0000])"),
    Case(
        "large_ratio_of_whole_floats_is_scientific", np.array([1, 1001], np.float32), "tensor([1.0000e+00, 1.0010e+03])"
    ),
    Case("ratio_of_exactly_one_thousand_is_not", np.array([1, 1000], np.float32), "tensor([   1., 1000.])"),
    Case("above_1e8_is_scientific", np.array([123456789], np.float64), "tensor([1.2346e+08], dtype=gputensor.float64)"),
    Case("exactly_1e8_is_not", np.array([1e8], np.float32), "tensor([100000000.])"),
    Case(
        "below_1e_4_is_scientific",
        np.array([0.00009, 0.09], np.float64),
        "tensor([9.0000e-05, 9.0000e-02], dtype=gputensor.float64)",
    ),
    Case(
        "exactly_1e_4_is_not", np.array([0.0001, 0.05], np.float64), "tensor([0.0001, 0.0500], dtype=gputensor.float64)"
    ),
    Case(
        "three_digit_exponents",
        np.array([1e-300, -1e300, 0], np.float64),
        "tensor([ 1.0000e-300, -1.0000e+300,   0.0000e+00], dtype=gputensor.float64)",
    ),
    Case(
        "scientific_with_specials",
        np.array([1e-9, np.nan, -np.inf, 0], np.float32),
        "tensor([1.0000e-09,        nan,       -inf, 0.0000e+00])",
    ),
    Case(
        "rounding_up_in_the_last_digit",
        np.array([0.99995, 9.99995], np.float64),
        "tensor([ 1.0000, 10.0000], dtype=gputensor.float64)",
    ),
    Case(
        "matrix",
        np.array([[1, -0.5], [0, 2]], np.float32),
        """\
tensor([[ 1.0000, -0.5000],
        [ 0.0000,  2.0000]])""",
    ),
    Case(
        "cube",
        np.arange(12).reshape(2, 3, 2),
        """\
tensor([[[ 0,  1],
         [ 2,  3],
         [ 4,  5]],

        [[ 6,  7],
         [ 8,  9],
         [10, 11]]])""",
    ),
    Case(
        "four_dims",
        np.arange(8).reshape(2, 2, 1, 2),
        """\
tensor([[[[0, 1]],

         [[2, 3]]],


        [[[4, 5]],

         [[6, 7]]]])""",
    ),
    Case("empty_vector", np.zeros(0, np.float32), "tensor([])"),
    Case("empty_vector_of_ints", np.zeros(0, np.int64), "tensor([], dtype=gputensor.int64)"),
    Case("empty_cube", np.zeros((2, 0, 3), np.float32), "tensor([], size=(2, 0, 3))"),
    Case("empty_bools", np.zeros((0, 1), np.bool_), "tensor([], size=(0, 1), dtype=gputensor.bool)"),
    Case("bools", np.array([True, False]), "tensor([ True, False])"),
    Case("bytes_unsigned", np.array([0, 255], np.uint8), "tensor([  0, 255], dtype=gputensor.uint8)"),
    Case("bytes_signed", np.array([-128, 127], np.int8), "tensor([-128,  127], dtype=gputensor.int8)"),
    Case("shorts", np.array([-32768, 5], np.int16), "tensor([-32768,      5], dtype=gputensor.int16)"),
    Case(
        "ints",
        np.array([2147483647, -2147483648], np.int32),
        "tensor([ 2147483647, -2147483648], dtype=gputensor.int32)",
    ),
    Case("longs", np.array([-9223372036854775808, 1]), "tensor([-9223372036854775808,                    1])"),
    Case("unsigned_shorts", np.array([65535, 1], np.uint16), "tensor([65535,     1], dtype=gputensor.uint16)"),
    Case(
        "unsigned_ints",
        np.array([4294967295, 1], np.uint32),
        "tensor([4294967295,          1], dtype=gputensor.uint32)",
    ),
    Case(
        "unsigned_longs",
        np.array([18446744073709551615, 1], np.uint64),
        "tensor([18446744073709551615,                    1], dtype=gputensor.uint64)",
    ),
    Case("halves", np.array([0.1, 65504], np.float16), "tensor([9.9976e-02, 6.5504e+04], dtype=gputensor.float16)"),
    Case(
        "bfloats",
        np.array([0.1, -3], np.float32).astype(bfloat16),
        "tensor([ 0.1001, -3.0000], dtype=gputensor.bfloat16)",
    ),
    Case("doubles", np.array([0.1, -3], np.float64), "tensor([ 0.1000, -3.0000], dtype=gputensor.float64)"),
    Case("whole_complex", np.array([1 + 2j], np.complex64), "tensor([1.+2.j])"),
    Case(
        "complex_fractions",
        np.array([1 - 2.5j, -0.5 + 10j], np.complex64),
        "tensor([ 1.0000-2.5000j, -0.5000+10.0000j])",
    ),
    Case(
        "complex_with_specials",
        np.array([complex(np.nan, np.inf), complex(-0.0, -0.0), 1.5j], np.complex64),
        "tensor([nan+infj, -0.-0.0000j, 0.+1.5000j])",
    ),
    Case(
        "complex_parts_in_two_notations",
        np.array([1e-9 + 1j, 3 - 2j], np.complex128),
        "tensor([1.0000e-09+1.j, 3.0000e+00-2.j], dtype=gputensor.complex128)",
    ),
    Case(
        "wrapped_complex",
        np.arange(9).astype(np.complex64) * (0.5 - 1.5j),
        """\
tensor([0.0000+0.0000j, 0.5000-1.5000j, 1.0000-3.0000j, 1.5000-4.5000j,
        2.0000-6.0000j, 2.5000-7.5000j, 3.0000-9.0000j, 3.5000-10.5000j,
        4.0000-12.0000j])""",
    ),
    Case(
        "wrapped_vector",
        np.arange(40),
        """\
tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,
        18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
        36, 37, 38, 39])""",
    ),
    Case(
        "wrapped_matrix",
        np.arange(60).reshape(2, 30) / np.float32(8),
        """\
tensor([[0.0000, 0.1250, 0.2500, 0.3750, 0.5000, 0.6250, 0.7500, 0.8750, 1.0000,
         1.1250, 1.2500, 1.3750, 1.5000, 1.6250, 1.7500, 1.8750, 2.0000, 2.1250,
         2.2500, 2.3750, 2.5000, 2.6250, 2.7500, 2.8750, 3.0000, 3.1250, 3.2500,
         3.3750, 3.5000, 3.6250],
        [3.7500, 3.8750, 4.0000, 4.1250, 4.2500, 4.3750, 4.5000, 4.6250, 4.7500,
         4.8750, 5.0000, 5.1250, 5.2500, 5.3750, 5.5000, 5.6250, 5.7500, 5.8750,
         6.0000, 6.1250, 6.2500, 6.3750, 6.5000, 6.6250, 6.7500, 6.8750, 7.0000,
         7.1250, 7.2500, 7.3750]], dtype=gputensor.float64)""",
    ),
    Case(
        "summary_of_a_vector",
        np.ones(1001, np.float16),
        "tensor([1., 1., 1.,  ..., 1., 1., 1.], dtype=gputensor.float16)",
    ),
    Case(
        "summary_of_a_matrix",
        np.arange(10000.0, dtype=np.float32).reshape(100, 100),
        """\
tensor([[0.0000e+00, 1.0000e+00, 2.0000e+00,  ..., 9.7000e+01, 9.8000e+01,
         9.9000e+01],
        [1.0000e+02, 1.0100e+02, 1.0200e+02,  ..., 1.9700e+02, 1.9800e+02,
         1.9900e+02],
        [2.0000e+02, 2.0100e+02, 2.0200e+02,  ..., 2.9700e+02, 2.9800e+02,
         2.9900e+02],
        ...,
        [9.7000e+03, 9.7010e+03, 9.7020e+03,  ..., 9.7970e+03, 9.7980e+03,
         9.7990e+03],
        [9.8000e+03, 9.8010e+03, 9.8020e+03,  ..., 9.8970e+03, 9.8980e+03,
         9.8990e+03],
        [9.9000e+03, 9.9010e+03, 9.9020e+03,  ..., 9.9970e+03, 9.9980e+03,
         9.9990e+03]])""",
    ),
    Case(
        "summary_of_a_long_matrix",
        np.arange(2002).reshape(1001, 2),
        """\
tensor([[   0,    1],
        [   2,    3],
        [   4,    5],
        ...,
        [1996, 1997],
        [1998, 1999],
        [2000, 2001]])""",
    ),
    Case(
        "summary_of_a_cube",
        np.arange(4000).reshape(20, 20, 10),
        """\
tensor([[[   0,  ...,    9],
         ...,
         [ 190,  ...,  199]],

        ...,

        [[3800,  ..., 3809],
         ...,
         [3990,  ..., 3999]]])""",
        options=dict(edgeitems=1),
    ),
    Case(
        "summary_of_many_dims",
        np.arange(7 * 7 * 7 * 7).reshape(7, 1, 7, 7, 7)[:2],
        """\
tensor([[[[[  0,  ...,   6],
           ...,
           [ 42,  ...,  48]],

          ...,

          [[294,  ..., 300],
           ...,
           [336,  ..., 342]]]],



        [[[[343,  ..., 349],
           ...,
           [385,  ..., 391]],

          ...,

          [[637,  ..., 643],
           ...,
           [679,  ..., 685]]]]])""",
        options=dict(threshold=100, edgeitems=1),
    ),
    Case(
        "summary_looks_at_the_edges_only",
        np.array([1.0] * 600 + [1e-9] + [1.0] * 600),
        "tensor([1., 1., 1.,  ..., 1., 1., 1.], dtype=gputensor.float64)",
    ),
    Case(
        "summary_of_complex",
        np.arange(1200).astype(np.complex128) * 1j,
        """\
tensor([0.+0.0000e+00j, 0.+1.0000e+00j, 0.+2.0000e+00j,  ..., 0.+1.1970e+03j,
        0.+1.1980e+03j, 0.+1.1990e+03j], dtype=gputensor.complex128)""",
    ),
    Case("threshold_ten", np.arange(11), "tensor([ 0,  1,  2,  ...,  8,  9, 10])", options=dict(threshold=10)),
    Case(
        "edgeitems_one",
        np.arange(36).reshape(6, 6),
        """\
tensor([[ 0,  ...,  5],
        ...,
        [30,  ..., 35]])""",
        options=dict(threshold=10, edgeitems=1),
    ),
    Case(
        "edgeitems_zero",
        np.ones((3, 4), np.float32),
        "tensor([...], size=(3, 4))",
        options=dict(threshold=10, edgeitems=0),
    ),
    Case(
        "edgeitems_zero_without_a_summary",
        np.ones(3, np.float32),
        "tensor([1., 1., 1.], size=(3,))",
        options=dict(edgeitems=0),
    ),
    Case(
        "precision_two",
        np.array([1.005, 2.5], np.float64),
        "tensor([1.00, 2.50], dtype=gputensor.float64)",
        options=dict(precision=2),
    ),
    Case("precision_zero", np.array([1.5, 2.5], np.float32), "tensor([2, 2])", options=dict(precision=0)),
    Case(
        "linewidth_forty",
        np.arange(20),
        """\
tensor([ 0,  1,  2,  3,  4,  5,  6,  7,
         8,  9, 10, 11, 12, 13, 14, 15,
        16, 17, 18, 19])""",
        options=dict(linewidth=40),
    ),
    Case(
        "linewidth_one",
        np.array([1.5, 2.5], np.float64),
        """\
tensor([1.5000,
        2.5000],
       dtype=gputensor.float64)""",
        options=dict(linewidth=1),
    ),
    Case(
        "scientific_forced",
        np.array([1, -2.5], np.float32),
        "tensor([ 1.0000e+00, -2.5000e+00])",
        options=dict(sci_mode=True),
    ),
    Case(
        "scientific_forced_on_zeros", np.array([0, -0.0], np.float32), "tensor([0., -0.])", options=dict(sci_mode=True)
    ),
    Case(
        "scientific_forbidden",
        np.array([1e-6, 1e9], np.float32),
        "tensor([         0.0000, 1000000000.0000])",
        options=dict(sci_mode=False),
    ),
    Case(
        "profile_short",
        np.arange(1001.0) / 8,
        "tensor([  0.00,   0.12,  ..., 124.88, 125.00], dtype=gputensor.float64)",
        options=dict(profile="short"),
    ),
    Case(
        "requires_grad",
        np.array([1.5], np.float32),
        "tensor([1.5000], requires_grad=True)",
        made=dict(requires_grad=True),
    ),
    Case(
        "dtype_before_requires_grad",
        np.array([1.5], np.float16),
        "tensor([1.5000], dtype=gputensor.float16, requires_grad=True)",
        made=dict(requires_grad=True),
    ),
    Case(
        "grad_fn", np.array([[1.5]], np.float32), "tensor([[1.5000]], grad_fn=<CloneBackward0>)", made=dict(cloned=True)
    ),
    Case(
        "facts_on_a_new_line",
        np.ones(25, np.float64),
        """\
tensor([1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.,
        1., 1., 1., 1., 1., 1., 1.], dtype=gputensor.float64,
       grad_fn=<CloneBackward0>)""",
        made=dict(cloned=True),
    ),
    Case(
        "empty_with_every_fact",
        np.zeros((0, 3), np.float64),
        "tensor([], size=(0, 3), dtype=gputensor.float64, grad_fn=<CloneBackward0>)",
        made=dict(cloned=True),
    ),
    Case(
        "facts_that_just_fit",
        np.array([1.5], np.float64),
        "tensor([1.5000], dtype=gputensor.float64, grad_fn=<CloneBackward0>)",
        options=dict(linewidth=64),
        made=dict(cloned=True),
    ),
    Case(
        "facts_one_character_too_long",
        np.array([1.5], np.float64),
        """\
tensor([1.5000], dtype=gputensor.float64,
       grad_fn=<CloneBackward0>)""",
        options=dict(linewidth=63),
        made=dict(cloned=True),
    ),
    Case(
        "first_fact_that_just_fits",
        np.array([1.5], np.float64),
        "tensor([1.5000], dtype=gputensor.float64)",
        options=dict(linewidth=38),
    ),
    Case(
        "first_fact_one_character_too_long",
        np.array([1.5], np.float64),
        """\
tensor([1.5000],
       dtype=gputensor.float64)""",
        options=dict(linewidth=37),
    ),
    Case(
        "second_fact_that_just_fits_behind_a_broken_one",
        np.array([1.5, 2.5, 3.5], np.float64),
        """\
tensor([1.5000, 2.5000, 3.5000],
       dtype=gputensor.float64, grad_fn=<CloneBackward0>)""",
        options=dict(linewidth=52),
        made=dict(cloned=True),
    ),
    Case(
        "second_fact_one_character_too_long",
        np.array([1.5, 2.5, 3.5], np.float64),
        """\
tensor([1.5000, 2.5000, 3.5000],
       dtype=gputensor.float64,
       grad_fn=<CloneBackward0>)""",
        options=dict(linewidth=51),
        made=dict(cloned=True),
    ),
    Case(
        "complex_that_just_fit_a_line",
        np.array([1.5 + 2.5j] * 4, np.complex64),
        """\
tensor([1.5000+2.5000j, 1.5000+2.5000j, 1.5000+2.5000j,
        1.5000+2.5000j])""",
        options=dict(linewidth=52),
    ),
    Case(
        "complex_one_character_too_long",
        np.array([1.5 + 2.5j] * 4, np.complex64),
        """\
tensor([1.5000+2.5000j, 1.5000+2.5000j,
        1.5000+2.5000j, 1.5000+2.5000j])""",
        options=dict(linewidth=51),
    ),
    Case(
        "edgeitems_zero_of_one_number",
        np.array(1.5, np.float32),
        "tensor(1.5000, size=())",
        options=dict(threshold=0, edgeitems=0),
    ),
    Case(
        "parameter",
        np.array([[1, 2], [3, 4.5]], np.float32),
        """\
Parameter containing:
tensor([[1.0000, 2.0000],
        [3.0000, 4.5000]], requires_grad=True)""",
        made=dict(requires_grad=True, kind="Parameter"),
    ),
    Case(
        "frozen_parameter",
        np.array([1, 2], np.float32),
        """\
Parameter containing:
tensor([1., 2.])""",
        made=dict(kind="Parameter"),
    ),
    Case(
        "empty_parameter",
        np.zeros(0, np.float32),
        """\
Parameter containing:
tensor([], requires_grad=True)""",
        made=dict(requires_grad=True, kind="Parameter"),
    ),
    Case(
        "subclass_is_indented_by_its_name",
        np.ones((2, 30), np.float32),
        """\
Distance([[1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.,
           1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.],
          [1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.,
           1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1., 1.]])""",
        made=dict(kind="Distance"),
    ),
    Case(
        "subclass_of_parameter",
        np.array([1.5], np.float32),
        """\
Parameter containing:
Parameter(Weight([1.5000], requires_grad=True))""",
        made=dict(requires_grad=True, kind="Weight"),
    ),
]
