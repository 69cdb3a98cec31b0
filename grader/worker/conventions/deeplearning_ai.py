"""The functions of deeplearning.ai: channels last, weights (f, f, C_in, C_out), options in `hparameters`; samples as columns in `linear_*`."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.worker.conventions.adapter import Adapter, Found, Options, Wanted, in_a_dictionary, several, square
from grader.worker.conventions.spelling import Spelling
from grader.worker.conventions.transcript import note
from grader.worker.wire import Array

THEIRS = frozenset({"A_prev", "hparameters", "hparams", "h_parameters"})
THEIR_BATCH = frozenset({"X"})
HPARAMETERS = in_a_dictionary(stride="stride", pad="padding")
LAST, FIRST = "{}.transpose(0, 2, 3, 1)", "{}.transpose(0, 3, 1, 2)"  # `last` and `first` in a line of code


def last(x: Any) -> Any:
    """Return (N, C, H, W) as (N, H, W, C), in memory of its own."""
    return np.ascontiguousarray(x.transpose(0, 2, 3, 1))


def first(x: Any) -> Any:
    """Return (N, H, W, C) as (N, C, H, W); what has other axes is left to be told."""
    return x.transpose(0, 3, 1, 2) if type(x) is np.ndarray and x.ndim == 4 else x


def _conv_forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
    x, w, b = _conv_arguments(arrays)
    values = several(found["forward"](x, w, b, *HPARAMETERS(options)), ("out", "cache"))
    return {"out": first(values["out"])}, values["cache"]


def _conv_arguments(arrays: Mapping[str, Array]) -> tuple[Array, Array, Array]:
    return last(arrays["x"]), np.ascontiguousarray(arrays["w"].transpose(2, 3, 1, 0)), arrays["b"].reshape(1, 1, 1, -1).copy()


def _conv_backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
    values = several(found["backward"](last(dout), cache), ("dx", "dw", "db"))
    dw, db = values["dw"], values["db"]
    return {
        "dx": first(values["dx"]),
        "dw": dw.transpose(3, 2, 0, 1) if type(dw) is np.ndarray and dw.ndim == 4 else dw,
        "db": db.reshape(-1) if type(db) is np.ndarray and db.shape[:-1] in ((1, 1, 1), (1,)) else db,
    }


def pool(mode: str) -> Adapter:
    """Return the adapter of `pool_forward(A_prev, hparameters, mode)` and `pool_backward(dA, cache, mode)`."""
    hparameters = in_a_dictionary(f="kernel_h", stride="stride")

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        values = several(found["forward"](last(arrays["x"]), *hparameters(options), mode), ("out", "cache"))
        return {"out": first(values["out"])}, values["cache"]

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return {"dx": first(several(found["backward"](last(dout), cache, mode), ("dx",))["dx"])}

    wants = {part: Wanted(names=(f"pool_{part}",)) for part in ("forward", "backward")}
    spelling = Spelling(
        forward=(f"A, cache = $forward({LAST.format('x')}$more, {mode!r})", f"out = {FIRST.format('A')}"),
        backward=(f"dA_prev = $backward({LAST.format('dout')}, cache, {mode!r})", f"dx = {FIRST.format('dA_prev')}"),
        options=hparameters,
    )
    return Adapter(
        wants=wants,
        fixed={"padding": 0},
        forward=forward,
        backward=backward,
        expressible=square,
        usual_cache=lambda arrays, options: (last(arrays["x"]), *hparameters(options)),
        spelling=spelling,
    )


def _zero_pad_forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
    """Return the padded planes of `zero_pad(X, pad)`; who pads the last two axes has the planes there, and is asked for those."""
    x, pad = arrays["x"], options["padding"]
    N, C, H, W = x.shape
    said = f"{found['forward'].__name__}({LAST.format('x')}, {pad})"
    values = several(found["forward"](last(x), pad), ("out",))
    if np.shape(values["out"]) == (N, H, W + 2 * pad, C + 2 * pad) and pad:
        note(f"out = {found['forward'].__name__}(x, {pad})")
        return several(found["forward"](x, pad), ("out",)), (x, pad, False)
    note(f"out = {FIRST.format(said)}" if np.ndim(values["out"]) == 4 else f"out = {said}")
    return {"out": first(values["out"])}, (last(x), pad, True)


def _zero_pad_backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
    x, pad, turned = cache
    given = f"{LAST.format('dout')}, {LAST.format('x')}" if turned else "dout, x"
    note(f"dx = {found['backward'].__name__}({given}, {pad})", *([f"dx = {FIRST.format('dx')}"] if turned else []))
    values = several(found["backward"](last(dout) if turned else dout, x, pad), ("dx",))
    return {"dx": first(values["dx"]) if turned else values["dx"]}


def _linear_forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
    given, samples = _linear_usual(arrays, options)
    values = several(found["forward"](*given), ("out", "cache"))
    return {"out": _transposed(values["out"])}, (values["cache"], samples)


def _linear_usual(arrays: Mapping[str, Array], _: Options) -> tuple[tuple[Array, Array, Array], int]:
    return (arrays["x"].T.copy(), arrays["w"].T.copy(), arrays["b"].reshape(-1, 1).copy()), len(arrays["x"])


def _linear_backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
    kept, m = cache
    values = several(found["backward"](dout.T.copy(), kept), ("dx", "dw", "db"))
    dw, db = _transposed(values["dw"]), values["db"]
    # The course divides the gradients of the parameters by the number of samples, whose cost it averages.
    whole = {"dw": dw * m if type(dw) is np.ndarray else dw, "db": db.reshape(-1) * m if type(db) is np.ndarray and db.ndim == 2 else db}
    return {"dx": _transposed(values["dx"]), **whole}


def _transposed(value: Any) -> Any:
    return value.T if type(value) is np.ndarray and value.ndim == 2 else value


def activation(name: str) -> Adapter:
    """Return the adapter of `relu(Z) -> (A, cache)`, where the cache may be missing, and `relu_backward(dA, cache)`."""

    def forward(found: Found, arrays: Mapping[str, Array], options: Options) -> tuple[dict[str, Any], Any]:
        returned = found["forward"](arrays["x"])
        values = several(returned, ("out", "cache")) if isinstance(returned, tuple) else {"out": returned, "cache": arrays["x"]}
        return {"out": values["out"]}, values["cache"]

    def backward(found: Found, dout: Array, cache: Any) -> dict[str, Any]:
        return several(found["backward"](dout, cache), ("dx",))

    wants = {
        "forward": Wanted(names=(name,), arity=1, parameters=frozenset({"Z", "z"})),
        "backward": Wanted(names=(f"{name}_backward",), arity=2),
    }
    return Adapter(
        wants=wants,
        forward=forward,
        backward=backward,
        usual_cache=lambda arrays, _: arrays["x"],
        spelling=Spelling(
            forward=("A = $forward(x)", "out, cache = A if isinstance(A, tuple) else (A, x)"), backward=("dx = $backward(dout, cache)",)
        ),
    )


CONV = Spelling(
    forward=(
        f"Z, cache = $forward({LAST.format('x')}, w.transpose(2, 3, 1, 0), b.reshape(1, 1, 1, -1)$more)",
        f"out = {FIRST.format('Z')}",
    ),
    backward=(
        f"dA_prev, dW, db = $backward({LAST.format('dout')}, cache)",
        f"dx, dw, db = {FIRST.format('dA_prev')}, dW.transpose(3, 2, 0, 1), db.reshape(-1)",
    ),
    options=HPARAMETERS,
)
LINEAR = Spelling(
    forward=("Z, cache = $forward(x.T, w.T, b.reshape(-1, 1))", "out = Z.T"),
    backward=(
        "dA_prev, dW, db = $backward(dout.T, cache)",
        "dx, dw, db = dA_prev.T, dW.T * len(x), db.reshape(-1) * len(x)  # summed over the samples again",
    ),
)

NAME, PLACE = "deeplearning_ai", 50
TASKS = {
    "conv2d": Adapter(
        wants={"forward": Wanted(names=("conv_forward",), parameters=THEIRS), "backward": Wanted(names=("conv_backward",), arity=2)},
        forward=_conv_forward,
        backward=_conv_backward,
        expressible=square,
        usual_cache=lambda arrays, options: (*_conv_arguments(arrays), *HPARAMETERS(options)),
        spelling=CONV,
    ),
    "max_pool2d": pool("max"),
    "avg_pool2d": pool("average"),
    "zero_pad": Adapter(
        wants={
            "forward": Wanted(names=("zero_pad",), parameters=THEIR_BATCH),
            "backward": Wanted(names=("zero_pad_backward",), parameters=THEIR_BATCH),
        },
        forward=_zero_pad_forward,
        backward=_zero_pad_backward,
    ),
    "affine": Adapter(
        wants={"forward": Wanted(names=("linear_forward",), arity=3), "backward": Wanted(names=("linear_backward",), arity=2)},
        forward=_linear_forward,
        backward=_linear_backward,
        usual_cache=_linear_usual,
        spelling=LINEAR,
        divided=("dw", "db"),
    ),
    "relu": activation("relu"),
    "sigmoid": activation("sigmoid"),
}
