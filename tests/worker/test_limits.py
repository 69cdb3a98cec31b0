"""What a worker may use; the limits themselves are tried out in tests/sandbox."""

import sys

import pytest

from grader.worker import limits

resource = pytest.importorskip("resource", reason="Windows has no such limits")


@pytest.fixture
def set_limits(monkeypatch):
    """Record what would be limited."""
    seen = {}
    monkeypatch.setattr(resource, "setrlimit", lambda what, bounds: seen.update({what: bounds}))
    return seen


def test_memory_is_bounded_and_no_core_is_written(set_limits):
    limits.limit(300)

    assert set_limits == {resource.RLIMIT_AS: (300 << 20,) * 2, resource.RLIMIT_CORE: (0, 0)}


@pytest.mark.parametrize(("platform", "bounded"), [("win32", set()), ("darwin", {resource.RLIMIT_CORE})])
def test_other_systems_keep_the_limits_that_they_have(platform, bounded, set_limits, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)

    limits.limit(300)

    assert set(set_limits) == bounded
