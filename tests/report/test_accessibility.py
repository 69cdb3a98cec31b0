"""The pages are for who sees little, uses no mouse, or listens, too."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from grader.report import html
from tests.report.page import Page


def test_nothing_is_said_by_colour_alone(site: dict[str, Page]) -> None:
    for page in site.values():
        cells = re.findall(r'<td class="wrong">(.*?)</td>', page.source)
        marks = re.findall(r'<(?:li|span) class="(?:mark |tag )?(?:passed|failed)"[^>]*>(.*?)</', page.source)

        assert all(("✗" in cell and "wrong:" in cell) or ("✓" in cell and "right:" in cell) for cell in cells)
        assert all("✗" in mark or "✓" in mark for mark in marks)
        assert all("role" in a or "aria-hidden" in a for tag, a in page.elements if tag == "svg")
        assert all("<caption" in table for table in re.findall(r"<table.*?</table>", page.source, re.DOTALL))


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
