"""Layers as subclasses of `torch.autograd.Function`: `forward(ctx, x, w, b, ...)` and `backward(ctx, grad_output)`, both static.

They are called as a net calls them, by `apply` and torch's autograd, so that it is the student's own backward that is graded. The first
parameters of forward are the arguments in order; what stands behind them is told by its name.
"""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from grader.worker.conventions import tensors
from grader.worker.conventions.adapter import Adapter, Found, Options, Unusable, Wanted, always, both, square
from grader.worker.conventions.spelt import SPELT, USUAL
from grader.worker.conventions.torch_modules import lying, window
from grader.worker.conventions.torchs import KNOWN
from grader.worker.conventions.transcript import note
from grader.worker.wire import Array


def named(*stems: str) -> tuple[str, ...]:
    """Return what students call their own Function for a layer."""
    before, after = ("", "My", "Custom", "Manual"), ("", "Function", "Fn", "Func", "Op", "Autograd", "AutogradFunction", "ManualFunction")
    return tuple(f"{one}{stem}{other}" for stem in stems for one in before for other in after)


def settings(function: Any, count: int, options: Mapping[str, Any]) -> list[Any]:
    """Return what follows `count` arguments in a call of `apply`: each parameter's option, else its default.

    Raises:
        Unusable: A parameter is none of the options, or an option that is not the usual one has no parameter.
    """
    # Where a Function sets its context up apart, forward has none.
    parameters = list(inspect.signature(function.forward).parameters.values())[0 if tensors.sets_context_apart(function) else 1 :]
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        raise Unusable("forward takes its arguments by a star, so the grader cannot tell what they are")
    if len(parameters) < count:
        raise Unusable(f"forward takes {len(parameters)} arguments besides ctx, and the layer has {count}")
    left, values = dict(options), []
    for p in parameters[count:]:
        name = next((n for n in left if p.name.lower() in SPELT[n]), None)
        if name:
            values.append(left.pop(name))
        elif p.default is not p.empty:
            values.append(p.default)
        else:
            raise Unusable(f"forward asks for {p.name[:60]}, of which the grader does not know what it is")
    usual = {**USUAL, "stride": options.get("kernel", 1)}
    unsaid = [n for n, value in left.items() if n in usual and value != usual[n]]
    if unsaid:
        raise Unusable(f"forward takes no {unsaid[0]}")
    return values


def _outputs_first(function: Any) -> bool:
    """Whether a linear Function takes its weights as (outputs, inputs): it says so on sizes that differ, or not at all."""
    x, w, b = (tensors.zeros(shape) for shape in ((5, 2), (2, 3), (3,)))
    try:
        return tuple(function.apply(x, w, b).shape) != (5, 3)
    except (RuntimeError, ValueError, IndexError):  # which the other order may not raise
        return True


def _watched(function: Any, passed: Mapping[str, Any], misshapen: dict[str, Any]) -> Any:
    """Return the Function with a backward that keeps, by name, each gradient which autograd would sum to the size of its argument unseen."""

    def backward(ctx: Any, *douts: Any) -> Any:
        returned = function.backward(ctx, *douts)
        gradients = returned if isinstance(returned, tuple) else (returned,)
        for (name, argument), gradient in zip(passed.items(), gradients, strict=False):
            if getattr(gradient, "shape", None) is not None and gradient.shape.numel() != argument.numel():
                misshapen[f"d{name}"] = tensors.array(gradient)
        return returned

    return type(function.__name__, (function,), {"backward": staticmethod(backward)})


def function(
    task: str,
    *,
    takes: tuple[str, ...] = ("x",),
    options: Callable[[Options], dict[str, Any]] = lambda _: {},
    fixed: Mapping[str, Any] | None = None,
    expressible: Callable[[Mapping[str, Array], Options], bool] = always,
    shown: Callable[[Any], Any] = lambda out: out,
) -> Adapter:
    """Return the adapter of a Function for a task, of the arguments in `takes`, followed by options; `shown` gives an output the task's shape."""

    def forward(found: Found, arrays: Mapping[str, Array], given: Options) -> tuple[dict[str, Any], Any]:
        made = found["forward"]
        behind = settings(made, len(takes), options(given))

        def run(dtype: Any) -> tuple[dict[str, Any], Any]:
            leaves = tensors.leaves({name: arrays[name] for name in takes}, dtype)
            passed = {name: tensors.passed(leaf) for name, leaf in leaves.items()}
            said = {name: f"{tensors.KNOWN_AS[name]}.clone()" for name in takes}
            if "w" in passed and arrays["w"].ndim == 2 and _outputs_first(made):
                passed["w"] = passed["w"].T
                said["w"] += ".T"
            note(f"result = {made.__name__}.apply({', '.join((*said.values(), *map(repr, behind)))})")
            misshapen: dict[str, Any] = {}
            out = shown(_watched(made, passed, misshapen).apply(*passed.values(), *behind))
            return {"out": tensors.single(out)}, (out, {f"d{name}": leaf for name, leaf in leaves.items() if name != "y"}, misshapen)

        return tensors.in_its_precision(arrays, run)

    def backward(_: Found, dout: Array, kept: Any) -> dict[str, Any]:
        out, leaves, misshapen = kept
        places = {name: tensors.KNOWN_AS[name[1:]] for name in leaves}
        told = tensors.gradients(out, leaves, dout, places)
        note(tensors.unpacked(told))
        return {**told, **misshapen}

    return Adapter(
        wants=both(Wanted(names=named(*KNOWN[task].names), methods=frozenset({"forward", "backward"}), bases=tensors.FUNCTION)),
        forward=forward,
        backward=backward,
        fixed=fixed or {},
        expressible=expressible,
        needs="torch",
        ready_made=KNOWN[task].ready_made,
    )


def _norm(task: str) -> Adapter:
    def chosen(o: Options) -> dict[str, Any]:
        return {"eps": o["eps"], **({"groups": o["num_groups"]} if "num_groups" in o else {})}

    return function(task, takes=("x", "gamma", "beta"), options=chosen)


NAME, PLACE = "torch_functions", 70
TASKS = {
    "affine": function("affine", takes=("x", "w", "b")),
    **{task: function(task) for task in ("relu", "sigmoid", "tanh", "flatten")},
    "leaky_relu": function("leaky_relu", options=lambda o: {"slope": o["negative_slope"]}),
    **{
        task: function(task, takes=("x", "w", "b"), options=lying)
        for task in ("conv2d", "conv2d_dilated", "conv2d_grouped", "conv2d_general")
    },
    **{task: function(task, options=window, fixed={"padding": 0}, expressible=square) for task in ("max_pool2d", "avg_pool2d")},
    "global_pool": function("global_pool", options=lambda o: {"mode": o["mode"]}, shown=tensors.planes),
    "zero_pad": function("zero_pad", options=lambda o: {"padding": o["padding"]}),
    **{task: _norm(task) for task in ("layer_norm", "group_norm")},
    **{task: function(task, takes=("x", "y")) for task in ("softmax_loss", "svm_loss", "mse_loss")},
}
