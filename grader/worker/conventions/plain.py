"""Functions that every course spells alike: im2col and col2im, and the shape questions."""

from collections.abc import Mapping
from typing import Any

from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, several
from grader.worker.wire import Array


def _im2col(found: Found, arrays: Mapping[str, Array], o: Options) -> tuple[dict[str, Any], Any]:
    window = (o["kernel_h"], o["kernel_w"], o["stride"], o["padding"])
    return several(found["forward"](arrays["x"], *window), ("out",)), (arrays["x"].shape, *window)


def _col2im(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
    return several(found["backward"](dout, *cache), ("dx",))


def question(name: str, arguments: tuple[str, ...]) -> Adapter:
    """Return the adapter of a function from whole numbers to a whole number."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        del arrays
        return several(found["forward"](*(options[a] for a in arguments)), ("out",)), None

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        raise Unusable("a shape question has no backward")

    return Adapter(wants={"forward": Wanted(names=(name,))}, forward=forward, backward=backward)


TASKS = {
    "im2col": Adapter(
        wants={"forward": Wanted(names=("im2col",)), "backward": Wanted(names=("col2im",))},
        forward=_im2col,
        backward=_col2im,
    ),
    "output_size": question("output_size", ("size", "kernel", "stride", "padding")),
    "parameter_count": question("parameter_count", ("in_channels", "out_channels", "kernel_size", "bias")),
}
