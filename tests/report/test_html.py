"""The pages hold no script but that of the class, and nothing foreign, whatever the submissions say, and they say what they must."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader.report import figures, html
from grader.report.page_names import file_names
from grader.report.results import schema

Results = dict[str, Any]
VOID = {"meta", "br", "input", "rect", "line"}
INLINE = {"a", "b", "bdi", "code", "small", "span", "text"}


class Page(HTMLParser):
    """What a page is made of; an element that is not closed where it should be is a mistake."""

    def __init__(self, text: str, language: str = "en") -> None:
        """Parse the text, of whose words those in other languages are hidden by the page's switch."""
        super().__init__()
        self.language = language
        self.hidden = 0
        self.source = text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.style = ""
        self.script = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; no attribute may be there twice."""
        assert len(dict(attrs)) == len(attrs)
        self.words += "" if tag in INLINE else " "
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.hidden += bool(self.hidden) or (tag == "span" and dict(attrs).get("lang", self.language) != self.language)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that has no content."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be this one."""
        assert self.open.pop() == tag
        self.hidden -= bool(self.hidden)
        self.words += "" if tag in INLINE else " "

    def handle_data(self, data: str) -> None:
        """Keep the words that a reader sees."""
        if self.open and self.open[-1] == "style":
            self.style += data
        elif self.open and self.open[-1] == "script":
            self.script += data
        elif not self.hidden:
            self.words += data

    def values(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [attrs[name] or "" for _, attrs in self.elements if name in attrs]

    def said(self) -> str:
        """Return the words with single blanks."""
        return " ".join(self.words.split())


def pages_of(results: Results, language: str = "en") -> dict[str, str]:
    """Return every page by its path."""
    return {path: "".join(pieces) for path, pieces in html.pages(results, language)}


@pytest.fixture
def site(results: Results) -> dict[str, Page]:
    """Every page of the class, parsed."""
    return {path: Page(text) for path, text in pages_of(results).items()}


@pytest.fixture
def bias(results: Results) -> Page:
    """The page of a submission that is partly right."""
    return Page(html.render_student(results, results["submissions"][1]))


def test_the_class_of_these_tests_obeys_the_contract(results: Results) -> None:
    assert list(Draft202012Validator(schema()).iter_errors(results)) == []


def test_there_is_one_page_for_each_submission_and_an_index(results: Results, site: dict[str, Page]) -> None:
    assert "index.html" in site
    assert len(results["submissions"]) == len({path.casefold() for path in site}) - 1
    assert "students/bias-summed.html" in site


def test_elements_are_closed_in_order(site: dict[str, Page]) -> None:
    assert all(page.open == [] for page in site.values())


def test_no_page_holds_a_handler_or_a_style_attribute_and_students_pages_no_script(site: dict[str, Page]) -> None:
    elements = [element for page in site.values() for element in page.elements]

    assert [element for element in elements if element[0] == "script"] == [("script", {})]
    assert Path(html.__file__).with_name("templates").joinpath("class.js").read_text(encoding="utf-8").rstrip() == site["index.html"].script
    forbidden = {"iframe", "object", "embed", "form", "link", "base", "img"}
    assert {tag for tag, _ in elements}.isdisjoint(forbidden)
    assert not [name for _, attrs in elements for name in attrs if name.startswith("on") or name in ("style", "src")]


def test_the_policy_allows_the_one_style_sheet_and_on_the_page_of_the_class_the_one_script(site: dict[str, Page]) -> None:
    for path, page in site.items():
        style, script = (base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (page.style, page.script))
        allowed = f"style-src 'sha256-{style}'" + (f"; script-src 'sha256-{script}'" if path == "index.html" else "")
        policies = [a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]

        assert [f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"] == policies
        assert "url(" not in page.style
        assert "@import" not in page.style


def test_every_link_is_relative_and_leads_somewhere(site: dict[str, Page]) -> None:
    known = {PurePosixPath(path) for path in site} | {PurePosixPath("junit.xml"), PurePosixPath("results.json")}

    for path, page in site.items():
        for link in page.values("href"):
            target, _, anchor = link.partition("#")
            place = PurePosixPath(path).parent / target if target else PurePosixPath(path)
            place = PurePosixPath("index.html") if target == "../index.html" else place
            assert place in known
            assert not anchor or anchor in page.values("id")


def test_ids_are_unique_and_labels_refer_to_them(site: dict[str, Page]) -> None:
    for page in site.values():
        ids = page.values("id")

        assert len(set(ids)) == len(ids)
        assert set(" ".join(page.values("aria-labelledby")).split()) <= set(ids)


def test_hostile_text_is_shown_and_harmless(site: dict[str, Page], hostile: str) -> None:
    shown = hostile.translate({ord(c): repr(c)[1:-1] for c in "\x07\x1b\u202e\u2069"})

    for path in ("index.html", "students/bias-summed.html", list(site)[-1]):
        assert shown in site[path].words
        assert "<script" not in site[path].source.replace('<script>"use strict";', "")
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", site[path].source)


def test_a_lone_surrogate_does_not_stop_the_page_from_being_written(results: Results) -> None:
    results["submissions"][0]["id"] = "a\ud800"

    written = [text.encode() for text in pages_of(results).values()]

    assert rb"a\ud800" in written[0]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (["ann", "bob.2"], ["ann", "bob.2"]),
        (["ann", "Ann", "ann"], ["ann", "Ann-2", "ann-3"]),
        (["../../etc/passwd"], ["etc-passwd-"]),
        (["con", "aux.py"], ["_con-", "_aux.py-"]),
        (["", "...", "김하늘", "a/b", "a b"], ["", "", "", "a-b-", "a-b-"]),
        (["x" * 500], ["x" * 60 + "-"]),
        ([f"{'x' * 252}{i}.py" for i in range(3)], ["x" * 60 + "-"] * 3),
        (["kim lee.py", "kim \\x20lee.py", "kim-lee.py"], ["kim-lee.py-", "kim-x20lee.py-", "kim-lee.py"]),
    ],
)
def test_file_names_are_safe_and_no_two_alike(ids: list[str], expected: list[str]) -> None:
    names = file_names(ids)

    assert all(name.startswith(start) for name, start in zip(names, expected, strict=True))
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,80}", name) for name in names)
    assert len({name.casefold() for name in names}) == len(ids)


