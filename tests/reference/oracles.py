"""The same layers in torch, for float64: values by its functions, gradients by its automatic differentiation."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional

from reference import LayerSpec, catalogue
from tests.reference.cases import Case, Results, outputs

Tensor = torch.Tensor
torch.set_num_threads(1)  # the arrays are small, and pytest-xdist already uses the cores


def affine(x: Tensor, w: Tensor, b: Tensor, **_: bool) -> Tensor:
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
    return x * factor * (1 if inverted else q), torch.tensor(q if training else 1.0, dtype=x.dtype), torch.zeros((), dtype=x.dtype)


def group_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, num_groups: int, eps: float) -> Tensor:
    return functional.group_norm(x, num_groups, gamma, beta, eps)


def layer_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float) -> Tensor:
    return functional.layer_norm(x, x.shape[1:], gamma, beta, eps)


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


def fully_connected_net(x: Tensor, y: Tensor, *params: Tensor, log_epsilon: float, **reg: float) -> Tensor:
    return affine_net(x, y, *params, log_epsilon=log_epsilon) + decay(*params[::2], **reg)


def affine_net(x: Tensor, y: Tensor, *params: Tensor, log_epsilon: float) -> Tensor:
    for w, b in zip(params[:-2:2], params[1:-2:2], strict=True):
        x = torch.relu(x @ w + b)
    return softmax_loss(x @ params[-2] + params[-1], y, log_epsilon=log_epsilon)


def three_layer_conv_net(x: Tensor, y: Tensor, W1: Tensor, b1: Tensor, *params: Tensor, log_epsilon: float, **reg: float) -> Tensor:
    h = functional.max_pool2d(torch.relu(functional.conv2d(x, W1, b1, padding=W1.shape[2] // 2)), 2)
    return affine_net(h.flatten(1), y, *params, log_epsilon=log_epsilon) + decay(W1, *params[::2], **reg)


def deep_conv_net(x: Tensor, y: Tensor, *params: Tensor, convs_per_pool: int, log_epsilon: float, **reg: float) -> Tensor:
    convs = sum(w.ndim == 4 for w in params)
    for i in range(convs):
        x = torch.relu(functional.conv2d(x, params[2 * i], params[2 * i + 1], padding="same"))
        x = functional.max_pool2d(x, 2) if (i + 1) % convs_per_pool == 0 else x
    return affine_net(x.flatten(1), y, *params[2 * convs :], log_epsilon=log_epsilon) + decay(*params[::2], **reg)


def svm_classifier(x: Tensor, y: Tensor, w: Tensor, **reg: float) -> Tensor:
    return svm_loss(x @ w, y) + decay(w, **reg)


def softmax_classifier(x: Tensor, y: Tensor, w: Tensor, *, log_epsilon: float, **reg: float) -> Tensor:
    return softmax_loss(x @ w, y, log_epsilon=log_epsilon) + decay(w, **reg)


def knn(x: Tensor, x_train: Tensor, y_train: Tensor, dists: Tensor, *, k: int) -> tuple[Tensor, Tensor]:
    nearest = y_train[dists.abs().topk(k, dim=1, largest=False).indices]
    votes = functional.one_hot(nearest).sum(dim=1)
    classes = torch.arange(votes.shape[1]).expand_as(votes)
    elected = torch.where(votes == votes.amax(dim=1, keepdim=True), classes, votes.shape[1]).amin(dim=1)
    return torch.cdist(x, x_train, compute_mode="donot_use_mm_for_euclid_dist"), elected.double()


def stepped(optimiser: Any, w: Tensor, dw: Tensor) -> Any:
    """Let an optimiser of torch go down the gradients; return its state."""
    for gradient in dw:
        w.grad = gradient.clone()
        optimiser.step()
    return optimiser.state[w]


def sgd(w: Tensor, dw: Tensor, *, learning_rate: float) -> Tensor:
    w = w.clone()
    stepped(torch.optim.SGD([w], lr=learning_rate), w, dw)
    return w


def momentum(w: Tensor, dw: Tensor, *, learning_rate: float, momentum: float, velocity_is: str) -> tuple[Tensor, Tensor]:
    w = w.clone()
    buffer = stepped(torch.optim.SGD([w], lr=learning_rate, momentum=momentum), w, dw)["momentum_buffer"]
    return w, buffer * {"gradient": 1, "descent": learning_rate, "step": -learning_rate}[velocity_is]


def adam(w: Tensor, dw: Tensor, *, learning_rate: float, beta1: float, beta2: float, eps: float, eps_is: str) -> tuple[Tensor, ...]:
    w, state = w.clone(), {}
    optimiser = torch.optim.Adam([w], lr=learning_rate, betas=(beta1, beta2), eps=eps)
    for t, gradient in enumerate(dw, start=1):
        if eps_is == "uncorrected":  # both terms of the denominator are divided by the root of the correction
            optimiser.param_groups[0]["eps"] = eps / (1 - beta2**t) ** 0.5
        state = stepped(optimiser, w, gradient[None])
    return w, state["exp_avg"], state["exp_avg_sq"]


def training(x: Tensor, y: Tensor, *params: Tensor, learning_rate: float, steps: int, activation: str, log_epsilon: float) -> Tensor:
    params = tuple(p.clone().requires_grad_() for p in params)
    optimiser, losses = torch.optim.SGD(params, lr=learning_rate), []
    for _ in range(steps + 1):
        reading: dict[str, Any] = {"activation": activation, "reg": 0.0, "reg_factor": 1.0}
        losses.append(two_layer_net(x, y, *params, log_epsilon=log_epsilon, **reading).detach())
        optimiser.zero_grad()
        two_layer_net(x, y, *params, log_epsilon=0.0, **reading).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return torch.stack(losses)


WRITTEN: Mapping[str, Callable[..., Any]] = {
    "adam": adam,
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
    "deep_conv_net": deep_conv_net,
    "dropout": dropout,
    "flatten": flatten,
    "fully_connected_net": fully_connected_net,
    "global_pool": global_pool,
    "group_norm": group_norm,
    "im2col": im2col,
    "knn": knn,
    "layer_norm": layer_norm,
    "max_pool2d": max_pool2d,
    "momentum": momentum,
    "mse_loss": mse_loss,
    "sgd": sgd,
    "softmax_classifier": softmax_classifier,
    "softmax_loss": softmax_loss,
    "spatial_batch_norm": batch_norm,
    "svm_classifier": svm_classifier,
    "svm_loss": svm_loss,
    "three_layer_conv_net": three_layer_conv_net,
    "three_layer_net": three_layer_net,
    "training": training,
    "two_layer_net": two_layer_net,
    "zero_pad": zero_pad,
}


def said(spec: LayerSpec) -> Callable[..., Any]:
    """Return what the spec itself says that torch calls it."""
    code = compile(spec.torch, spec.name, "eval")

    def oracle(*given: Tensor, **options: Any) -> Any:
        named = zip((a.name for a in spec.arguments), given, strict=True)
        return eval(code, {"torch": torch, "functional": functional, **dict(named), **options})  # noqa: S307 - our own words

    return oracle


ORACLES = {**WRITTEN, **{spec.name: said(spec) for spec in catalogue().values() if spec.torch}}


def torch_run(spec: LayerSpec, case: Case) -> Results:
    """Call torch's layer.

    The epsilon inside the logarithm counts for the value only: like the course codes that add it, the reference goes on
    to use p - t for the gradient. A negative one counts for the gradient, too.
    """
    tensors = {name: torch.tensor(a) for name, a in case.arrays.items()}
    wanted = [tensors[name].requires_grad_() for name in spec.gradients_of(tensors).values()]
    positional = [tensors[a.name] for a in spec.given(tensors)]
    value, *beside = (v.detach().numpy() for v in outputs(spec, ORACLES[spec.name](*positional, **case.options)))
    if not wanted:
        return Results(value, (), tuple(beside))
    smooth = {name: max(0.0, -v) if name == "log_epsilon" else v for name, v in case.options.items()}
    out = outputs(spec, ORACLES[spec.name](*positional, **smooth))[0]
    gradients = torch.autograd.grad(out, wanted, torch.tensor(case.dout))
    return Results(value, tuple(g.numpy() for g in gradients), tuple(beside))
