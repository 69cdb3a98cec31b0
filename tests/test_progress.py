"""Progress is for somebody who looks on."""

import io

import pytest

from grader import progress


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO, *statuses: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what is written while submissions of these statuses finish."""
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress.bar(3) as done:
        for status in statuses:
            done(status)
    return stream.getvalue()


def test_a_terminal_shows_how_many_are_done_and_how_they_stand(monkeypatch: pytest.MonkeyPatch):
    text = shown(Terminal(), "passed", "failed", "passed", monkeypatch=monkeypatch)

    assert "Grading" in text
    assert "3/3" in text
    assert "2 full marks, 1 failed" in text


def test_a_log_shows_nothing(monkeypatch: pytest.MonkeyPatch):
    assert shown(io.StringIO(), "passed", "failed", monkeypatch=monkeypatch) == ""


def test_before_the_first_is_finished_there_is_no_bar(monkeypatch: pytest.MonkeyPatch):
    assert shown(Terminal(), monkeypatch=monkeypatch) == ""
