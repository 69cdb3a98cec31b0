import numpy as np

from .grouped import conv2d_grouped_forward


def conv2d_dilated_forward(x, w, b, stride, padding, dilation):
    f, c, kh, kw = w.shape
    spaced = np.zeros((f, c, dilation * (kh - 1) + 1, dilation * (kw - 1) + 1))
    spaced[:, :, ::dilation, ::dilation] = w
    # a kernel that is larger needs more padding
    return conv2d_grouped_forward(x, spaced, b, stride, padding * dilation, 1)


def im2col(x, kernel_h, kernel_w, stride, padding):
    x = np.pad(x, padding)
    view = np.lib.stride_tricks.sliding_window_view(x, (kernel_h, kernel_w), axis=(2, 3))[:, :, ::stride, ::stride]
    return view.transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * kernel_h * kernel_w)