def test_the_costliest_tasks_are_named_first(bias: Page) -> None:
    lead = re.search(r"Two things to look at first: .*?\)\.", bias.said())

    assert lead is not None
    assert lead[0] == (
        "Two things to look at first: max_pool2d (max_pool2d raised IndexError: index 4 is out of bounds),"
        " and conv2d (db is summed over the rows and columns, but not over the batch: only the first sample counts)."
    )


@pytest.mark.parametrize(
    ("which", "words"),
    [
        (0, "Full marks. Every check passed."),
        (2, "What you handed in is right. Not handed in: relu, conv2d and max_pool2d."),
        (3, "The grader itself failed in relu. This is not your mistake, and no points are lost."),
        (4, "Nothing could be graded. Why is said below. layers.py, line 3: invalid syntax."),
        (6, "Nothing could be graded. No task was found in what you handed in."),
    ],
)
def test_the_first_sentence_fits_how_the_submission_stands(results: Results, which: int, words: str) -> None:
    page = Page(html.render_student(results, results["submissions"][which]))

    assert words in page.said()


def test_failing_tasks_come_first_and_are_open_and_the_others_folded(results: Results) -> None:
    page = Page(html.render_student(results, results["submissions"][3]))  # partial, errored, missing with a note, passed

    folds = [attrs for tag, attrs in page.elements if tag == "details" and "task" in (attrs.get("class") or "").split()]
    assert ["open" in attrs for attrs in folds] == [True, True, True, False]
    assert "– not handed in" in page.said()
    assert "! our error dx is the gradient of the output G-17 happened. not counted" in page.said()


