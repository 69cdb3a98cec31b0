"""Which axis of a class's arrays is which: tried out on a small input whose axes all differ."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from grader.worker.conventions.adapter import Unusable
from grader.worker.conventions.classes.built import built
from grader.worker.conventions.classes.running import run
from grader.worker.conventions.classes.slots import WEIGHTS, Slot, first_array, slots
from grader.worker.conventions.transcript import abandon, note, turned
from grader.worker.wire import Array

ROWS = ((0, 1), (1, 0))  # (N, D) as it is, and with samples in columns
PLANES = ((0, 1, 2, 3), (0, 2, 3, 1))  # (N, C, H, W) as it is, and with channels last
KERNELS = ((0, 1, 2, 3), (2, 3, 1, 0), (0, 2, 3, 1), (1, 0, 2, 3))  # (F, C, h, w) as it is, and as others keep it
WINDOW = {"kernel": 2, "kernel_h": 2, "kernel_w": 2, "stride": 2, "padding": 0}
PAIRS = (("kernel",), ("kernel", "stride", "padding"))  # what may be asked for as a pair of height and width
REFUSED = (ValueError, IndexError, TypeError, AssertionError)  # what code raises that wants its axes otherwise


class Layout(NamedTuple):
    """How a class has its arrays."""

    order: tuple[int, ...]  # the axes of (N, C, H, W) or (N, D), as it wants them
    batch: bool = True  # whether it takes a batch
    kernel: tuple[int, ...] = ()  # the axes of (F, C, h, w) or (D, M), as it keeps its weights
    weights: Slot | None = None
    pairs: tuple[str, ...] = ()  # which sizes it wants as pairs

    def parts(self, x: Array) -> Iterator[Array]:
        """Yield what the class is called with, one after the other."""
        if self.batch:
            yield ordered(x, self.order)
        else:
            yield from (ordered(x[i : i + 1], self.order)[0] for i in range(len(x)))

    def said(self, name: str) -> str:
        """Return, in a line of code, what the class is called with for a batch, or for its only sample."""
        return turned(name, self.order) if self.batch else f"{turned(name, self.order)}[0]"

    def whole(self, parts: list[Any], name: str) -> Any:
        """Return the batch that these parts are, with its axes in our order; what is no array of as many axes stays as it is.

        What they are known as is noted in the transcript; of several parts that is none.
        """
        if self.batch or any(part is None for part in parts):
            return restored(parts[0], self.order, name)
        if len(parts) > 1:
            abandon()
        note(f"{name} = {name}[None]")
        ours = [restored(np.asarray(part)[None], self.order, name) for part in parts]
        return np.concatenate(ours) if len({a.shape for a in ours}) == 1 else ours[0]


def ordered(x: Array, order: tuple[int, ...]) -> Array:
    """Return an array with its axes in another order."""
    return np.ascontiguousarray(x.transpose(order))


def restored(x: Any, order: tuple[int, ...], name: str) -> Any:
    """Return an array with its axes in the order that they had before `ordered`; it is noted in the transcript by its name."""
    if type(x) is not np.ndarray or x.ndim != len(order):
        return x
    back = np.argsort(order).tolist()
    if (said := turned(name, back)) != name:
        note(f"{name} = {said}")
    return x.transpose(back)


@cache
def linear(made: Callable[..., Any]) -> Layout:
    """Find out the layout of a fully connected layer."""
    sizes = {"inputs": 2, "outputs": 3}
    slot, kept = _weights(built(made, sizes))
    if slot is None or kept not in ((2, 3), (3, 2)):
        raise Unusable("no weights of shape (inputs, outputs) were found in the layer: W, weight, weights or params['W']")
    ways = [
        Layout(order, batch, (0, 1) if kept == (2, 3) else (1, 0), slot)
        for batch in (True, False)
        for order in (ROWS if batch else ROWS[:1])
    ]
    return _tried(lambda: built(made, sizes), ways, (5, 2), (5, 3), "neither rows (N, D) nor columns (D, N), nor a single sample")


@cache
def conv(made: Callable[..., Any]) -> Layout:
    """Find out the layout of a convolution."""
    sizes = {"inputs": 3, "outputs": 4, **WINDOW, "dilation": 1, "groups": 1}

    def found(pairs: tuple[str, ...]) -> Layout:
        slot, kept = _weights(built(made, windowed(sizes, pairs)))
        kernel = next((k for k in KERNELS if tuple((4, 3, 2, 2)[i] for i in k) == kept), None)
        if kernel is None:
            raise Unusable("no weights of four axes were found in the layer: W, weight, weights, filters or params['W']")
        return _images(lambda: built(made, windowed(sizes, pairs)), Layout((), True, kernel, slot, pairs), (5, 4, 4, 3))

    return _either(found)


@cache
def pool(made: Callable[..., Any]) -> Layout:
    """Find out the layout of a pooling layer."""

    def found(pairs: tuple[str, ...]) -> Layout:
        return _images(lambda: built(made, windowed(WINDOW, pairs)), Layout((), pairs=pairs), (5, 3, 4, 3))

    return _either(found)


def windowed(sizes: Mapping[str, Any], pairs: tuple[str, ...]) -> dict[str, Any]:
    """Return sizes of which some are pairs; the window is square."""
    return {name: (size, size) if name in pairs else size for name, size in sizes.items()}


def _either(found: Callable[..., Layout]) -> Layout:
    """Return the layout for single numbers, or for pairs; where nothing works, say what was wrong with the numbers."""
    try:
        return found(())
    except (*REFUSED, Unusable) as error:
        for pairs in PAIRS:
            with contextlib.suppress(*REFUSED, Unusable):
                return found(pairs)
        raise error from None


@cache
def flat(made: Callable[..., Any]) -> Layout:
    """Find out whether a class that makes rows of images takes one image at a time."""
    ways = [Layout((0, 1, 2, 3), batch) for batch in (True, False)]
    return _tried(lambda: built(made, {}), ways, (5, 3, 8, 6), (5, 144), "neither (N, C, H, W) nor a single image")


@cache
def planes(made: Callable[..., Any]) -> Layout:
    """Find out which axes are those of a plane, of which a class gives one number."""
    for order in PLANES:
        x = ordered(np.zeros((2, 3, 4, 5)), order)
        try:
            out = run(built(made, {}), x)
        except REFUSED:
            continue
        if np.shape(out) in ((2, 3), tuple((2, 3, 1, 1)[i] for i in order)):
            return Layout(order)
    raise Unusable("neither (N, C, H, W) nor (N, H, W, C) gave one number for every plane")


def _weights(layer: Any) -> tuple[Slot | None, Any]:
    slot = first_array(layer, slots(WEIGHTS))
    return slot, () if slot is None else slot.get(layer).shape


def _images(make: Callable[[], Any], like: Layout, right: tuple[int, ...]) -> Layout:
    ways = [like._replace(order=order, batch=batch) for batch in (True, False) for order in PLANES]
    return _tried(make, ways, (5, 3, 8, 6), right, "neither (N, C, H, W) nor (N, H, W, C), nor a single image of either,")


def _tried(make: Callable[[], Any], ways: list[Layout], given: tuple[int, ...], right: tuple[int, ...], none: str) -> Layout:
    """Return the first layout in which the class answers an input of a shape with one of the right shape."""
    x = np.random.default_rng(0).normal(size=given)
    errors: list[BaseException] = []
    for way in ways:
        try:
            with np.errstate(all="ignore"):
                out = run(make(), next(way.parts(x)))
        except REFUSED as error:
            errors.append(error)
            continue
        wanted = tuple(right[i] for i in way.order) if len(right) == len(way.order) else right
        if np.shape(out) == (wanted if way.batch else wanted[1:]):
            return way
    if len(errors) == len(ways):
        raise errors[0]
    raise Unusable(f"{none} gave an output of the right shape")


def normal(make: Callable[[Mapping[str, Any]], Any], orders: tuple[tuple[int, ...], ...], sizes: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the order of axes in which a normalising class of 4 features takes its input."""
    x = np.random.default_rng(0).normal(size=(5, 4) if len(orders[0]) == 2 else (5, 4, 8, 6))
    errors: list[BaseException] = []
    for order in orders:
        given = ordered(x, order)
        try:
            with np.errstate(all="ignore"):
                out = run(make(sizes), given, training=True)
        except REFUSED as error:
            errors.append(error)
            continue
        if np.shape(out) == given.shape:
            return order
    if errors:
        raise errors[0]
    raise Unusable("the output has not the shape of the input")
