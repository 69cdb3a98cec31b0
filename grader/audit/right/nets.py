"""Right ways to compute the nets."""

from typing import Any

import numpy as np

from grader.audit.right import conv, dense, losses, pooling
from grader.audit.students import Right, Student
from reference import Array
from reference.convolutional import POOL


def _sigmoid(a: Array) -> Array:
    return 0.5 * (1 + np.tanh(0.5 * a))


def _net(kinds: tuple[str, ...]) -> Student:
    """A net with its layers and gradients in one place; dW by einsum, the softmax by logarithms."""

    def forward(*, x: Array, y: Array, reg: float, **params: Array) -> tuple[Any, Any]:
        hs = [x]
        for i, kind in enumerate((*kinds, "")):
            a = np.einsum("nd,dm->nm", hs[-1], params[f"W{i + 1}"]) + params[f"b{i + 1}"]
            hs.append({"relu": a * (a > 0), "sigmoid": _sigmoid(a), "": a}[kind])
        log_p = hs[-1] - np.logaddexp.reduce(hs[-1], axis=1, keepdims=True)
        loss = -log_p[np.arange(len(y)), y].mean()
        weights = [params[f"W{i + 1}"] for i in range(len(kinds) + 1)]
        return loss + sum(reg * (w.ravel() @ w.ravel()) for w in reversed(weights)), (hs, log_p, y, weights, reg)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        hs, log_p, y, weights, reg = cache
        d = dout * (np.exp(log_p) - np.eye(log_p.shape[1], dtype=log_p.dtype)[y]) / len(y)
        grads: list[Array] = []
        for i in reversed(range(len(weights))):
            grads[:0] = [np.einsum("nd,nm->dm", hs[i], d) + 2 * dout * reg * weights[i], np.einsum("nm->m", d)]
            if i:
                d = np.einsum("nm,dm->nd", d, weights[i]) * ((hs[i] > 0) if kinds[i - 1] == "relu" else hs[i] * (1 - hs[i]))
        return tuple(grads)

    return Student(forward, backward)


_LAYERS = {(r.layer, r.name): r.student for r in (*dense.RIGHT, *conv.RIGHT, *pooling.RIGHT, *losses.RIGHT)}


def _convnet() -> Student:
    """The net of other right layers than the reference's."""
    stages = [_LAYERS["conv2d", "tensordot by shifts"], _LAYERS["relu", "maximum"], _LAYERS["max_pool2d", "add.at"]]
    last, loss = _LAYERS["affine", "bias as a column"], _LAYERS["softmax_loss", "log-sum-exp"]

    def forward(*, x: Array, y: Array, stride: int, padding: int, reg: float, **params: Array) -> tuple[Any, Any]:
        W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
        window = {"kernel_h": POOL, "kernel_w": POOL, "stride": POOL}
        given: list[dict[str, Any]] = [{"w": W1, "b": b1, "stride": stride, "padding": padding}, {}, window]
        h, caches = x, []
        for stage, options in zip(stages, given, strict=True):
            h, kept = stage.forward(h, **options)
            caches.append(kept)
        scores, affine_cache = last.forward(h.reshape(len(x), -1), W2, b2)
        out, loss_cache = loss.forward(scores, y)
        weights = W1, W2
        penalty = reg * sum(np.linalg.norm(w) ** 2 for w in weights)
        return out + out.dtype.type(penalty), (caches, h.shape, affine_cache, loss_cache, weights, reg)

    def backward(dout: Array, cache: Any) -> tuple[Array, ...]:
        caches, pooled, affine_cache, loss_cache, (W1, W2), reg = cache
        (d,) = _back(loss, dout, loss_cache)
        d, dW2, db2 = _back(last, d, affine_cache)
        d = d.reshape(pooled)
        for stage, kept in reversed(list(zip(stages[1:], caches[1:], strict=True))):
            (d,) = _back(stage, d, kept)
        _, dW1, db1 = _back(stages[0], d, caches[0])
        return dW1 + 2 * dout * reg * W1, db1, dW2 + 2 * dout * reg * W2, db2

    return Student(forward, backward)


def _back(student: Student, dout: Array, cache: Any) -> tuple[Any, ...]:
    assert student.backward
    return student.backward(dout, cache)


RIGHT = (
    Right(name="by hand", layer="two_layer_net", student=_net(("sigmoid",))),
    Right(name="by hand", layer="three_layer_net", student=_net(("sigmoid", "relu"))),
    Right(name="of other right layers", layer="convnet", student=_convnet()),
)
