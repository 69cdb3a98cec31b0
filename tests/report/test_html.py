"""The pages hold no script but that of the class, and nothing foreign, whatever the submissions say, and they sum up the class."""

import base64
import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from grader.report import html
from grader.report.results import schema
from tests.report.page import Page, pages_of

Results = dict[str, Any]


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
