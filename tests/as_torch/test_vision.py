"""The small torchvision: transforms by their definitions, data sets from files made here, models by their sizes."""

import gzip
import pickle

import numpy as np
import pytest

import gputensor as gt
from gputensor.as_torch.vision import datasets, functional, models, tones, transforms, utils
from gputensor.errors import MissingError
from tests.as_torch.running import as_torch, printed


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def picture(rng):
    return gt.from_numpy(rng.random((3, 6, 8), dtype=np.float32))


def test_programs_import_it_as_torchvision():
    out = printed(
        as_torch(
            "-c",
            "import torchvision, torchvision.transforms as T, torchvision.transforms.functional as TF\n"
            "from torchvision import datasets, models, transforms, utils\n"
            "from torchvision.models.resnet import BasicBlock, ResNet\n"
            "from torchvision.utils import make_grid, save_image\n"
            "assert transforms is T and torchvision.models is models and T.functional.crop is TF.crop\n"
            "import torch\n"
            "data = datasets.FakeData(8, (3, 16, 16), 4, T.Compose([T.ToTensor(), T.Normalize([.5] * 3, [.5] * 3)]))\n"
            "x, y = next(iter(torch.utils.data.DataLoader(data, batch_size=4)))\n"
            "print(x.shape, y.dtype, models.__dict__['resnet18'](num_classes=4)(x).shape, torchvision.__version__)\n",
        )
    )
    assert out == "torch.Size([4, 3, 16, 16]) torch.int64 torch.Size([4, 4]) 0.28.0+gputensor\n"


def test_pictures_become_tensors_and_back(rng):
    array = rng.integers(0, 256, (4, 5, 3), dtype=np.uint8)
    x = functional.to_tensor(array)
    np.testing.assert_array_equal(x.numpy(), (array.transpose(2, 0, 1) / np.float32(255)))
    assert functional.pil_to_tensor(array[:, :, 0]).shape == (1, 4, 5)
    assert functional.to_tensor(array.astype(np.float64)).dtype == gt.float64
    with pytest.raises(TypeError, match="needs no conversion"):
        functional.to_tensor(x)
    with pytest.raises(TypeError, match="2 or 3 dims"):
        functional.to_tensor(array[0, 0])
    pytest.importorskip("PIL")
    back = transforms.ToPILImage()(x)
    np.testing.assert_array_equal(np.array(back), array)
    np.testing.assert_array_equal(transforms.PILToTensor()(back).numpy(), array.transpose(2, 0, 1))


@pytest.mark.parametrize("kind", ["tensor", "bytes", "PIL"])
def test_changes_do_the_same_to_tensors_bytes_and_pictures_of_pil(rng, kind):
    array = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    x = gt.from_numpy(array.transpose(2, 0, 1).copy())
    if kind == "PIL":
        x = pytest.importorskip("PIL.Image").fromarray(array)
    elif kind == "tensor":
        x = x / 255

    def back(y):
        y = y if isinstance(y, gt.Tensor) else functional.pil_to_tensor(y)
        return (y * 255 if y.is_floating_point() else y).numpy().astype(np.float64)

    t = array.transpose(2, 0, 1).astype(np.float64)
    gray = (t * np.array([0.2989, 0.587, 0.114])[:, None, None]).sum(0, keepdims=True)
    beyond = np.pad(t, ((0, 0), (0, 2), (1, 0)))
    for found, expected in (
        (functional.hflip(x), t[:, :, ::-1]),
        (functional.vflip(x), t[:, ::-1]),
        (functional.crop(x, 1, 2, 3, 4), t[:, 1:4, 2:6]),
        (functional.crop(x, 2, -1, 6, 9), beyond[:, 2:, :9]),
        (functional.center_crop(x, (2, 4)), t[:, 2:4, 2:6]),
        (functional.pad(x, (1, 2)), np.pad(t, ((0, 0), (2, 2), (1, 1)))),
        (functional.pad(x, 2, padding_mode="reflect"), np.pad(t, ((0, 0), (2, 2), (2, 2)), mode="reflect")),
        (functional.rgb_to_grayscale(x, 3), np.repeat(gray, 3, 0)),
        (functional.adjust_brightness(x, 1.5), np.minimum(t * 1.5, 255)),
        (functional.adjust_saturation(x, 0.5), t / 2 + gray / 2),
        (functional.adjust_contrast(x, 0.5), t / 2 + gray.mean() / 2),
        (functional.adjust_hue(x, 0.0), t),
        (functional.adjust_hue(functional.adjust_hue(x, 0.5), -0.5), t),
        (functional.rotate(x, 180), t[:, ::-1, ::-1]),
    ):
        # bytes are rounded, in grayscale first and then once more
        np.testing.assert_allclose(back(found), expected, atol=1e-3 if kind == "tensor" else 1.6)


