"""Right answers as students of CS231n spell them. Windows come from the reference: the spelling is what is tested."""

from itertools import pairwise

import numpy as np

from reference.layers import avg_pool2d, conv2d, conv2d_dilated, conv2d_grouped, max_pool2d


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, _ = cache
    return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(axis=0)


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def sigmoid_forward(x):
    out = 1 / (1 + np.exp(-x))
    return out, out


def sigmoid_backward(dout, cache):
    return [dout * cache * (1 - cache)]


def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
    running_mean = bn_param.get("running_mean", np.zeros(x.shape[1], x.dtype))
    running_var = bn_param.get("running_var", np.zeros(x.shape[1], x.dtype))
    if mode != "train":
        return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta, None
    mean, var = x.mean(axis=0), x.var(axis=0)
    bn_param["running_mean"] = momentum * running_mean + (1 - momentum) * mean
    bn_param["running_var"] = momentum * running_var + (1 - momentum) * var
    x_hat = (x - mean) / np.sqrt(var + eps)
    return gamma * x_hat + beta, (x_hat, gamma, np.sqrt(var + eps))


def batchnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    N, dx_hat = len(dout), dout * gamma
    dx = (N * dx_hat - dx_hat.sum(axis=0) - x_hat * (dx_hat * x_hat).sum(axis=0)) / (N * std)
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def tanh_forward(x):
    out = np.tanh(x)
    return out, out


def tanh_backward(dout, cache):
    return dout * (1 - cache**2)


def leaky_relu_forward(x, alpha):
    return np.where(x > 0, x, alpha * x), (x, alpha)


def leaky_relu_backward(dout, cache):
    x, alpha = cache
    return np.where(x > 0, dout, alpha * dout)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    out, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, C), gamma, beta, bn_param)
    return out.reshape(N, H, W, C).transpose(0, 3, 1, 2), cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.transpose(0, 2, 3, 1).reshape(-1, C), cache)
    return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2), dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    std = np.sqrt(x.var(axis=1, keepdims=True) + ln_param.get("eps", 1e-5))
    x_hat = (x - x.mean(axis=1, keepdims=True)) / std
    return gamma * x_hat + beta, (x_hat, gamma, std)


def layernorm_backward(dout, cache):
    x_hat, gamma, std = cache
    g = dout * gamma
    dx = (g - g.mean(axis=1, keepdims=True) - x_hat * (g * x_hat).mean(axis=1, keepdims=True)) / std
    return dx, (dout * x_hat).sum(axis=0), dout.sum(axis=0)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    assert gamma.shape == beta.shape == (1, x.shape[1], 1, 1)
    groups = x.reshape(len(x), G, -1)
    std = np.sqrt(groups.var(axis=2, keepdims=True) + gn_param.get("eps", 1e-5))
    x_hat = (groups - groups.mean(axis=2, keepdims=True)) / std
    return gamma * x_hat.reshape(x.shape) + beta, (x_hat, gamma, std)


def spatial_groupnorm_backward(dout, cache):
    x_hat, gamma, std = cache
    g = (dout * gamma).reshape(x_hat.shape)
    dx = (g - g.mean(axis=2, keepdims=True) - x_hat * (g * x_hat).mean(axis=2, keepdims=True)) / std
    along = dout * x_hat.reshape(dout.shape)
    return dx.reshape(dout.shape), along.sum(axis=(0, 2, 3), keepdims=True), dout.sum(axis=(0, 2, 3), keepdims=True)


def dropout_forward(x, dropout_param):
    """Keeps with a probability of 1 - p, as in the course's first years."""
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])  # noqa: NPY002 - as students do
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    mask = (np.random.rand(*x.shape) >= dropout_param["p"]) / (1 - dropout_param["p"])  # noqa: NPY002 - as students do
    return x * mask, (dropout_param, mask)


def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout if dropout_param["mode"] == "test" else dout * mask


def mse_loss(x, y):
    return np.mean((x - y) ** 2), 2 * (x - y) / x.size


