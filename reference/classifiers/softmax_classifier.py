"""A linear classifier with the softmax loss, also called multinomial logistic regression."""

from functools import partial

from reference import linear
from reference.linear_mistakes import classified
from reference.losses import softmax_loss
from reference.losses.softmax_loss import LOG_EPSILONS
from reference.spec import Array, LayerSpec, Traits


def forward(
    x: Array, y: Array, w: Array, *, reg: float = 0.0, reg_factor: float = 1.0, log_epsilon: float = 0.0
) -> tuple[Array, linear.Cache]:
    r"""Return the regularised cross entropy of the softmax of the scores x w.

    $$L = -\frac{1}{N} \sum_n \log \frac{e^{s_{n,y_n}}}{\sum_k e^{s_{nk}}} + c\,\lambda \|W\|^2, \quad s = x W$$

    Args:
        x: Input, shape (N, D).
        y: Right classes, whole numbers in [0, K), shape (N,).
        w: Weights, shape (D, K).
        reg: Strength of the regularisation, lambda.
        reg_factor: 1 or 0.5, c; courses differ.
        log_epsilon: See `softmax_loss`.

    Returns:
        loss: One number, shape ().
        cache: What `backward` needs.

    Raises:
        ShapeError: The sizes of x, y and w do not agree.
        LabelError: y is not of whole numbers in [0, K).

    Source: torch.nn.functional.cross_entropy; CS231n, assignment 1, `softmax_loss_vectorized`.
    """
    return linear.forward(softmax_loss, x, y, w, reg=reg, reg_factor=reg_factor, log_epsilon=log_epsilon)


def backward(dout: Array, cache: linear.Cache) -> tuple[Array]:
    r"""Return $(dW,)$ with $dW = x^T (p - t) / N + 2 c \lambda W$."""
    return linear.backward(softmax_loss, dout, cache)


LOSS = (
    "label_not_subtracted",
    "label_subtracted_in_every_row",
    "label_not_averaged",
    "sign",
    "over_the_batch",
    "over_the_samples",
    "over_elements",
    "slope_twice",
    "right_class_alone",
)
MISCONCEPTIONS = classified(softmax_loss.SPEC, LOSS)

SPEC = LayerSpec(
    name="softmax_classifier",
    formula={
        "forward": (
            "p = softmax(x @ w)",
            "out = -log(p[arange(N), y]).mean() + reg * (w**2).sum(), or reg / 2 in place of reg, in the gradients as well",
        ),
        "backward": ("dw = x.T @ (p - one_hot(y)) / N + 2 * reg * w",),
    },
    forward=forward,
    backward=backward,
    magnitude=partial(linear.magnitude, softmax_loss),
    scalar=True,
    arguments=linear.ARGUMENTS,
    axes=linear.AXES,
    options=linear.OPTIONS,
    readings={"reg_factor": (1.0, 0.5), "log_epsilon": LOG_EPSILONS},
    versions=("naive",),
    traits=Traits(out="", coupled=True, permutable=("D",)),
    misconceptions=MISCONCEPTIONS,
    scenarios=linear.SCENARIOS,
)
