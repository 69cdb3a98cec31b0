import numpy as np

from .module import Module


class CrossEntropyLoss(Module):
    """Of scores; the labels are class numbers."""

    def forward(self, logits, target):
        shifted = logits - logits.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.target = np.exp(log_p), target
        return -log_p[np.arange(len(target)), target].mean()

    def backward(self):
        dx = self.p.copy()
        dx[np.arange(len(dx)), self.target] -= 1
        return dx / len(dx)


class MultiMarginLoss(Module):
    def forward(self, scores, target):
        rows = np.arange(len(target))
        margin = np.maximum(0, scores - scores[rows, target][:, None] + 1)
        margin[rows, target] = 0
        self.hit, self.target = (margin > 0).astype(scores.dtype), target
        return margin.sum() / len(target)

    def backward(self):
        dx = self.hit.copy()
        dx[np.arange(len(dx)), self.target] -= self.hit.sum(axis=1)
        return dx / len(dx)


class MSELoss(Module):
    def forward(self, y_true, y_pred):
        self.difference = y_pred - y_true
        return np.mean(self.difference**2)

    def backward(self):
        return 2 * self.difference / self.difference.size
