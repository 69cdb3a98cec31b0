import numpy as np

# everything in single precision, like on the GPU
F = np.float32

def sig(v):
	return (1. / (1. + np.exp(-v))).astype(F)

def smax(v):
	v = v - np.max(v, axis=-1, keepdims=True)
	ex = np.exp(v)
	return (ex / np.sum(ex, axis=-1, keepdims=True)).astype(F)

def cast(*arrays):
	return [np.asarray(a, dtype=F) for a in arrays]

def gradient_two_layer(x, t, W1, b1, W2, b2):
	x, t, W1, b1, W2, b2 = cast(x, t, W1, b1, W2, b2)
	N = F(x.shape[0])
	# forward ---------------------------
	h = sig(x.dot(W1) + b1)
	p = smax(h.dot(W2) + b2)
	# backward --------------------------
	g = {}
	delta2 = (p - t) / N
	g['b2'] = delta2.sum(0)
	g['W2'] = h.T.dot(delta2)
	delta1 = delta2.dot(W2.T) * (h - h ** 2)
	g['b1'] = delta1.sum(0)
	g['W1'] = x.T.dot(delta1)
	return g

def gradient_three_layer(x, t, W1, b1, W2, b2, W3, b3):
	x, t, W1, b1, W2, b2, W3, b3 = cast(x, t, W1, b1, W2, b2, W3, b3)
	N = F(x.shape[0])
	# forward ---------------------------
	h1 = sig(x.dot(W1) + b1)
	s2 = h1.dot(W2) + b2
	h2 = np.maximum(s2, F(0))
	p = smax(h2.dot(W3) + b3)
	# backward --------------------------
	g = {}
	delta3 = (p - t) / N
	g['b3'] = delta3.sum(0)
	g['W3'] = h2.T.dot(delta3)
	delta2 = delta3.dot(W3.T)
	delta2[s2 <= 0] = 0
	g['b2'] = delta2.sum(0)
	g['W2'] = h1.T.dot(delta2)
	delta1 = delta2.dot(W2.T)		# first layer
	g['b1'] = delta1.sum(0)
	g['W1'] = x.T.dot(delta1)
	return g
