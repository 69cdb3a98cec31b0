# expects: nothing
import numpy as np


class KNearestNeighbor:
    def train(self, X, y):
        self.X, self.y = X, y

    def compute_distances_no_loops(self, X):
        gap = np.abs(X[:, None] - self.X[None])
        return np.cbrt((gap ** 3).sum(axis=2))

    def predict_labels(self, dists, k=1):
        weights = 1 / (dists + 1e-3)
        scores = np.stack([(weights * (self.y == c)).sum(axis=1) for c in range(self.y.max() + 1)], axis=1)
        return scores.argmax(axis=1)
