"""What architectures are made of: every block tells the shape that it gives and the shapes of its parameters, and runs both ways.

Shapes are those of one sample, (C, H, W) or (D,); asking for them allocates nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from types import ModuleType
from typing import Any, Protocol

import numpy as np

from reference.layers import affine, conv2d, global_pool, max_pool2d, relu, spatial_batch_norm
from reference.spec import Array
from reference.windows import output_size

Shape = tuple[int, ...]
Arrays = Sequence[Array]


class Block(Protocol):
    """A part of a network."""

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output for an input of a given shape."""

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters, in order."""

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch x, and a cache."""

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""


def count(block: Block, given: Shape) -> int:
    """Return how many numbers a network learns, for inputs of a given shape."""
    return sum(map(prod, block.parameters(given)))


def slid(given: Shape, channels: int, kernel: int, stride: int, padding: int) -> Shape:
    """Return the shape of the outputs of windows; what the stride leaves over is dropped, as torch does."""
    planes = (output_size(size, kernel, stride, padding, inexact_output_size="floor") for size in given[1:])
    return (channels, *planes)


class Layer:
    """A block that a layer of the reference runs; unless it says otherwise, it keeps the shape and learns nothing."""

    layer: Any

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        return given

    def parameters(self, _: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return []

    def options(self) -> dict[str, Any]:
        """Return the options that the layer is called with."""
        return {}

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        out, cache = self.layer.forward(x, *params, **self.options())
        return out, cache

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        dx, *grads = self.layer.backward(dout, cache)
        return dx, grads


@dataclass(frozen=True)
class Conv(Layer):
    """A convolution with square filters."""

    layer = conv2d
    channels: int
    kernel: int
    stride: int = 1
    padding: int = 0
    bias: bool = True

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        return slid(given, self.channels, self.kernel, self.stride, self.padding)

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return [(self.channels, given[0], self.kernel, self.kernel), *([(self.channels,)] if self.bias else [])]

    def options(self) -> dict[str, Any]:
        """Return how the windows lie."""
        return {"stride": self.stride, "padding": self.padding, "inexact_output_size": "floor"}

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        return super().forward(x, params if self.bias else (*params, np.zeros(self.channels, x.dtype)))

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        dx, grads = super().backward(dout, cache)
        return dx, grads[: 1 + self.bias]


class BatchNorm(Layer):
    """Batch normalisation of every channel over batch and plane, in training mode."""

    layer = spatial_batch_norm

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return [given[:1]] * 2

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        gamma, beta = params
        (out, _, _), cache = spatial_batch_norm.forward(x, gamma, beta, np.zeros_like(gamma), np.ones_like(gamma))
        return out, cache


class Relu(Layer):
    """max(x, 0)."""

    layer = relu


@dataclass(frozen=True)
class Pool(Layer):
    """Max or average pooling, by the layer that is given, with square windows; what surrounds a plane is never a maximum."""

    kernel: int
    stride: int
    padding: int = 0
    layer: ModuleType = max_pool2d

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        return slid(given, given[0], self.kernel, self.stride, self.padding)

    def options(self) -> dict[str, Any]:
        """Return how the windows lie."""
        window = {"kernel_h": self.kernel, "kernel_w": self.kernel, "stride": self.stride, "padding": self.padding}
        return {**window, "inexact_output_size": "floor"}


class GlobalAverage(Layer):
    """The mean of every plane, (C,)."""

    layer = global_pool

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        return given[:1]

    def options(self) -> dict[str, Any]:
        """Return what is taken of a plane."""
        return {"mode": "average"}


@dataclass(frozen=True)
class Affine(Layer):
    """A fully connected layer; planes are flattened."""

    layer = affine
    features: int

    def shape(self, _: Shape) -> Shape:
        """Return the shape of the output."""
        return (self.features,)

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return [(prod(given), self.features), (self.features,)]
