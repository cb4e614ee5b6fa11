"""SummaryWriter over the package tensorboardX, which writes TensorBoard's files without TensorFlow or PyTorch."""

from __future__ import annotations

import importlib.util
import os
import socket
import time
import warnings
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import numpy as np

from gputensor import Tensor
from gputensor._installing import install_line
from gputensor.errors import ShapeError
from gputensor.utils.tensorboard.records import sound_record, tensor_record


def package() -> Any:
    """tensorboardX, loaded when a writer is made."""
    try:
        import tensorboardX
    except ImportError as error:
        raise ImportError(
            f"SummaryWriter: the package tensorboardX is not installed ({error}); mend it with: "
            f"{install_line('tensorboard')}"
        ) from None
    return tensorboardX


def _host(value: Any) -> Any:
    """Tensors, also those in lists and mappings, as NumPy arrays; everything else as it is."""
    if isinstance(value, Tensor):
        value = value.detach().cpu()
        return (value.float() if value.element_size() == 2 and value.is_floating_point() else value).numpy()
    if isinstance(value, Mapping):
        return {key: _host(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([_host(v) for v in value]) if type(value) in (list, tuple) else [_host(v) for v in value]
    return value


def _number(value: Any) -> Any:
    value = _host(value)
    return value.item() if isinstance(value, np.ndarray) and value.size == 1 else value


class SummaryWriter:
    """Writes what is added to it into a folder, which ``tensorboard --logdir`` shows.

    log_dir: the folder, "runs/<time>_<host><comment>" unless given. purge_step: after a crash, hide what was written at
    this step or later. max_queue, flush_secs: how many records, and for how long, are kept back before they are
    written. filename_suffix: added to the file's name. Tensors are copied to the CPU. Also a context manager. Raises
    ImportError, with the line that mends it, where tensorboardX is not installed.

    >>> import importlib.util, os, tempfile
    >>> if importlib.util.find_spec("tensorboardX"):
    ...     from gputensor.utils.tensorboard import SummaryWriter
    ...     with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
    ...         writer.add_scalar("loss", 0.5, 1)
    ...         assert len(os.listdir(folder)) == 1
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
    ) -> None:
        if log_dir is None:
            log_dir = os.path.join("runs", time.strftime("%b%d_%H-%M-%S_") + socket.gethostname() + comment)
        self.log_dir = os.fspath(log_dir)
        self.purge_step = purge_step
        self._package = package()
        self._writer = self._package.SummaryWriter(
            logdir=self.log_dir,
            purge_step=purge_step,
            max_queue=max_queue,
            flush_secs=flush_secs,
            filename_suffix=filename_suffix,
        )

    @property
    def all_writers(self) -> dict[str, Any] | None:
        """The writers of files by their folders, None after `close`."""
        found: dict[str, Any] | None = self._writer.all_writers
        return found

    def _add(self, record: Any, global_step: int | None, walltime: float | None) -> None:
        self._writer._get_file_writer().add_summary(record, global_step, walltime)  # opens a file after close()

    def get_logdir(self) -> str:
        """The folder that is written to."""
        return self.log_dir

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        new_style: bool = False,
        double_precision: bool = False,
    ) -> None:
        """Add a number: a Python one, or a tensor of one element."""
        self._writer.add_scalar(tag, _number(scalar_value), global_step, walltime)

    def add_scalars(
        self,
        main_tag: str,
        tag_scalar_dict: Mapping[str, Any],
        global_step: int | None = None,
        walltime: float | None = None,
    ) -> None:
        """Add several numbers that are shown in one picture."""
        values = {tag: _number(value) for tag, value in tag_scalar_dict.items()}
        self._writer.add_scalars(main_tag, values, global_step, walltime)

    def add_histogram(
        self,
        tag: str,
        values: Any,
        global_step: int | None = None,
        bins: str = "tensorflow",
        walltime: float | None = None,
        max_bins: int | None = None,
    ) -> None:
        """Add how the numbers of a tensor are distributed."""
        self._writer.add_histogram(tag, _host(values), global_step, bins, walltime, max_bins)

    def add_histogram_raw(
        self,
        tag: str,
        min: Any,
        max: Any,
        num: Any,
        sum: Any,
        sum_squares: Any,
        bucket_limits: Any,
        bucket_counts: Any,
        global_step: int | None = None,
        walltime: float | None = None,
    ) -> None:
        """Add a histogram that is counted already. bucket_limits: the upper edge of each bucket; bucket_counts: how
        many numbers lie in it; num, sum and sum_squares of all numbers. Raises ShapeError for different lengths.
        """
        limits, counts = (np.asarray(_host(x)).tolist() for x in (bucket_limits, bucket_counts))
        if len(limits) != len(counts):
            raise ShapeError(f"add_histogram_raw: {len(limits)} bucket_limits for {len(counts)} bucket_counts")
        numbers = [_number(x) for x in (min, max, num, sum, sum_squares)]
        self._writer.add_histogram_raw(tag, *numbers, limits, counts, global_step, walltime)

    def add_tensor(self, tag: str, tensor: Any, global_step: int | None = None, walltime: float | None = None) -> None:
        """Add a tensor itself, for programs that read the file. Raises DtypeError for uint32 and uint64, ValueError
        from 2 GB on.
        """
        self._add(tensor_record(self._package, tag, tensor), global_step, walltime)

    def add_image(
        self,
        tag: str,
        img_tensor: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
    ) -> None:
        """Add a picture: (channel, height, width) unless dataformats says otherwise; floats from 0 to 1, or uint8."""
        self._writer.add_image(tag, _host(img_tensor), global_step, walltime, dataformats)

    def add_images(
        self,
        tag: str,
        img_tensor: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Add several pictures side by side: (batch, channel, height, width)."""
        self._writer.add_images(tag, _host(img_tensor), global_step, walltime, dataformats)

    def add_image_with_boxes(
        self,
        tag: str,
        img_tensor: Any,
        box_tensor: Any,
        global_step: int | None = None,
        walltime: float | None = None,
        rescale: float = 1,
        dataformats: str = "CHW",
        labels: Sequence[str] | None = None,
    ) -> None:
        """Add a picture with boxes: (box, 4), each left, top, right, bottom. Needs Pillow."""
        self._writer.add_image_with_boxes(
            tag, _host(img_tensor), _host(box_tensor), global_step, walltime, dataformats, labels
        )

    def add_figure(
        self, tag: str, figure: Any, global_step: int | None = None, close: bool = True, walltime: float | None = None
    ) -> None:
        """Add a figure of matplotlib, or a list of them; close: close it afterwards."""
        self._writer.add_figure(tag, figure, global_step, close, walltime)

    def add_video(
        self,
        tag: str,
        vid_tensor: Any,
        global_step: int | None = None,
        fps: float = 4,
        walltime: float | None = None,
    ) -> None:
        """Add a video: (batch, time, channel, height, width). Raises ImportError without the package moviepy."""
        if importlib.util.find_spec("moviepy") is None:
            raise ImportError("add_video: the package moviepy is not installed; mend it with: pip install moviepy")
        self._writer.add_video(tag, _host(vid_tensor), global_step, fps, walltime)

    def add_audio(
        self,
        tag: str,
        snd_tensor: Any,
        global_step: int | None = None,
        sample_rate: int = 44100,
        walltime: float | None = None,
    ) -> None:
        """Add a sound: (time), (1, time), or (2, time) for left and right, from -1 to 1. ShapeError for others."""
        self._add(sound_record(self._package, tag, _host(snd_tensor), sample_rate), global_step, walltime)

    def add_text(
        self, tag: str, text_string: str, global_step: int | None = None, walltime: float | None = None
    ) -> None:
        """Add a text."""
        self._writer.add_text(tag, text_string, global_step, walltime)

    def add_pr_curve(
        self,
        tag: str,
        labels: Any,
        predictions: Any,
        global_step: int | None = None,
        num_thresholds: int = 127,
        weights: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Add a curve of precision over recall: labels 0 and 1, predictions from 0 to 1."""
        self._writer.add_pr_curve(
            tag, _host(labels), _host(predictions), global_step, num_thresholds, _host(weights), walltime
        )

    def add_embedding(
        self,
        mat: Any,
        metadata: Sequence[Any] | None = None,
        label_img: Any = None,
        global_step: int | None = None,
        tag: str = "default",
        metadata_header: Sequence[str] | None = None,
    ) -> None:
        """Add points in many dims, (point, dim), for TensorBoard's projector, with labels and small pictures."""
        self._writer.add_embedding(_host(mat), metadata, _host(label_img), global_step, tag, metadata_header)

    def add_mesh(
        self,
        tag: str,
        vertices: Any,
        colors: Any = None,
        faces: Any = None,
        config_dict: Mapping[str, Any] | None = None,
        global_step: int | None = None,
        walltime: float | None = None,
    ) -> None:
        """Add a body: vertices (batch, vertex, 3), colors of the same shape, faces (batch, face, 3)."""
        self._writer.add_mesh(tag, _host(vertices), _host(colors), _host(faces), config_dict, global_step, walltime)

    def add_hparams(
        self,
        hparam_dict: Mapping[str, Any],
        metric_dict: Mapping[str, Any],
        hparam_domain_discrete: Any = None,
        run_name: str | None = None,
        global_step: int | None = None,
    ) -> None:
        """Add the settings of a run and what came out of it, for comparison with other runs."""
        metrics = {key: _number(value) for key, value in metric_dict.items()}
        self._writer.add_hparams(dict(hparam_dict), metrics, run_name, global_step)

    def add_custom_scalars(self, layout: Mapping[str, Any]) -> None:
        """Say which scalars are shown together: {category: {chart: ["Multiline", [tag, …]]}}."""
        self._writer.add_custom_scalars(layout)

    def add_graph(self, model: Any, input_to_model: Any = None, verbose: bool = False, **options: Any) -> None:
        """Add the layers of a model, as ``print(model)`` shows them, as a text.

        Unlike torch: programs are not traced, so that there is no picture of one; a warning says so.
        """
        warnings.warn(
            "SummaryWriter.add_graph: programs are not traced; the layers of the model are added as a text instead",
            UserWarning,
            stacklevel=2,
        )
        lines = str(model).splitlines()
        self._writer.add_text(f"graph/{type(model).__name__}", "\n".join([f"    {line}" for line in lines]))

    def flush(self) -> None:
        """Write now what is kept back."""
        self._writer.flush()

    def close(self) -> None:
        """Write what is kept back, and end."""
        self._writer.close()

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


def FileWriter(log_dir: str, max_queue: int = 10, flush_secs: int = 120, filename_suffix: str = "") -> Any:
    """tensorboardX's own writer of single records into a file. Raises ImportError where it is not installed.

    >>> import importlib.util, tempfile
    >>> if importlib.util.find_spec("tensorboardX"):
    ...     with tempfile.TemporaryDirectory() as folder:
    ...         FileWriter(folder).close()
    """
    return package().FileWriter(log_dir, max_queue, flush_secs, filename_suffix)
