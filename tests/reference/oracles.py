"""The same layers in torch, for float64: values by its functions, gradients by its automatic differentiation."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional

from reference import LayerSpec
from tests.reference.cases import Case, Results, outputs

Tensor = torch.Tensor
torch.set_num_threads(1)  # the arrays are small, and pytest-xdist already uses the cores


def affine(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return functional.linear(x.flatten(1), w.T, b)


def avg_pool2d(x: Tensor, *, kernel_h: int, kernel_w: int, stride: int, padding: int, count_include_pad: bool, **_: Any) -> Tensor:
    return functional.avg_pool2d(x, (kernel_h, kernel_w), stride, padding, count_include_pad=count_include_pad)


def batch_norm(
    x: Tensor, gamma: Tensor, beta: Tensor, running_mean: Tensor, running_var: Tensor, *,
    eps: float, momentum: float, training: bool, momentum_of: str, unbiased: bool, own_eps: float,
) -> tuple[Tensor, ...]:  # fmt: skip
    mean, var = running_mean.clone(), running_var.clone()
    weight = momentum if momentum_of == "batch" else 1 - momentum
    out = functional.batch_norm(x, mean, var, gamma, beta, training=training, momentum=weight, eps=own_eps or eps)
    if unbiased or not training:
        return out, mean, var
    kept, n = (1 - weight) * running_var, x.numel() / x.shape[1]
    return out, mean, kept + (var - kept) * (n - 1) / n  # torch's is always unbiased


def dropout(x: Tensor, mask: Tensor, *, p: float, training: bool, p_of: str, inverted: bool) -> tuple[Tensor, ...]:
    """What torch makes of an entry that it keeps, where the mask keeps it: torch draws masks of its own."""
    q = p if p_of == "kept" else 1 - p
    torch.manual_seed(0)
    drawn = functional.dropout(torch.ones(100, dtype=x.dtype), 1 - q, training=training)
    factor = drawn.max() * mask if training else drawn.min()
    return x * factor * (1 if inverted else q), torch.tensor(q if training else 1.0, dtype=x.dtype)


def group_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, num_groups: int, eps: float) -> Tensor:
    return functional.group_norm(x, num_groups, gamma, beta, eps)


def layer_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float) -> Tensor:
    return functional.layer_norm(x, x.shape[1:], gamma, beta, eps)


def leaky_relu(x: Tensor, *, negative_slope: float) -> Tensor:
    return functional.leaky_relu(x, negative_slope)


def mse_loss(x: Tensor, y: Tensor, *, mean_over: str, half: bool) -> Tensor:
    loss = functional.mse_loss(x, y) if mean_over == "elements" else functional.mse_loss(x, y, reduction="sum") / len(x)
    return loss / 2 if half else loss


def cross_entropy_error(x: Tensor, y: Tensor, *, log_epsilon: float) -> Tensor:
    return functional.nll_loss(torch.log(x + log_epsilon), y)


def conv2d(x: Tensor, w: Tensor, b: Tensor, *, stride: int, padding: int, **_: Any) -> Tensor:
    return functional.conv2d(x, w, b, stride=stride, padding=padding)


def conv2d_dilated(x: Tensor, w: Tensor, b: Tensor, *, stride: int, padding: int, dilation: int, **_: Any) -> Tensor:
    return functional.conv2d(x, w, b, stride=stride, padding=padding, dilation=dilation)


def conv2d_general(x: Tensor, w: Tensor, b: Tensor, *, groups: int, padding_mode: str, **by_axis: int) -> Tensor:
    strides, paddings, dilations = ((by_axis[f"{name}_h"], by_axis[f"{name}_w"]) for name in ("stride", "padding", "dilation"))
    around = [paddings[1], paddings[1], paddings[0], paddings[0]]
    padded = functional.pad(x, around, mode="constant" if padding_mode == "zeros" else padding_mode)
    return functional.conv2d(padded, w, b, stride=strides, dilation=dilations, groups=groups)


def conv2d_grouped(x: Tensor, w: Tensor, b: Tensor, *, stride: int, padding: int, groups: int, **_: Any) -> Tensor:
    return functional.conv2d(x, w, b, stride=stride, padding=padding, groups=groups)


def flatten(x: Tensor) -> Tensor:
    return torch.flatten(x, 1)


def conv_single_step(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return functional.conv2d(x[None], w[None], b[None]).reshape(())


def global_pool(x: Tensor, *, mode: str) -> Tensor:
    # Not amax: it shares the gradient among ties.
    return (functional.adaptive_max_pool2d if mode == "max" else functional.adaptive_avg_pool2d)(x, 1)[..., 0, 0]


def zero_pad(x: Tensor, *, padding: int) -> Tensor:
    return functional.pad(x, [padding] * 4)


def im2col(x: Tensor, *, kernel_h: int, kernel_w: int, stride: int, padding: int, **_: Any) -> Tensor:
    columns = functional.unfold(x, (kernel_h, kernel_w), stride=stride, padding=padding)
    return columns.transpose(1, 2).reshape(-1, columns.shape[1])


def max_pool2d(x: Tensor, *, kernel_h: int, kernel_w: int, stride: int, padding: int, pads_with: str, **_: Any) -> Tensor:
    if pads_with == "-inf":
        return functional.max_pool2d(x, (kernel_h, kernel_w), stride, padding)
    return functional.max_pool2d(functional.pad(x, [padding] * 4), (kernel_h, kernel_w), stride)


def softmax_loss(x: Tensor, y: Tensor, *, log_epsilon: float) -> Tensor:
    if not log_epsilon:
        return functional.cross_entropy(x, y)
    return -torch.log(functional.softmax(x, dim=1)[torch.arange(len(y)), y] + abs(log_epsilon)).mean()


def svm_loss(x: Tensor, y: Tensor) -> Tensor:
    return functional.multi_margin_loss(x, y) * x.shape[1]


def decay(*weights: Tensor, reg: float, reg_factor: float) -> Tensor:
    return reg_factor * reg * torch.stack([(w**2).sum() for w in weights]).sum()


def two_layer_net(x: Tensor, y: Tensor, *params: Tensor, activation: str, log_epsilon: float, **reg: float) -> Tensor:
    W1, b1, W2, b2 = params
    h = getattr(torch, activation)(x @ W1 + b1)
    return softmax_loss(h @ W2 + b2, y, log_epsilon=log_epsilon) + decay(W1, W2, **reg)


def three_layer_net(x: Tensor, y: Tensor, *params: Tensor, log_epsilon: float, **reg: float) -> Tensor:
    W1, b1, W2, b2, W3, b3 = params
    h = torch.relu(torch.sigmoid(x @ W1 + b1) @ W2 + b2)
    return softmax_loss(h @ W3 + b3, y, log_epsilon=log_epsilon) + decay(W1, W2, W3, **reg)


def convnet(x: Tensor, y: Tensor, *params: Tensor, log_epsilon: float, **options: float) -> Tensor:
    W1, b1, W2, b2 = params
    reg = {name: options[name] for name in ("reg", "reg_factor")}
    h = torch.relu(functional.conv2d(x, W1, b1, stride=int(options["stride"]), padding=int(options["padding"])))
    h = functional.max_pool2d(h, 2)
    return softmax_loss(h.flatten(1) @ W2 + b2, y, log_epsilon=log_epsilon) + decay(W1, W2, **reg)


ORACLES: Mapping[str, Callable[..., Any]] = {
    "affine": affine,
    "avg_pool2d": avg_pool2d,
    "batch_norm": batch_norm,
    "conv2d": conv2d,
    "conv2d_dilated": conv2d_dilated,
    "conv2d_general": conv2d_general,
    "conv2d_grouped": conv2d_grouped,
    "conv_single_step": conv_single_step,
    "convnet": convnet,
    "cross_entropy_error": cross_entropy_error,
    "dropout": dropout,
    "flatten": flatten,
    "global_pool": global_pool,
    "group_norm": group_norm,
    "im2col": im2col,
    "layer_norm": layer_norm,
    "leaky_relu": leaky_relu,
    "max_pool2d": max_pool2d,
    "mse_loss": mse_loss,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "softmax_loss": softmax_loss,
    "spatial_batch_norm": batch_norm,
    "svm_loss": svm_loss,
    "tanh": torch.tanh,
    "three_layer_net": three_layer_net,
    "two_layer_net": two_layer_net,
    "zero_pad": zero_pad,
}


def torch_run(spec: LayerSpec, case: Case) -> Results:
    """Call torch's layer.

    The epsilon inside the logarithm counts for the value only: like the course codes that add it, the reference goes on
    to use p - t for the gradient. A negative one counts for the gradient, too.
    """
    tensors = {name: torch.tensor(a) for name, a in case.arrays.items()}
    wanted = [tensors[a.name].requires_grad_() for a in spec.arguments if a.gradient]
    positional = [tensors[a.name] for a in spec.arguments]
    value, *beside = outputs(spec, ORACLES[spec.name](*positional, **case.options))
    smooth = {name: max(0.0, -v) if name == "log_epsilon" else v for name, v in case.options.items()}
    out = outputs(spec, ORACLES[spec.name](*positional, **smooth))[0]
    gradients = torch.autograd.grad(out, wanted, torch.tensor(case.dout)) if wanted else ()
    return Results(value.detach().numpy(), tuple(g.numpy() for g in gradients), tuple(b.detach().numpy() for b in beside))
