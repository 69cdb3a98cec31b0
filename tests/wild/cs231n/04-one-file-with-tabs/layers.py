# all my layers in a single file so i can copy it into the next assignment
# author: m.k.
import numpy as np

DEBUG = False


def affine_forward(x, w, b):
	out = x.reshape(x.shape[0], np.prod(x.shape[1:])).dot(w) + b.reshape(1, -1)
	if DEBUG: print('affine', x.shape, '->', out.shape)
	return out, (x, w, b)

def affine_backward(dout, cache):
	x, w, b = cache
	dx = dout.dot(w.T).reshape(*x.shape)
	dw = x.reshape(x.shape[0], np.prod(x.shape[1:])).T.dot(dout)
	db = np.sum(dout, axis=0)
	return dx, dw, db

def relu_forward(x):
	return (np.abs(x) + x) / 2, x

def relu_backward(dout, cache):
	x = cache
	return dout * (x >= 0)

def sigmoid_forward(x):
	# two branches so that exp never overflows
	out = np.empty_like(x)
	pos = x >= 0
	out[pos] = 1 / (1 + np.exp(-x[pos]))
	e = np.exp(x[~pos])
	out[~pos] = e / (1 + e)
	return out, out

def sigmoid_backward(dout, cache):
	return dout * cache * (1 - cache)

def tanh_forward(x):
	out = (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))
	return out, out

def tanh_backward(dout, cache):
	return dout * (1 - cache * cache)

def leaky_relu_forward(x, negative_slope):
	out = np.where(x < 0, negative_slope * x, x)
	return out, (x, negative_slope)

def leaky_relu_backward(dout, cache):
	x, slope = cache
	dx = np.array(dout)
	dx[x < 0] *= slope
	return dx

def batchnorm_forward(x, gamma, beta, bn_param):
	eps = bn_param.get('eps', 1e-5)
	momentum = bn_param.get('momentum', 0.9)
	running_mean = bn_param.get('running_mean', np.zeros(x.shape[1]))
	running_var = bn_param.get('running_var', np.zeros(x.shape[1]))
	if bn_param['mode'] == 'train':
		mean = x.mean(0)
		std = np.sqrt(x.var(0) + eps)
		xn = (x - mean) / std
		out = gamma * xn + beta
		running_mean = momentum * running_mean + (1 - momentum) * mean
		running_var = momentum * running_var + (1 - momentum) * std
		bn_param['running_mean'] = running_mean
		bn_param['running_var'] = running_var
		return out, (xn, std, gamma)
	xn = (x - running_mean) / np.sqrt(running_var + eps)
	return gamma * xn + beta, None

def batchnorm_backward(dout, cache):
	xn, std, gamma = cache
	m = dout.shape[0]
	dgamma, dbeta = (dout * xn).sum(0), dout.sum(0)
	d = dout * gamma
	dx = (m * d - d.sum(0) - xn * (d * xn).sum(0)) / (m * std)
	return dx, dgamma, dbeta

def conv_forward_naive(x, w, b, conv_param):
	pad, stride = conv_param['pad'], conv_param['stride']
	N, C, H, W = x.shape
	F, C, HH, WW = w.shape
	H_ = 1 + (H + 2 * pad - HH) // stride
	W_ = 1 + (W + 2 * pad - WW) // stride
	x_pad = np.zeros((N, C, H + 2 * pad, W + 2 * pad), x.dtype)
	x_pad[:, :, pad:pad + H, pad:pad + W] = x
	out = np.zeros((N, F, H_, W_), x.dtype)
	wrow = w.reshape(F, -1)
	for i in range(H_):
		for j in range(W_):
			patch = x_pad[:, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
			out[:, :, i, j] = patch.reshape(N, -1).dot(wrow.T) + b
	return out, (x, w, b, conv_param)

def conv_backward_naive(dout, cache):
	x, w, b, conv_param = cache
	pad, stride = conv_param['pad'], conv_param['stride']
	F, C, HH, WW = w.shape
	x_pad = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
	dx_pad = np.zeros_like(x_pad)
	dw = np.zeros_like(w)
	for i in range(dout.shape[2]):
		for j in range(dout.shape[3]):
			ys, xs = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
			dw += np.tensordot(dout[:, :, i, j], x_pad[:, :, ys, xs], axes=(0, 0))
			dx_pad[:, :, ys, xs] += np.tensordot(dout[:, :, i, j], w, axes=(1, 0))
	db = np.sum(dout, axis=(0, 2, 3))
	dx = dx_pad[:, :, pad:-pad, pad:-pad]
	return dx, dw, db

def max_pool_forward_naive(x, pool_param):
	hh, ww, stride = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
	N, C, H, W = x.shape
	h_out, w_out = 1 + (H - hh) // stride, 1 + (W - ww) // stride
	out = np.full((N, C, h_out, w_out), -np.inf, x.dtype)
	# running maximum over the positions inside of the window
	for a in range(hh):
		for b in range(ww):
			out = np.maximum(out, x[:, :, a:a + stride * h_out:stride, b:b + stride * w_out:stride][:, :, :h_out, :w_out])
	return out, (x, pool_param)

def max_pool_backward_naive(dout, cache):
	x, pool_param = cache
	hh, ww, stride = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
	dx = np.zeros(x.shape, x.dtype)
	N, C, h_out, w_out = dout.shape
	for n in range(N):
		for c in range(C):
			for i in range(h_out):
				for j in range(w_out):
					win = x[n, c, i * stride:i * stride + hh, j * stride:j * stride + ww]
					dx[n, c, i * stride:i * stride + hh, j * stride:j * stride + ww] = (win == win.max()) * dout[n, c, i, j]
	return dx

def avg_pool_forward_naive(x, pool_param):
	hh, ww, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
	N, C, H, W = x.shape
	out = np.zeros((N, C, (H - hh) // s + 1, (W - ww) // s + 1), x.dtype)
	for i in range(out.shape[2]):
		for j in range(out.shape[3]):
			out[:, :, i, j] = np.mean(x[:, :, i * s:i * s + hh, j * s:j * s + ww], axis=(2, 3))
	return out, (x.shape, hh, ww, s)

def avg_pool_backward_naive(dout, cache):
	shape, hh, ww, s = cache
	dx = np.zeros(shape, dout.dtype)
	for i in range(dout.shape[2]):
		for j in range(dout.shape[3]):
			dx[:, :, i * s:i * s + hh, j * s:j * s + ww] += dout[:, :, i:i + 1, j:j + 1] / (hh * ww)
	return dx

def softmax_loss(x, y):
	e = np.exp(x)
	p = e / np.sum(e, axis=1, keepdims=True)
	N = x.shape[0]
	loss = -np.sum(np.log(p[np.arange(N), y])) / N
	dx = p.copy()
	dx[np.arange(N), y] -= 1
	return loss, dx / N

def mse_loss(x, y):
	diff = x - y
	return np.mean(diff * diff), 2 * diff / diff.size

if __name__ == '__main__':
	from gradient_check import eval_numerical_gradient_array
	x = np.random.randn(4, 5)
	print('ok', relu_forward(x)[0].shape)
