"""Submissions made to hurt whoever reads them, built on demand: archives, folders, notebooks."""

from benchmarks.hostile.archives import TARS, ZIPS
from benchmarks.hostile.folders import FOLDERS
from benchmarks.hostile.hostile import Hostile
from benchmarks.hostile.notebooks import NOTEBOOKS

__all__ = ["HOSTILE", "Hostile"]

HOSTILE: tuple[Hostile, ...] = (*ZIPS, *TARS, *FOLDERS, *NOTEBOOKS)
