"""Submissions made to hurt whoever reads them, built on demand: archives, folders, notebooks."""

from benchmarks.hostile.folders import FOLDERS
from benchmarks.hostile.hostile import Hostile
from benchmarks.hostile.notebooks import NOTEBOOKS
from benchmarks.hostile.tars import TARS
from benchmarks.hostile.zips import ZIPS

__all__ = ["HOSTILE", "Hostile"]

HOSTILE: tuple[Hostile, ...] = (*ZIPS, *TARS, *FOLDERS, *NOTEBOOKS)
