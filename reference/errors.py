"""What the reference refuses."""


class ShapeError(ValueError):
    """Sizes that do not fit together; the message shows the formula and the numbers."""
