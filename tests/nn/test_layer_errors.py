"""What a layer says of an input or a setting that does not fit: which layer, expected, got."""

import re

import pytest

import gputensor as gt
from gputensor import nn
from gputensor.errors import ShapeError

WRONG_INPUTS = {
    "Linear(in_features=4, out_features=3): expected 4 in the last dim of the input, got shape (2, 5)": (
        lambda: nn.Linear(4, 3),
        (2, 5),
    ),
    "Linear(in_features=4, out_features=3): expected 4 in the last dim of the input, got shape ()": (
        lambda: nn.Linear(4, 3),
        (),
    ),
    "Conv1d(in_channels=2, out_channels=3): expected 2 channels in dim -2 of the input, got shape (5, 4, 8)": (
        lambda: nn.Conv1d(2, 3, 3),
        (5, 4, 8),
    ),
    "Conv2d(in_channels=2, out_channels=3): expected 2 channels in dim -3 of the input, got shape (4, 8, 8)": (
        lambda: nn.Conv2d(2, 3, 3),
        (4, 8, 8),
    ),
    "Conv2d(in_channels=2, out_channels=3): expected an input of 3 or 4 dims, ([batch,] channels, height, width), "
    "got shape (8, 8)": (lambda: nn.Conv2d(2, 3, 3), (8, 8)),
    "ConvTranspose2d(in_channels=2, out_channels=3): expected 2 channels in dim -3 of the input, "
    "got shape (1, 3, 8, 8)": (
        lambda: nn.ConvTranspose2d(2, 3, 3),
        (1, 3, 8, 8),
    ),
    "BatchNorm1d(num_features=3): expected 3 channels in dim 1 of the input, got shape (5, 4)": (
        lambda: nn.BatchNorm1d(3),
        (5, 4),
    ),
    "BatchNorm1d(num_features=3): expected 2D or 3D input (batch, channels[, length]), got shape (3,)": (
        lambda: nn.BatchNorm1d(3),
        (3,),
    ),
    "BatchNorm2d(num_features=3): expected 4D input (batch, channels, height, width), got shape (3, 4, 4)": (
        lambda: nn.BatchNorm2d(3),
        (3, 4, 4),
    ),
    "InstanceNorm2d(num_features=3): expected 3D or 4D input, got shape (3, 4)": (
        lambda: nn.InstanceNorm2d(3),
        (3, 4),
    ),
    "InstanceNorm2d(num_features=3): expected 3 channels in dim -3 of the input, got shape (4, 5, 5)": (
        lambda: nn.InstanceNorm2d(3, affine=True),
        (4, 5, 5),
    ),
    "LayerNorm((3, 4)): expected (3, 4) in the last dims of the input, got shape (2, 3, 5)": (
        lambda: nn.LayerNorm((3, 4)),
        (2, 3, 5),
    ),
    "RMSNorm((4,)): expected (4,) in the last dims of the input, got shape (2, 5)": (lambda: nn.RMSNorm(4), (2, 5)),
    "GroupNorm(num_groups=2, num_channels=4): expected 4 channels in dim 1 of the input, got shape (2, 6)": (
        lambda: nn.GroupNorm(2, 4),
        (2, 6),
    ),
}


@pytest.mark.parametrize("message", WRONG_INPUTS)
def test_a_wrong_input_names_the_layer(message):
    make, shape = WRONG_INPUTS[message]
    layer = make()
    before = {name: value.tolist() for name, value in layer.state_dict().items()}
    with pytest.raises(ShapeError, match=f"^{re.escape(message)}$") as caught:
        layer(gt.ones(*shape) if shape else gt.tensor(1.0))
    assert isinstance(caught.value, (ValueError, RuntimeError))
    assert {name: value.tolist() for name, value in layer.state_dict().items()} == before


def test_wrong_widths_of_two_inputs_name_the_layer():
    words = r"Bilinear\(in1_features=2, in2_features=3\): expected 2 and 3 .* got shapes \(5, 2\) and \(5, 4\)"
    with pytest.raises(ShapeError, match=words):
        nn.Bilinear(2, 3, 1)(gt.ones(5, 2), gt.ones(5, 4))


@pytest.mark.parametrize("index", [7, -1])
def test_an_index_out_of_range_names_the_layer(index):
    words = r"Embedding\(num_embeddings=5, embedding_dim=2\): the indices must be from 0 to 4"
    with pytest.raises(IndexError, match=words):
        nn.Embedding(5, 2)(gt.tensor([1, index]))