def test_hues_move_along_their_circle():
    red = gt.tensor([1.0, 0.0, 0.0]).view(3, 1, 1)
    for turn, expected in ((1 / 3, [0, 1, 0]), (2 / 3, [0, 0, 1]), (0.5, [0, 1, 1]), (1 / 6, [1, 1, 0])):
        np.testing.assert_allclose(functional.adjust_hue(red, turn).flatten().numpy(), expected, atol=1e-6)


def test_a_quarter_turn_and_a_resize(picture):
    square = picture[:, :, :6]
    np.testing.assert_allclose(functional.rotate(square, 90).numpy(), np.rot90(square.numpy(), axes=(1, 2)), atol=1e-6)
    assert transforms.Resize(3)(picture).shape == (3, 3, 4)
    assert transforms.Resize(12, max_size=14)(picture).shape == (3, 10, 14)
    assert transforms.Resize((5, 7), interpolation=transforms.InterpolationMode.NEAREST)(picture).shape == (3, 5, 7)
    assert functional.resize(picture, (3, 4), 2).shape == functional.resize((picture * 255).to(gt.uint8), (3, 4)).shape
    pil = pytest.importorskip("PIL.Image")
    gray = pil.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8) * 3)
    small = np.array(transforms.Resize((4, 4))(gray)).astype(int)
    same = functional.resize(functional.pil_to_tensor(gray), (4, 4))[0].numpy().astype(int)
    assert np.abs(small - same).max() <= 1  # both smooth before they leave pixels out


def test_a_blur_keeps_the_sum_inside_and_spreads_a_point():
    point = gt.zeros(1, 7, 7)
    point[0, 3, 3] = 1
    out = functional.gaussian_blur(point, 3, 1.0)[0].numpy()
    window = np.exp(-0.5 * np.array([-1.0, 0, 1]) ** 2)
    window /= window.sum()
    np.testing.assert_allclose(out[2:5, 2:5], np.outer(window, window), rtol=1e-5)
    assert transforms.GaussianBlur(3)(point).shape == point.shape


def test_normalize_refuses_bytes_and_a_spread_of_nothing(picture):
    norm = transforms.Normalize((0.5, 0.4, 0.3), (0.2, 0.2, 0.1))
    expected = (picture.numpy() - np.array([0.5, 0.4, 0.3])[:, None, None]) / np.array([0.2, 0.2, 0.1])[:, None, None]
    np.testing.assert_allclose(norm(picture).numpy(), expected, rtol=1e-5, atol=1e-6)
    with pytest.raises(TypeError, match="ToTensor comes first"):
        norm((picture * 255).to(gt.uint8))
    with pytest.raises(ValueError, match="std must not be 0"):
        functional.normalize(picture, (0.5,), (0.0,))
    as_bytes = transforms.ConvertImageDtype(gt.uint8)(picture)
    assert transforms.ConvertImageDtype(gt.float32)(as_bytes).sub(picture).abs().max() < 1 / 250


def test_random_changes_stay_within_their_bounds_and_follow_the_seed(picture):
    chain = transforms.Compose(
        [
            transforms.RandomResizedCrop(8, scale=(0.3, 1.0)),
            transforms.ColorJitter(0.3, 0.3, 0.3, 0.1),
            transforms.RandomApply([transforms.GaussianBlur(3)], p=0.5),
            transforms.RandomGrayscale(0.5),
            transforms.RandomRotation(10),
            transforms.RandomCrop(8, padding=2),
            transforms.RandomHorizontalFlip(),
            transforms.RandomVerticalFlip(1.0),
        ]
    )
    gt.manual_seed(3)
    first = [chain(picture) for _ in range(4)]
    gt.manual_seed(3)
    again = [chain(picture) for _ in range(4)]
    for a, b in zip(first, again, strict=True):
        assert a.shape == (3, 8, 8)
        assert gt.equal(a, b)
        assert 0 <= a.min().item() <= a.max().item() <= 1 + 1e-6
    assert not gt.equal(first[0], first[1])
    with pytest.raises(ValueError, match="larger than the picture"):
        transforms.RandomCrop(9)(picture)
    assert transforms.RandomCrop(9, pad_if_needed=True)(picture).shape == (3, 9, 9)
    assert "RandomCrop" in repr(chain)


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">i4").tobytes() + array.tobytes()


