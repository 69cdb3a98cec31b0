"""Right and wrong ways to compute every layer, which a gradient checker must tell apart.

`grader.audit.right.rights(spec)` yields the right ones of a layer, `wrong.WRONG` holds all wrong ones.
"""

from dataclasses import dataclass

from grader.audit.students import Right, Student, anywhere, first

__all__ = ["Right", "Student", "Wrong", "anywhere", "first"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A wrong way to compute a layer.

    Attributes:
        name: What is wrong.
        layer: Name of the spec.
        student: The code; it is right but for the one mistake.
        in_forward: The forward pass is wrong; backward is then right for the layer or for this forward.
        beside: The mistake is in the forward pass, in an output beside the first.
        single: Whether float32 can show the mistake; relative errors below about 1e-4 drown in its rounding.
    """

    name: str
    layer: str
    student: Student
    in_forward: bool = False
    beside: bool = False
    single: bool = True
