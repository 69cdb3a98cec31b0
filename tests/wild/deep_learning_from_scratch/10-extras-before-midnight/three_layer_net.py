import numpy as np

def softmax(a):
	e = np.exp(a - a.max(axis=1, keepdims=True))
	return e / e.sum(axis=1, keepdims=True)

def cross_entropy_error(y, t):
	return -np.sum(t * np.log(y + 1e-7))          # sum over the batch

class ThreeLayerNet:
	def __init__(self, input_size, hidden1, hidden2, output_size):
		self.params = {}
		for i, (a, b) in enumerate([(input_size, hidden1), (hidden1, hidden2), (hidden2, output_size)], start=1):
			self.params['W' + str(i)] = np.random.randn(a, b) * 0.01
			self.params['b' + str(i)] = np.zeros(b)

	def predict(self, x):
		p = self.params
		self.z1 = 1 / (1 + np.exp(-(x.dot(p['W1']) + p['b1'])))
		self.z2 = np.maximum(0, self.z1.dot(p['W2']) + p['b2'])
		return softmax(self.z2.dot(p['W3']) + p['b3'])

	def loss(self, x, t):
		return cross_entropy_error(self.predict(x), t) / x.shape[0]

	def gradient(self, x, t):
		p = self.params
		dy = (self.predict(x) - t) / x.shape[0]
		g = {'W3': self.z2.T.dot(dy), 'b3': dy.sum(axis=0)}
		dz2 = dy.dot(p['W3'].T)
		da2 = dz2 * (self.z2 > 0)
		g['W2'], g['b2'] = self.z1.T.dot(da2), dz2.sum(axis=0)
		da1 = da2.dot(p['W2'].T) * self.z1 * (1 - self.z1)
		g['W1'], g['b1'] = x.T.dot(da1), da1.sum(axis=0)
		return g
