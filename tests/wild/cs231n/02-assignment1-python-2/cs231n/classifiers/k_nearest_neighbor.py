import numpy as np

class KNearestNeighbor:
  """ a kNN classifier with L2 distance """

  def __init__(self):
    pass

  def train(self, X, y):
    self.X_train = X
    self.y_train = y

  def predict(self, X, k=1, num_loops=0):
    if num_loops == 0:
      dists = self.compute_distances_no_loops(X)
    elif num_loops == 1:
      dists = self.compute_distances_one_loop(X)
    elif num_loops == 2:
      dists = self.compute_distances_two_loops(X)
    else:
      raise ValueError, 'Invalid value %d for num_loops' % num_loops
    return self.predict_labels(dists, k=k)

  def compute_distances_two_loops(self, X):
    n, m = X.shape[0], self.X_train.shape[0]
    dists = np.zeros((n, m))
    for i in xrange(n):
      for j in xrange(m):
        diff = X[i, :] - self.X_train[j, :]
        dists[i, j] = np.sqrt(np.dot(diff, diff))
    return dists

  def compute_distances_one_loop(self, X):
    dists = np.zeros((X.shape[0], self.X_train.shape[0]))
    for i in xrange(X.shape[0]):
      dists[i] = np.sqrt(np.square(self.X_train - X[i]).sum(axis = 1))
    return dists

  def compute_distances_no_loops(self, X):
    # (a - b)^2 = a^2 - 2ab + b^2, the trick from the lecture notes
    a2 = np.square(X).sum(axis = 1)
    b2 = np.square(self.X_train).sum(axis = 1)
    ab = X.dot(self.X_train.T)
    return np.sqrt(a2[:, None] + b2[None, :] - 2 * ab)

  def predict_labels(self, dists, k=1):
    num_test = dists.shape[0]
    y_pred = np.zeros(num_test)
    for i in xrange(num_test):
      order = dists[i].argsort()
      votes = {}
      for label in self.y_train[order[:k]]:
        votes[label] = votes.get(label, 0) + 1
      best = max(votes.itervalues()) if hasattr(votes, 'itervalues') else max(votes.values())
      y_pred[i] = min([label for label in votes if votes[label] == best])
    return y_pred