def test_tasks_of_which_nothing_is_known_share_a_fold_and_one_of_which_something_is_has_its_own(results: Results) -> None:
    results["submissions"][2]["tasks"][1]["notes"] = ["layers.py:9 relu_forward: forward is not finished yet."]

    page = Page(html.render_student(results, results["submissions"][2]))

    folds = [attrs for tag, attrs in page.elements if tag == "details" and "task" in (attrs.get("class") or "").split()]
    assert [("open" in attrs, attrs.get("id")) for attrs in folds] == [(True, None), (False, None), (False, "silent")]
    assert "relu – not handed in 0 / of 10 layers.py:9 relu_forward: forward is not finished yet." in page.said()
    assert "Nothing was found for 2 tasks – not handed in 0 / of 20 conv2d 0 / of 10 max_pool2d 0 / of 10" in page.said()


def test_checks_stand_below_the_part_that_they_are_about(bias: Page) -> None:
    told = bias.said().rpartition("All checks")[2]

    assert told.startswith(" outcome check points forward ✓ right forward gives the right values 4 / of 4 backward ✓ right dx is")


def test_a_cause_and_a_step_are_told_once_in_a_task(results: Results) -> None:
    checks = results["submissions"][1]["tasks"][2]["checks"]
    again = checks[-1] | {"id": "backward.dw", "findings": [checks[-1]["findings"][0] | {"what": "dw is wrong."}]}
    results["submissions"][1]["tasks"][2]["checks"] = [*checks, again]

    said = Page(html.render_student(results, results["submissions"][1])).said().rpartition("conv2d ◐ partly right")[2]

    assert said.count("Likely cause db is summed") == said.count("Sum dout over every axis") == 1
    assert "dw is wrong. at db[0] yours 4 expected 8 The likely cause is the one above." in said


def test_a_net_that_waits_for_its_layer_is_none_of_the_first_things_to_look_at(results: Results) -> None:
    results["submissions"][1]["tasks"][3]["diagnoses"] = [{"id": "carried_forward", "message": "Mend conv2d first."}]

    said = Page(html.render_student(results, results["submissions"][1])).said()

    assert "One thing to look at first: conv2d (db is summed" in said


def test_a_finding_is_told_in_order(bias: Page) -> None:
    slots = (
        "db differs from the right gradient at 2 of 2 entries.",
        "at db[0] yours 4 expected 8",
        "Likely cause db is summed",
        "Next step Sum dout",
        "wrong: 4",
        "wrong: 1.0000001",
        "right: 8",
        "The smallest input that shows it: two samples, one channel",
        "Wrong on 11 of the 18 inputs tried; this is the smallest.",
        "x of shape (2, 1, 3, 3) b of shape (2,) stride = 1 padding = 0 float64 input number 3",
        "dout = np.array([[[[1, 0.5], [2, 1]]], [[[0, np.nan], [1, -0.25]]]], dtype=np.float64)",
        "y = np.array([0, 1]) stride = 1",
        "All checks",
    )

    told = bias.said().partition("✗ db is the gradient of the output")[2]

    places = [told.find(slot) for slot in slots]
    assert -1 not in places
    assert sorted(places) == places


def test_a_snippet_ends_with_the_call_and_what_should_come_of_it(results: Results) -> None:
    found = results["submissions"][1]["tasks"][2]["checks"][-1]["findings"][0]
    found["case"]["call"] = ["dx, dw, db = conv_backward(dout, cache)", "print(db[0])"]

    said = Page(html.render_student(results, results["submissions"][1])).said()

    assert "import numpy as np dout = np.array(" in said
    assert "dx, dw, db = conv_backward(dout, cache) print(db[0]) # yours 4, expected 8 " in said


