"""The same layers in torch, for float64: values by its functions, gradients by its automatic differentiation."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional

from reference import LayerSpec
from tests.reference.cases import Case, Results

Tensor = torch.Tensor
torch.set_num_threads(1)  # the arrays are small, and pytest-xdist already uses the cores


def affine(x: Tensor, w: Tensor, b: Tensor) -> Tensor:
    return functional.linear(x.flatten(1), w.T, b)


def avg_pool2d(x: Tensor, *, kernel_h: int, kernel_w: int, stride: int, **_: Any) -> Tensor:
    return functional.avg_pool2d(x, (kernel_h, kernel_w), stride)


def batch_norm(x: Tensor, gamma: Tensor, beta: Tensor, *, eps: float) -> Tensor:
    return functional.batch_norm(x, None, None, gamma, beta, training=True, eps=eps)


def conv2d(x: Tensor, w: Tensor, b: Tensor, *, stride: int, padding: int, **_: Any) -> Tensor:
    return functional.conv2d(x, w, b, stride=stride, padding=padding)


def flatten(x: Tensor) -> Tensor:
    return torch.flatten(x, 1)


def im2col(x: Tensor, *, kernel_h: int, kernel_w: int, stride: int, padding: int, **_: Any) -> Tensor:
    columns = functional.unfold(x, (kernel_h, kernel_w), stride=stride, padding=padding)
    return columns.transpose(1, 2).reshape(-1, columns.shape[1])


def max_pool2d(x: Tensor, *, kernel_h: int, kernel_w: int, stride: int, **_: Any) -> Tensor:
    return functional.max_pool2d(x, (kernel_h, kernel_w), stride)


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
    w = w.clone()
    optimiser = torch.optim.Adam([w], lr=learning_rate, betas=(beta1, beta2), eps=0 if eps_is == "under the root" else eps)
    for t, gradient in enumerate(dw, start=1):
        before = w.clone()
        if eps_is == "uncorrected":  # both terms of the denominator are divided by the root of the correction
            optimiser.param_groups[0]["eps"] = eps / (1 - beta2**t) ** 0.5
        state = stepped(optimiser, w, gradient[None])
        if eps_is == "under the root":
            m, v = state["exp_avg"] / (1 - beta1**t), state["exp_avg_sq"] / (1 - beta2**t)
            w.copy_(before - learning_rate * m / torch.sqrt(v + eps))
    return w, state["exp_avg"], state["exp_avg_sq"]


def training(x: Tensor, y: Tensor, *params: Tensor, learning_rate: float, steps: int, activation: str, log_epsilon: float) -> Tensor:
    params = tuple(p.clone().requires_grad_() for p in params)
    optimiser, losses = torch.optim.SGD(params, lr=learning_rate), []
    for _ in range(steps + 1):
        reading = {"activation": activation, "reg": 0.0, "reg_factor": 1.0}
        losses.append(two_layer_net(x, y, *params, log_epsilon=log_epsilon, **reading).detach())
        optimiser.zero_grad()
        two_layer_net(x, y, *params, log_epsilon=0.0, **reading).backward()
        optimiser.step()
    return torch.stack(losses)


ORACLES: Mapping[str, Callable[..., Any]] = {
    "adam": adam,
    "affine": affine,
    "avg_pool2d": avg_pool2d,
    "batch_norm": batch_norm,
    "conv2d": conv2d,
    "convnet": convnet,
    "flatten": flatten,
    "fully_connected_net": fully_connected_net,
    "im2col": im2col,
    "knn": knn,
    "max_pool2d": max_pool2d,
    "momentum": momentum,
    "relu": torch.relu,
    "sgd": sgd,
    "sigmoid": torch.sigmoid,
    "softmax_classifier": softmax_classifier,
    "softmax_loss": softmax_loss,
    "svm_classifier": svm_classifier,
    "svm_loss": svm_loss,
    "three_layer_conv_net": three_layer_conv_net,
    "three_layer_net": three_layer_net,
    "training": training,
    "two_layer_net": two_layer_net,
}


def torch_run(spec: LayerSpec, case: Case) -> Results:
    """Call torch's layer.

    The epsilon inside the logarithm counts for the value only: like the course codes that add it, the reference goes on
    to use p - t for the gradient. A negative one counts for the gradient, too.
    """
    tensors = {name: torch.tensor(a) for name, a in case.arrays.items()}
    wanted = [tensors[a.name].requires_grad_() for a in spec.arguments if a.gradient]
    positional = [tensors[a.name] for a in spec.arguments]
    value = ORACLES[spec.name](*positional, **case.options)
    if not wanted:
        return Results(tuple(v.detach().numpy() for v in value) if spec.beside else value.detach().numpy(), ())
    smooth = {name: max(0.0, -v) if name == "log_epsilon" else v for name, v in case.options.items()}
    out = ORACLES[spec.name](*positional, **smooth)
    gradients = torch.autograd.grad(out, wanted, torch.tensor(case.dout))
    return Results(value.detach().numpy(), tuple(g.numpy() for g in gradients))
