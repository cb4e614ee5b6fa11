"""`torchvision.datasets`: made-up pictures, and those that lie in files on this machine. Nothing is downloaded."""

from __future__ import annotations

import gzip
import math
import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, ClassVar

import numpy as np

import gputensor as gt
from gputensor import Tensor
from gputensor.as_torch.vision.functional import pil
from gputensor.utils.data import Dataset

_Change = Callable[[Any], Any]
IMG_EXTENSIONS = (".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp")


class VisionDataset(Dataset[Any]):
    """Pictures with labels, each changed by a transform. See `FakeData`."""

    def __init__(
        self, root: str | os.PathLike[str], transform: _Change | None = None, target_transform: _Change | None = None
    ) -> None:
        self.root = os.path.expanduser(root)
        self.transform, self.target_transform = transform, target_transform

    def _changed(self, picture: Any, target: Any) -> tuple[Any, Any]:
        if self.transform is not None:
            picture = self.transform(picture)
        return picture, target if self.target_transform is None else self.target_transform(target)

    def __repr__(self) -> str:
        return f"Dataset {type(self).__name__}\n    Number of datapoints: {len(self)}\n    Root location: {self.root}"  # type: ignore[arg-type]  # data sets that print have a length


def _picture(array: np.ndarray) -> Any:
    """PIL's picture of bytes; where PIL is not installed the array itself, which `ToTensor` takes as well."""
    try:
        return pil().fromarray(array[:, :, 0] if array.ndim == 3 and array.shape[2] == 1 else array)
    except ImportError:
        return array


class FakeData(VisionDataset):
    """Pictures of noise with random labels, the same ones each time.

    >>> data = FakeData(size=3, image_size=(3, 8, 8), num_classes=2)
    >>> len(data), data[0][1] < 2
    (3, True)
    """

    def __init__(
        self,
        size: int = 1000,
        image_size: Sequence[int] = (3, 224, 224),
        num_classes: int = 10,
        transform: _Change | None = None,
        target_transform: _Change | None = None,
        random_offset: int = 0,
    ) -> None:
        super().__init__("", transform, target_transform)
        self.size, self.image_size, self.num_classes = size, tuple(image_size), num_classes
        self.random_offset = random_offset

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        if not 0 <= index < self.size:
            raise IndexError(f"FakeData: index {index} is out of range for {self.size} pictures")
        rng = np.random.default_rng(index + self.random_offset)
        noise = np.clip(rng.normal(0.0, 1.0, self.image_size) * 255, 0, 255).astype(np.uint8)
        return self._changed(_picture(noise.transpose(1, 2, 0)), int(rng.integers(self.num_classes)))

    def __len__(self) -> int:
        return self.size


class MNIST(VisionDataset):
    """Handwritten digits, 28 x 28, from the files ``train-images-idx3-ubyte`` and its kin (or .gz) in root/MNIST/raw.

    Raises RuntimeError where a file is missing, with the place it belongs; download=True changes nothing. See
    `FakeData`.
    """

    classes: ClassVar[list[str]] = [
        "0 - zero", "1 - one", "2 - two", "3 - three", "4 - four", "5 - five", "6 - six", "7 - seven", "8 - eight",
        "9 - nine",
    ]  # fmt: skip

    def __init__(
        self,
        root: str | os.PathLike[str],
        train: bool = True,
        transform: _Change | None = None,
        target_transform: _Change | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, transform, target_transform)
        self.train = train
        self.data, self.targets = self._part("images-idx3"), self._part("labels-idx1")

    def _part(self, kind: str) -> Tensor:
        name = f"{'train' if self.train else 't10k'}-{kind}-ubyte"
        folder = Path(self.root, type(self).__name__, "raw")
        for path in (folder / name, folder / f"{name}.gz"):
            if path.is_file():
                x = gt.from_numpy(_read_idx(path))
                return x if x.dim() > 1 else x.long()
        raise RuntimeError(
            f"{type(self).__name__}: nothing is downloaded; put {name}, or {name}.gz, into {folder}{_HINT}"
        )

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The number of each class."""
        return {name: k for k, name in enumerate(self.classes)}

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        return self._changed(_picture(self.data[index].numpy()), int(self.targets[index]))

    def __len__(self) -> int:
        return len(self.data)


class FashionMNIST(MNIST):
    """Clothes, 28 x 28, from the files in root/FashionMNIST/raw. See `MNIST`."""

    classes: ClassVar[list[str]] = [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ]  # fmt: skip


_HINT = "; or make pictures up with FakeData"


def _read_idx(path: Path) -> np.ndarray:
    """An array of bytes in Yann LeCun's format: two zeros, 8, the number of dims, the dims, the bytes."""
    opened: Any = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as file:
        head = file.read(4)
        if head[:3] != b"\0\0\x08" or len(head) < 4 or not 0 < head[3] < 5:
            raise ValueError(f"MNIST: {path} is no file of bytes in the format IDX")
        shape = tuple(int(n) for n in np.frombuffer(file.read(4 * head[3]), ">i4"))
        count = math.prod(shape) if len(shape) == head[3] else -1
        data = file.read(count + 1) if 0 <= count < 1 << 32 else b""
    if len(data) != count:
        raise ValueError(f"MNIST: {path} holds {len(data)} bytes or more, and its head says {shape}; fetch it again")
    return np.frombuffer(bytearray(data), np.uint8).reshape(shape)


