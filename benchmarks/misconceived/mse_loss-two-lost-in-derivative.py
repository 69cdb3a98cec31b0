# expects: mse_loss.dx: factor_2_forgotten
import numpy as np


class MSELoss:
    def forward(self, pred, target):
        self.pred, self.target = pred, target
        total = 0.0
        for p_row, t_row in zip(pred, target):
            for p, t in zip(p_row, t_row):
                total += (p - t) * (p - t)
        return total / pred.size

    def backward(self):
        n, d = self.pred.shape
        grad = np.empty_like(self.pred)
        for i in range(n):
            for j in range(d):
                grad[i, j] = (self.pred[i, j] - self.target[i, j]) / (n * d)
        return grad
