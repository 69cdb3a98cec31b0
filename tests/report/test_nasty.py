"""Whatever a text says, every report has the form that it has with harmless texts, and shows it."""

import csv
import io
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import click
import pytest
import xmlschema
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.report import html, junit, markdown, scores, terminal
from grader.report.results import schema
from grader.text import visible
from tests.report.conftest import a_class
from tests.report.nasty import NASTY, everywhere

Results = dict[str, Any]
SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))
VALIDATOR = Draft202012Validator(schema())
HARMLESS = "word"
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
nasty = pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())


@pytest.fixture
def harmless(results: Results) -> Results:
    """The class with one word for every text."""
    made: Results = everywhere(results, HARMLESS)
    return made


def unseen(text: str) -> set[str]:
    """Return the characters of a report that a reader would not see, its line breaks aside."""
    return {c for c in text if c not in "\n\t" and unicodedata.category(c) in UNSEEN}


@nasty
def test_the_results_obey_the_contract_with_these_texts(results: Results, text: str) -> None:
    assert list(VALIDATOR.iter_errors(everywhere(results, text))) == []


def pages_of(results: Results) -> dict[str, str]:
    """Return every page by its path."""
    return {path: "".join(pieces) for path, pieces in html.pages(results)}


class Elements(HTMLParser):
    """The elements of a page with the names of their attributes, and what the attributes that are obeyed hold."""

    def __init__(self, pages: dict[str, str]) -> None:
        """Parse the pages."""
        super().__init__()
        self.kinds: set[tuple[str, tuple[str, ...]]] = set()
        self.obeyed: set[str] = set()
        for page in pages.values():
            self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.kinds.add((tag, tuple(name for name, _ in attrs)))
        self.obeyed |= {value or "" for name, value in attrs if name in ("href", "id", "class", "aria-labelledby")}

    def handle_comment(self, data: str) -> None:
        """Refuse comments: the templates have none."""
        raise AssertionError(data)

    handle_pi = unknown_decl = handle_comment


@pytest.fixture(scope="module")
def known() -> set[tuple[str, tuple[str, ...]]]:
    """The kinds of elements on the pages of the class, with harmless texts and with its own."""
    sliced = everywhere(a_class(), "dx[0, 2:4, :]")  # as a label it has the table show where its rows begin
    return set().union(*(Elements(pages_of(made)).kinds for made in (a_class(), everywhere(a_class(), HARMLESS), sliced)))


@nasty
def test_no_text_is_an_element_an_attribute_or_a_link_of_a_page(results: Results, known: set[Any], text: str) -> None:
    pages = pages_of(everywhere(results, text))

    found = Elements(pages)
    assert found.kinds <= known
    assert all(re.fullmatch(r"[\w. /#-]*", value, re.ASCII) for value in found.obeyed)
    assert all(re.fullmatch(r"(students/)?[\w.-]+", path, re.ASCII) for path in pages)
    assert unseen("".join(pages.values())) == set()


@nasty
def test_junit_stays_valid_and_keeps_its_cases(results: Results, harmless: Results, text: str) -> None:
    made = "".join(junit.render(everywhere(results, text)))

    SCHEMA.validate(made)
    root, other = ElementTree.fromstring(made), ElementTree.fromstring("".join(junit.render(harmless)))
    assert [e.tag for e in root.iter()] == [e.tag for e in other.iter()]
    assert unseen(made) == set()


@nasty
def test_no_cell_of_the_scores_is_a_formula(results: Results, harmless: Results, text: str) -> None:
    made = "".join(scores.render(everywhere(results, text)))

    rows, others = (list(csv.reader(io.StringIO(t))) for t in (made, "".join(scores.render(harmless))))
    assert [len(row) for row in rows] == [len(row) for row in others]
    cells = [part.strip() for row in rows for cell in row for part in (cell, *cell.split(";"))]
    assert not [c for c in cells if c.startswith(tuple("=+-@\t\r＝＋－＠"))]
    assert len(made.splitlines()) == len(rows)
    assert unseen(made) == set()


@nasty
def test_a_terminal_gets_no_command_and_no_line_of_its_own(results: Results, harmless: Results, text: str) -> None:
    findings = [f for s in results["submissions"] for t in s["tasks"] for c in t["checks"] for f in c["findings"]]
    for finding in findings:
        finding["case"] = {"shapes": {}, "options": {}, "dtype": "float64", **finding["case"]} if finding["case"] else {}
    shown, other = (terminal.render(everywhere(results, t)) for t in (text, HARMLESS))

    plain = click.unstyle(shown)
    assert unseen(plain) == set()
    assert set(re.findall("\x1b[^m]*m?", shown)) <= set(re.findall("\x1b[^m]*m?", other))
    assert not re.search(r"(?m)^\s*::|##\[", plain)
    more = len(visible(text.rstrip()).splitlines()) - 1  # of a trace every line is shown
    assert len(plain.splitlines()) == len(click.unstyle(other).splitlines()) + more * len(findings)


def tokens(text: str) -> list[Token]:
    """Return what a reader of Markdown makes of the text, flat."""
    found = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return [t for token in found for t in (token, *(token.children or []))]


@nasty
@pytest.mark.parametrize("alone", [True, False], ids=["one", "class"])
def test_a_reader_of_markdown_finds_texts_in_code_and_nowhere_else(results: Results, text: str, alone: bool) -> None:
    results["submissions"] = results["submissions"][1:2] if alone else results["submissions"][-2:]
    made, other = (markdown.render(everywhere(results, t)) for t in (text, HARMLESS))

    found, known = tokens(made), tokens(other)
    assert {(t.type, t.tag) for t in found} <= {(t.type, t.tag) for t in known}
    if "There is more to say than fits here" not in made:
        assert [(t.type, t.tag) for t in found] == [(t.type, t.tag) for t in known]
        assert [t.content for t in found if t.type == "text"] == [t.content for t in known if t.type == "text"]
    assert unseen(made) == set()
    assert not re.search(r"(?m)^\s*::|##\[", made)


@nasty
def test_what_was_said_is_still_there_to_read(results: Results, text: str) -> None:
    results["submissions"] = results["submissions"][1:2]
    code = [t.content for t in tokens(markdown.render(everywhere(results, text))) if t.type == "code_inline"]

    words = visible(" ".join(text.split()))[:40]
    assert any(words.strip() in c for c in code) or "::" in words
