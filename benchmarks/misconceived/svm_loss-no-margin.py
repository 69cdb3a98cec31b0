# expects: svm_loss.out: margin_forgotten
import numpy as np


class HingeLoss:
    def forward(self, scores, labels):
        self.dx = np.zeros(scores.shape, scores.dtype)
        N, C = scores.shape
        loss = 0
        for n in range(N):
            for c in range(C):
                if c == labels[n]:
                    continue
                diff = scores[n, c] - scores[n, labels[n]]
                if diff > 0:
                    loss += diff
                    self.dx[n, c] += 1
                    self.dx[n, labels[n]] -= 1
        self.dx /= N
        return loss / N

    def backward(self):
        return self.dx
