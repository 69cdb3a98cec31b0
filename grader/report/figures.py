"""Numbers as a person would write them."""

from typing import Any


def figure(value: Any) -> str:
    """Return a number with a few significant digits, and anything else as it is."""
    if not isinstance(value, float):
        return "·" if value is None else str(value)
    if value.is_integer() and abs(value) < 1e7:
        return str(int(value))
    return f"{value:.0f}" if 1e4 <= abs(value) < 1e7 else f"{value:.4g}"


def hundredths(value: float) -> str:
    """Return a score to the hundredth, without the zeros that end it."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def pair(got: Any, expected: Any) -> tuple[str, str]:
    """Return two figures with as many digits as tell them apart."""
    shown = figure(got), figure(expected)
    if isinstance(got, float | int) and isinstance(expected, float | int) and got != expected:
        more = ((f"{got:.{digits}g}", f"{expected:.{digits}g}") for digits in (6, 9, 12, 17))
        return shown if shown[0] != shown[1] else next((p for p in more if p[0] != p[1]), shown)
    return shown
