"""Students who get one value of a layer wrong, as a misconception says, and everything else right."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grader.audit.students import Audited, Kind, Student
from reference import Array, Given, LayerSpec


def misconceptions(spec: LayerSpec, reading: Mapping[str, Any], *, backward: bool) -> Iterator[Audited]:
    """Yield a student for each value of each misconception; those about gradients only where a backward is asked for."""
    for known in spec.misconceptions:
        for name in known.of:
            if backward or name not in spec.gradients:
                student = mistaken(spec, reading, known.wrong, name)
                if not backward:
                    student = student._replace(backward=None)
                yield Audited(name=f"{name}: {known.id}", kind=Kind.MISCONCEPTION, student=student)


def mistaken(spec: LayerSpec, reading: Mapping[str, Any], wrong: Callable[[Given], Any], name: str) -> Student:
    """Return the reference by one of its readings, with `wrong` in the place of the value of this name."""

    def forward(**given: Any) -> tuple[Any, Any]:
        values = {**given, **reading}
        out, cache = spec.forward(**values)
        if name not in spec.gradients:
            outputs = spec.outputs(out)
            outputs[name] = _made(wrong, Given(spec, values, None, name))
            out = tuple(outputs.values()) if spec.beside else outputs["out"]
        return out, (values, cache)

    def backward(dout: Array, kept: Any) -> tuple[Array, ...]:
        values, cache = kept
        assert spec.backward
        gradients = dict(zip(spec.gradients_of(values), spec.backward(dout, cache), strict=True))
        if name in gradients:
            gradients[name] = _made(wrong, Given(spec, values, dout, name)).astype(gradients[name].dtype)
        return tuple(gradients.values())

    return Student(forward, backward if spec.backward else None)


def _made(wrong: Callable[[Given], Any], given: Given) -> Any:
    made = wrong(given)
    return given.right if made is None else made  # where it cannot say, nothing is wrong
