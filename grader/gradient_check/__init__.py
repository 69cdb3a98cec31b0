"""The public gradient check: a backward against its own forward, in a notebook or a test, without the grader.

It knows no task and starts no worker: the functions run where it is called.
"""

from grader.gradient_check.check import gradcheck, numeric_jacobian, numeric_jvp
from grader.gradient_check.report import ArgumentReport, GradcheckReport

__all__ = ["ArgumentReport", "GradcheckReport", "gradcheck", "numeric_jacobian", "numeric_jvp"]
