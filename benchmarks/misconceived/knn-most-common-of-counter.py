# expects: knn.labels: ties_go_to_the_nearest
from collections import Counter

import numpy as np


class KNearestNeighbor:
    def train(self, X, y):
        self.X_train = X
        self.y_train = y

    def compute_distances_no_loops(self, X):
        gap = X[:, None, :] - self.X_train[None, :, :]
        return np.sqrt((gap ** 2).sum(axis=-1))

    def predict_labels(self, dists, k=1):
        labels = []
        for row in dists:
            neighbours = sorted(range(len(row)), key=lambda j: row[j])[:k]
            labels.append(Counter(self.y_train[j] for j in neighbours).most_common(1)[0][0])
        return np.array(labels)
