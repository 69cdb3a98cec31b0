# expects: knn.out: root_forgotten
import numpy as np


class KNearestNeighbor(object):
    def train(self, X, y):
        self.X_train, self.y_train = X, y

    def compute_distances_two_loops(self, X):
        dists = np.zeros((len(X), len(self.X_train)))
        for i, test in enumerate(X):
            for j, train in enumerate(self.X_train):
                difference = test - train
                dists[i][j] = difference.dot(difference)
        return dists

    def predict_labels(self, dists, k=1):
        pred = np.zeros(dists.shape[0])
        for i in range(dists.shape[0]):
            nearest = self.y_train[np.argpartition(dists[i], k - 1)[:k]]
            values, counts = np.unique(nearest, return_counts=True)
            pred[i] = values[counts.argmax()]
        return pred
