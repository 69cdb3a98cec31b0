import numpy as np

# TODO clean up
# TODO batchnorm

class Conv2d():
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=1):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.weights = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.random.randn(out_channels, 1)

    def forward(self, input):
        self.input = input
        B, C, H, W = input.shape
        P = self.padding
        padded = np.zeros((B, C, H+2*P, W+2*P))
        if P > 0:
            padded[:, :, P:-P, P:-P] = input
        else:
            padded = input
        self.padded = padded
        self.H_out = int((H + 2*P - self.kernel_size)/self.stride + 1)
        self.W_out = int((W + 2*P - self.kernel_size)/self.stride + 1)
        output = np.zeros((B, self.out_channels, self.H_out, self.W_out))
        for h in range(self.H_out):
            for w in range(self.W_out):
                region = padded[:, :, h*self.stride:h*self.stride+self.kernel_size, w*self.stride:w*self.stride+self.kernel_size]
                for o in range(self.out_channels):
                    output[:, o, h, w] = np.sum(region*self.weights[o], axis=(1,2,3)) + self.bias[o]
        return output

    def backward(self, grad):
        self.dweights = np.zeros_like(self.weights)
        self.dbias = np.sum(grad, axis=(0,2,3)).reshape(self.bias.shape)
        dpadded = np.zeros_like(self.padded)
        for h in range(self.H_out):
            for w in range(self.W_out):
                hs, ws = h*self.stride, w*self.stride
                for o in range(self.out_channels):
                    g = grad[:, o, h, w][:, None, None, None]
                    self.dweights[o] += np.sum(g*self.padded[:, :, hs:hs+self.kernel_size, ws:ws+self.kernel_size], axis=0)
                    dpadded[:, :, hs:hs+self.kernel_size, ws:ws+self.kernel_size] += g*self.weights[o]
        P = self.padding
        return dpadded[:, :, P:-P, P:-P]


class MaxPool2d():
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride

    def forward(self, input):
        self.input = input
        B, C, H, W = input.shape
        H_out = (H - self.kernel_size)//self.stride + 1
        W_out = (W - self.kernel_size)//self.stride + 1
        output = np.zeros((B, C, H_out, W_out))
        for h in range(H_out):
            for w in range(W_out):
                output[:, :, h, w] = np.max(input[:, :, h*self.stride:h*self.stride+self.kernel_size, w*self.stride:w*self.stride+self.kernel_size], axis=(2,3))
        self.output = output
        return output

    def backward(self, grad):
        dx = np.zeros_like(self.input)
        B, C, H_out, W_out = grad.shape
        for b in range(B):
            for c in range(C):
                for h in range(H_out):
                    for w in range(W_out):
                        hs, ws = h*self.kernel_size, w*self.kernel_size
                        r = self.input[b, c, hs:hs+self.kernel_size, ws:ws+self.kernel_size]
                        dx[b, c, hs:hs+self.kernel_size, ws:ws+self.kernel_size] += (r == self.output[b, c, h, w])*grad[b, c, h, w]
        return dx


class AvgPool2d():
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride

    def forward(self, input):
        self.input = input
        k, s = self.kernel_size, self.stride
        H_out = (input.shape[2] - k)//s + 1
        W_out = (input.shape[3] - k)//s + 1
        output = np.zeros(input.shape[:2] + (H_out, W_out))
        for h in range(H_out):
            for w in range(W_out):
                output[:, :, h, w] = np.average(input[:, :, h*s:h*s+k, w*s:w*s+k], axis=(2,3))
        return output

    def backward(self, grad):
        # the average is linear, so the gradient just goes to every pixel
        k, s = self.kernel_size, self.stride
        dx = np.zeros_like(self.input)
        for h in range(grad.shape[2]):
            for w in range(grad.shape[3]):
                dx[:, :, h*s:h*s+k, w*s:w*s+k] += grad[:, :, h, w][:, :, None, None]
        return dx


class Linear():
    def __init__(self, in_features, out_features):
        self.weights = np.random.randn(in_features, out_features)
        self.bias = np.random.randn(1, out_features)

    def forward(self, input):
        self.input = input
        return np.dot(input, self.weights) + self.bias

    def backward(self, grad):
        self.dweights = np.dot(grad.T, self.input)
        self.dbias = np.sum(grad, axis=0, keepdims=True)
        return np.dot(grad, self.weights.T)


class ReLU():
    def forward(self, input):
        self.input = input
        output = input
        output[output < 0] = 0
        return output

    def backward(self, grad):
        grad[self.input <= 0] = 0
        return grad


class Sigmoid():
    def forward(self, input):
        self.output = 1.0/(1.0 + np.exp(-input))
        return self.output

    def backward(self, grad):
        return self.output*(1 - self.output)


class Tanh():
    def forward(self, input):
        self.output = np.tanh(input)
        return self.output

    def backward(self, grad):
        return grad*(1 - self.output**2)