def conv_forward_naive(x, w, b, conv_param):
    return conv2d.forward(x, w, b, stride=conv_param["stride"], padding=conv_param["pad"])


def conv_backward_naive(dout, cache):
    return list(conv2d.backward(dout, cache))


def conv_dilated_forward(x, w, b, conv_param):
    return conv2d_dilated.forward(x, w, b, stride=conv_param["stride"], padding=conv_param["pad"], dilation=conv_param["dilation"])


def conv_grouped_forward(x, w, b, conv_param):
    return conv2d_grouped.forward(x, w, b, stride=conv_param["stride"], padding=conv_param["pad"], groups=conv_param["groups"])


conv_dilated_backward = conv_grouped_backward = conv_backward_naive


def _window(pool_param):
    return {"kernel_h": pool_param["pool_height"], "kernel_w": pool_param["pool_width"], "stride": pool_param["stride"]}


def max_pool_forward_naive(x, pool_param):
    return max_pool2d.forward(x, **_window(pool_param))


def max_pool_backward_naive(dout, cache):
    return max_pool2d.backward(dout, cache)


def avg_pool_forward(x, pool_param):
    return avg_pool2d.forward(x, **_window(pool_param))


def avg_pool_backward(dout, cache):
    return avg_pool2d.backward(dout, cache)


def softmax_loss(x, y):
    rows = np.arange(len(x))
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    dx = p.copy()
    dx[rows, y] -= 1
    return -np.log(p[rows, y]).mean(), dx / len(x)


def svm_loss(x, y):
    rows = np.arange(len(x))
    margins = np.maximum(0, x - x[rows, y][:, None] + 1)
    margins[rows, y] = 0
    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] -= dx.sum(axis=1)
    return margins.sum() / len(x), dx / len(x)


def _indices(x_shape, field_height, field_width, padding, stride):
    _, C, H, W = x_shape
    out_height, out_width = (H + 2 * padding - field_height) // stride + 1, (W + 2 * padding - field_width) // stride + 1
    i0 = np.tile(np.repeat(np.arange(field_height), field_width), C)
    i1 = stride * np.repeat(np.arange(out_height), out_width)
    j0 = np.tile(np.arange(field_width), field_height * C)
    j1 = stride * np.tile(np.arange(out_width), out_height)
    k = np.repeat(np.arange(C), field_height * field_width).reshape(-1, 1)
    return k, i0.reshape(-1, 1) + i1.reshape(1, -1), j0.reshape(-1, 1) + j1.reshape(1, -1)


def im2col_indices(x, field_height, field_width, padding=1, stride=1):
    p = padding
    k, i, j = _indices(x.shape, field_height, field_width, padding, stride)
    cols = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))[:, k, i, j]
    return cols.transpose(1, 2, 0).reshape(field_height * field_width * x.shape[1], -1)


def col2im_indices(cols, x_shape, field_height=3, field_width=3, padding=1, stride=1):
    N, C, H, W = x_shape
    padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), cols.dtype)
    k, i, j = _indices(x_shape, field_height, field_width, padding, stride)
    np.add.at(padded, (slice(None), k, i, j), cols.reshape(C * field_height * field_width, -1, N).transpose(2, 0, 1))
    return padded[:, :, padding : padding + H, padding : padding + W]


ACTIVATIONS = {1: (sigmoid_forward, sigmoid_backward), 2: (relu_forward, relu_backward)}


def net_loss(params, X, y, reg):
    """Return loss and gradients of a net of two or three layers: sigmoid, ReLU, softmax; regularised by reg * sum(W*W)."""
    depth, h, caches = len(params) // 2, X, []
    for n in range(1, depth + 1):
        h, cache = affine_forward(h, params[f"W{n}"], params[f"b{n}"])
        h, active = ACTIVATIONS[n][0](h) if n < depth else (h, None)
        caches.append((cache, active))
    loss, dout = softmax_loss(h, y)
    grads = {}
    for n in range(depth, 0, -1):
        cache, active = caches[n - 1]
        if n < depth:
            dout = np.reshape(ACTIVATIONS[n][1](dout, active), dout.shape)
        dout, grads[f"W{n}"], grads[f"b{n}"] = affine_backward(dout, cache)
        loss += reg * (params[f"W{n}"] ** 2).sum()
        grads[f"W{n}"] += 2 * reg * params[f"W{n}"]
    return loss, grads


