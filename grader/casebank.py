"""The case bank: every case of a task, drawn once, with the reference's answers beside it.

Hypothesis draws structure (sizes, options, a seed for the values), NumPy fills the arrays from the seed. Drawing costs
milliseconds a case, so a bank is kept on disk, by the content of everything that it depends on; with a bank at hand
Hypothesis is not even imported.
"""

import contextlib
import hashlib
import itertools
import platform
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import reference
from grader.model import Answer, Array, Case, Expected
from grader.worker import wire
from reference import LayerSpec, Scenario, ShapeError, Values

Reading = Mapping[str, Any]
TRIES = 1000  # seeds tried for values that keep away from kinks


@dataclass(frozen=True, slots=True)
class Bank:
    """The cases of one task, and for each legal reading of the task the answers to them, in the same order."""

    cases: tuple[Case, ...]
    readings: tuple[Reading, ...]
    answers: tuple[tuple[Answer, ...], ...]


def readings(spec: LayerSpec, narrowed: Mapping[str, Sequence[Any]]) -> tuple[Reading, ...]:
    """Return every combination of the readings that the assignment leaves open."""
    choices = {name: tuple(narrowed.get(name, values)) for name, values in spec.readings.items()}
    return tuple(dict(zip(choices, values, strict=True)) for values in itertools.product(*choices.values()))


def bank(spec: LayerSpec, narrowed: Mapping[str, Sequence[Any]], seed: int, folder: Path | None) -> Bank:
    """Return the bank of a task, from `folder` where it holds one, else drawn and, if possible, kept there."""
    key = hashlib.sha256(repr((sources(), spec.name, sorted(narrowed.items()), seed)).encode()).hexdigest()[:32]
    file = folder / f"{spec.name}-{key}.bank" if folder else None
    if file and (kept := _read(file, readings(spec, narrowed))):
        return kept
    drawn = draw(spec, readings(spec, narrowed), seed)
    if file:
        _write(file, drawn)
    return drawn


