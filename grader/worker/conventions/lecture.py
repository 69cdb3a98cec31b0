"""The lecture's homework: a function `gradient(x, t, W1, b1, W2, b2[, W3, b3])` that returns the gradients in a dictionary."""

from collections.abc import Mapping
from typing import Any

from grader.worker.conventions.adapter import Adapter, Found, Options, Wanted, keyed, learned, one_hot, several, widths
from grader.worker.conventions.spelling import Spelling
from grader.worker.wire import Array


def net(layers: int, *names: str) -> Adapter:
    """Return the adapter of a net of so many layers; a function `loss` with the same arguments is welcome, not needed."""
    arity = 2 + 2 * layers
    params = ", ".join(f"{kind}{n}" for n in range(1, layers + 1) for kind in "Wb")
    given = f"(x, np.eye(len(b{layers}))[y], {params})"  # t is one-hot

    def forward(found: Found, arrays: Mapping[str, Array], _: Options) -> tuple[dict[str, Any], Any]:
        params = learned(arrays)
        t = one_hot(arrays["y"], widths(arrays)[-1], arrays["x"].dtype)
        given = (arrays["x"], t, *params.values())
        values = several(found["forward"](*(a.copy() for a in given)), ("out",)) if "forward" in found else {}
        return values, (given, tuple(params))

    def backward(found: Found, _: Array, cache: Any) -> dict[str, Any]:
        given, params = cache
        return keyed(found["backward"](*given), params)

    return Adapter(
        wants={"forward": Wanted(names=("loss",), arity=arity), "backward": Wanted(names=("gradient", *names), arity=arity)},
        forward=forward,
        backward=backward,
        fixed={"reg": 0.0},
        readings={"activation": "sigmoid"},
        forward_optional=True,
        spelling=Spelling(forward=(f"out = $forward{given}",), backward=(f"grads = $backward{given}",), gradient="grads['$name']"),
    )


NAME, PLACE = "lecture", 30
TASKS = {
    "two_layer_net": net(2, "gradient_two_layer", "two_layer_gradient"),
    "three_layer_net": net(3, "gradient_three_layer", "three_layer_gradient"),
}
