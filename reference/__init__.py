"""The reference: every layer, loss, net and shape question that an assignment can ask, in plain NumPy.

One file each, holding `forward`, `backward` and `SPEC`, the data that tells a checker all it must know. `catalogue()` finds
them; `askable()` adds what has no reference, since students design it. Nothing here imports the grader.
"""

from reference import measured
from reference.catalogue import askable, catalogue
from reference.claim import Claim
from reference.errors import LabelError, ShapeError
from reference.given import MISFIT, MISFITS, Given
from reference.misconception import Misconception
from reference.spec import Argument, Array, LayerSpec, Magnitude, Scenario, Traits, Values

__all__ = [
    "MISFIT",
    "MISFITS",
    "Argument",
    "Array",
    "Claim",
    "Given",
    "LabelError",
    "LayerSpec",
    "Magnitude",
    "Misconception",
    "Scenario",
    "ShapeError",
    "Traits",
    "Values",
    "askable",
    "catalogue",
    "measured",
]