class TwoLayerNet:
    """As in assignment 1: the regularisation is an argument of `loss`."""

    def __init__(self, input_size, hidden_size, output_size, std=1e-4):
        sizes = (input_size, hidden_size, output_size)
        self.params = {f"W{n}": std * np.ones(sizes[n - 1 : n + 1]) for n in (1, 2)} | {f"b{n}": np.zeros(sizes[n]) for n in (1, 2)}

    def loss(self, X, y=None, reg=0.0):
        return net_loss(self.params, X, y, reg)


class ThreeLayerNet:
    """As in assignment 2: the regularisation belongs to the net; it starts with no parameters at all."""

    def __init__(self, input_dim, hidden_1, hidden_2, num_classes, reg=0.0):
        self.reg, self.params = reg, {}
        self.sizes = (input_dim, hidden_1, hidden_2, num_classes)

    def loss(self, X, y=None):
        return net_loss(self.params, X, y, self.reg)


def layers_loss(params, X, y, reg):
    """Return loss and gradients of affine layers with ReLU between them, regularised by reg * sum(W*W); and dX."""
    depth, h, caches = sum(name[0] == "W" for name in params), X, []
    first = min(int(name[1:]) for name in params)
    for n in range(first, first + depth):
        h, cache = affine_forward(h, params[f"W{n}"], params[f"b{n}"])
        h, active = relu_forward(h) if n < first + depth - 1 else (h, None)
        caches.append((cache, active))
    loss, dout = softmax_loss(h, y)
    grads = {}
    for n in reversed(range(first, first + depth)):
        cache, active = caches.pop()
        dout = dout if active is None else np.reshape(relu_backward(dout, active), dout.shape)
        dout, grads[f"W{n}"], grads[f"b{n}"] = affine_backward(dout, cache)
        loss += reg * (params[f"W{n}"] ** 2).sum()
        grads[f"W{n}"] += 2 * reg * params[f"W{n}"]
    return loss, grads, dout


class FullyConnectedNet:
    """As in assignment 2: single precision unless it is told otherwise."""

    def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, reg=0.0, weight_scale=1e-2, dtype=np.float32, seed=None):
        self.reg, self.dtype, sizes = reg, dtype, (input_dim, *hidden_dims, num_classes)
        self.params = {f"W{n}": np.zeros(sizes[n - 1 : n + 1], dtype) for n in range(1, len(sizes))}
        self.params |= {f"b{n}": np.zeros(sizes[n], dtype) for n in range(1, len(sizes))}

    def loss(self, X, y=None):
        return layers_loss(self.params, X.astype(self.dtype), y, self.reg)[:2]