def test_mnist_is_read_from_its_files(tmp_path, rng):
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    pictures, labels = rng.integers(0, 256, (5, 28, 28), dtype=np.uint8), np.arange(5, dtype=np.uint8)
    (folder / "train-images-idx3-ubyte").write_bytes(idx(pictures))
    (folder / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx(labels)))
    data = datasets.MNIST(tmp_path, train=True, download=True, transform=transforms.ToTensor())
    x, y = data[3]
    assert (len(data), x.shape, y, data.class_to_idx["3 - three"]) == (5, (1, 28, 28), 3, 3)
    np.testing.assert_array_equal(data.data.numpy(), pictures)
    with pytest.raises(RuntimeError, match="nothing is downloaded; put t10k-images-idx3-ubyte"):
        datasets.MNIST(tmp_path, train=False)
    for wrong in (idx(pictures)[:-1], idx(pictures) + b"x", b"PK\3\4", b"", bytes([0, 0, 8, 3, 255, 255, 255, 255])):
        (folder / "train-images-idx3-ubyte").write_bytes(wrong)
        with pytest.raises(ValueError, match="MNIST"):
            datasets.MNIST(tmp_path)


def test_cifar_is_read_from_its_pickles_and_nothing_in_them_is_called(tmp_path, rng):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    pixels = rng.integers(0, 256, (2, 3072), dtype=np.uint8)
    for k in range(1, 6):
        batch = {b"data": pixels, b"labels": [k, 0]}
        (folder / f"data_batch_{k}").write_bytes(pickle.dumps(batch, protocol=2))
    (folder / "batches.meta").write_bytes(pickle.dumps({b"label_names": [b"plane"] + [b"x"] * 9}, protocol=2))
    data = datasets.CIFAR10(tmp_path, transform=transforms.ToTensor())
    assert (len(data), data[2][1], data[0][0].shape, data.classes[1]) == (10, 2, (3, 32, 32), "x")
    np.testing.assert_array_equal(data.data[0].transpose(2, 0, 1).ravel(), pixels[0])
    with pytest.raises(RuntimeError, match="put test_batch into"):
        datasets.CIFAR10(tmp_path, train=False)

    class Hostile:
        def __reduce__(self):
            return print, ("called",)

    for wrong, words in ((Hostile(), "asks for"), ({b"data": np.ones(3), b"labels": []}, "arrays of bytes")):
        (folder / "data_batch_1").write_bytes(pickle.dumps(wrong, protocol=2))
        with pytest.raises(pickle.UnpicklingError, match=words):
            datasets.CIFAR10(tmp_path)


def test_pictures_lie_in_folders(tmp_path, rng):
    pil = pytest.importorskip("PIL.Image")
    for name in ("cat", "dog"):
        (tmp_path / name / "deep").mkdir(parents=True)
        pil.fromarray(rng.integers(0, 256, (4, 4), dtype=np.uint8)).save(tmp_path / name / "deep" / "a.png")
        (tmp_path / name / "notes.txt").write_text("no picture")
    data = datasets.ImageFolder(tmp_path, transforms.ToTensor(), target_transform=lambda k: k + 10)
    assert (data.classes, data.targets, data[1][1], data[0][0].shape) == (["cat", "dog"], [0, 1], 11, (3, 4, 4))
    assert "Number of datapoints: 2" in repr(data)
    with pytest.raises(FileNotFoundError, match="one for each class"):
        datasets.ImageFolder(tmp_path / "cat" / "deep")


def test_fake_data_are_the_same_each_time():
    data = datasets.FakeData(3, (1, 4, 4), 5, transforms.ToTensor())
    again = datasets.FakeData(3, (1, 4, 4), 5, transforms.ToTensor())
    assert all(gt.equal(a[0], b[0]) and a[1] == b[1] for a, b in zip(data, again, strict=True))
    with pytest.raises(IndexError, match="out of range"):
        data[3]


@pytest.mark.parametrize(
    ("block", "layers", "count"),
    [(models.BasicBlock, [2, 2, 2, 2], 11_689_512), (models.Bottleneck, [3, 4, 6, 3], 25_557_032)],
)
def test_residual_networks_have_the_published_numbers_of_parameters(block, layers, count):
    net = models.ResNet(block, layers)
    assert sum(p.numel() for p in net.parameters()) == count
    names = list(net.state_dict())
    assert names[:6] == ["conv1.weight", *(f"bn1.{n}" for n in (
        "weight", "bias", "running_mean", "running_var", "num_batches_tracked"))]  # fmt: skip
    assert {"layer2.0.downsample.0.weight", "layer4.1.bn2.running_var", "fc.bias"} <= set(names)