@cache
def sources() -> str:
    """Return the hash of all code that a bank depends on."""
    files = [*sorted(Path(reference.__file__).parent.rglob("*.py")), Path(__file__)]
    digest = hashlib.sha256(f"{platform.python_version()} {np.__version__}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def draw(spec: LayerSpec, readings: tuple[Reading, ...], seed: int) -> Bank:
    """Draw all scenarios of a spec, fill their arrays, and let the reference answer."""
    wanted = [scenario for scenario in spec.scenarios for _ in range(scenario.count)]
    cases = tuple(
        _case(spec, scenario, structure, number, readings[0])
        for number, (scenario, structure) in enumerate(zip(wanted, _structures(spec, wanted, seed), strict=True))
    )
    return Bank(cases, readings, tuple(tuple(_answer(spec, case, reading) for case in cases) for reading in readings))


def _structures(spec: LayerSpec, wanted: Sequence[Scenario], seed: int) -> list[dict[str, Any]]:
    from hypothesis import HealthCheck, Phase, given, reject, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    def one(draw: Callable[[Any], Any], scenario: Scenario) -> dict[str, Any]:
        where = scenario.where or spec.where
        for _ in range(200):
            sizes = {name: draw(st.integers(*scenario.axes.get(name, span))) for name, span in spec.axes.items()}
            options = {n: draw(st.sampled_from(scenario.options.get(n, v))) for n, v in spec.options.items()}
            if where({**sizes, **options}):
                return {"sizes": sizes, "options": options, "seed": draw(st.integers(0, 2**32 - 1))}
        return reject()

    drawn: list[list[dict[str, Any]]] = []

    # The first example that Hypothesis tries is the smallest of every choice; the second is drawn.
    @seeded(int.from_bytes(hashlib.sha256(f"{seed} {spec.name}".encode()).digest()[:8], "big"))
    @settings(max_examples=2, database=None, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def collect(data: Any) -> None:
        drawn.append([one(data.draw, scenario) for scenario in wanted])

    state = random.getstate()
    collect()
    random.setstate(state)
    return drawn[-1]


def _case(spec: LayerSpec, scenario: Scenario, structure: dict[str, Any], number: int, reading: Reading) -> Case:
    dtype = np.dtype(np.float32 if scenario.single else np.float64)
    sizes, options = structure["sizes"], structure["options"]
    if spec.whole:
        return Case(number=number, title=scenario.title, arrays={}, options={**sizes, **options}, dout=None)
    for attempt in range(TRIES):
        rng = np.random.default_rng([structure["seed"], attempt])
        arrays = {a.name: _fill(rng, spec, a.name, sizes, scenario.values, dtype) for a in spec.arguments}
        out, _ = spec.forward(**arrays, **options, **reading)
        kinks = spec.kinks(**arrays, **options, **reading) if spec.kinks else np.zeros(np.shape(out), bool)
        if not spec.scalar or not kinks.any():
            break
    else:
        raise RuntimeError(f"{spec.name}, {scenario.title}: no values away from kinks in {TRIES} tries")
    dout = (
        np.ones((), dtype)
        if spec.scalar
        else _values(rng, Values.WHOLE if scenario.values is Values.WHOLE else Values.HUNDREDTHS, out.shape).astype(dtype) * ~kinks
    )
    return Case(number=number, title=scenario.title, arrays=arrays, options=options, dout=dout)


def _fill(rng: np.random.Generator, spec: LayerSpec, name: str, sizes: Mapping[str, int], values: Values, dtype: Any) -> Array:
    argument = next(a for a in spec.arguments if a.name == name)
    shape = tuple(sizes[axis] for axis in argument.axes.split())
    if argument.labels:
        return rng.integers(0, sizes["K"], shape)
    everywhere = (Values.WHOLE, Values.FRACTIONS)
    family = values if argument is spec.arguments[0] or values in everywhere else Values.HUNDREDTHS
    return _values(rng, family, shape).astype(dtype)


def _values(rng: np.random.Generator, family: Values, shape: tuple[int, ...]) -> Array:
    drawn: Array
    match family:
        case Values.HUNDREDTHS:
            drawn = rng.integers(-300, 301, shape) / 100
        case Values.FRACTIONS:
            drawn = rng.integers(-100, 101, shape) / 100
        case Values.WHOLE:
            drawn = rng.integers(-4, 5, shape).astype(float)
        case Values.NEGATIVE:
            drawn = -rng.integers(1, 301, shape) / 100
        case Values.NEAR_ZERO:
            drawn = rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(-6, 0.5, shape)
        case Values.HUGE:
            drawn = rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(1, 3, shape)
        case Values.SHIFTED:
            shift = rng.choice([-1.0, 1.0], (shape[0], 1)) * rng.integers(1000, 10001, (shape[0], 1))
            drawn = rng.integers(-300, 301, shape) / 100 + shift
    return drawn


def _answer(spec: LayerSpec, case: Case, reading: Reading) -> Answer:
    """Let the reference answer in float64, whatever the dtype of the case."""
    arrays = {n: a.astype(np.float64) if a.dtype.kind == "f" else a for n, a in case.arrays.items()}
    try:
        out, kept = spec.forward(**arrays, **case.options, **reading)
    except ShapeError as error:
        return Answer(refusal=str(error))
    if spec.magnitude is None or spec.backward is None or case.dout is None:
        return Answer(values={"out": Expected(value=np.asarray(out), magnitude=np.zeros(np.shape(out)))})
    dout = case.dout.astype(np.float64)
    sizes = spec.magnitude(arrays, {**case.options, **reading}, dout)
    values = {"out": Expected(value=np.asarray(out), magnitude=np.asarray(sizes.out))}
    for name, gradient, size in zip(spec.gradients, spec.backward(dout, kept), sizes.gradients, strict=True):
        values[name] = Expected(value=gradient, magnitude=size)
    return Answer(values=values)


# --- on disk: one frame of the wire's format


def _write(file: Path, bank: Bank) -> None:
    buffers: list[bytes] = []
    meta = {
        "cases": [
            {
                "title": c.title,
                "options": dict(c.options),
                "arrays": wire.pack(c.arrays, buffers),
                "dout": wire.pack({} if c.dout is None else {"dout": c.dout}, buffers),
            }
            for c in bank.cases
        ],
        "answers": [
            [
                {
                    "refusal": a.refusal,
                    "value": wire.pack({n: e.value for n, e in a.values.items()}, buffers),
                    "magnitude": wire.pack({n: e.magnitude for n, e in a.values.items()}, buffers),
                }
                for a in answers
            ]
            for answers in bank.answers
        ],
    }
    # A bank that cannot be kept (a full disk, a read-only home) is drawn again next time; nothing is lost but time.
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{random.SystemRandom().randrange(1 << 32)}")
        part.write_bytes(wire.encode(0, meta, buffers))
        part.replace(file)


def _read(file: Path, readings: tuple[Reading, ...]) -> Bank | None:
    try:
        rest = memoryview(file.read_bytes())

        def receive(view: memoryview) -> None:
            nonlocal rest
            if len(rest) < len(view):
                raise wire.ProtocolError("short")
            view[:], rest = rest[: len(view)], rest[len(view) :]

        frame = wire.decode(receive)
        reader = wire.Reader(frame.payload)
        cases = []
        for number, c in enumerate(frame.meta["cases"]):
            arrays, dout = reader.unpack(c["arrays"]), reader.unpack(c["dout"]).get("dout")
            cases.append(Case(number=number, title=c["title"], arrays=arrays, options=c["options"], dout=dout))
        answers = tuple(tuple(_kept(reader, a) for a in group) for group in frame.meta["answers"])
    except (OSError, wire.ProtocolError, KeyError, TypeError):
        return None  # not there, or cut short by a full disk: it is drawn again
    return Bank(tuple(cases), readings, answers) if len(answers) == len(readings) else None


def _kept(reader: wire.Reader, answer: Mapping[str, Any]) -> Answer:
    values, magnitudes = reader.unpack(answer["value"]), reader.unpack(answer["magnitude"])
    expected = {name: Expected(value=v, magnitude=magnitudes[name]) for name, v in values.items()}
    return Answer(values=expected, refusal=answer["refusal"])
