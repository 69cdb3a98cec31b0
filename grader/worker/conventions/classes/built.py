"""How a class is constructed: what its parameters mean is read off their names."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from grader.worker.conventions.adapter import Unusable

RATE = 2.0**20  # of a layer that updates itself: so large that the step is all gradient, and a power of 2 to be divided by again

# What a parameter of a constructor may be called, in lower case.
SPELT: Mapping[str, frozenset[str]] = {
    name: frozenset(spelt.split())
    for name, spelt in {
        "inputs": """in_features input_size in_dim input_dim n_in in_size n_inputs num_inputs inputs in_channels in_channel input_channels
            num_channels n_channels channels c_in in_ch in_c nin fan_in depth n_input num_in input_features in_feature d_in dim_in n_features""",
        "outputs": """out_features output_size out_dim output_dim n_out out_size n_outputs num_outputs outputs out_channels out_channel
            output_channels num_filters n_filters filters c_out out_ch out_c nout units n_output num_out output_features fan_out
            out_feature d_out dim_out n_units num_units neurons
            num_classes n_classes""",
        "features": """num_features n_features features num_channels n_channels channels normalized_shape feature_size feature_dim
            features_dim num_feature input_size input_dim in_features in_dim in_channels hidden_size size dim d c n_out n_in shape
            num_dims input_shape""",
        "kernel": "kernel_size filter_size pool_size window_size kernel ksize pool size window field k f kernel_shape pool_shape",
        "kernel_h": "kernel_h filter_h pool_h pool_height kernel_height filter_height kh hh",
        "kernel_w": "kernel_w filter_w pool_w pool_width kernel_width filter_width kw ww",
        "stride": "stride strides s step",
        "padding": "padding pad p",
        "dilation": "dilation dilation_rate dilate dil",
        "groups": "groups num_groups n_groups group g",
        "padding_mode": "padding_mode pad_mode",
        "axes": "num_dims dims ndim",
        "mode": "mode kind pool_type",
        "slope": "alpha negative_slope slope leak a neg_slope leakiness leaky_slope",
        "eps": "eps epsilon e",
        "momentum": "momentum rho decay alpha m",
        "dropped": "drop_prob dropout_rate drop_rate dropout_prob dropout_ratio drop_p p_drop dropout drop drop_ratio dropout_p prob_drop",
        "kept": "keep_prob keep_rate keep_p p_keep keep keep_probability keep_ratio retain retain_prob keepprob prob_keep",
        "share": "p prob rate probability ratio q",
        "hidden": "hidden_size hidden_dim n_hidden num_hidden hidden hidden_units hidden_features n_h h hidden_layer_size hid_size",
        "hidden1": "hidden_size1 hidden1_size hidden1 hidden_dim1 hidden1_dim h1 n_hidden1 hidden_size_1 hidden_1 hidden_dim_1 n_h1",
        "hidden2": "hidden_size2 hidden2_size hidden2 hidden_dim2 hidden2_dim h2 n_hidden2 hidden_size_2 hidden_2 hidden_dim_2 n_h2",
        "rate": "lr learning_rate eta",
    }.items()
}
USUAL: Mapping[str, Any] = {"padding": 0, "dilation": 1, "groups": 1, "padding_mode": "zeros"}


def built(made: Callable[..., Any], sizes: Mapping[str, Any], held: Mapping[str, Any] | None = None) -> Any:
    """Construct a layer from the sizes that its parameters ask for by name, or in the usual order.

    `held` are numbers that may stand in an attribute instead: one that has neither keeps its own.

    Raises:
        Unusable: A size that is not the usual one has no parameter, or a parameter is unknown.
    """
    parameters = [p for p in inspect.signature(made).parameters.values() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    held = held or {}
    given: dict[str, Any] = {}
    left = {**sizes, **held, "rate": RATE}
    for p in parameters:
        name = next((n for n in left if p.name.lower() in SPELT[n]), None)
        if name:
            given[p.name] = left.pop(name)
    later = {name: left.pop(name) for name in held if name in left}
    left.pop("rate", None)
    if "kernel" not in left:
        left = {n: v for n, v in left.items() if n not in ("kernel_h", "kernel_w")}
    if "kernel_h" not in left:
        left.pop("kernel", None)
    for p in parameters:
        if p.name not in given and (p.default is p.empty or "share" in left):  # a probability has no usual value
            left = left or later
            if not left:
                raise Unusable(f"the class asks for {p.name[:60]}, of which the grader does not know what it is")
            given[p.name] = left.pop(next(iter(left)))
    usual = {**USUAL, "stride": sizes.get("kernel_h") if "outputs" not in sizes else 1}
    unsaid = [n for n in usual if n in left and left[n] != usual[n]]
    if unsaid:
        raise Unusable(f"the class takes no {unsaid[0]}")
    try:
        one = made(**given)
    except (TypeError, ValueError) as error:
        asked = ", ".join(f"{name[:60]}={value}" for name, value in given.items())
        raise Unusable(f"it could not be constructed with {asked or 'no arguments'}: {type(error).__name__}: {error}") from error
    for name, value in later.items():
        attribute = next((a for a in SPELT[name] if len(a) > 1 and isinstance(getattr(one, a, None), float)), None)
        if attribute:
            setattr(one, attribute, value)
    return one