def test_vgg_has_the_published_layers():
    # 138,357,544 parameters of VGG-16 are these and 123,642,856 of the three linear layers
    features = models.make_layers(models._VGG[16])
    assert sum(p.numel() for p in features.parameters()) == 14_714_688
    assert [k for k, layer in enumerate(features) if isinstance(layer, gt.nn.MaxPool2d)] == [4, 9, 16, 23, 30]
    assert len(models.make_layers(models._VGG[19], batch_norm=True)) == 53
    assert (25_088 + 1) * 4096 + (4096 + 1) * 4096 + (4096 + 1) * 1000 == 123_642_856


def test_weights_are_not_downloaded():
    with pytest.raises(MissingError, match="resnet18: nothing is downloaded"):
        models.resnet18(weights="DEFAULT")
    with pytest.raises(MissingError, match="vgg16: nothing is downloaded"):
        models.vgg16(pretrained=True)
    assert models.resnet18(num_classes=3, progress=True).fc.out_features == 3


def test_pictures_side_by_side(tmp_path, picture):
    grid = utils.make_grid([picture, picture, picture], nrow=2, pad_value=0.5)
    assert grid.shape == (3, 18, 22)
    assert gt.equal(grid[:, 2:8, 12:20], picture)
    assert gt.equal(grid[:, 10:16, 2:10], picture)
    assert grid[0, 12, 15] == grid[0, 0, 0] == 0.5
    scaled = utils.make_grid(gt.stack([picture * 4, picture]), normalize=True, padding=0)
    assert (scaled.min().item(), scaled.max().item()) == (0.0, 1.0)
    assert utils.make_grid(picture[0]).shape == (3, 6, 8)
    pil = pytest.importorskip("PIL.Image")
    utils.save_image(picture, tmp_path / "a.png")
    with pil.open(tmp_path / "a.png") as saved:
        np.testing.assert_allclose(np.array(saved).transpose(2, 0, 1) / 255, picture.numpy(), atol=0.51 / 255)