class KMNIST(MNIST):
    """Cursive Japanese letters, 28 x 28, from the files in root/KMNIST/raw. See `MNIST`."""

    classes: ClassVar[list[str]] = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]


class CIFAR10(VisionDataset):
    """Small photographs, 32 x 32 x 3, of ten kinds, from the files in root/cifar-10-batches-py.

    The files are pickles; what they may make is limited to dicts, lists and arrays of bytes. Raises RuntimeError where
    a file is missing, with the place it belongs; download=True changes nothing. See `FakeData`.
    """

    folder = "cifar-10-batches-py"
    train_files: ClassVar[tuple[str, ...]] = tuple(f"data_batch_{k}" for k in range(1, 6))
    test_files: ClassVar[tuple[str, ...]] = ("test_batch",)
    meta: ClassVar[tuple[str, str]] = ("batches.meta", "label_names")
    labels = "labels"

    def __init__(
        self,
        root: str | os.PathLike[str],
        train: bool = True,
        transform: _Change | None = None,
        target_transform: _Change | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, transform, target_transform)
        self.train = train
        batches = [self._read(name) for name in (self.train_files if train else self.test_files)]
        stacked = np.concatenate([batch["data"] for batch in batches])
        self.data = np.ascontiguousarray(stacked.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
        self.targets: list[int] = [int(label) for batch in batches for label in batch[self.labels]]
        names = self._read(self.meta[0])[self.meta[1]]
        self.classes = [name.decode() if isinstance(name, bytes) else str(name) for name in names]
        self.class_to_idx = {name: k for k, name in enumerate(self.classes)}

    def _read(self, name: str) -> dict[str, Any]:
        path = Path(self.root, self.folder, name)
        if not path.is_file():
            raise RuntimeError(f"{type(self).__name__}: nothing is downloaded; put {name} into {path.parent}{_HINT}")
        with open(path, "rb") as file:
            found = _Plain(file).load()
        return {key.decode() if isinstance(key, bytes) else key: _value(value) for key, value in found.items()}

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        return self._changed(_picture(self.data[index]), self.targets[index])

    def __len__(self) -> int:
        return len(self.data)


class CIFAR100(CIFAR10):
    """`CIFAR10` with a hundred kinds, from the files in root/cifar-100-python. See `CIFAR10`."""

    folder = "cifar-100-python"
    train_files: ClassVar[tuple[str, ...]] = ("train",)
    test_files: ClassVar[tuple[str, ...]] = ("test",)
    meta: ClassVar[tuple[str, str]] = ("meta", "fine_label_names")
    labels = "fine_labels"


class _Array:
    """What a pickle says of an array of bytes; it becomes one once it is complete."""

    shape: tuple[int, ...] = ()
    data: bytes | str = b""

    def __setstate__(self, state: Any) -> None:
        _, self.shape, _, _, self.data = state

    def value(self) -> np.ndarray:
        """The array. Raises ValueError where the bytes do not fit."""
        data = self.data.encode("latin1") if isinstance(self.data, str) else bytes(self.data)
        return np.frombuffer(data, np.uint8).reshape(self.shape)


class _Dtype:
    """What a pickle says of a dtype: it must be bytes."""

    def __init__(self, name: Any, *others: Any) -> None:
        if name not in ("u1", b"u1"):
            raise pickle.UnpicklingError(f"CIFAR: expected arrays of bytes, got the dtype {name!r}")

    def __setstate__(self, state: Any) -> None:
        """Byte order and the like, which bytes have not."""


class _Plain(pickle.Unpickler):
    """Reads dicts, lists, numbers, strings and arrays of bytes; nothing else can be made, or called."""

    _may_make: ClassVar[dict[str, Any]] = {
        "_reconstruct": lambda *_: _Array(),
        "ndarray": None,
        "dtype": _Dtype,
        "encode": lambda text, *_: text.encode("latin1"),
    }

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, encoding="latin1")

    def find_class(self, module: str, name: str) -> Any:
        """What stands for NumPy's names."""
        if module.partition(".")[0] in ("numpy", "_codecs") and name in self._may_make:
            return self._may_make[name]
        raise pickle.UnpicklingError(f"CIFAR: the file asks for {module}.{name}, which is no data; do not trust it")