def test_whole_numbers_of_a_snippet_are_short_and_of_their_dtype() -> None:
    case = {"arrays": {"x": [[1.0, -2.0], [0.5, -0.0]], "y": [0, 1]}, "dtype": "float32"}

    assert html.snippet(case) == "x = np.array([[1, -2], [0.5, -0.0]], dtype=np.float32)\ny = np.array([0, 1])"


def test_an_error_map_crosses_out_what_is_wrong_and_is_told_to_who_cannot_see_it(results: Results) -> None:
    table = results["submissions"][1]["tasks"][3]["checks"][2]["findings"][0]["table"]
    plane = {"label": "dx[0, 0]", "top": 0, "left": 10, "rows": ["0000", "0010"]}
    table["map"] = {"summary": "1 of 64 entries are wrong.", "planes": [plane], "more": 7}

    page = Page(html.render_student(results, results["submissions"][1]))

    (svg,) = (attrs for tag, attrs in page.elements if tag == "svg")
    assert (svg["role"], svg["aria-label"]) == ("img", "dx[0, 0]: 1 of 64 entries are wrong.")
    crosses = [attrs["d"] or "" for tag, attrs in page.elements if tag == "path" and attrs["class"] == "crosses"]
    assert [d.count("M") for d in crosses] == [1]
    assert "10 11 12 13 0 1 dx[0, 0] and 7 more planes" in page.said()


def test_checks_with_the_same_finding_are_told_once(bias: Page) -> None:
    headings = re.findall(r'<h3 class="what">(.*?)</h3>', bias.source)

    assert headings.count("max_pool2d raised IndexError: index 4 is out of bounds.") == 1
    assert "2 more of this kind" in bias.said()


def test_nothing_is_said_by_colour_alone(site: dict[str, Page]) -> None:
    for page in site.values():
        cells = re.findall(r'<td class="wrong">(.*?)</td>', page.source)
        marks = re.findall(r'<(?:li|span) class="(?:mark |tag )?(?:passed|failed)"[^>]*>(.*?)</', page.source)

        assert all(("✗" in cell and "wrong:" in cell) or ("✓" in cell and "right:" in cell) for cell in cells)
        assert all("✗" in mark or "✓" in mark for mark in marks)
        assert all("role" in a or "aria-hidden" in a for tag, a in page.elements if tag == "svg")
        assert all("<caption" in table for table in re.findall(r"<table.*?</table>", page.source, re.DOTALL))


def test_the_class_page_sums_up(site: dict[str, Page]) -> None:
    said = site["index.html"].said()

    for words in (
        "8 submissions isolation landlock+seccomp seed 20261122 nablagrade 0.1.0 junit.xml results.json",
        "median score 45.8 %",
        "full marks 1 of 8",
        "could not be loaded 2",
        "with errors of ours 1",
        "0 to 10 %: 2. 20 to 30 %: 1. 60 to 70 %: 3. 90 to 100 %: 1.",
        "conv2d: db is the gradient of the output bias-summed no-luck 김하늘/과제 1 3",
        "relu ✓ 3 full marks – 2 not handed in ! 1 error of ours forward ✓ 4 full marks – 2 not handed in",
        "backward ✓ 3 full marks – 2 not handed in ! 1 error of ours 60 %",
        "conv2d: db is summed over the rows and columns, but not over the batch: only the first sample counts bias-summed no-luck 김하늘/과제 1 3 of 4",
        "the same files",
        "loops-right 0.8 s",
        "Discrimination is told from 20 submissions on.",
        "but not over the batch: only the first sample counts 30 / of 44",
    ):
        assert words in said


def test_who_handed_in_nothing_is_counted_apart_from_the_submissions(results: Results) -> None:
    absent = results["submissions"][4] | {"id": "absent", "notes": ["Nothing was handed in."]}
    results["submissions"] += [absent, absent | {"id": "too"}]

    said = Page("".join(html.render_class(results))).said()

    for words in ("8 submissions", "median score 45.8 %", "full marks 1 of 8", "could not be loaded 2", "handed in nothing 2"):
        assert words in said


