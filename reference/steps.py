"""What the optimisers share: a weight matrix, a sequence of its gradients, and the kinds of cases."""

from reference.errors import ShapeError
from reference.spec import Argument, Array, Option, Scenario, Values


def check(optimiser: str, w: Array, dw: Array) -> None:
    """Refuse gradients dw that are not a sequence of arrays like w."""
    if dw.shape[1:] != w.shape or not len(dw):
        raise ShapeError(f"{optimiser}: the gradients {dw.shape} must be a sequence of the shape of w {w.shape}, (S, D, M).")


ARGUMENTS = (Argument(name="w", axes="D M"), Argument(name="dw", axes="S D M"))
AXES = {"S": (1, 4), "D": (1, 4), "M": (1, 4)}
RATES: tuple[Option, ...] = (0.1, 0.01, 0.5)


def scenarios(**plain: tuple[Option, ...]) -> tuple[Scenario, ...]:
    """Return the cases; `plain` are the options of the first ones, which every convention can express."""
    return (
        Scenario(title="one step", axes={"S": (1, 1), "D": (2, 2), "M": (2, 2)}, options=plain),
        Scenario(title="two steps", axes={"S": (2, 2), "D": (2, 3), "M": (2, 3)}, options=plain, count=2),
        Scenario(title="several steps", axes={"S": (3, 4), "D": (2, 3), "M": (3, 4)}, options=plain, count=2),
        Scenario(title="any options", axes={"S": (2, 4)}, count=4),
        Scenario(title="gradients of -1, 0 and 1", axes={"S": (3, 3)}, options=plain, values=Values.TIED),
        Scenario(title="float32", axes={"S": (3, 3), "D": (2, 3)}, options=plain, single=True),
    )
