"""Every property passes every right way to compute every layer."""

from collections.abc import Callable

import pytest

from grader.audit.right import ARRAYS, names, reference, variants
from grader.casebank import Bank
from grader.model import Verdict
from reference import LayerSpec, catalogue
from tests.support import Student, judged

BankOf = Callable[[LayerSpec], Bank]
PAIRS = [(spec, kind) for spec in ARRAYS for kind in names(spec)]


@pytest.mark.parametrize(("spec", "kind"), PAIRS, ids=lambda value: getattr(value, "name", value))
def test_a_right_variant_passes_every_check(spec: LayerSpec, kind: str, bank_of: BankOf):
    bank = bank_of(spec)
    student = dict(variants(spec, **bank.readings[0]))[kind]

    results = judged(spec, student, bank)

    lost = {
        name: (r.verdict.value, [f.what for f in r.findings], r.reason) for name, r in results.items() if r.verdict is not Verdict.PASSED
    }
    assert lost == {}


@pytest.mark.parametrize("spec", catalogue().values(), ids=lambda spec: spec.name)
def test_a_student_who_follows_a_reading_passes_by_that_reading(spec: LayerSpec, bank_of: BankOf):
    bank = bank_of(spec)

    failed = [
        (reading, name)
        for i, reading in enumerate(bank.readings)
        for name, result in judged(spec, reference(spec, **reading), bank, reading=i).items()
        if result.verdict is not Verdict.PASSED
    ]

    assert failed == []


@pytest.mark.parametrize("spec", catalogue().values(), ids=lambda spec: spec.name)
def test_the_checks_are_those_that_the_layer_calls_for(spec: LayerSpec, bank_of: BankOf):
    bank = bank_of(spec)

    results = judged(spec, reference(spec, **bank.readings[0]), bank)

    pure = ["purity"] if spec.arguments else []
    forward = [f"forward.{name}" for name in ("contract", "value", *spec.beside, "repeat", *pure)]
    backward = [f"backward.{name}" for name in ("contract", *spec.gradients, "fresh", *pure)] if spec.backward else []
    assert [name for name, result in results.items() if not result.law] == forward + backward


def test_a_forward_alone_is_judged_alone(bank_of: BankOf):
    spec = catalogue()["affine"]

    results = judged(spec, Student(spec.forward), bank_of(spec))

    assert {name: r.verdict for name, r in results.items() if not r.law} == dict.fromkeys(
        ("forward.contract", "forward.value", "forward.repeat", "forward.purity"), Verdict.PASSED
    )
