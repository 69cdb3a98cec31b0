#!/usr/bin/python
# -*- coding: utf-8 -*-
# Convolutional net, python 2.7 + numpy 1.8.  usage: python cnn.py data.pkl
import sys
import cPickle as pickle
import numpy as np

class Conv(object):
	def __init__(self, n_in, n_out, ksize, stride, pad):
		self.w = 0.01*np.random.randn(n_out, n_in, ksize, ksize)
		self.b = np.zeros(n_out)
		self.ksize, self.stride, self.pad = ksize, stride, pad

	def forward(self, x):
		n, c, h, w = x.shape
		k, s, p = self.ksize, self.stride, self.pad
		self.h, self.wd = h, w
		self.xp = np.zeros((n, c, h + 2*p, w + 2*p))
		self.xp[:, :, p:h + p, p:w + p] = x
		oh = (h + 2*p - k)/s + 1
		ow = (w + 2*p - k)/s + 1
		out = np.zeros((n, len(self.w), oh, ow))
		flat = self.w.reshape(len(self.w), -1)
		for i in xrange(oh):
			for j in xrange(ow):
				a = self.xp[:, :, i*s:i*s + k, j*s:j*s + k].reshape(n, -1)
				out[:, :, i, j] = np.dot(a, flat.T) + self.b
		return out

	def backward(self, dout):
		n, f, oh, ow = dout.shape
		k, s, p = self.ksize, self.stride, self.pad
		flat = self.w.reshape(f, -1)
		dflat, dxp = np.zeros(flat.shape), np.zeros(self.xp.shape)
		for i in xrange(oh):
			for j in xrange(ow):
				a = self.xp[:, :, i*s:i*s + k, j*s:j*s + k].reshape(n, -1)
				dflat += np.dot(dout[:, :, i, j].T, a)
				dxp[:, :, i*s:i*s + k, j*s:j*s + k] += np.dot(dout[:, :, i, j], flat).reshape(n, -1, k, k)
		self.dw = dflat.reshape(self.w.shape)
		self.db = dout.sum(3).sum(2).sum(0)
		return dxp[:, :, p:p + self.h, p:p + self.wd]

class MaxPool(object):
	def __init__(self, ksize, stride):
		self.ksize, self.stride = ksize, stride

	def forward(self, x):
		n, c, h, w = x.shape
		k, s = self.ksize, self.stride
		oh, ow = (h - k)/s + 1, (w - k)/s + 1
		self.x = x
		self.out = -sys.maxint*np.ones((n, c, oh, ow))
		for i in xrange(k):
			for j in xrange(k):
				self.out = np.maximum(self.out, x[:, :, i:i + (oh - 1)*s + 1:s, j:j + (ow - 1)*s + 1:s])
		return self.out

	def backward(self, dout):
		k, s = self.ksize, self.stride
		oh, ow = dout.shape[2:]
		dx = np.zeros(self.x.shape)
		for i in xrange(k):
			for j in xrange(k):
				rows, cols = slice(i, i + (oh - 1)*s + 1, s), slice(j, j + (ow - 1)*s + 1, s)
				dx[:, :, rows, cols] += dout*(self.x[:, :, rows, cols] == self.out)
		return dx

class AvgPool(object):
	def __init__(self, ksize, stride):
		self.ksize, self.stride = ksize, stride

	def forward(self, x):
		self.shape = x.shape
		k, s = self.ksize, self.stride
		oh, ow = (x.shape[2] - k)/s + 1, (x.shape[3] - k)/s + 1
		out = np.zeros(x.shape[:2] + (oh, ow))
		for i in xrange(oh):
			for j in xrange(ow):
				out[:, :, i, j] = x[:, :, i*s:i*s + k, j*s:j*s + k].mean(3).mean(2)
		return out

	def backward(self, dout):
		k, s = self.ksize, self.stride
		dx = np.zeros(self.shape)
		share = 1/(k*k)
		for i in xrange(dout.shape[2]):
			for j in xrange(dout.shape[3]):
				dx[:, :, i*s:i*s + k, j*s:j*s + k] += share*dout[:, :, i:i + 1, j:j + 1]
		return dx

class FC(object):
	def __init__(self, nin, nout):
		self.w, self.b = 0.01*np.random.randn(nin, nout), np.zeros(nout)

	def forward(self, x):
		self.x = x
		out = np.dot(x, self.w) + self.b
		if np.isnan(out).any():
			print out.shape, 'nan!'
		return out

	def backward(self, dout):
		self.dw, self.db = np.dot(self.x.T, dout), dout.sum(0)
		return np.dot(dout, self.w.T)

class ReluLayer(object):
	def forward(self, x):
		self.x = x
		return (np.abs(x) + x)/2

	def backward(self, dout):
		return dout*(1 + np.sign(self.x))*0.5*(self.x <> 0)

if __name__ == '__main__':
	if len(sys.argv) < 2:
		print 'usage: python %s data.pkl' % sys.argv[0]
		sys.exit(1)
	with open(sys.argv[1], 'rb') as f:
		data = pickle.load(f)
	print len(data), 'images loaded'
