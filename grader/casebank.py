"""The case bank: every case of a task, drawn once, with the reference's answers beside it.

Hypothesis draws a number for every case; sizes, options and the seed from which NumPy fills the arrays follow from it. Drawing
costs milliseconds a case, so a bank is kept on disk, by the content of everything that it depends on; with a bank at hand
Hypothesis is not even imported.
"""

import contextlib
import hashlib
import itertools
import platform
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, overload

import numpy as np

import reference
from grader.answers import answer
from grader.checks_file import blamed, vouch
from grader.model import Answer, Array, Case, Expected
from grader.numerics import bounds
from grader.pure import held_pure
from grader.worker import wire
from reference import Argument, LayerSpec, Scenario, ShapeError, Values

Reading = Mapping[str, Any]
TRIES = 1000  # seeds tried for values that keep away from kinks
BY_HAND = (Values.COUNTED, Values.WHOLE, Values.SPREAD)


class NoValuesError(RuntimeError):
    """A case finds no sizes, or cannot be filled away from kinks."""


@dataclass(frozen=True, slots=True)
class Bank:
    """The cases of one task, and for each legal reading of the task the answers to them, in the same order."""

    cases: tuple[Case, ...]
    readings: tuple[Reading, ...]
    answers: Sequence[tuple[Answer, ...]]


def readings(spec: LayerSpec, narrowed: Mapping[str, Sequence[Any]]) -> tuple[Reading, ...]:
    """Return every combination of the readings that the assignment leaves open."""
    choices = {name: tuple(narrowed.get(name, values)) for name, values in spec.readings.items()}
    return tuple(dict(zip(choices, values, strict=True)) for values in itertools.product(*choices.values()))


def bank(spec: LayerSpec, narrowed: Mapping[str, Sequence[Any]], seed: int, folder: Path | None) -> Bank:
    """Return the bank of a task, from `folder` where it holds one, else drawn and, if possible, kept there.

    Raises:
        AssignmentError: The reference of an instructor's own layer is wrong.
    """
    file = folder / f"{spec.name}-{key(spec, narrowed, seed)}.bank" if folder else None
    if file and (kept := _read(file, readings(spec, narrowed))):
        return kept
    if spec.source:
        with blamed(spec), np.errstate(all="ignore"):  # what is not finite is told in a sentence
            drawn = draw(held_pure(spec), readings(spec, narrowed), seed)
            vouch(spec, drawn.cases)
    else:
        drawn = draw(spec, readings(spec, narrowed), seed)
    if file:
        _write(file, drawn)
    return drawn


def key(spec: LayerSpec, narrowed: Mapping[str, Sequence[Any]], seed: int) -> str:
    """Return what a bank is kept under: the hash of everything that it depends on."""
    # What an assignment narrows is said here; all else of a spec is in the sources.
    scenarios = [(scenario.title, sorted(scenario.options.items())) for scenario in spec.scenarios]
    asked = (spec.name, spec.source, sorted(narrowed.items()), sorted(spec.options.items()), scenarios, seed)
    return hashlib.sha256(repr((sources(), asked)).encode()).hexdigest()[:32]


def encoded(bank: Bank) -> bytes:
    """Return a bank as bytes, for the disk or another process: a digest, then frames of the wire's format."""
    body = b"".join([_encoded_cases(bank.cases), *map(_encoded_answers, bank.answers)])
    return hashlib.sha256(body).digest() + body


