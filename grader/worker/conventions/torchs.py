"""What torch calls the layers that it has itself, and what students call their own versions of them."""

from collections.abc import Mapping
from typing import NamedTuple


class Known(NamedTuple):
    """The names of students for a layer, and those under which torch has it."""

    names: tuple[str, ...]
    ready_made: tuple[str, ...]


def known(layer: str, function: str, *names: str) -> Known:
    """Return a layer that is a class and a function of torch's; students call it like the class, or by further names."""
    return Known((layer, *names), (f"torch.nn.{layer}", f"torch.nn.functional.{function}", f"torch.{function}"))


KNOWN: Mapping[str, Known] = {
    "affine": known("Linear", "linear", "Affine", "Dense", "FullyConnected", "FC"),
    "relu": known("ReLU", "relu", "Relu"),
    "sigmoid": known("Sigmoid", "sigmoid"),
    "tanh": known("Tanh", "tanh", "TanH"),
    "leaky_relu": known("LeakyReLU", "leaky_relu", "LeakyRelu"),
    "conv2d": known("Conv2d", "conv2d", "Conv2D", "Conv", "Convolution"),
    "conv2d_dilated": known("Conv2d", "conv2d")._replace(names=("DilatedConv2d", "Conv2dDilated", "DilatedConv")),
    "conv2d_grouped": known("Conv2d", "conv2d")._replace(names=("GroupedConv2d", "GroupConv2d", "Conv2dGrouped", "GroupConv")),
    "conv2d_general": known("Conv2d", "conv2d")._replace(names=("GeneralConv2d", "Conv2dGeneral")),
    "max_pool2d": known("MaxPool2d", "max_pool2d", "MaxPool2D", "MaxPool", "MaxPooling"),
    "avg_pool2d": known("AvgPool2d", "avg_pool2d", "AvgPool2D", "AvgPool", "AvgPooling", "MeanPool2d"),
    "global_pool": Known(
        ("GlobalPool", "GlobalPool2d"),
        known("AdaptiveMaxPool2d", "adaptive_max_pool2d").ready_made + known("AdaptiveAvgPool2d", "adaptive_avg_pool2d").ready_made,
    ),
    "zero_pad": known("ZeroPad2d", "pad", "ZeroPad"),
    "flatten": known("Flatten", "flatten"),
    "batch_norm": known("BatchNorm1d", "batch_norm", "BatchNorm", "BatchNormalization"),
    "spatial_batch_norm": known("BatchNorm2d", "batch_norm", "SpatialBatchNorm"),
    "layer_norm": known("LayerNorm", "layer_norm", "LayerNormalization"),
    "group_norm": known("GroupNorm", "group_norm", "GroupNormalization"),
    "dropout": Known(("Dropout",), ("torch.nn.Dropout", "torch.nn.functional.dropout")),
    "softmax_loss": known(
        *("CrossEntropyLoss", "cross_entropy"),
        *("CrossEntropy", "SoftmaxLoss", "SoftmaxCrossEntropy", "SoftmaxCrossEntropyLoss", "SoftmaxWithLoss"),
    ),
    "svm_loss": known("MultiMarginLoss", "multi_margin_loss", "SVMLoss", "HingeLoss", "MultiClassHingeLoss"),
    "mse_loss": known("MSELoss", "mse_loss", "MSE", "MeanSquaredError"),
}
