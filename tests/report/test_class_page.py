"""The page of the class in a browser: its table is sorted, filtered and searched, and says all without a script."""

import copy
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from grader.report import html

Results = dict[str, Any]
Opened = Callable[..., Page]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])  # of pages that we made ourselves
        yield launched
        launched.close()


@pytest.fixture
def opened(browser: Browser, results: Results, tmp_path: Path) -> Iterator[Opened]:
    """Open the page of a class of five, of whom a roster knows the names; a complaint of the browser is a failure."""
    makes = {"s10": (1, "Zoe"), "s9": (0, "민수"), "s100": (2, "<b>Ann</b>"), "s1": (3, "bob"), "s2": (4, "")}
    for id, (which, name) in makes.items():
        one = copy.deepcopy(results["submissions"][which]) | {"id": id, "student": {"name": name}}
        results["submissions"].append(one)
    results["submissions"] = results["submissions"][-5:]
    page = tmp_path / "index.html"
    page.write_text("".join(html.render_class(results)), encoding="utf-8")
    complaints: list[str] = []
    contexts = []

    def open_page(**options: Any) -> Page:
        contexts.append(browser.new_context(**options))
        shown = contexts[-1].new_page()
        shown.on("console", lambda message: complaints.append(message.text))
        shown.on("pageerror", lambda error: complaints.append(str(error)))
        shown.goto(page.as_uri())
        return shown

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def ids(page: Page) -> list[str]:
    """Return the submissions that show, from top to bottom."""
    return page.locator("table.rows tbody th:visible").all_inner_texts()


def test_a_header_sorts_up_and_then_down(opened: Opened) -> None:
    page = opened()
    assert ids(page) == ["s10", "s9", "s100", "s1", "s2"]

    page.get_by_role("button", name="submission").click()
    assert ids(page) == ["s1", "s2", "s9", "s10", "s100"]  # as people count

    page.get_by_role("button", name="score").click()
    up = ids(page)
    page.get_by_role("button", name="score").click()
    assert (up[0], up[-1]) == ("s2", "s9")
    assert ids(page)[0] == "s9"
    assert page.locator("th[aria-sort=descending]").inner_text().startswith("score")
    assert page.locator("th[aria-sort]").count() == 1

    page.get_by_role("button", name="name").click()
    assert ids(page) == ["s2", "s100", "s1", "s10", "s9"]


def test_a_filter_shows_who_stands_so_in_a_task(opened: Opened) -> None:
    page = opened()

    page.get_by_label("outcome of").select_option(label="conv2d")
    page.get_by_role("button", name="not handed in").click()
    assert ids(page) == ["s100", "s2"]
    assert page.get_by_role("status").inner_text() == "2 of 5 shown"

    page.get_by_role("button", name="partial").click()
    assert ids(page) == ["s10", "s100", "s1", "s2"]

    page.get_by_role("button", name="not handed in").click()
    page.get_by_label("outcome of").select_option(label="the whole submission")
    assert ids(page) == ["s10", "s100"]


def test_a_search_looks_for_all_words_in_ids_and_names_whatever_their_case(opened: Opened) -> None:
    page = opened()
    expected = {
        "S10": ["s10", "s100"],
        "zoe": ["s10"],
        "민수": ["s9"],
        "ANN s100": ["s100"],
        "xyz": [],
        "": ["s10", "s9", "s100", "s1", "s2"],
    }

    shown = {}
    for words in expected:
        page.get_by_label("search").fill(words)
        shown[words] = ids(page)

    assert shown == expected


def test_a_keyboard_is_enough(opened: Opened) -> None:
    page = opened()

    page.get_by_label("search").focus()
    page.keyboard.type("s1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "task"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # on the second mark
    assert page.locator("[aria-pressed=true]").inner_text().endswith("partial")
    assert ids(page) == ["s10", "s100"]
    page.get_by_role("button", name="submission").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert ids(page) == ["s100", "s10"]


def test_without_a_script_everything_reads_and_nothing_pretends_to_work(opened: Opened) -> None:
    page = opened(java_script_enabled=False)

    assert ids(page) == ["s10", "s9", "s100", "s1", "s2"]
    assert page.get_by_role("button").count() == 0
    assert not page.get_by_label("search").is_visible()
    assert page.get_by_text("not handed in").first.is_visible()
    assert page.get_by_role("cell", name="<b>Ann</b>").is_visible()


def test_what_a_choice_says_changes_with_the_language(opened: Opened) -> None:
    page = opened()

    page.get_by_label("한국어").check()

    assert page.get_by_label("결과 기준").locator("option").first.inner_text() == "제출물 전체"
    assert page.get_by_role("button", name="점수").is_visible()


def test_the_page_is_never_wider_than_its_window(opened: Opened) -> None:
    page = opened()

    for width in (1200, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_dark_scheme_is_dark_and_print_is_light_and_has_no_controls(opened: Opened) -> None:
    page = opened(color_scheme="dark")
    shade = "Number(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    assert page.evaluate(shade) < 64

    page.emulate_media(media="print")
    assert page.evaluate(shade) > 224
    assert not page.get_by_label("search").is_visible()
    assert ids(page) == ["s10", "s9", "s100", "s1", "s2"]
