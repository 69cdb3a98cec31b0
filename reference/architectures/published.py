"""The architectures of the lectures. Sizes, strides and paddings are those of torchvision's models, dropout aside, which learns nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from reference.architectures.blocks import Affine, BatchNorm, Block, Conv, GlobalAverage, Pool, Relu, Shape
from reference.architectures.joints import Chain, Concatenation, Residual
from reference.layers import avg_pool2d

GROWTH = 32  # channels that each layer of DenseNet-121 adds


@dataclass(frozen=True, slots=True)
class Published:
    """A network, the shape of its input, and how many numbers it learns according to those who published it."""

    net: Block
    given: Shape
    learns: int


def lenet5() -> Published:
    """LeNet-5 as it is taught: every filter sees all channels, max pooling, ReLU, three affine layers.

    Source: LeCun et al. (1998), whose own has 60,840: partly connected filters and pooling that learns.
    """
    features = Conv(6, 5), Relu(), Pool(2, 2), Conv(16, 5), Relu(), Pool(2, 2)
    return Published(Chain(*features, Affine(120), Relu(), Affine(84), Relu(), Affine(10)), (1, 32, 32), 61_706)


def alexnet() -> Published:
    """AlexNet in one piece. Source: Krizhevsky (2014), One weird trick; torchvision.models.alexnet."""
    features = (
        *(Conv(64, 11, 4, 2), Relu(), Pool(3, 2), Conv(192, 5, 1, 2), Relu(), Pool(3, 2)),
        *(Conv(384, 3, 1, 1), Relu(), Conv(256, 3, 1, 1), Relu(), Conv(256, 3, 1, 1), Relu(), Pool(3, 2)),
    )
    return Published(Chain(*features, Affine(4096), Relu(), Affine(4096), Relu(), Affine(1000)), (3, 224, 224), 61_100_840)


def vgg16() -> Published:
    """VGG-16, configuration D. Source: Simonyan and Zisserman (2015); torchvision.models.vgg16."""
    stages = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
    features = (
        block
        for channels, depth in stages
        for block in (*(each for _ in range(depth) for each in (Conv(channels, 3, 1, 1), Relu())), Pool(2, 2))
    )
    return Published(Chain(*features, Affine(4096), Relu(), Affine(4096), Relu(), Affine(1000)), (3, 224, 224), 138_357_544)  # fmt: skip


def basic_block(channels: int, stride: int = 1, *, widens: bool = False) -> Chain:
    """Two 3x3 convolutions beside a shortcut, which is a 1x1 convolution where the shape changes."""
    body = Chain(_conv(channels, 3, stride, 1), BatchNorm(), Relu(), _conv(channels, 3, 1, 1), BatchNorm())
    shortcut = Chain(_conv(channels, 1, stride), BatchNorm()) if widens else Chain()
    return Chain(Residual(body, shortcut), Relu())


def resnet18() -> Published:
    """ResNet-18. Source: He et al. (2016), table 1; torchvision.models.resnet18."""
    stem = _conv(64, 7, 2, 3), BatchNorm(), Relu(), Pool(3, 2, 1)
    stages = (basic_block(64), basic_block(64)), *((basic_block(c, 2, widens=True), basic_block(c)) for c in (128, 256, 512))
    return Published(Chain(*stem, *(b for stage in stages for b in stage), GlobalAverage(), Affine(1000)), (3, 224, 224), 11_689_512)


def dense_layer(growth: int) -> Concatenation:
    """Add so many channels: a 1x1 convolution to four times as many, then a 3x3 one."""
    return Concatenation(Chain(BatchNorm(), Relu(), _conv(4 * growth, 1), BatchNorm(), Relu(), _conv(growth, 3, 1, 1)))


def transition(channels: int) -> Chain:
    """Halve the planes, and make them so many channels."""
    return Chain(BatchNorm(), Relu(), _conv(channels, 1), Pool(2, 2, layer=avg_pool2d))


def densenet121() -> Published:
    """DenseNet-121. Source: Huang et al. (2017), table 1; torchvision.models.densenet121."""

    def stages() -> Iterator[Block]:
        channels = 64
        for depth in (6, 12, 24):
            yield from (dense_layer(GROWTH) for _ in range(depth))
            channels = (channels + depth * GROWTH) // 2
            yield transition(channels)
        yield from (dense_layer(GROWTH) for _ in range(16))

    stem = _conv(64, 7, 2, 3), BatchNorm(), Relu(), Pool(3, 2, 1)
    net = Chain(*stem, *stages(), BatchNorm(), Relu(), GlobalAverage(), Affine(1000))
    return Published(net, (3, 224, 224), 7_978_856)


def _conv(channels: int, kernel: int, stride: int = 1, padding: int = 0) -> Conv:
    """A convolution in front of batch normalisation, whose shift makes a bias idle."""
    return Conv(channels, kernel, stride, padding, bias=False)
