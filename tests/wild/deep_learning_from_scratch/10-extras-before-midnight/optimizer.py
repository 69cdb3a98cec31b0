import numpy as np


class SGD:
	"""with decay of the learning rate, which the book does not have"""
	def __init__(self, lr=0.01):
		self.lr = lr

	def update(self, params, grads):
		for key in params:
			params[key] -= self.lr * grads[key]
		self.lr *= 0.95


class Momentum:
	def __init__(self, lr=0.01, momentum=0.9):
		self.lr, self.momentum = lr, momentum
		self.v = None

	def update(self, params, grads):
		self.v = {key: np.zeros_like(value) for key, value in params.items()}      # every time?
		for key in params:
			self.v[key] = self.momentum * self.v[key] + self.lr * grads[key]
			params[key] -= self.v[key]
