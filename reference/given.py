"""One input of a layer as a misconception gets it: what goes in, and all that is right there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from reference.spec import Array, LayerSpec

MISFITS = (ValueError, IndexError, TypeError, ZeroDivisionError)  # of wrong code on sizes that do not suit it
MISFIT = object()  # what such code makes there


class Given:
    """One input of a layer, and all that is right there.

    Arguments, options and, as the names of axes, sizes are attributes: `g.w`, `g.stride`, `g.N`. `g.dout` is the upstream gradient,
    `g.out` the right output, `g.cache` what the reference's backward gets, `g.dw` a right gradient; and `g.right` is the right value
    of what the misconception is about.
    """

    def __init__(
        self, spec: LayerSpec, values: Mapping[str, Any], dout: Any, of: str, mistake: Callable[[Given], Any] | None = None
    ) -> None:
        """Take arguments, options and reading by name; `mistake` is one that has changed the value of `of` before."""
        self.spec, self.values, self.dout, self.of = spec, values, dout, of
        self._mistake = mistake
        self._after: dict[Callable[[Given], Any], Given] = {}
        self._made: dict[Callable[[Given], Any], Any] = {}

    def __getattr__(self, name: str) -> Any:
        """Return an argument, an option, a size, a gradient or an output beside the first."""
        if name in self.values:
            return self.values[name]
        if name in self.spec.beside:
            return self._forward[0][name]
        if name in self.spec.gradients:
            return self.gradients[name]
        if name in self.sizes:
            return self.sizes[name]
        raise AttributeError(name)

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """The lengths of the arguments' axes, by name."""
        found: dict[str, int] = {}
        for argument in self.spec.given(self.values):
            found |= zip(argument.axes.split(), np.shape(self.values[argument.name]), strict=False)
        return found

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of the axes of what is asked about; none where they are not those of the arguments."""
        if self.of == "out":
            return tuple((self.spec.traits.out or "").split())
        return next((tuple(a.axes.split()) for a in self.spec.given(self.values) if a.gradient == self.of), ())

    @cached_property
    def _forward(self) -> tuple[Mapping[str, Any], Any]:
        out, cache = self.spec.forward(**self.values)
        return self.spec.outputs(out), cache

    @property
    def out(self) -> Any:
        """The right output."""
        return self._forward[0]["out"]

    @property
    def cache(self) -> Any:
        """What forward hands to backward."""
        return self._forward[1]

    @cached_property
    def gradients(self) -> Mapping[str, Array]:
        """The right gradients by name."""
        return self.backed(self.cache)

    def backed(self, cache: Any) -> Mapping[str, Array]:
        """Return the gradients by name that the reference's backward makes of another cache."""
        assert self.spec.backward
        return dict(zip(self.spec.gradients_of(self.values), self.spec.backward(self.dout, cache), strict=True))

    @cached_property
    def right(self) -> Any:
        """The right value of what is asked about, or what another mistake has made of it."""
        if self._mistake is not None:
            made = self._mistake(Given(self.spec, self.values, self.dout, self.of))
            return None if made is None else np.asarray(made)
        # An argument may have its name: a running mean goes in and comes out, and a net calls a gradient like its parameter.
        return self._forward[0][self.of] if self.of in ("out", *self.spec.beside) else self.gradients[self.of]

    def but(self, **changes: Any) -> Given:
        """Return the same with other arguments, options or dout."""
        dout = changes.pop("dout", self.dout)
        return Given(self.spec, {**self.values, **changes}, dout, self.of, self._mistake)

    def after(self, mistake: Callable[[Given], Any]) -> Given:
        """Return the same where another mistake has made something of the right value, here and of other arguments."""
        if mistake not in self._after:  # what it made is asked for once with every other mistake
            self._after[mistake] = Given(self.spec, self.values, self.dout, self.of, mistake)
        return self._after[mistake]

    def made(self, mistake: Callable[[Given], Any]) -> Any:
        """Return what a mistake makes of the right value here: `MISFIT` where it raises; worked out once, whoever may have made it."""
        if mistake not in self._made:
            with np.errstate(all="ignore"):
                try:
                    self._made[mistake] = mistake(self)
                except MISFITS:
                    self._made[mistake] = MISFIT
        return self._made[mistake]
