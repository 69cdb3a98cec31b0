"""Sentences in other languages: what is said, what the catalogues hold, and that nothing reaches a student untranslated."""

import ast
import copy
import json
import pickle
import re
import runpy
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest

from grader import assignment, engine, messages
from grader.intake import read
from grader.language import DOMAINS, LANGUAGES, Sentence, asked, language_of_locale, paragraph, say, translated
from grader.model import GradeReport, Isolation, Standing, SubmissionResult, TaskResult
from grader.report.results import to_results
from grader.report.spoken import localised
from grader.sandbox.process import Launcher
from tests.support import tasks

ROOT = Path(__file__).parent.parent
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "messages"))
OTHERS = [language for language in LANGUAGES if language != "en"]
CATALOGUES = pytest.mark.parametrize(("language", "domain"), [(language, domain) for language in OTHERS for domain in DOMAINS])
HANGUL = re.compile("[가-힣]")
UNTOUCHED = TaskResult(
    id="conv2d", title=asked("Convolution"), standing=Standing.MISSING, score=Fraction(0), max_score=Fraction(9), parts={}
)
NOBODY: dict[str, Any] = {"id": "nobody", "sha256": "", "standing": Standing.MISSING, "duration_s": 0.0}
WRONG = (
    "affine-bias-averaged.py",
    "near-miss-name",
    "import-fails",
    "relu-returns-none-backward",
    "output-size-floors.py",
)


def test_a_sentence_is_its_english_text():
    said = say("{name} is wrong at {wrong} of {size} entries.", name="dx", wrong=3, size=12)

    assert said == "dx is wrong at 3 of 12 entries."
    assert json.loads(json.dumps([said])) == [said]
    for copied in (copy.deepcopy(said), pickle.loads(pickle.dumps(said))):  # noqa: S301 - our own bytes
        assert (copied, copied.template, copied.slots) == (said, said.template, said.slots)


def test_a_translation_fills_its_slots_with_translations():
    inner = messages.title_gradient("dx", scalar=False)

    said = translated(messages.needs(inner), "ko")

    assert translated(inner, "ko") in said
    assert HANGUL.search(said.replace(translated(inner, "ko"), ""))
    assert translated(paragraph([inner, inner]), "ko") == f"{translated(inner, 'ko')} {translated(inner, 'ko')}"


def test_words_of_a_student_stay_as_they_are_even_where_they_look_like_a_sentence():
    said = messages.printed("full marks {name}")

    assert "'full marks {name}'" in translated(said, "ko")
    assert translated("full marks", "ko") == "full marks"


def test_in_english_and_without_a_translation_a_sentence_stays_as_it_is():
    for language in LANGUAGES:
        assert translated(say("nobody has said {this}", this=1), language) == "nobody has said 1"
    assert translated(messages.OURS, "en") == messages.OURS