@cache
def sources() -> str:
    """Return the hash of all code that a bank depends on."""
    own = (Path(__file__), Path(__file__).with_name("answers.py"), Path(bounds.__file__), Path(wire.__file__))
    files = [*sorted(Path(reference.__file__).parent.rglob("*.py")), *own]
    digest = hashlib.sha256(f"{platform.python_version()} {np.__version__}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def draw(spec: LayerSpec, readings: tuple[Reading, ...], seed: int) -> Bank:
    """Draw all scenarios of a spec, fill their arrays, and let the reference answer."""
    wanted = [scenario for scenario in spec.scenarios for _ in range(scenario.count)]
    cases = tuple(
        filled(spec, scenario, structure, number, readings[0], TRIES)
        for number, (scenario, structure) in enumerate(zip(wanted, _structures(spec, wanted, seed), strict=True))
    )
    return Bank(cases, readings, tuple(tuple(answer(spec, case, reading) for case in cases) for reading in readings))


def _structures(spec: LayerSpec, wanted: Sequence[Scenario], seed: int) -> list[dict[str, Any]]:
    from hypothesis import HealthCheck, Phase, given, reject, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st
    from hypothesis.errors import Unsatisfiable

    # Of Hypothesis only coin tosses: into numbers it mixes constants from whatever modules the program has loaded, and the same
    # seed would give other cases in another program.
    coins = st.tuples(*[st.booleans()] * 32)

    def one(draw: Callable[[Any], Any], scenario: Scenario) -> dict[str, Any]:
        where = scenario.where or spec.where
        rng = random.Random(sum(toss << i for i, toss in enumerate(draw(coins))))
        spans = {name: scenario.axes.get(name, span) for name, span in spec.axes.items()}
        choices = {name: scenario.options.get(name, values) for name, values in spec.options.items()}
        for _ in range(200):
            sizes = {name: rng.randint(*span) for name, span in spans.items()}
            options = {name: rng.choice(values) for name, values in choices.items()}
            if where({**sizes, **options}):
                return {"sizes": sizes, "options": options, "seed": rng.getrandbits(32)}
        return reject()

    @st.composite
    def everything(draw: Callable[[Any], Any]) -> list[dict[str, Any]]:
        return [one(draw, scenario) for scenario in wanted]

    drawn: list[list[dict[str, Any]]] = []

    # The first example that Hypothesis tries is the smallest of every choice; the second is drawn.
    @seeded(int.from_bytes(hashlib.sha256(f"{seed} {spec.name}".encode()).digest()[:8], "big"))
    @settings(max_examples=2, database=None, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
    @given(everything())
    def collect(structures: list[dict[str, Any]]) -> None:
        drawn.append(structures)

    state = random.getstate()
    try:
        collect()
    except Unsatisfiable as error:
        raise NoValuesError(f"{spec.name}: `where` lets too few of the sizes and options pass") from error
    finally:
        random.setstate(state)
    return drawn[-1]


def filled(spec: LayerSpec, scenario: Scenario, structure: Mapping[str, Any], number: int, reading: Reading, tries: int) -> Case:
    """Return the case of these sizes, options and seed, its arrays filled as the scenario says.

    Raises:
        NoValuesError: All values that were tried lie at a kink.
    """
    dtype = np.dtype(np.float32 if scenario.single else np.float64)
    sizes, options = structure["sizes"], structure["options"]
    arguments = scenario.arguments or spec.arguments
    if spec.whole:
        return Case(number=number, title=scenario.title, arrays={}, options={**sizes, **options}, dout=None)
    for attempt in range(tries):
        rng = np.random.default_rng([structure["seed"], attempt])
        arrays = {
            a.name: _fill(rng, a, sizes, scenario.values if i == 0 else _beside(scenario.values), dtype) for i, a in enumerate(arguments)
        }
        try:
            out = _unknown(spec, sizes) if spec.unreferenced else spec.forward(**arrays, **options, **reading)[0]
            out = out[0] if spec.beside else out
        except ShapeError:  # this is to be refused: nothing comes back
            return Case(number=number, title=scenario.title, arrays=arrays, options=options, dout=None)
        kinks = spec.kinks(**arrays, **options, **reading) if spec.kinks else np.zeros(np.shape(out), bool)
        if (spec.backward and not spec.scalar) or not kinks.any():  # elsewhere no dout can hide them
            break
    else:
        raise NoValuesError(f"{spec.name}, {scenario.title}: no values away from kinks in {tries} tries")
    if not spec.differentiable or spec.forward_only({**sizes, **options}):
        return Case(number=number, title=scenario.title, arrays=arrays, options=options, dout=None)
    dout = (
        np.ones((), dtype)
        if spec.scalar
        else _values(rng, scenario.values if scenario.values in BY_HAND else Values.HUNDREDTHS, out.shape).astype(dtype) * ~kinks
    )
    return Case(number=number, title=scenario.title, arrays=arrays, options=options, dout=dout)


def _unknown(spec: LayerSpec, sizes: Mapping[str, int]) -> Array:
    """Return zeros in the shape of an output that no reference tells: that of its axes, or of a single number."""
    return np.zeros(tuple(sizes[axis] for axis in (spec.traits.out or "").split()))


def _beside(values: Values) -> Values:
    """Return how the arguments after the first are filled: a family that is meant for the input leaves them ordinary."""
    if values is Values.SPREAD:
        return Values.COUNTED
    return values if values in (*BY_HAND, Values.FRACTIONS) else Values.HUNDREDTHS


def _fill(rng: np.random.Generator, argument: Argument, sizes: Mapping[str, int], values: Values, dtype: Any) -> Array:
    shape = tuple(sizes[axis] for axis in argument.axes.split())
    if argument.fixed:
        data = argument.fixed(sizes)
        return data if argument.labels else data.astype(dtype)
    if argument.labels:
        return rng.integers(0, sizes["K"], shape)
    drawn = _values(rng, values, shape).astype(dtype)
    return np.where(drawn == 0, dtype.type(1), np.abs(drawn)) if argument.positive else drawn


def _values(rng: np.random.Generator, family: Values, shape: tuple[int, ...]) -> Array:
    drawn: Array
    match family:
        case Values.HUNDREDTHS:
            drawn = rng.integers(-300, 301, shape) / 100
        case Values.FRACTIONS:
            drawn = rng.integers(-100, 101, shape) / 100
        case Values.COUNTED:
            drawn = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
        case Values.WHOLE:
            size = int(np.prod(shape))
            drawn = rng.choice(np.arange(-9.0, 10.0), size, replace=size > 19).reshape(shape)
        case Values.SPREAD:
            size = int(np.prod(shape))
            drawn = rng.choice([-4.0, -3.0, -2.0, -1.0, 1.0, 2.0, 3.0, 4.0], size, replace=size > 8).reshape(shape)
        case Values.TIED:
            drawn = rng.integers(-1, 2, shape).astype(float)
        case Values.NEGATIVE:
            drawn = -rng.integers(1, 301, shape) / 100
        case Values.NEAR_ZERO:
            drawn = rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(-6, 0.5, shape)
        case Values.HUGE:
            # Where exp overflows, and where it does not; drawn alone, too few would be beyond it.
            drawn = rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(1, 3, shape)
            drawn.flat[:2] = (1000, -1000)
        case Values.SHIFTED:
            # Rows far apart, on both sides of 0: subtracting one maximum from all of them does not save them.
            sides = np.resize([1.0, -1.0], (shape[0], 1))
            shift = sides * rng.integers(1000, 10001, (shape[0], 1))
            drawn = rng.integers(-300, 301, shape) / 100 + shift
    return drawn


# --- on disk, and for other processes: a digest, then frames of the wire's format, the first with the cases, one more for each reading


class _Kept(Sequence[tuple[Answer, ...]]):
    """The answers of a kept bank, decoded when a reading is looked at: most submissions follow the first."""

    def __init__(self, frames: Sequence[memoryview]) -> None:
        self._frames = frames
        self._decoded: dict[int, tuple[Answer, ...]] = {}
        self._known: dict[bytes, Expected] = {}  # so that what two readings have in common is one object

    def __len__(self) -> int:
        return len(self._frames)

    @overload
    def __getitem__(self, index: int) -> tuple[Answer, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> list[tuple[Answer, ...]]: ...

    def __getitem__(self, index: int | slice) -> tuple[Answer, ...] | list[tuple[Answer, ...]]:
        if isinstance(index, slice):
            return [self[i] for i in range(len(self))[index]]
        if index not in self._decoded:
            frame = _frame(self._frames[index])
            reader = wire.Reader(frame.payload)
            self._decoded[index] = tuple(self._answer(reader, each) for each in frame.meta["answers"])
        return self._decoded[index]

    def _answer(self, reader: wire.Reader, kept: Mapping[str, Any]) -> Answer:
        values, units = reader.unpack(kept["value"]), reader.unpack(kept["units"])
        expected = {name: self._expected(kept["value"][name], v, units[name]) for name, v in values.items()}
        return Answer(values=expected, refusal=kept["refusal"])

    def _expected(self, described: Sequence[Any], value: Array, units: Array) -> Expected:
        key = hashlib.sha256(b"".join([repr(described).encode(), value.tobytes(), units.tobytes()])).digest()
        return self._known.setdefault(key, Expected(value=value, units=units))


def _write(file: Path, bank: Bank) -> None:
    # A bank that cannot be kept (a full disk, a read-only home) is drawn again next time; nothing is lost but time.
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{random.SystemRandom().randrange(1 << 32)}")
        part.write_bytes(encoded(bank))
        part.replace(file)


def _encoded_cases(cases: Sequence[Case]) -> bytes:
    buffers: list[bytes] = []
    described = [
        {
            "title": c.title,
            "options": dict(c.options),
            "arrays": wire.pack(c.arrays, buffers),
            "dout": wire.pack({} if c.dout is None else {"dout": c.dout}, buffers),
        }
        for c in cases
    ]
    return wire.encode(0, {"cases": described}, buffers)


def _encoded_answers(answers: Sequence[Answer]) -> bytes:
    buffers: list[bytes] = []
    described = [
        {
            "refusal": a.refusal,
            "value": wire.pack({n: e.value for n, e in a.values.items()}, buffers),
            "units": wire.pack({n: e.units for n, e in a.values.items()}, buffers),
        }
        for a in answers
    ]
    return wire.encode(0, {"answers": described}, buffers)


def _read(file: Path, readings: tuple[Reading, ...]) -> Bank | None:
    """Return a kept bank; None where there is none, or it is not what was written."""
    try:
        data = file.read_bytes()
    except OSError:
        return None
    return decoded(data, readings)


def decoded(data: bytes, readings: tuple[Reading, ...]) -> Bank | None:
    """Return the bank that was encoded, of these readings; None where the bytes are not what was written."""
    body = memoryview(data)[32:]
    if hashlib.sha256(body).digest() != data[:32]:
        return None
    first, *rest = _split(body)
    frame = _frame(first)
    reader = wire.Reader(frame.payload)
    cases = []
    for number, c in enumerate(frame.meta["cases"]):
        arrays, dout = reader.unpack(c["arrays"]), reader.unpack(c["dout"]).get("dout")
        options = {n: tuple(v) if type(v) is list else v for n, v in c["options"].items()}  # JSON has no tuples
        cases.append(Case(number=number, title=c["title"], arrays=arrays, options=options, dout=dout))
    return Bank(tuple(cases), readings, _Kept(rest))


def _split(body: memoryview) -> Iterator[memoryview]:
    while body:
        *_, meta, payload = wire.HEADER.unpack_from(body)
        size = wire.HEADER.size + meta + payload
        yield body[:size]
        body = body[size:]


def _frame(data: memoryview) -> wire.Frame:
    def take(count: int) -> memoryview:
        nonlocal data
        taken, data = data[:count], data[count:]
        return taken

    return wire.decode(take, wire.MAX_REQUEST)  # its hash says that it is our own
