import numpy as np
import matplotlib.pyplot as plt
import sklearn
import sklearn.datasets
from testCases import *
from init_utils import compute_loss, forward_propagation


def linear_forward(A, W, b):
	"""A: (units before, m); W: (units, units before); b: (units, 1)"""
	return np.dot(W, A) + b, (A, W, b)


def linear_backward(dZ, cache):
	A_prev, W, b = cache
	m = A_prev.shape[1]
	dA_prev = np.dot(W.T, dZ) / m
	dW = np.dot(dZ, A_prev.T) / m
	db = np.sum(dZ, axis=1, keepdims=True) / m
	return dA_prev, dW, db


def relu(Z, alpha=0.0):
	A = np.maximum(alpha * Z, Z)
	return A, Z


def relu_backward(dA, cache):
	dZ = dA
	dZ[dA <= 0] = 0
	return dZ


def sigmoid(Z):
	Z = np.clip(Z, -5, 5)
	return 1 / (1 + np.exp(-Z)), Z


def sigmoid_backward(dA, Z):
	s = 1 / (1 + np.exp(-Z))
	return dA * s * (1 - s)
