import numpy as np


class KNearestNeighbor(object):

    def train(self, X, y):
        self.X_train = X
        self.y_train = y

    def compute_distances_two_loops(self, X):
        dists = np.zeros((X.shape[0], self.X_train.shape[0]))
        for i in range(X.shape[0]):
            for j in range(self.X_train.shape[0]):
                dists[i, j] = np.sqrt(np.sum((X[i] - self.X_train[j]) ** 2))
        return dists

    def compute_distances_no_loops(self, X):
        cross = X.dot(self.X_train.T)
        return np.sqrt(np.sum(X ** 2, axis=1)[:, None] - 2 * cross + np.sum(self.X_train ** 2, axis=1))

    def predict_labels(self, dists, k=1):
        y_pred = np.zeros(dists.shape[0])
        for i in range(dists.shape[0]):
            closest_y = list(self.y_train[np.argsort(dists[i])[:k]])
            y_pred[i] = max(sorted(set(closest_y), reverse=True), key=closest_y.count)
        return y_pred
