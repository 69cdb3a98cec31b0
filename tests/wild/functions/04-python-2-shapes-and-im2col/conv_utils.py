# -*- coding: utf-8 -*-
import numpy as np

DEBUG = 0

def output_size(size, kernel, stride, padding):
    total = size + 2*padding - kernel
    if total < 0 or total % stride <> 0:
        raise ValueError, "does not fit: %d" % total
    return total/stride + 1

def output_size_dilated(size, kernel, stride, padding, dilation):
    # (n + 2p - d(k-1) - 1)/s + 1
    total = size + 2*padding - dilation*(kernel - 1) - 1
    if DEBUG: print "total", total
    return total/stride + 1

def parameter_count(in_channels, out_channels, kernel_size, bias):
    weights = kernel_size*kernel_size*in_channels*out_channels
    print kernel_size, "x", kernel_size, weights
    return weights

def receptive_field(kernels, strides, dilations):
    jump, rf = 1, 1
    print len(kernels); assert len(kernels) == len(strides)
    for i in xrange(len(kernels)):
        rf += dilations[i]*(kernels[i] - 1)*jump
        jump *= strides[i]
    return rf

def im2col(x, fh, fw, stride, pad):
    N, C, H, W = x.shape
    xp = np.zeros((N, C, H + 2*pad, W + 2*pad))
    xp[:, :, pad:pad + H, pad:pad + W] = x
    oh = (H + 2*pad - fh)/stride + 1
    ow = (W + 2*pad - fw)/stride + 1
    rows = []
    for n in xrange(N):
        for i in xrange(oh):
            for j in xrange(ow):
                rows.append(xp[n, :, i*stride:i*stride + fh, j*stride:j*stride + fw].ravel())
    return np.array(rows)

def col2im(col, x_shape, fh, fw, stride, pad):
    N, C, H, W = x_shape
    oh = (H + 2*pad - fh)/stride + 1
    ow = (W + 2*pad - fw)/stride + 1
    xp = np.zeros((N, C, H + 2*pad, W + 2*pad))
    places = [(n, i, j) for n in xrange(N) for i in xrange(oh) for j in xrange(ow)]
    for (n, i, j), row in zip(places, col):
        xp[n, :, i*stride:i*stride + fh, j*stride:j*stride + fw] += row.reshape(C, fh, fw)
    return xp[:, :, pad:H + pad, pad:W + pad]

if __name__ == "__main__":
    print "7x7, 3x3:", output_size(7, 3, 1, 0), output_size(7, 3, 2, 0)
    try:
        output_size(7, 3, 3, 0)
    except ValueError, e:
        print e