@pytest.mark.parametrize(
    ("set_to", "language"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE", "LC_MESSAGES": "ko"}, "ko"),
        ({"LANG": "kok_IN"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": ""}, "ko"),
    ],
)
def test_the_language_is_that_of_the_locale_if_it_is_known(set_to: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)

    assert language_of_locale() == language


# --- the catalogues


@CATALOGUES
def test_every_sentence_is_translated_and_nothing_else_is(language: str, domain: str):
    held = SCRIPT["read"](language, domain)
    said, there = {template for template, _ in SCRIPT["templates"](domain)}, {message.id for message in held if message.id}

    assert SCRIPT["awaited"](domain) <= there <= said, "run scripts/messages"
    assert [message.id for message in held if message.id and (not message.string or message.fuzzy)] == []
    assert not held.obsolete


@CATALOGUES
def test_a_translation_has_the_slots_of_its_sentence_and_no_particle_after_one(language: str, domain: str):
    texts = {message.id: message.string for message in SCRIPT["read"](language, domain) if message.id}

    assert {a: b for a, b in texts.items() if SCRIPT["slots"](a) != SCRIPT["slots"](b)} == {}
    # Which form such a particle has depends on the last sound of what stands in the slot.
    assert [b for b in texts.values() if re.search(r"\}(이|가|은|는|을|를|와|과|로|으로|이에요|예요)(?![가-힣])", b)] == []


@CATALOGUES
def test_what_is_read_at_run_time_is_what_was_translated(language: str, domain: str):
    held = {message.id: message.string for message in SCRIPT["read"](language, domain) if message.id}

    with SCRIPT["file"](language, domain, "mo").open("rb") as file:
        compiled = GNUTranslations(file)

    assert {template: compiled.gettext(template) for template in held} == held, "run scripts/messages"
    assert len(compiled._catalog) == len(held) + 1  # and its head


def test_the_extractor_misses_no_sentence_of_the_code():
    found = {template for template, _ in SCRIPT["templates"]("messages")}
    computed = set()
    for path in (ROOT / "grader").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "phrase"):
                if isinstance(node.args[0], ast.Constant):
                    assert node.args[0].value in found, f"{path.name}, line {node.lineno}: out of the extractor's sight, in an f-string"
                else:
                    computed.add(path.name)

    # A paragraph, titles of cases, sentences of laws, causes and advice of misconceptions, and words of the worker.
    assert computed == {"language.py", "property.py", "law.py", "diagnose.py", "explaining.py", "words.py"}


def test_whatever_the_worker_says_of_a_call_is_known_as_a_sentence():
    said = []
    for path in (ROOT / "grader" / "worker").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Unusable":
                parts = node.args[0].values if isinstance(node.args[0], ast.JoinedStr) else [node.args[0]]
                said.append("".join(part.value if isinstance(part, ast.Constant) else "None" for part in parts))

    assert len(said) > 20
    assert [text for text in said if not isinstance(messages.heard(text), Sentence)] == []
    assert messages.heard("dx has shape (9, 9): far too large").slots == {"name": "dx", "shape": "(9, 9)"}
    assert type(messages.heard("ValueError: dx is wrong")) is str


# --- what is graded


@pytest.fixture(scope="module")
def report(launcher: Launcher, banks: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("course") / "tasks.yaml"
    file.write_text(tasks(*(f"id: {name}, title: The {name}, points: 5" for name in ("affine", "relu", "output_size"))), encoding="utf-8")
    bundles = [read(ROOT / "submissions" / name) for name in WRONG]
    return engine.grade(bundles, assignment.load(file), launcher=launcher, isolation=Isolation(tier="process"), seed=0, cache=banks)


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a report that must be a sentence, each with the name of its field."""
    if is_dataclass(value):
        for field in fields(value):
            if not (field.name == "title" and hasattr(value, "standing")):  # of a task: the instructor's
                yield from texts(getattr(value, field.name), field.name)
    elif isinstance(value, tuple):
        for entry in value:
            yield from texts(entry, name)
    elif isinstance(value, str) and value and name in ("title", "what", "cause", "next_step", "reason", "message", "notes"):
        yield name, value
    elif name == "case" and value:
        yield name, value["title"]


def test_a_report_says_nothing_that_cannot_be_translated(report: Any):
    said = list(texts(report.submissions))

    assert {name for name, _ in said} == {"title", "what", "cause", "next_step", "reason", "message", "notes", "case"}
    assert [(name, text) for name, text in said if not isinstance(text, Sentence)] == []
    assert [text for _, text in said if not HANGUL.search(translated(text, "ko"))] == []


def test_results_are_english_and_carry_their_translations(report: Any):
    made = to_results(report)
    table = {english: korean for one in made["submissions"] for english, korean in one["translations"]["ko"].items()}

    korean = localised(json.loads(json.dumps(made)), "ko")

    assert {text: translated(text, "ko") for _, text in texts(report.submissions)}.items() <= table.items()
    bare = [{**one, "translations": {}} for one in made["submissions"]]
    assert not HANGUL.search(json.dumps(bare, ensure_ascii=False))
    task = next(t for t in korean["submissions"][0]["tasks"] if t["status"] != Standing.MISSING)
    english = next(t for t in made["submissions"][0]["tasks"] if t["id"] == task["id"])
    assert [c["title"] for c in task["checks"]] == [table[c["title"]] for c in english["checks"]]
    assert [c["id"] for c in task["checks"]] == [c["id"] for c in english["checks"]]
    assert task["title"] == english["title"]  # the instructor's own
    assert localised(made, "en") is made


def test_titles_and_descriptions_of_the_bundled_assignment_are_korean_where_the_words_are_not_names():
    course = assignment.load(assignment.bundled())
    names = {"ReLU", "Leaky ReLU", "Tanh", "Adam"}
    said = [text for entry in (course, *course.tasks) for text in (entry.title, entry.description)]

    assert [text for text in said if not HANGUL.search(translated(text, "ko")) and text not in names] == []
    assert {text for text in said if text == translated(text, "ko")} == names


def test_a_title_of_an_instructor_stays_as_it_is_even_where_a_report_has_a_sentence_like_it():
    own = asked("full marks"), asked("Convolution {with} braces"), asked("")

    assert tuple(translated(text, "ko") for text in own) == ("full marks", "Convolution {with} braces", "")


def test_a_title_of_the_bundled_assignment_is_korean_wherever_it_stands():
    made = to_results(
        GradeReport(
            assignment={"title": asked("CNN from scratch")},
            isolation=Isolation(tier="process"),
            submissions=(SubmissionResult(**dict.fromkeys(("score", "max_score"), Fraction(0)), **NOBODY, tasks=(UNTOUCHED,)),),
        )
    )

    korean = localised(json.loads(json.dumps(made)), "ko")

    assert (korean["assignment"]["title"], made["assignment"]["title"]) == ("밑바닥부터 만드는 CNN", "CNN from scratch")
    assert [task["title"] for task in korean["submissions"][0]["tasks"]] == ["합성곱"]
