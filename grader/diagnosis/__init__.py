"""Why a check failed, found out by further calls of the student's own functions. Nothing is claimed that was not confirmed.

Whether an output is right was judged before, and no points are given here.
"""

from grader.diagnosis.diagnose import Diagnosed, diagnose
from grader.diagnosis.examination import Subject
from grader.diagnosis.reproduced import reproduced

__all__ = ["Diagnosed", "Subject", "diagnose", "reproduced"]
