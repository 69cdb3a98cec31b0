import os
import pickle as pickle
import numpy as np
from cs231n import optim


class Solver(object):
  """ Trains a model; only the parts I use. """

  def __init__(self, model, data, **kwargs):
    self.model = model
    self.X_train, self.y_train = data['X_train'], data['y_train']
    self.update_rule = getattr(optim, kwargs.pop('update_rule', 'sgd'))
    self.optim_config = kwargs.pop('optim_config', {})
    self.batch_size = kwargs.pop('batch_size', 100)
    self.optim_configs = {p: dict(self.optim_config) for p in model.params}
    self.loss_history = []

  def step(self):
    pick = np.random.choice(len(self.X_train), self.batch_size)
    loss, grads = self.model.loss(self.X_train[pick], self.y_train[pick])
    self.loss_history.append(loss)
    for p, w in self.model.params.items():
      self.model.params[p], self.optim_configs[p] = self.update_rule(w, grads[p], self.optim_configs[p])