def test_an_output_size_out_of_reach_says_what_is_possible():
    layer = nn.ConvTranspose1d(1, 1, 3, stride=2)
    with pytest.raises(ShapeError, match=r"output_size \(20,\) cannot be reached .* must be from 9 to 10"):
        layer(gt.ones(1, 1, 4), output_size=[20])
    with pytest.raises(ShapeError, match="must have 1 or 3 elements, got 2"):
        layer(gt.ones(1, 1, 4), output_size=[9, 9])


@pytest.mark.parametrize("layer", [nn.Linear(2, 2), nn.Conv1d(2, 2, 1), nn.LayerNorm(2), nn.ReLU(), nn.Flatten()])
def test_what_is_no_tensor_is_refused_with_words(layer):
    with pytest.raises((TypeError, AttributeError), match=r"Tensor|list"):
        layer([[1.0, 2.0]])


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: nn.Conv2d(3, 4, 3, groups=2), ValueError, "in_channels must be divisible by groups, got 3 and 2"),
        (lambda: nn.Conv2d(4, 3, 3, groups=2), ValueError, "out_channels must be divisible by groups, got 3 and 2"),
        (lambda: nn.Conv2d(4, 4, 3, groups=0), ValueError, "groups must be a positive integer, got 0"),
        (lambda: nn.Conv2d(4, 4, 3, padding="full"), ValueError, "Invalid padding string 'full'"),
        (lambda: nn.Conv2d(4, 4, 3, padding="same", stride=2), ValueError, "not supported for strided"),
        (lambda: nn.Conv2d(4, 4, 3, padding_mode="none"), ValueError, "padding_mode must be one of"),
        (lambda: nn.Conv2d(4, 4, (3, 3, 3)), ValueError, "kernel_size must be an int or 2 ints"),
        (lambda: nn.ConvTranspose1d(4, 4, 3, padding_mode="reflect"), ValueError, 'Only "zeros" padding mode'),
        (lambda: nn.GroupNorm(3, 4), ValueError, r"num_channels \(4\) must be divisible by num_groups \(3\)"),
        (lambda: nn.Dropout(1.5), ValueError, "between 0 and 1, but got 1.5"),
        (lambda: nn.Embedding(3, 4, padding_idx=3), ValueError, "padding_idx must be within num_embeddings, 3, got 3"),
        (lambda: nn.Embedding(3, 4, _weight=gt.ones(2, 2)), ShapeError, r"must have shape \(3, 4\), got \(2, 2\)"),
        (lambda: nn.Embedding.from_pretrained(gt.ones(2)), ShapeError, "two dims"),
        (lambda: nn.Bilinear(0, 2, 3), ValueError, "in1_features must be > 0, but got 0"),
        (lambda: nn.Hardtanh(1.0, 1.0), ValueError, "must be greater than min_val"),
        (lambda: nn.Unflatten("a", (2, 2)), TypeError, "dim must be an int, got str"),
        (lambda: nn.Unflatten(1, 3), TypeError, "tuple or list of ints, got int"),
        (lambda: nn.Unflatten(1, (2, 1.5)), TypeError, "element 1 is float"),
        (lambda: nn.ReflectionPad2d((1, 2)), ValueError, "padding must be an int or 4 ints"),
        (lambda: nn.TripletMarginLoss(margin=0), ValueError, "margin to be greater than 0"),
        (lambda: nn.TripletMarginWithDistanceLoss(margin=0), ValueError, "margin to be greater than 0"),
        (lambda: nn.MultiMarginLoss(p=3), ValueError, "only p == 1 and p == 2"),
        (lambda: nn.MultiMarginLoss(weight=gt.ones(2, 2)), ValueError, "1D tensor, got 2D"),
        (lambda: nn.Softmax2d()(gt.ones(2, 2)), ValueError, "3D or 4D, got 2D"),
    ],
)
def test_bad_settings_are_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: gt.nn.Linear("a", 2), "Linear: in_features must be an int, got str 'a'"),
        (lambda: gt.nn.Linear(2, 2.5), "Linear: out_features must be an int, got float 2.5"),
        (lambda: gt.nn.Bilinear(2, "a", 2), "Bilinear: in2_features must be an int, got str 'a'"),
        (lambda: gt.nn.Embedding("a", 2), "Embedding: num_embeddings must be an int, got str 'a'"),
        (lambda: gt.nn.GroupNorm("a", 2), "GroupNorm: num_groups must be an int, got str 'a'"),
        (lambda: gt.nn.Conv2d("a", 2, 3), "Conv2d: in_channels must be an int, got str 'a'"),
    ],
)
def test_sizes_that_are_no_ints_are_named(make, message):
    with pytest.raises(TypeError, match=re.escape(message)):
        make()
