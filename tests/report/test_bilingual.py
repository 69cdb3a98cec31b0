"""Every word of a page is there in both languages, and a translation is trusted no more than any text."""

import re
from pathlib import Path
from typing import Any

import pytest

from grader.report import html
from tests.report.page import Page, pages_of

Results = dict[str, Any]


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
