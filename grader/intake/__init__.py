"""A path becomes a Bundle: source texts in memory, bounded and checked. Nothing is ever written or run here."""

from grader.intake.bundle import Bundle
from grader.intake.discovery import discover, left_out
from grader.intake.handed_in import HandedIn, alone
from grader.intake.roster import read_roster
from grader.intake.submission import read

__all__ = ["Bundle", "HandedIn", "alone", "discover", "left_out", "read", "read_roster"]
