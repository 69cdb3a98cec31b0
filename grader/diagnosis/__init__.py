"""Why a check failed, found out by further calls of the student's own functions. Nothing is claimed that was not confirmed."""

from grader.diagnosis.diagnose import Diagnosed, diagnose

__all__ = ["Diagnosed", "diagnose"]
