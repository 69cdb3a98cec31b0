"""The bank: the same cases for every student, every feature in it, kept on disk bit for bit."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import casebank
from grader.casebank import Bank, bank, draw, readings
from grader.model import Case
from reference import LayerSpec, Scenario, catalogue
from tests.support import bank_of, first_bank, refused

SPEC = catalogue()
EVERY_SPEC = pytest.mark.parametrize("spec", SPEC.values(), ids=lambda spec: spec.name)
SEEDS = range(5)
PROGRAM = """
import sys
from pathlib import Path
for name in sys.argv[2:]:
    __import__(name)
from grader import casebank
from reference import catalogue
print(sorted(p.name for p in Path().iterdir()))
for spec in list(catalogue().values())[::4]:
    casebank.bank(spec, {}, 7, Path(sys.argv[1]))
print(sorted(p.name for p in Path().iterdir()))
print("hypothesis" in sys.modules)
"""


def drawn(spec: LayerSpec, seed: int, **narrowed: Any) -> Bank:
    return draw(spec, readings(spec, narrowed), seed)


def banks_of(name: str) -> list[Bank]:
    """Return the banks of a layer for several seeds, by its first reading."""
    return [first_bank(name, seed) for seed in SEEDS]


def content(made: Bank) -> list[Any]:
    """Return all that a bank holds, in a form that can be compared."""

    def array(a: Any) -> Any:
        return None if a is None else (a.dtype.str, a.shape, a.tobytes())

    cases = [(c.number, c.title, dict(c.options), {n: array(a) for n, a in c.arrays.items()}, array(c.dout)) for c in made.cases]
    answers = [[(a.refusal, {n: (array(e.value), array(e.units)) for n, e in a.values.items()}) for a in group] for group in made.answers]
    return [cases, list(map(dict, made.readings)), answers]


@EVERY_SPEC
def test_the_same_seed_gives_the_same_cases_and_another_seed_others(spec: LayerSpec):
    made = banks_of(spec.name)

    again = draw(spec, made[1].readings, SEEDS[1])

    assert content(again) == content(made[1])
    assert content(again)[0] != content(made[2])[0]


@EVERY_SPEC
def test_a_bank_holds_a_case_for_every_scenario_in_their_order(spec: LayerSpec):
    made = bank_of(spec.name)

    assert [c.title for c in made.cases] == [s.title for s in spec.scenarios for _ in range(s.count)]
    assert [c.number for c in made.cases] == list(range(len(made.cases)))
    assert all(len(group) == len(made.cases) for group in made.answers)
    assert len(made.answers) == len(made.readings)


@EVERY_SPEC
def test_a_kept_bank_equals_the_drawn_one_bit_for_bit(spec: LayerSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = bank(spec, {}, 4, tmp_path)
    monkeypatch.setattr(casebank, "draw", None)  # must not be needed

    kept = bank(spec, {}, 4, tmp_path)

    assert content(kept) == content(first)
    assert [p.suffix for p in tmp_path.iterdir()] == [".bank"]


def test_answers_of_a_kept_bank_can_be_sliced(tmp_path: Path):
    first = bank(SPEC["two_layer_net"], {}, 4, tmp_path)

    kept = bank(SPEC["two_layer_net"], {}, 4, tmp_path)

    assert len(kept.answers[1:3]) == 2
    assert np.array_equal(kept.answers[1:3][0][0].values["out"].value, first.answers[1][0].values["out"].value)


def test_seed_and_readings_are_part_of_the_name(tmp_path: Path):
    spec = SPEC["two_layer_net"]

    for narrowed in ({}, {"reg_factor": (1,)}, {"reg_factor": (0.5,)}):
        for seed in (0, 1):
            bank(spec, narrowed, seed, tmp_path)

    assert len(list(tmp_path.iterdir())) == 6


def test_a_change_of_the_code_that_a_bank_depends_on_makes_it_another_bank(monkeypatch: pytest.MonkeyPatch):
    read: list[Path] = []
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or read_bytes(path))

    casebank.sources.__wrapped__()

    names = {path.name for path in read}
    assert {"casebank.py", "wire.py", "spec.py", "windows.py", "conv2d.py", "softmax_loss.py", "two_layer_net.py"} <= names


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: data[:20],
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data + b"\0",
        lambda data: bytes(len(data)),
        lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        lambda data: b"not a bank",
    ],
    ids=["empty", "header", "last byte", "half", "longer", "zeros", "one bit", "garbage"],
)
def test_a_file_that_is_not_what_was_written_is_drawn_again(spoil: Callable[[bytes], bytes], tmp_path: Path):
    first = bank(SPEC["relu"], {}, 0, tmp_path)
    (file,) = tmp_path.iterdir()
    data = file.read_bytes()
    file.write_bytes(spoil(data))

    again = bank(SPEC["relu"], {}, 0, tmp_path)

    assert content(again) == content(first)
    assert file.read_bytes() == data


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path):
    (tmp_path / "file").touch()

    made = bank(SPEC["relu"], {}, 0, tmp_path / "file" / "banks")

    assert content(made) == content(bank(SPEC["relu"], {}, 0, None))


def test_drawing_does_not_disturb_the_random_state_of_the_program():
    random.seed(5)
    undisturbed = random.random()
    random.seed(5)

    drawn(SPEC["conv2d"], 0)

    assert random.random() == undisturbed


@pytest.mark.slow
def test_another_program_draws_the_same_cases_and_a_warm_one_needs_no_hypothesis(tmp_path: Path):
    banks, others, here = tmp_path / "banks", tmp_path / "others", tmp_path / "here"
    here.mkdir()
    module = tmp_path / "lib" / "homework.py"  # Hypothesis looks for constants in the modules of the program
    module.parent.mkdir()
    module.write_text("A, B, C = 3, 65537, 123456789\nD = [4, 5, 6, 7, 1000]\n", encoding="utf-8")

    def program(folder: Path, *modules: str) -> list[str]:
        environment = {**os.environ, "PYTHONPATH": str(module.parent)}
        command = [sys.executable, "-c", PROGRAM, str(folder), *modules]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=here, env=environment).stdout.splitlines()

    cold = program(banks)
    warm = program(banks)
    elsewhere = program(others, "homework", "grader.engine", "grader.report.html")

    assert cold == elsewhere == ["[]", "[]", "True"]  # nothing is left behind in the folder where it ran
    assert warm == ["[]", "[]", "False"]
    assert hashes(banks) == hashes(others)


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


# --- what every bank must hold, whatever the seed


def window(case: Case) -> tuple[int, int]:
    o = case.options
    return case.arrays["w"].shape[2:] if "w" in case.arrays else (o["kernel_h"], o["kernel_w"])


def fits(case: Case) -> bool:
    padding = case.options.get("padding", 0)
    return all((n + 2 * padding - k) % case.options["stride"] == 0 for n, k in zip(case.arrays["x"].shape[2:], window(case), strict=True))


WINDOWED: dict[str, Callable[[Case], bool]] = {
    "N, C, H and W differ": lambda c: len(set(c.arrays["x"].shape)) == 4,
    "several samples and channels": lambda c: min(c.arrays["x"].shape[:2]) > 1,
    "square": lambda c: c.arrays["x"].shape[2] == c.arrays["x"].shape[3] and window(c)[0] == window(c)[1],
    "one sample": lambda c: c.arrays["x"].shape[0] == 1,
    "one channel": lambda c: c.arrays["x"].shape[1] == 1,
    "stride below the window": lambda c: c.options["stride"] < min(window(c)),
    "stride above the window": lambda c: c.options["stride"] > max(window(c)),
    "stride leaves a rest": lambda c: not fits(c),
    "stride fits": fits,
    "windows of unequal sides": lambda c: window(c)[0] != window(c)[1],
    "float32": lambda c: c.dtype == np.float32,
    "float64": lambda c: c.dtype == np.float64,
    "small enough to work out by hand": lambda c: c.size <= 20,
}
PADDED = {f"padding {p}": lambda c, p=p: c.options["padding"] == p for p in (0, 1, 2)}
CONV = {
    **PADDED,
    "stride equal to the window": lambda c: window(c) == (c.options["stride"],) * 2,
    "filter as large as the input": lambda c: window(c) == c.arrays["x"].shape[2:] and not c.options["padding"],
    "as many filters as nothing else": lambda c: c.arrays["w"].shape[0] not in {*c.arrays["x"].shape, *c.arrays["w"].shape[1:]},
}
POOL = {"stride equal to the window": lambda c: window(c) == (c.options["stride"],) * 2}
FEATURES = [
    *(("conv2d", feature, has) for feature, has in {**WINDOWED, **CONV}.items()),
    *((pool, feature, has) for pool in ("max_pool2d", "avg_pool2d") for feature, has in {**WINDOWED, **POOL}.items()),
    *(("im2col", feature, has) for feature, has in {**WINDOWED, "padding 1 or 2": lambda c: c.options["padding"] > 0}.items()),
    ("affine", "all axes differ", lambda c: len({*c.arrays["x"].shape, *c.arrays["w"].shape}) == 3),
    ("affine", "square", lambda c: len({*c.arrays["x"].shape, *c.arrays["w"].shape}) == 1),
    ("affine", "one sample", lambda c: len(c.arrays["x"]) == 1),
    ("batch_norm", "all axes differ", lambda c: len({*c.arrays["x"].shape}) == 2),
    ("batch_norm", "square", lambda c: len({*c.arrays["x"].shape}) == 1),
    ("batch_norm", "two samples", lambda c: len(c.arrays["x"]) == 2),
    ("batch_norm", "eps of a tenth of a variance", lambda c: bool((c.arrays["x"].var(axis=0) < 10 * c.options["eps"]).any())),
    ("relu", "values just above 0", lambda c: bool(((c.arrays["x"] > 0) & (c.arrays["x"] < 0.02)).any())),
    ("relu", "values just below 0", lambda c: bool(((c.arrays["x"] < 0) & (c.arrays["x"] > -0.02)).any())),
    ("sigmoid", "values whose exponential overflows", lambda c: bool((np.abs(c.arrays["x"]) > 710).any())),
    ("softmax_loss", "scores whose exponential overflows", lambda c: bool((c.arrays["x"] > 1e3).any())),
    ("softmax_loss", "scores whose exponentials vanish", lambda c: bool((c.arrays["x"].max(axis=1) < -1e3).any())),
    ("softmax_loss", "one sample", lambda c: len(c.arrays["x"]) == 1),
    ("two_layer_net", "regularised", lambda c: c.options["reg"] > 0),
    ("two_layer_net", "plain", lambda c: c.options["reg"] == 0),
    ("output_size", "a rest", lambda c: refused(SPEC["output_size"], c) and not refused(SPEC["output_size"], c, inexact_output_size="floor")),
    ("output_size", "window too long", lambda c: refused(SPEC["output_size"], c, inexact_output_size="floor")),
]  # fmt: skip
SOMETIMES = {"sigmoid", "softmax_loss"}  # values, not structure: in most banks


@pytest.mark.parametrize(("name", "feature", "has"), FEATURES, ids=lambda value: value if isinstance(value, str) else "")
def test_every_bank_holds_the_feature(name: str, feature: str, has: Callable[[Case], bool]):
    holding = [any(map(has, made.cases)) for made in banks_of(name)]

    assert all(holding) or (name in SOMETIMES and sum(holding) >= 3), feature


@EVERY_SPEC
def test_numbers_are_short_decimals_but_where_their_size_is_the_point(spec: LayerSpec):
    ordinary = [c for made in banks_of(spec.name) for c in made.cases if not any(w in c.title for w in ("near", "large", "scores of"))]

    entries = np.concatenate(
        [a.ravel() for c in ordinary for a in (*c.arrays.values(), c.dout) if a is not None and a.dtype == float] or [[0]]
    )

    assert np.abs(entries).max() <= 9
    np.testing.assert_array_equal(entries, np.round(entries, 2))


@EVERY_SPEC
def test_the_upstream_gradient_is_zero_at_every_kink_and_not_everywhere(spec: LayerSpec):
    for seed, made in zip(SEEDS, banks_of(spec.name), strict=True):
        for case in made.cases:
            marked = spec.kinks(**case.arrays, **case.options, **made.readings[0]) if spec.kinks else np.zeros(())
            if spec.scalar or not spec.backward:
                assert not marked.any(), f"seed {seed}, {case.title}"  # inside a net no gradient can be masked
            elif case.dout is not None and spec.kinks:
                assert not case.dout[marked].any(), f"seed {seed}, {case.title}"
        informative = [c for c in made.cases if c.dout is not None and c.dout.any()]
        asked = [c for c in made.cases if spec.whole or not spec.forward_only(c.options)]
        assert len(informative) >= len(asked) - 2 or not spec.backward


def test_max_pooling_and_relu_meet_ties():
    for name in ("max_pool2d", "relu"):
        tied = [SPEC[name].kinks(**c.arrays, **c.options, **made.readings[0]).any() for made in banks_of(name) for c in made.cases]
        assert any(tied), name


@pytest.mark.parametrize("name", ["conv2d", "max_pool2d", "avg_pool2d", "im2col", "output_size"])
def test_where_an_inexact_size_is_an_error_those_cases_must_be_refused(name: str):
    made = drawn(SPEC[name], 0, inexact_output_size=("error",), takes_padding=(True,))

    for answers in made.answers:
        refusals = {c.title for c, a in zip(made.cases, answers, strict=True) if a.refusal}
        assert "stride leaves a rest" in refusals
        assert all(c.dout is None or not a.refusal for c, a in zip(made.cases, answers, strict=True))
        assert all(not a.values for a in answers if a.refusal)


@pytest.mark.slow
def test_a_scenario_that_nothing_can_satisfy_is_said_so_and_does_not_hang():
    spec = SPEC["relu"]
    impossible = (Scenario(title="impossible", where=lambda _: False),)

    with pytest.raises(casebank.NoValuesError, match=r"^relu: `where` lets too few of the sizes and options pass$"):
        casebank._structures(spec, impossible, 0)


def test_values_that_cannot_keep_away_from_kinks_are_said_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(casebank, "TRIES", 3)
    spec = replace(SPEC["svm_loss"], kinks=lambda x, y: np.ones((), bool))

    with pytest.raises(RuntimeError, match=r"^svm_loss, small: no values away from kinks in 3 tries$"):
        draw(spec, ({},), 0)