def test_a_class_without_submissions_has_a_page(results: Results) -> None:
    said = Page("".join(html.render_class(results | {"submissions": []}))).said()

    assert "0 submissions" in said
    assert "No check failed." in said


def test_a_page_that_stands_alone_links_to_no_class(bias: Page) -> None:
    assert all(link.startswith("#") for link in bias.values("href"))


@pytest.mark.parametrize(("score", "shown"), [(5, "5"), (0, "0"), (100, "100"), (6.1333, "6.13"), (132.25, "132.25"), (7.2, "7.2")])
def test_points_are_given_to_the_hundredth(score: float, shown: str) -> None:
    assert figures.hundredths(score) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1234567, "0.1235"),
        (8.0, "8"),
        (12345.678, "12346"),
        (1e-9, "1e-09"),
        ("nan", "nan"),
        (None, "·"),
        (True, "True"),
    ],
)
def test_figures_are_short(value: object, shown: str) -> None:
    assert shown == html.figure(value)


def test_two_figures_never_look_alike_when_they_differ() -> None:
    assert html.pair(0.333333, 0.333334) == ("0.333333", "0.333334")
    assert html.pair(1.0, 1.0000001) == ("1", "1.0000001")
    assert html.pair("nan", 0.5) == ("nan", "0.5")


def test_arrays_become_captioned_planes_and_the_rest_is_counted() -> None:
    shown, more = html.planes("x", [[[[1.0, 2]]]] * 9)

    assert shown[0] == ("x[0, 0]", [[("1", ""), ("2", "")]])
    assert (len(shown), more) == (6, 3)


def test_planes_of_two_shapes_are_drawn_side_by_side() -> None:
    sides = html.drawn({"label": "dx", "got": [[1]], "expected": [[1, 2], [3, 4]], "wrong": [[True]]})

    assert sides == {
        "got": [[("1", "wrong")], []],
        "expected": [[("1", "wrong"), ("2", "")], [("3", ""), ("4", "")]],
    }


@pytest.mark.parametrize(
    ("label", "start"),
    [
        ("dx[0, 0, :, :]", (0, 0)),
        ("dx[1, 2:10, 5:13]", (2, 5)),
        ("db[:]", (None, 0)),
        ("out", (None, None)),
        ("loss[3]", (None, None)),
    ],
)
def test_a_plane_is_numbered_as_its_label_says(label: str, start: tuple[int | None, int | None]) -> None:
    assert html.corner(label) == start


def test_the_same_results_give_the_same_pages(results: Results) -> None:
    assert pages_of(results) == pages_of(results)


# --- languages


def in_korean(results: Results) -> Results:
    """Return the class with translations of three sentences, one of which tries to break out of the page."""
    table = {
        "db differs from the right gradient at 2 of 2 entries.": "db: 틀렸어요.",
        "db is summed over the rows and columns, but not over the batch: only the first sample counts.": "db: 모두 더하지 않았어요.",
        "A second thing.": "</span><script>alert(1)</script>",
    }
    return translated(results, table)


def translated(results: Results, table: dict[str, str]) -> Results:
    return results | {
        "translations": {"ko": table},
        "submissions": [one | {"translations": {"ko": table}} for one in results["submissions"]],
    }


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_page_has_a_switch_between_its_languages_and_begins_with_the_one_asked_for(results: Results, language: str) -> None:
    for text in pages_of(in_korean(results), language).values():
        page = Page(text)
        switch = {a["id"]: a for tag, a in page.elements if tag == "input" and a["type"] == "radio"}

        assert list(switch) == ["language-en", "language-ko"]
        assert [name for name, a in switch.items() if "checked" in a] == [f"language-{language}"]
        assert {(a["type"], a["name"], a["autocomplete"]) for a in switch.values()} == {("radio", "language", "off")}
        assert [(a["for"], a["lang"]) for tag, a in page.elements if tag == "label" and "for" in a] == [
            ("language-en", "en"),
            ("language-ko", "ko"),
        ]
        assert dict(page.elements)["html"]["lang"] == language
        hides = '#language-en:checked ~ * [lang="ko"], #language-ko:checked ~ * [lang="en"] { display: none; }'
        assert hides in page.style


