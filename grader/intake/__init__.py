"""A path becomes a Bundle: source texts in memory, bounded and checked. Nothing is ever written or run here."""

from grader.intake.bundle import Bundle
from grader.intake.discovery import discover, left_out
from grader.intake.submission import read

__all__ = ["Bundle", "discover", "left_out", "read"]
