"""A linear classifier with the multiclass hinge loss: CS231n's linear SVM."""

from functools import partial

from reference import linear
from reference.linear_mistakes import classified
from reference.losses import svm_loss
from reference.spec import Array, LayerSpec, Traits


def forward(x: Array, y: Array, w: Array, *, reg: float = 0.0, reg_factor: float = 1.0) -> tuple[Array, linear.Cache]:
    r"""Return the regularised hinge loss of the scores x w.

    $$L = \frac{1}{N} \sum_n \sum_{k \ne y_n} \max(0, s_{nk} - s_{n,y_n} + 1) + c\,\lambda \|W\|^2, \quad s = x W$$

    Args:
        x: Input, shape (N, D).
        y: Right classes, whole numbers in [0, K), shape (N,).
        w: Weights, shape (D, K).
        reg: Strength of the regularisation, lambda.
        reg_factor: 1 or 0.5, c; courses differ.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: The sizes of x, y and w do not agree.
        LabelError: y is not of whole numbers in [0, K).

    Source: Weston and Watkins (1999); CS231n, assignment 1, `svm_loss_vectorized`.
    """
    return linear.forward(svm_loss, x, y, w, reg=reg, reg_factor=reg_factor)


def backward(dout: Array, cache: linear.Cache) -> tuple[Array]:
    r"""Return $(dW,)$ with $dW = x^T ds + 2 c \lambda W$, ds the gradient of the hinge loss."""
    return linear.backward(svm_loss, dout, cache)


def kinks(x: Array, y: Array, w: Array, **_: float) -> Array:
    """Whether a margin is so near to 0 that rounding could decide its sign."""
    return svm_loss.kinks(x @ w, y)


LOSS = (
    "right_class_counted",
    "right_class_once",
    "right_class_once_always",
    "right_class_forgotten",
    "right_class_added",
    "margin_forgotten",
    "not_clipped",
    "margins_themselves",
    "largest_only",
    "over_elements",
)
MISCONCEPTIONS = classified(svm_loss.SPEC, LOSS)

SPEC = LayerSpec(
    name="svm_classifier",
    formula={
        "forward": (
            "scores = x @ w",
            "margins = maximum(scores - scores[arange(N), y][:, None] + 1, 0) * (1 - one_hot(y))",
            "out = margins.sum() / N + reg * (w**2).sum(), or reg / 2 in place of reg, in the gradients as well",
        ),
        "backward": (
            "over = margins > 0",
            "dw = x.T @ (over - one_hot(y) * over.sum(axis=1, keepdims=True)) / N + 2 * reg * w",
        ),
    },
    forward=forward,
    backward=backward,
    magnitude=partial(linear.magnitude, svm_loss),
    kinks=kinks,
    scalar=True,
    arguments=linear.ARGUMENTS,
    axes=linear.AXES,
    options=linear.OPTIONS,
    readings={"reg_factor": (1.0, 0.5)},
    versions=("naive",),
    traits=Traits(out="", coupled=True, permutable=("D",)),
    misconceptions=MISCONCEPTIONS,
    scenarios=linear.SCENARIOS,
)
