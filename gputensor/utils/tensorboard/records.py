"""Records that are written without another package: whole tensors, and sounds as WAV files.

The messages' classes are those of tensorboardX, which is handed in.
"""

from __future__ import annotations

import io
import wave
from typing import Any

import numpy as np

from gputensor import Tensor
from gputensor.errors import DtypeError, ShapeError

# TensorFlow's names of dtypes
_TYPES = {
    "float16": "DT_HALF", "bfloat16": "DT_BFLOAT16", "float32": "DT_FLOAT", "float64": "DT_DOUBLE",
    "int8": "DT_INT8", "int16": "DT_INT16", "int32": "DT_INT32", "int64": "DT_INT64", "uint8": "DT_UINT8",
    "uint16": "DT_UINT16", "bool": "DT_BOOL", "complex64": "DT_COMPLEX64", "complex128": "DT_COMPLEX128",
}  # fmt: skip
_LIMIT = 2**31  # bytes of one message


def tensor_record(package: Any, tag: str, tensor: Any) -> Any:
    """A record of a tensor: its dtype, shape and bytes. Raises DtypeError and ValueError for what does not fit."""
    array = tensor.detach().cpu().numpy() if isinstance(tensor, Tensor) else np.asarray(tensor)
    name = _TYPES.get(array.dtype.name)
    if name is None:
        raise DtypeError(f"add_tensor: TensorBoard knows no {array.dtype.name}; convert the tensor {tag!r} first")
    if array.nbytes >= _LIMIT:
        raise ValueError(f"add_tensor: {tag!r} has {array.nbytes} bytes; one record holds less than {_LIMIT}")
    proto = package.proto
    shape = proto.tensor_shape_pb2.TensorShapeProto
    content = proto.tensor_pb2.TensorProto(
        dtype=name,
        tensor_shape=shape(dim=[shape.Dim(size=n) for n in array.shape]),
        tensor_content=array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes(),
    )
    summary = proto.summary_pb2.Summary
    plugin = proto.summary_pb2.SummaryMetadata.PluginData(plugin_name="tensor")
    metadata = proto.summary_pb2.SummaryMetadata(plugin_data=plugin)
    return summary(value=[summary.Value(tag=tag, metadata=metadata, tensor=content)])


def sound_record(package: Any, tag: str, sound: Any, sample_rate: int) -> Any:
    """A record of a sound with 16 bits a sample. sound: (time), (1, time), or (2, time) for left and right.

    What lies beyond -1 and 1 is cut off there. Raises ShapeError for other shapes.
    """
    samples = np.asarray(sound, np.float64)
    if samples.ndim and samples.size == max(samples.shape):
        samples = samples.reshape(1, -1)
    if samples.ndim != 2 or samples.shape[0] not in (1, 2):
        raise ShapeError(
            f"add_audio: the sound {tag!r} has shape {samples.shape}; expected (time), (1, time) or (2, time)"
        )
    whole = (np.nan_to_num(samples).clip(-1, 1) * np.iinfo(np.int16).max).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(whole.shape[0])
        out.setsampwidth(2)
        out.setframerate(sample_rate)
        out.writeframes(whole.T.tobytes())
    summary = package.proto.summary_pb2.Summary
    audio = summary.Audio(
        sample_rate=sample_rate,
        num_channels=whole.shape[0],
        length_frames=whole.shape[1],
        encoded_audio_string=file.getvalue(),
        content_type="audio/wav",
    )
    return summary(value=[summary.Value(tag=tag, audio=audio)])