def test_every_word_of_a_page_is_there_in_both_languages(results: Results) -> None:
    text = html.render_student(results, in_korean(results)["submissions"][1])

    english, korean = (Page(text, language).said() for language in ("en", "ko"))

    assert "db differs from the right gradient at 2 of 2 entries. at db[0] yours 4 expected 8 Likely cause" in english
    assert "db: 틀렸어요. 위치 db[0] 내 값 4 올바른 값 8 짐작되는 원인" in korean
    assert not re.search("[가-힣]", english.replace("한국어", ""))
    assert (
        "먼저 볼 두 가지: max_pool2d (max_pool2d raised IndexError: index 4 is out of bounds), 그리고 conv2d (db: 모두 더하지 않았어요)."
        in korean
    )


def test_a_translation_is_taken_as_hostile_too(results: Results) -> None:
    written = pages_of(in_korean(results))

    assert all("<script>alert" not in text for text in written.values())
    assert "&lt;/span&gt;&lt;script&gt;alert(1)" in "".join(written.values())


def test_attributes_and_the_title_hold_no_elements(results: Results) -> None:
    table = {"relu": "렐루", "CNN from scratch": "밑바닥부터"}

    for text in pages_of(translated(results, table)).values():
        page = Page(text)

        assert not [value for _, attrs in page.elements for value in attrs.values() if value and "<" in value and "script" not in value]
        assert "CNN from scratch" in re.findall("<title>(.*?)</title>", text)[0]
        assert '<span lang="ko">렐루</span>' in text or "relu" not in text


def test_a_template_has_no_word_of_its_own_that_is_not_said() -> None:
    names = {"nablagrade", "sha256", "junit.xml", "results.json", "class", "student"}  # the last two are classes of the style sheet
    words = []
    for file in Path(html.__file__).with_name("templates").glob("*.html"):
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        words += [word for word in re.findall(r"[A-Za-z][\w.]*", bare) if word not in names]

    assert words == []


# --- for who sees little, uses no mouse, or listens


def schemes() -> dict[str, dict[str, str]]:
    """Return the colours of the style sheet by their names, in light and in dark."""
    text = Path(html.__file__).with_name("templates").joinpath("palette.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in text.split("endmacro")[:2])
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    """Return the relative luminance of #rgb or #rrggbb. Source: WCAG 2.2, "relative luminance"."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return how much two colours differ, from 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_guideline() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.478, abs=1e-3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_what_is_behind_it(scheme: str) -> None:
    colours = schemes()[scheme]
    tinted = [name.removesuffix("-bg") for name in colours if name.endswith("-bg")]
    behind = ["bg", "card", "sunk", *(f"{name}-bg" for name in tinted)]
    pairs = [(text, back) for text in ("ink", "soft") for back in behind]
    pairs += [(name, back) for name in tinted for back in ("bg", "card", f"{name}-bg")]

    assert {"key", "passed", "partial", "failed", "missing", "errored"} == set(tinted)
    assert [(*pair, contrast(*(colours[name] for name in pair))) for pair in pairs if contrast(*(colours[n] for n in pair)) < 4.5] == []


def test_what_has_the_keyboard_is_outlined_and_nothing_takes_that_away(site: dict[str, Page]) -> None:
    for page in site.values():
        assert ":focus-visible { outline: 3px solid var(--key);" in page.style
        assert not re.search(r"outline: *(0|none)", page.style)


def test_headings_leave_out_no_level(site: dict[str, Page]) -> None:
    for page in site.values():
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_headers_of_tables_say_what_they_head(site: dict[str, Page]) -> None:
    for page in site.values():
        assert {attrs.get("scope") for tag, attrs in page.elements if tag == "th"} <= {"row", "col", "rowgroup"}
        assert page.source.count("<caption") == page.source.count("<table")