def test_parts_and_tones_of_a_picture(rng):
    array = rng.integers(0, 256, (2, 6, 8), dtype=np.uint8)
    x = gt.from_numpy(array)
    t = array.astype(np.float64)
    corners = [t[:, :3, :4], t[:, :3, 4:], t[:, 3:, :4], t[:, 3:, 4:], t[:, 2:5, 2:6]]
    for found, expected in zip(transforms.FiveCrop((3, 4))(x), corners, strict=True):
        np.testing.assert_array_equal(found.numpy(), expected)
    mirrored = transforms.TenCrop((3, 4))(x)[5]
    np.testing.assert_array_equal(mirrored.numpy(), t[:, :, ::-1][:, :3, :4])
    low, high = t.min((1, 2), keepdims=True), t.max((1, 2), keepdims=True)
    smooth = sum(t[:, a : a + 4, b : b + 6] * (5 if a == b == 1 else 1) for a in range(3) for b in range(3)) / 13
    blurred = t.copy()
    blurred[:, 1:-1, 1:-1] = smooth
    for found, expected, near in (
        (tones.invert(x), 255 - t, 0),
        (tones.solarize(x, 100), np.where(t >= 100, 255 - t, t), 0),
        (tones.posterize(x, 2), t // 64 * 64, 0),
        (tones.adjust_gamma(x, 2, 0.5), 0.5 * (t / 255) ** 2 * 255, 0.51),
        (tones.autocontrast(x), (t - low) / (high - low) * 255, 0.51),
        (tones.adjust_sharpness(x, 0), blurred, 0.51),
        (tones.adjust_sharpness(x, 1), t, 0),
    ):
        np.testing.assert_allclose(found.numpy(), expected, atol=near)
    assert (tones.invert(x / 255) + x / 255).sub(1).abs().max() < 1e-6
    assert tones.autocontrast(gt.full((1, 2, 2), 0.5)).tolist() == [[[0.5, 0.5], [0.5, 0.5]]]
    assert functional.get_dimensions(x) == [2, 6, 8]
    assert functional.get_image_size(x) == [8, 6]
    assert functional.resized_crop(x, 0, 0, 2, 2, 4).shape == (2, 4, 4)
    assert functional.to_grayscale(gt.ones(3, 2, 2), 3).shape == (3, 2, 2)
    with pytest.raises(ValueError, match="larger than the picture"):
        functional.five_crop(x, 7)
    with pytest.raises(ValueError, match="must not be negative"):
        tones.adjust_gamma(x, -1)


def test_an_affine_change_turns_moves_scales_and_shears(rng):
    t = rng.integers(0, 256, (1, 6, 6), dtype=np.uint8)
    x = gt.from_numpy(t)
    moved = np.zeros_like(t)
    moved[:, 2:, 1:] = t[:, :-2, :-1]
    for arguments, expected in (
        ((0, (0, 0), 1.0, 0), t),
        ((0, (1, 2), 1.0, 0), moved),
        ((90, (0, 0), 1.0, 0), np.rot90(t, -1, (1, 2))),  # with the clock
        ((0, (0, 0), 2.0, 0), np.repeat(np.repeat(t, 2, 1), 2, 2)[:, 3:9, 3:9]),
    ):
        np.testing.assert_array_equal(functional.affine(x, *arguments).numpy(), expected)
    around = functional.affine(x, 180, (0, 0), 1.0, 0, center=(0, 0), fill=7)
    assert (around == 7).all()
    # 45 degrees move a line to the left by as much as it is below the middle
    upright = gt.zeros(1, 5, 5)
    upright[..., 2] = 1
    sheared = functional.affine(upright, 0, (0, 0), 1.0, 45)[0]
    np.testing.assert_array_equal(sheared.numpy(), np.fliplr(np.eye(5)))
    for translate in (None, (0.1, 0.2)):
        change = transforms.RandomAffine(10, translate, (0.9, 1.1), shear=5)
        assert change(x).shape == x.shape
    assert transforms.RandomAffine((0, 0))(x).equal(x)


def test_more_random_changes(picture):
    gt.manual_seed(0)
    erased = transforms.RandomErasing(1.0, value=2)(picture)
    assert 0 < (erased == 2).sum() < picture.numel()
    assert (picture == 2).sum() == 0
    assert transforms.RandomErasing(0.0)(picture) is picture
    assert transforms.RandomErasing(1.0, value="random")(picture).shape == picture.shape
    assert transforms.RandomErasing(1.0, value=(2, 3, 4))(picture).amax((1, 2)).tolist() == [2, 3, 4]
    same = gt.zeros(3, 8, 8)
    assert transforms.RandomErasing(1.0, value=1, inplace=True)(same) is same
    double, one = (lambda x: x * 2), (lambda x: x + 1)
    assert transforms.RandomChoice([double, one], p=[0, 1])(3) == 4
    assert transforms.RandomChoice([one])(3) == 4
    assert {transforms.RandomOrder([double, one])(3) for _ in range(20)} == {7, 8}
    as_bytes = (picture * 255).to(gt.uint8)
    for change, expected in (
        (transforms.RandomInvert(1.0), tones.invert(as_bytes)),
        (transforms.RandomAutocontrast(1.0), tones.autocontrast(as_bytes)),
        (transforms.RandomPosterize(3, 1.0), tones.posterize(as_bytes, 3)),
        (transforms.RandomSolarize(99, 1.0), tones.solarize(as_bytes, 99)),
        (transforms.RandomAdjustSharpness(2, 1.0), tones.adjust_sharpness(as_bytes, 2)),
        (transforms.RandomInvert(0.0), as_bytes),
    ):
        assert change(as_bytes).equal(expected)
    assert transforms.RandomCrop.get_params(picture, (2, 3))[2:] == (2, 3)
    assert transforms.RandomResizedCrop.get_params(gt.ones(1, 9, 2), (2.0, 2.0), (1.0, 1.0)) == (3, 0, 2, 2)
    assert transforms.RandomResizedCrop.get_params(gt.ones(1, 2, 9), (2.0, 2.0), (1.0, 1.0)) == (0, 3, 2, 2)
    found = transforms.ToDtype(gt.float32, scale=True)(transforms.ToImage()(np.full((2, 2, 3), 255, np.uint8)))
    assert found.equal(gt.ones(3, 2, 2))
    assert transforms.ToDtype(gt.float64)(transforms.ToImage()(as_bytes)).max() > 1


def test_files_of_any_kind_in_folders(tmp_path):
    for name, k in (("cat/b.npy", 1), ("cat/deep/a.NPY", 2), ("ant/c.npy", 3), ("ant/notes.txt", 4)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb") as file:
            np.save(file, np.array(k))
    data = datasets.DatasetFolder(tmp_path, lambda path: int(np.load(path)), (".npy",), target_transform=lambda k: -k)
    assert [data[k] for k in range(len(data))] == [(3, 0), (1, -1), (2, -1)]
    assert data.class_to_idx == {"ant": 0, "cat": 1}
    assert len(datasets.make_dataset(tmp_path, is_valid_file=lambda path: True)) == 4
    with pytest.raises(ValueError, match="one of extensions"):
        datasets.make_dataset(tmp_path)
    with pytest.raises(FileNotFoundError, match="no folders"):
        datasets.find_classes(tmp_path / "ant")