def _value(x: Any) -> Any:
    return x.value() if isinstance(x, _Array) else x


def default_loader(path: str) -> Any:
    """The picture in a file, in three colours. See `ImageFolder`."""
    with pil().open(path) as picture:
        return picture.convert("RGB")


pil_loader = default_loader


def has_file_allowed_extension(filename: str, extensions: str | tuple[str, ...]) -> bool:
    """Whether a name ends so, in small or large letters.

    >>> has_file_allowed_extension("a.PNG", IMG_EXTENSIONS)
    True
    """
    return filename.lower().endswith(extensions)


def find_classes(directory: str | os.PathLike[str]) -> tuple[list[str], dict[str, int]]:
    """The names of the folders in a folder, in order, and the number of each; FileNotFoundError where none are."""
    classes = sorted(entry.name for entry in os.scandir(directory) if entry.is_dir())
    if not classes:
        raise FileNotFoundError(f"ImageFolder: {directory} has no folders, one for each class")
    return classes, {name: k for k, name in enumerate(classes)}


def make_dataset(
    directory: str | os.PathLike[str],
    class_to_idx: dict[str, int] | None = None,
    extensions: str | tuple[str, ...] | None = None,
    is_valid_file: Callable[[str], bool] | None = None,
) -> list[tuple[str, int]]:
    """The files in the folders of the classes, each with the number of its class."""
    if (extensions is None) == (is_valid_file is None):
        raise ValueError("make_dataset: give one of extensions and is_valid_file")
    numbers = find_classes(directory)[1] if class_to_idx is None else class_to_idx
    fits = is_valid_file or (lambda path: has_file_allowed_extension(path, extensions or ()))
    return [
        (path, numbers[name])
        for name in sorted(numbers)
        for path in sorted(map(str, Path(directory, name).rglob("*")))
        if os.path.isfile(path) and fits(path)
    ]


class DatasetFolder(VisionDataset):
    """Files in folders named for their classes: root/cat/a.npy. loader reads one file.

    Raises FileNotFoundError where there are no folders. See `FakeData`.
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        loader: Callable[[str], Any],
        extensions: str | tuple[str, ...] | None = None,
        transform: _Change | None = None,
        target_transform: _Change | None = None,
        is_valid_file: Callable[[str], bool] | None = None,
    ) -> None:
        super().__init__(root, transform, target_transform)
        self.loader, self.extensions = loader, extensions
        self.classes, self.class_to_idx = find_classes(self.root)
        self.samples = make_dataset(self.root, self.class_to_idx, extensions, is_valid_file)
        self.targets = [k for _, k in self.samples]

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        path, target = self.samples[index]
        return self._changed(self.loader(path), target)

    def __len__(self) -> int:
        return len(self.samples)


class ImageFolder(DatasetFolder):
    """Pictures in folders named for their classes: root/cat/a.png. See `DatasetFolder`."""

    def __init__(
        self,
        root: str | os.PathLike[str],
        transform: _Change | None = None,
        target_transform: _Change | None = None,
        loader: Callable[[str], Any] = default_loader,
        is_valid_file: Callable[[str], bool] | None = None,
    ) -> None:
        extensions = IMG_EXTENSIONS if is_valid_file is None else None
        super().__init__(root, loader, extensions, transform, target_transform, is_valid_file)
        self.imgs = self.samples
