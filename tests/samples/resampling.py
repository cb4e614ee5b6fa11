"""Samples of interpolation and of sampling at places."""

import numpy as np

from tests.samples import Input, Sample, f

UNIT = Input((2, 3, 4, 2), "unit")


def resized(size=None, scale=None, mode="nearest", **options):
    return lambda lib, x: lib.nn.functional.interpolate(x, size, scale, mode, **options)


def midpoints(x):
    """Between two neighbours along the last axis, corners kept: n -> 2 n - 1."""
    out = np.repeat(x, 2, -1)[..., :-1].copy()
    out[..., 1::2] = (x[..., 1:] + x[..., :-1]) / 2
    return out


SAMPLES: list[Sample] = [
    Sample(
        "interpolate nearest",
        resized(scale=2.0),
        (f(2, 3, 4),),
        reference=lambda x: np.repeat(x, 2, -1),
        dtypes=("float32", "float64", "float16", "bfloat16", "uint8"),
    ),
    Sample(
        "interpolate nearest smaller",
        resized((2, 3)),
        (f(2, 3, 4, 7),),
        reference=lambda x: x[..., ::2, :][..., [0, 2, 4]],
    ),
    Sample("interpolate nearest volume", resized((3, 1, 4)), (f(1, 2, 2, 2, 3),)),
    Sample(
        "interpolate nearest-exact",
        resized((2,), mode="nearest-exact"),
        (f(2, 3, 6),),
        reference=lambda x: x[..., [1, 4]],
    ),
    Sample(
        "interpolate area",
        resized((2, 3), mode="area"),
        (f(2, 3, 4, 6),),
        reference=lambda x: x.reshape(2, 3, 2, 2, 3, 2).mean((3, 5)) if x.shape[0] else x[:, :, :2, :3],
    ),
    Sample(
        "interpolate linear",
        resized(7, mode="linear", align_corners=True),
        (f(2, 3, 4),),
        reference=midpoints,
    ),
    Sample("interpolate linear scale", resized(scale=1.7, mode="linear"), (f(2, 3, 4),)),
    Sample("interpolate bilinear", resized((5, 2), mode="bilinear"), (f(2, 3, 3, 4),)),
    Sample(
        "interpolate bilinear recomputed",
        resized(scale=(1.7, 0.6), mode="bilinear", recompute_scale_factor=True),
        (f(2, 2, 3, 4),),
    ),
    Sample("interpolate trilinear", resized(3, mode="trilinear"), (f(1, 2, 2, 4, 3),)),
    Sample("interpolate bicubic", resized((5, 7), mode="bicubic"), (f(2, 2, 4, 4),)),
    Sample("interpolate bicubic corners", resized((5, 3), mode="bicubic", align_corners=True), (f(2, 2, 4, 4),)),
    Sample("interpolate bilinear antialias", resized((2, 3), mode="bilinear", antialias=True), (f(1, 2, 5, 8),)),
    Sample("interpolate bicubic antialias", resized((2, 9), mode="bicubic", antialias=True), (f(1, 2, 5, 8),)),
    Sample("interpolate lanczos", resized((3, 2), mode="lanczos", antialias=True), (f(1, 2, 5, 4),)),
    Sample(
        "affine_grid",
        lambda lib, x: lib.nn.functional.affine_grid(x, (2, 1, 3, 4), align_corners=False),
        (f(2, 2, 3),),
    ),
    Sample(
        "affine_grid corners of volumes",
        lambda lib, x: lib.nn.functional.affine_grid(x, (1, 1, 2, 3, 2), align_corners=True),
        (f(1, 3, 4),),
    ),
    Sample(
        "grid_sample",
        lambda lib, x, g: lib.nn.functional.grid_sample(x, g * 1.3, align_corners=False),
        (f(2, 2, 3, 4), UNIT),
    ),
    Sample(
        "grid_sample at the centres",
        lambda lib, x: lib.nn.functional.grid_sample(
            x,
            lib.nn.functional.affine_grid(lib.eye(2, 3, dtype=x.dtype)[None], (1, 1, 3, 4), False),
            "bilinear",
            "border",
            align_corners=False,
        ),
        (f(1, 2, 3, 4),),
        reference=lambda x: x,
    ),
    Sample(
        "grid_sample border",
        lambda lib, x, g: lib.nn.functional.grid_sample(x, g * 1.5, "bilinear", "border", align_corners=True),
        (f(2, 2, 3, 4), UNIT),
    ),
    Sample(
        "grid_sample reflection",
        lambda lib, x, g: lib.nn.functional.grid_sample(x, g * 3.0, "bilinear", "reflection", align_corners=False),
        (f(2, 2, 3, 4), UNIT),
        rtol=1e-4,
        reason="places are rounded in float32 before they are reflected",
    ),
    Sample(
        "grid_sample nearest",
        lambda lib, x, g: lib.nn.functional.grid_sample(x, g * 1.3, "nearest", align_corners=False),
        (f(2, 2, 3, 4), UNIT),
        dtypes=("float32", "float64"),
    ),
    Sample(
        "grid_sample bicubic",
        lambda lib, x, g: lib.nn.functional.grid_sample(x, g * 1.2, "bicubic", "reflection", align_corners=True),
        (f(2, 2, 3, 4), UNIT),
        dtypes=("float32", "float64"),
        rtol=1e-4,
        reason="the places are rounded in float32, and the weights take differences of them; PyTorch rounds to 16 bits",
    ),
    Sample(
        "grid_sample volume",
        lambda lib, x, g: lib.nn.functional.grid_sample(x, g, align_corners=True),
        (f(1, 2, 2, 3, 4), Input((1, 2, 2, 1, 3), "unit")),
    ),
]
