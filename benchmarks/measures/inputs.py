"""The five inputs on which checkers are compared, and a few more in which only one size differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.variants import Student
from grader.answers import answer
from grader.model import Case
from reference import Array, LayerSpec, catalogue


@dataclass(frozen=True, slots=True)
class Input:
    """A layer at one input, and a right student."""

    name: str
    spec: LayerSpec
    case: Case
    student: Student

    @property
    def reading(self) -> dict[str, Any]:
        """The legal reading of the layer that students of the variants follow."""
        return {name: values[0] for name, values in self.spec.readings.items()}

    @property
    def wanted(self) -> list[str]:
        """The arguments that have gradients, in order."""
        return list(self.spec.gradients_of(self.case.arrays).values())

    @property
    def elements(self) -> int:
        """How many numbers are differentiated by."""
        return sum(self.case.arrays[name].size for name in self.wanted)


def five(seed: int) -> list[Input]:
    """Return affine (10x120x50), convolution, max pooling, softmax and a small convolutional net, vectorised."""
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal
    made = [
        _input("affine 10x120x50", "affine", {}, rng, x=normal((10, 120)), w=normal((120, 50)), b=normal(50)),
        _input(
            "conv 4x3x8x8, 4x3x3x3",
            "conv2d",
            {"stride": 1, "padding": 1},
            rng,
            x=normal((4, 3, 8, 8)),
            w=normal((4, 3, 3, 3)),
            b=normal(4),
        ),
        _input("max pool 3x2x8x8", "max_pool2d", {"kernel_h": 2, "kernel_w": 2, "stride": 2, "padding": 0}, rng, x=normal((3, 2, 8, 8))),
        _input("softmax 50x10", "softmax_loss", {}, rng, x=normal((50, 10)), y=rng.integers(0, 10, 50)),
    ]
    return [*made, net(rng)]


def net(rng: np.random.Generator) -> Input:
    """Return a net on 2x3x8x8, drawn until no pre-activation and no pooling margin is near a kink, as the grader does; weights of the size at which training starts."""
    spec = catalogue()["convnet"]
    options = {"stride": 1, "padding": 1, "reg": 1e-3}
    while True:
        arrays = {
            "x": rng.standard_normal((2, 3, 8, 8)),
            "y": rng.integers(0, 5, 2),
            "W1": rng.standard_normal((4, 3, 3, 3)) / np.sqrt(27),
            "b1": 0.1 * rng.standard_normal(4),
            "W2": rng.standard_normal((64, 5)) / np.sqrt(64),
            "b2": 0.1 * rng.standard_normal(5),
        }
        assert spec.kinks
        if not spec.kinks(**arrays, **options):
            return _input("small convnet", "convnet", options, rng, **arrays)


def affine(width: int, rng: np.random.Generator) -> Input:
    """Return an affine layer with so many outputs."""
    normal = rng.standard_normal
    return _input(f"affine 10x120x{width}", "affine", {}, rng, x=normal((10, 120)), w=normal((120, width)), b=normal(width))


def _input(name: str, layer: str, options: Mapping[str, Any], rng: np.random.Generator, **arrays: Array) -> Input:
    spec = catalogue()[layer]
    assert spec.backward
    probe = Case(number=0, title=name, arrays=arrays, options=options, dout=None)
    out = answer(spec, probe, {}).values["out"].value
    dout = np.ones(()) if spec.scalar else rng.standard_normal(out.shape)
    case = Case(number=0, title=name, arrays=arrays, options=options, dout=dout)
    return Input(name, spec, case, Student(spec.forward, spec.backward))
