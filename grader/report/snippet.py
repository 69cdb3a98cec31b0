"""A case as code to paste below a submission."""

import re
from typing import Any

from grader.report.figures import figure
from grader.report.results import Results


def snippet(case: Results) -> str:
    """Return a case as NumPy code to paste below a submission: its arrays and, where it is known how, the call."""
    lines = ["import numpy as np", ""] if case.get("call") else []
    for name, array in case.get("arrays", {}).items():
        whole = re.fullmatch(r"[][\d, -]*", repr(array))  # labels and indices stay whole numbers
        dtype = "" if whole or not case.get("dtype") else f", dtype=np.{case['dtype']}"
        order = ', order="F"' if case.get("order") == "F" else ""
        lines.append(f"{name} = np.array({_code(array)}{dtype}{order})")
    return "\n".join(lines + case.get("call", [f"{name} = {value!r}" for name, value in case.get("options", {}).items()]))


def _code(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_code, value))}]"
    if isinstance(value, float) and value and value.is_integer():
        return figure(value)  # the dtype says that it is no whole number
    return {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}.get(value, repr(value))
