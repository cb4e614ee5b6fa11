"""`torchvision.models`: ResNet and VGG, with torchvision's names of parameters, so that its files of weights fit.

Sources: He et al. 2015, Deep residual learning; Simonyan and Zisserman 2014, Very deep convolutional networks.
"""

from __future__ import annotations

from typing import Any

import gputensor as gt
from gputensor import Tensor, nn
from gputensor.errors import MissingError


class BasicBlock(nn.Module):
    """Two 3x3 convolutions and the way past them. See `ResNet`."""

    expansion = 1

    def __init__(self, inplanes: int, planes: int, stride: int, downsample: nn.Module | None) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        """x + the convolutions of x, (batch, channels, height, width)."""
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        return self.relu(out + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    """A 3x3 convolution between two 1x1 ones, and the way past them. See `ResNet`."""

    expansion = 4

    def __init__(self, inplanes: int, planes: int, stride: int, downsample: nn.Module | None) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, planes * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes * 4)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = downsample

    def forward(self, x: Tensor) -> Tensor:
        """x + the convolutions of x, (batch, channels, height, width)."""
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn3(self.conv3(self.relu(self.bn2(self.conv2(out)))))
        return self.relu(out + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """A residual network of four stages of blocks.

    >>> net = ResNet(BasicBlock, [1, 1, 1, 1], num_classes=10).eval()
    >>> net(gt.zeros(1, 3, 32, 32)).shape
    gputensor.Size([1, 10])
    """

    def __init__(self, block: Any, layers: list[int], num_classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.inplanes = 64
        self.layer1 = self._make_layer(block, 64, layers[0], 1)
        self.layer2 = self._make_layer(block, 128, layers[1], 2)
        self.layer3 = self._make_layer(block, 256, layers[2], 2)
        self.layer4 = self._make_layer(block, 512, layers[3], 2)
        self.avgpool = nn.AdaptiveAvgPool2d((1, 1))
        self.fc = nn.Linear(512 * block.expansion, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def _make_layer(self, block: Any, planes: int, blocks: int, stride: int) -> nn.Sequential:
        made = []
        for k in range(blocks):
            step, out = stride if k == 0 else 1, planes * block.expansion
            downsample = None
            if step != 1 or self.inplanes != out:
                conv = nn.Conv2d(self.inplanes, out, 1, step, bias=False)
                downsample = nn.Sequential(conv, nn.BatchNorm2d(out))
            made.append(block(self.inplanes, planes, step, downsample))
            self.inplanes = out
        return nn.Sequential(*made)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, 3, height, width); returns (batch, num_classes)."""
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(gt.flatten(self.avgpool(x), 1))


class VGG(nn.Module):
    """Convolutions of 3x3, and three linear layers. See `vgg16`."""

    def __init__(
        self, features: nn.Module, num_classes: int = 1000, init_weights: bool = True, dropout: float = 0.5
    ) -> None:
        super().__init__()
        self.features = features
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, 4096), nn.ReLU(True), nn.Dropout(dropout),
            nn.Linear(4096, 4096), nn.ReLU(True), nn.Dropout(dropout), nn.Linear(4096, num_classes),
        )  # fmt: skip
        if init_weights:
            for module in self.modules():
                if isinstance(module, nn.Conv2d):
                    nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                    nn.init.zeros_(module.bias)  # type: ignore[type-var]  # these layers have a bias
                elif isinstance(module, nn.Linear):
                    nn.init.normal_(module.weight, 0, 0.01)
                    nn.init.zeros_(module.bias)  # type: ignore[type-var]  # these layers have a bias

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, 3, height, width); returns (batch, num_classes)."""
        return self.classifier(gt.flatten(self.avgpool(self.features(x)), 1))


# channels of each 3x3 convolution; "M" halves height and width
_VGG = {
    11: (64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"),
    13: (64, 64, "M", 128, 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"),
    16: (64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"),
    19: (64, 64, "M", 128, 128, "M", *[256] * 4, "M", *[512] * 4, "M", *[512] * 4, "M"),
}


def make_layers(cfg: Any, batch_norm: bool = False) -> nn.Sequential:
    """The convolutions of a VGG.

    >>> sum(p.numel() for p in make_layers((64, "M", 128)).parameters())
    75648
    """
    layers: list[nn.Module] = []
    channels = 3
    for v in cfg:
        if v == "M":
            layers.append(nn.MaxPool2d(2, 2))
            continue
        norm = [nn.BatchNorm2d(v)] if batch_norm else []
        layers += [nn.Conv2d(channels, v, 3, padding=1), *norm, nn.ReLU(inplace=True)]
        channels = v
    return nn.Sequential(*layers)


def _without_weights(name: str, weights: Any, others: dict[str, Any]) -> dict[str, Any]:
    if weights is not None or others.pop("pretrained", False):
        raise MissingError(
            f"torchvision.models.{name}: nothing is downloaded; call {name}() and load_state_dict with the file of "
            "weights, which you fetch yourself"
        )
    others.pop("progress", None)
    return others


def _resnet(name: str, block: Any, layers: list[int], weights: Any, others: dict[str, Any]) -> ResNet:
    return ResNet(block, layers, **_without_weights(name, weights, others))


def _vgg(name: str, depth: int, batch_norm: bool, weights: Any, others: dict[str, Any]) -> VGG:
    return VGG(make_layers(_VGG[depth], batch_norm), **_without_weights(name, weights, others))


def resnet18(*, weights: Any = None, **kwargs: Any) -> ResNet:
    """ResNet of 18 layers, with random weights. weights: None; files of weights are loaded with load_state_dict.

    Raises MissingError where weights are asked for: nothing is downloaded.

    >>> sum(p.numel() for p in resnet18().parameters())
    11689512
    """
    return _resnet("resnet18", BasicBlock, [2, 2, 2, 2], weights, kwargs)


def resnet34(*, weights: Any = None, **kwargs: Any) -> ResNet:
    """ResNet of 34 layers. See `resnet18`."""
    return _resnet("resnet34", BasicBlock, [3, 4, 6, 3], weights, kwargs)


def resnet50(*, weights: Any = None, **kwargs: Any) -> ResNet:
    """ResNet of 50 layers. See `resnet18`."""
    return _resnet("resnet50", Bottleneck, [3, 4, 6, 3], weights, kwargs)


def resnet101(*, weights: Any = None, **kwargs: Any) -> ResNet:
    """ResNet of 101 layers. See `resnet18`."""
    return _resnet("resnet101", Bottleneck, [3, 4, 23, 3], weights, kwargs)


def resnet152(*, weights: Any = None, **kwargs: Any) -> ResNet:
    """ResNet of 152 layers. See `resnet18`."""
    return _resnet("resnet152", Bottleneck, [3, 8, 36, 3], weights, kwargs)


def vgg11(*, weights: Any = None, **kwargs: Any) -> VGG:
    """VGG of 11 layers. See `resnet18`."""
    return _vgg("vgg11", 11, False, weights, kwargs)


def vgg11_bn(*, weights: Any = None, **kwargs: Any) -> VGG:
    """VGG of 11 layers, with batch normalization. See `resnet18`."""
    return _vgg("vgg11_bn", 11, True, weights, kwargs)


def vgg13(*, weights: Any = None, **kwargs: Any) -> VGG:
    """VGG of 13 layers. See `resnet18`."""
    return _vgg("vgg13", 13, False, weights, kwargs)


def vgg13_bn(*, weights: Any = None, **kwargs: Any) -> VGG:
    """VGG of 13 layers, with batch normalization. See `resnet18`."""
    return _vgg("vgg13_bn", 13, True, weights, kwargs)


def vgg16(*, weights: Any = None, **kwargs: Any) -> VGG:
    """VGG of 16 layers. See `resnet18`."""
    return _vgg("vgg16", 16, False, weights, kwargs)


def vgg16_bn(*, weights: Any = None, **kwargs: Any) -> VGG:
    """VGG of 16 layers, with batch normalization. See `resnet18`."""
    return _vgg("vgg16_bn", 16, True, weights, kwargs)


def vgg19(*, weights: Any = None, **kwargs: Any) -> VGG:
    """VGG of 19 layers. See `resnet18`."""
    return _vgg("vgg19", 19, False, weights, kwargs)


def vgg19_bn(*, weights: Any = None, **kwargs: Any) -> VGG:
    """VGG of 19 layers, with batch normalization. See `resnet18`."""
    return _vgg("vgg19_bn", 19, True, weights, kwargs)
