# expects: conv2d_dilated.dx: windows_undilated
import numpy as np


class DilatedConvolution:
    def __init__(self, W, b, stride=1, pad=0, dilation=1):
        self.W, self.b = W, b
        self.stride, self.pad, self.dilation = stride, pad, dilation

    def forward(self, x):
        FN, C, FH, FW = self.W.shape
        s, p, d = self.stride, self.pad, self.dilation
        N, C, H, W = self.shape = x.shape
        img = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)], 'constant')
        self.oh = (H + 2*p - d*(FH - 1) - 1)//s + 1
        self.ow = (W + 2*p - d*(FW - 1) - 1)//s + 1
        col = np.zeros((N, C, FH, FW, self.oh, self.ow))
        for y in range(FH):
            for xx in range(FW):
                col[:, :, y, xx] = img[:, :, y*d:y*d + s*self.oh:s, xx*d:xx*d + s*self.ow:s]
        self.col = col.transpose(0, 4, 5, 1, 2, 3).reshape(N*self.oh*self.ow, -1)
        out = self.col.dot(self.W.reshape(FN, -1).T) + self.b
        return out.reshape(N, self.oh, self.ow, FN).transpose(0, 3, 1, 2)

    def backward(self, dout):
        FN, C, FH, FW = self.W.shape
        s, p = self.stride, self.pad
        N, C, H, W = self.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, FN)
        self.db = dout.sum(axis=0)
        self.dW = self.col.T.dot(dout).T.reshape(self.W.shape)
        dcol = dout.dot(self.W.reshape(FN, -1)).reshape(N, self.oh, self.ow, C, FH, FW).transpose(0, 3, 4, 5, 1, 2)
        img = np.zeros((N, C, H + 2*p, W + 2*p))
        for y in range(FH):
            for x in range(FW):
                img[:, :, y:y + s*self.oh:s, x:x + s*self.ow:s] += dcol[:, :, y, x]
        return img[:, :, p:p + H, p:p + W]
