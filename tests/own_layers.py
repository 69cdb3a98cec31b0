"""A layer of an instructor's own, small enough to be changed in a word, and the example of the documents."""

from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "own-layers"
SMALL = """
import numpy as np
from grader.authoring import Argument, claim, layer, layer_without_reference

def forward(x, k):
    return k * x, (k, x)

def backward(dout, cache):
    return (dout * cache[0],)

SCALE = layer(
    "scale", forward, backward, arguments=[Argument(name="x", axes="N D", gradient="dx")], axes={"N": (1, 3), "D": (1, 3)},
    options={"k": (2, 3)},
)
"""


def own(folder: Path, checks: str, *more: str, task: str = "scale") -> Path:
    """Write an assignment with one task of a checks file."""
    (folder / "my_checks.py").write_text(checks, encoding="utf-8")
    file = folder / "tasks.yaml"
    entry = ", ".join([f"id: {task}", "checks: my_checks.py", "title: Own", "points: 4", *more])
    file.write_text(f"id: own\ntitle: Own\ntasks:\n  - {{{entry}}}\n", encoding="utf-8")
    return file
