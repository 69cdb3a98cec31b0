"""How blocks are joined: one after the other, as a residual beside a shortcut, or with their output beside their input."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from reference.architectures.blocks import Arrays, Block, Shape
from reference.errors import ShapeError
from reference.spec import Array


class Chain:
    """Blocks one after the other; without any, the identity."""

    def __init__(self, *blocks: Block) -> None:
        """Join them in this order."""
        self.blocks = blocks

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        for block in self.blocks:
            given = block.shape(given)
        return given

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        found = []
        for block in self.blocks:
            found += block.parameters(given)
            given = block.shape(given)
        return found

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        caches, used = [], 0
        for block in self.blocks:
            own = len(block.parameters(x.shape[1:]))
            x, cache = block.forward(x, params[used : used + own])
            caches.append(cache)
            used += own
        return x, caches

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        grads: list[Array] = []
        for block, kept in zip(reversed(self.blocks), reversed(cache), strict=True):
            dout, own = block.backward(dout, kept)
            grads[:0] = own
        return dout, grads


@dataclass(frozen=True, slots=True)
class Residual:
    r"""What a body makes of the input, added to what a shortcut makes of it: $y = f(x) + s(x)$, so $dx = df + ds$.

    Source: He et al., Deep Residual Learning for Image Recognition (2016).
    """

    body: Block
    shortcut: Block

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        made, passed = self.body.shape(given), self.shortcut.shape(given)
        if made != passed:
            raise ShapeError(f"a residual of shape {made} cannot be added to a shortcut of shape {passed}.")
        return made

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return [*self.body.parameters(given), *self.shortcut.parameters(given)]

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        own = len(self.body.parameters(x.shape[1:]))
        made, body = self.body.forward(x, params[:own])
        passed, shortcut = self.shortcut.forward(x, params[own:])
        return made + passed, (body, shortcut)

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        (dx, body), (passed, shortcut) = self.body.backward(dout, cache[0]), self.shortcut.backward(dout, cache[1])
        return dx + passed, [*body, *shortcut]


@dataclass(frozen=True, slots=True)
class Concatenation:
    r"""The input, and behind its channels what a body makes of it: $y = [x, f(x)]$, so dx is the first part of dy plus df.

    Source: Huang et al., Densely Connected Convolutional Networks (2017).
    """

    body: Block

    def shape(self, given: Shape) -> Shape:
        """Return the shape of the output."""
        made = self.body.shape(given)
        if made[1:] != given[1:]:
            raise ShapeError(f"planes of {made[1:]} cannot stand beside planes of {given[1:]}.")
        return (given[0] + made[0], *given[1:])

    def parameters(self, given: Shape) -> list[Shape]:
        """Return the shapes of the parameters."""
        return self.body.parameters(given)

    def forward(self, x: Array, params: Arrays) -> tuple[Array, Any]:
        """Return the output for a batch, and a cache."""
        made, cache = self.body.forward(x, params)
        return np.concatenate([x, made], axis=1), (cache, x.shape[1])

    def backward(self, dout: Array, cache: Any) -> tuple[Array, list[Array]]:
        """Return the gradients of the batch and of every parameter."""
        kept, channels = cache
        dx, grads = self.body.backward(dout[:, channels:], kept)
        return dout[:, :channels] + dx, grads
