"""How fast is the reference, beside torch on one thread of a CPU?

Forward and backward of convolution, pooling, batch normalisation and the affine layer, in float32, on sizes of VGG. Backward gives the
gradients of all arguments. Medians of interleaved runs, so that a machine that slows down slows both; one thread for NumPy's BLAS, too.

    python benchmarks/reference.py [--check] [--runs 9]
"""

import argparse
import os
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from timeit import timeit
from typing import Any, NamedTuple

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # read when NumPy is loaded
if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).parent.parent)  # where Python looks first lies a `reference` that is this very file

import numpy as np
import torch
from torch.nn import functional

from reference import Array, LayerSpec, catalogue

GOALS = {"conv2d": 3.0}
OTHERS = 4.0


class Layer(NamedTuple):
    """A layer at one size: arguments of the reference by name, its options, and torch's function of those with gradients."""

    name: str
    title: str
    arrays: dict[str, Array]
    options: dict[str, Any]
    torch: Callable[..., torch.Tensor]


def layers(rng: np.random.Generator) -> list[Layer]:
    """Return every layer at its sizes."""

    def normal(*shape: int) -> Array:
        return rng.standard_normal(shape, np.float32)

    found = []
    for N, C, side, F in ((4, 3, 224, 64), (4, 64, 112, 64), (4, 128, 56, 128), (4, 256, 28, 256), (4, 512, 14, 512)):
        arrays = {"x": normal(N, C, side, side), "w": normal(F, C, 3, 3), "b": normal(F)}
        title = f"{N}x{C}x{side}x{side}, {F}x{C}x3x3"
        found.append(Layer("conv2d", title, arrays, {"stride": 1, "padding": 1}, lambda x, w, b: functional.conv2d(x, w, b, padding=1)))
    for name, function in (("max_pool2d", functional.max_pool2d), ("avg_pool2d", functional.avg_pool2d)):
        for N, C, side, kernel in ((4, 64, 112, 2), (4, 256, 28, 2), (4, 64, 56, 3)):
            window = {"kernel_h": kernel, "kernel_w": kernel, "stride": 2, "inexact_output_size": "floor"}
            title = f"{N}x{C}x{side}x{side}, {kernel}x{kernel}, stride 2"
            found.append(Layer(name, title, {"x": normal(N, C, side, side)}, window, lambda x, f=function, k=kernel: f(x, k, 2)))
    for N, D in ((256, 4096), (64, 512)):
        arrays = {a.name: normal(N, D) if a.name == "x" else abs(normal(D)) for a in catalogue()["batch_norm"].arguments}
        found.append(Layer("batch_norm", f"{N}x{D}", arrays, {}, lambda x, g, b: functional.batch_norm(x, None, None, g, b, training=True)))
    for N, D, M in ((64, 4096, 4096), (64, 4096, 1000), (4, 25088, 1024)):
        arrays = {"x": normal(N, D), "w": normal(D, M), "b": normal(M)}
        found.append(Layer("affine", f"{N}x{D}x{M}", arrays, {}, torch_affine))
    return found


def torch_affine(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Return torch's linear layer, whose weights are transposed: a view, which costs nothing."""
    return functional.linear(x, w.T, b)


def measure(layer: Layer, runs: int, rng: np.random.Generator) -> dict[str, tuple[float, float]]:
    """Return the medians of forward and backward, in seconds: the reference's and torch's.

    Raises:
        AssertionError: They do not compute the same.
    """
    spec: LayerSpec = catalogue()[layer.name]
    assert spec.backward
    backward = spec.backward
    tensors = [torch.from_numpy(layer.arrays[a.name]).requires_grad_() for a in spec.arguments if a.gradient]
    given, cache = spec.forward(**layer.arrays, **layer.options)
    out = given[0] if spec.beside else given
    value = layer.torch(*tensors)
    np.testing.assert_allclose(out, value.detach().numpy(), rtol=1e-2, atol=1e-2)
    dout = rng.standard_normal(out.shape, np.float32)
    upstream = torch.from_numpy(dout)
    actions: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "forward": (lambda: spec.forward(**layer.arrays, **layer.options), lambda: layer.torch(*tensors)),
        "backward": (lambda: backward(dout, cache), lambda: torch.autograd.grad(value, tensors, upstream, retain_graph=True)),
    }
    found = {}
    for name, pair in actions.items():
        for action in pair:
            action()
        times = [[timeit(action, number=1) for action in pair] for _ in range(runs)]
        ours, theirs = (statistics.median(each) for each in zip(*times, strict=True))
        found[name] = (ours, theirs)
    return found


def main() -> int:
    """Measure, print, and compare with the goals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 where a goal is missed")
    parser.add_argument("--runs", type=int, default=9)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    missed = []
    print(f"ms, median of {arguments.runs} interleaved runs; float32, one thread; NumPy {np.__version__}, torch {torch.__version__}")
    print(f"{'layer':<12}{'size':<30}{'pass':<10}{'reference':>10}{'torch':>9}{'ratio':>7}{'goal':>7}")
    for layer in layers(rng):
        goal = GOALS.get(layer.name, OTHERS)
        for name, (ours, theirs) in measure(layer, arguments.runs, rng).items():
            late = ours > goal * theirs
            missed += [f"{layer.name} {layer.title} {name}"] * late
            row = f"{layer.name:<12}{layer.title:<30}{name:<10}{1e3 * ours:10.2f}{1e3 * theirs:9.2f}{ours / theirs:7.2f}{goal:7.1f}"
            print(row + ("  missed" if late else ""), flush=True)
    print(f"missed: {', '.join(missed)}" if missed else "all goals met")
    return 1 if arguments.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
