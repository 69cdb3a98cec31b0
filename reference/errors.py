"""What the reference refuses."""


class ShapeError(ValueError):
    """Sizes that do not fit together; the message shows the formula and the numbers."""


class LabelError(ValueError):
    """Labels that are not the number of a class each; the message shows the first."""
