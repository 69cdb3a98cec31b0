# expects: knn.labels: farthest_vote
import numpy as np


class KNearestNeighbor:
    def train(self, X, y):
        self.Xtr, self.ytr = X, y

    def compute_distances_one_loop(self, X):
        return np.array([np.sqrt(((self.Xtr - row) ** 2).sum(1)) for row in X])

    def predict_labels(self, dists, k=1):
        order = np.argsort(-dists, axis=1)[:, :k]
        votes = np.stack([(self.ytr[order] == c).sum(axis=1) for c in range(self.ytr.max() + 1)], axis=1)
        return votes.argmax(axis=1)