class ThreeLayerConvNet:
    """As in assignment 2."""

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
    ):
        C, H, W = input_dim
        sizes = (num_filters * (H // 2) * (W // 2), hidden_dim, num_classes)
        self.reg, self.dtype = reg, dtype
        self.params = {"W1": np.zeros((num_filters, C, filter_size, filter_size), dtype), "b1": np.zeros(num_filters, dtype)}
        for n in (2, 3):
            self.params |= {f"W{n}": np.zeros(sizes[n - 2 : n], dtype), f"b{n}": np.zeros(sizes[n - 1], dtype)}

    def loss(self, X, y=None):
        W1 = self.params["W1"]
        a, conv_cache = conv_forward_naive(X, W1, self.params["b1"], {"stride": 1, "pad": (W1.shape[2] - 1) // 2})
        h, mask = relu_forward(a)
        pooled, pool_cache = max_pool_forward_naive(h, {"pool_height": 2, "pool_width": 2, "stride": 2})
        rest = {name: p for name, p in self.params.items() if name[1] != "1"}
        loss, grads, dX = layers_loss(rest, pooled, y, self.reg)
        da = np.reshape(relu_backward(max_pool_backward_naive(dX.reshape(pooled.shape), pool_cache), mask), a.shape)
        _, grads["W1"], grads["b1"] = conv_backward_naive(da, conv_cache)
        grads["W1"] += 2 * self.reg * W1
        return loss + self.reg * (W1**2).sum(), grads


class ConvNet:
    """In the style of assignment 2: a list of filters for each block that ends in a pooling."""

    def __init__(self, input_dim, num_filters, filter_size, hidden_dims, num_classes, reg=0.0, dtype=np.float32):
        (C, H, W), shrunk = input_dim, 2 ** len(num_filters)
        self.blocks, self.reg, self.params = [len(block) for block in num_filters], reg, {}
        filters = [made for block in num_filters for made in block]
        sizes = (filters[-1] * (H // shrunk) * (W // shrunk), *hidden_dims, num_classes)
        shapes = [(made, seen, filter_size, filter_size) for seen, made in zip((C, *filters), filters, strict=False)]
        for n, shape in enumerate((*shapes, *pairwise(sizes)), start=1):
            self.params |= {f"W{n}": np.zeros(shape, dtype), f"b{n}": np.zeros(shape[0 if len(shape) == 4 else 1], dtype)}

    def loss(self, X, y=None):
        h, caches, n, loss, grads = X, [], 0, 0.0, {}
        for block in self.blocks:
            for _ in range(block):
                n += 1
                w = self.params[f"W{n}"]
                h, conv_cache = conv_forward_naive(h, w, self.params[f"b{n}"], {"stride": 1, "pad": w.shape[2] // 2})
                h, mask = relu_forward(h)
                caches.append((n, conv_cache, mask))
            h, pool_cache = max_pool_forward_naive(h, {"pool_height": 2, "pool_width": 2, "stride": 2})
            caches.append((0, pool_cache, None))
        rest = {name: p for name, p in self.params.items() if int(name[1:]) > n}
        loss, grads, d = layers_loss(rest, h, y, self.reg)
        d = d.reshape(h.shape)
        for n, cache, mask in reversed(caches):
            if not n:
                d = max_pool_backward_naive(d, cache)
                continue
            w = self.params[f"W{n}"]
            d, grads[f"W{n}"], grads[f"b{n}"] = conv_backward_naive(np.reshape(relu_backward(d, mask), mask.shape), cache)
            loss, grads[f"W{n}"] = loss + self.reg * (w**2).sum(), grads[f"W{n}"] + 2 * self.reg * w
        return loss, grads


def svm_loss_vectorized(W, X, y, reg):
    loss, dscores = svm_loss(X @ W, y)
    return loss + reg * (W * W).sum(), X.T @ dscores + 2 * reg * W


def softmax_loss_vectorized(W, X, y, reg):
    loss, dscores = softmax_loss(X @ W, y)
    return loss + reg * (W * W).sum(), X.T @ dscores + 2 * reg * W


class KNearestNeighbor:
    def train(self, X, y):
        self.X, self.y = X, y

    def compute_distances_no_loops(self, X):
        return np.sqrt((X**2).sum(axis=1)[:, None] - 2 * X @ self.X.T + (self.X**2).sum(axis=1))

    def predict_labels(self, dists, k=1):
        return np.array([np.bincount(self.y[np.argsort(row)[:k]]).argmax() for row in dists])


def sgd(w, dw, config=None):
    w -= config["learning_rate"] * dw
    return w, config


def sgd_momentum(w, dw, config=None):
    config["velocity"] = config["momentum"] * config.get("velocity", np.zeros_like(w)) - config["learning_rate"] * dw
    return w + config["velocity"], config


def adam(w, dw, config=None):
    config.setdefault("t", 0)
    config["t"] += 1
    b1, b2, t = config["beta1"], config["beta2"], config["t"]
    config["m"] = b1 * config.get("m", 0) + (1 - b1) * dw
    config["v"] = b2 * config.get("v", 0) + (1 - b2) * dw**2
    m, v = config["m"] / (1 - b1**t), config["v"] / (1 - b2**t)
    return w - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"]), config
