"""What architectures are made of: every block tells the shape that it gives and the shapes of its parameters, and runs both ways.

Shapes are those of one sample, (C, H, W) or (D,); asking for them allocates nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Protocol

import numpy as np

from reference.layers import affine, avg_pool2d, conv2d, max_pool2d, relu, spatial_batch_norm
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


@dataclass(frozen=True, slots=True)
class Conv:
    """A convolution with square filters."""

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

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        w, b = params if self.bias else (params[0], np.zeros(self.channels, x.dtype))
        return conv2d.forward(x, w, b, stride=self.stride, padding=self.padding, inexact_output_size="floor")

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        dx, *grads = conv2d.backward(dout, cache)
        return dx, grads[: 1 + self.bias]


@dataclass(frozen=True, slots=True)
class BatchNorm:
    """Batch normalisation of every channel over batch and plane, in training mode."""

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        return given

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return [given[:1]] * 2

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        gamma, beta = params
        (out, _, _), cache = spatial_batch_norm.forward(x, gamma, beta, np.zeros_like(gamma), np.ones_like(gamma))
        return out, cache

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        dx, *grads = spatial_batch_norm.backward(dout, cache)
        return dx, grads


@dataclass(frozen=True, slots=True)
class Relu:
    """max(x, 0)."""

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        return given

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return []

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        return relu.forward(x)

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        return relu.backward(dout, cache)[0], []


@dataclass(frozen=True, slots=True)
class Pool:
    """Max or average pooling with square windows; what surrounds a plane is never a maximum."""

    kernel: int
    stride: int
    padding: int = 0
    average: bool = False

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        return slid(given, given[0], self.kernel, self.stride, self.padding)

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return []

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        layer = avg_pool2d if self.average else max_pool2d
        out, cache = layer.forward(
            x, kernel_h=self.kernel, kernel_w=self.kernel, stride=self.stride, padding=self.padding, inexact_output_size="floor"
        )
        return out, cache

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        return (avg_pool2d if self.average else max_pool2d).backward(dout, cache)[0], []


@dataclass(frozen=True, slots=True)
class GlobalAverage:
    """The mean of every plane, (C,)."""

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        return given[:1]

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return []

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        return x.mean(axis=(2, 3)), x.shape

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        _, _, H, W = cache
        return np.broadcast_to(dout[:, :, None, None] / dout.dtype.type(H * W), cache), []


@dataclass(frozen=True, slots=True)
class Affine:
    """A fully connected layer; planes are flattened."""

    features: int

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        return (self.features,)

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return [(prod(given), self.features), (self.features,)]

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        return affine.forward(x, *params)

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        dx, *grads = affine.backward(dout, cache)
        return dx, grads
