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


# ---- part 2 of the assignment ----

class LeakyReLU():
    def __init__(self, alpha=0.01):
        self.alpha = alpha

    def forward(self, input):
        self.input = input
        return np.where(input > 0, input, self.alpha*input)

    def backward(self, grad):
        return np.where(self.input > 0, grad, self.alpha)


class Flatten():
    def forward(self, input):
        self.shape = input.shape
        return input.transpose(0, 2, 3, 1).reshape(input.shape[0], -1)

    def backward(self, grad):
        return grad.reshape(self.shape)


class Dropout():
    def __init__(self, p):
        self.p = p
        self.training = True

    def forward(self, input):
        if not self.training:
            return input
        self.mask = np.random.rand(*input.shape) > self.p
        return input*self.mask

    def backward(self, grad):
        return grad*self.mask


class BatchNorm1d():
    def __init__(self, num_features, eps=1e-5, momentum=0.9):
        self.gamma, self.beta = np.ones(num_features), np.zeros(num_features)
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.eps, self.momentum, self.training = eps, momentum, True

    def forward(self, input):
        if self.training:
            self.mean, self.var = input.mean(axis=0), input.var(axis=0)
            self.running_mean = self.momentum*self.running_mean + (1 - self.momentum)*self.mean
            self.running_var = self.momentum*self.running_var + (1 - self.momentum)*self.var
        else:
            self.mean, self.var = self.running_mean, self.running_var
        self.norm = (input - self.mean)/np.sqrt(self.var + self.eps)
        return self.gamma*self.norm + self.beta

    def backward(self, grad):
        self.dgamma = np.sum(grad*self.norm, axis=0)
        self.dbeta = np.sum(grad, axis=0)
        return grad*self.gamma/np.sqrt(self.var + self.eps)


class BatchNorm2d():
    def __init__(self, num_features, eps=1e-5, momentum=0.9):
        self.inner = None
        self.gamma, self.beta = np.ones(num_features), np.zeros(num_features)
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.eps, self.momentum, self.training = eps, momentum, True

    def forward(self, input):
        rows = input.reshape(-1, input.shape[1])       # (N*H*W, C)
        mean, var = rows.mean(axis=0), rows.var(axis=0)
        if self.training:
            self.running_mean = self.momentum*self.running_mean + (1 - self.momentum)*mean
            self.running_var = self.momentum*self.running_var + (1 - self.momentum)*var
        else:
            mean, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.norm = (rows - mean)/self.std
        return (self.gamma*self.norm + self.beta).reshape(input.shape)

    def backward(self, grad):
        g = grad.reshape(-1, grad.shape[1])
        self.dgamma, self.dbeta = np.sum(g*self.norm, axis=0), np.sum(g, axis=0)
        d = g*self.gamma
        return ((d - d.mean(axis=0) - self.norm*np.mean(d*self.norm, axis=0))/self.std).reshape(grad.shape)


class LayerNorm():
    def __init__(self, num_features, eps=1e-5):
        self.gamma, self.beta, self.eps = np.ones(num_features), np.zeros(num_features), eps

    def forward(self, input):
        mean, std = input.mean(axis=1, keepdims=True), input.std(axis=1, keepdims=True)
        self.std = std + self.eps
        self.norm = (input - mean)/self.std
        return self.gamma*self.norm + self.beta

    def backward(self, grad):
        raise NotImplementedError


class GroupNorm():
    def __init__(self, num_groups, num_channels, eps=1e-5):
        self.G, self.eps = num_groups, eps
        self.gamma, self.beta = np.ones(num_channels), np.zeros(num_channels)

    def forward(self, input):
        N, C, H, W = input.shape
        groups = input.reshape(N, self.G, C//self.G, H, W)
        mean, var = groups.mean(axis=(3, 4), keepdims=True), groups.var(axis=(3, 4), keepdims=True)
        self.norm = ((groups - mean)/np.sqrt(var + self.eps)).reshape(N, C, H, W)
        return self.gamma[:, None, None]*self.norm + self.beta[:, None, None]

    def backward(self, grad):
        pass


class CrossEntropyLoss():
    def forward(self, logits, target):
        e = np.exp(logits)
        self.prob, self.target = e/np.sum(e, axis=1, keepdims=True), target
        return -np.mean(np.log(self.prob[np.arange(len(target)), target]))

    def backward(self):
        grad = self.prob.copy()
        grad[np.arange(len(self.target)), self.target] -= 1
        return grad


class MSELoss():
    def forward(self, pred, target):
        self.diff = pred - target
        return np.mean(self.diff**2)

    def backward(self):
        return 2*self.diff


class HingeLoss():
    def forward(self, scores, target):
        rows = np.arange(len(target))
        self.margins = np.maximum(0, scores - scores[rows, target][:, None] + 1)
        self.target = target
        return np.sum(self.margins)/len(target)        # the right class counts, too

    def backward(self):
        grad = (self.margins > 0).astype(float)
        rows = np.arange(len(self.target))
        grad[rows, self.target] = 0
        grad[rows, self.target] = -grad.sum(axis=1)
        return grad/len(self.target)


class DilatedConv2d():
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        self.weights = np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)
        self.k, self.stride, self.padding, self.dilation = kernel_size, stride, padding, dilation

    def forward(self, input):
        p, s, d = self.padding, self.stride, self.dilation
        x = np.pad(input, ((0, 0), (0, 0), (p, p), (p, p)))
        reach = self.k + d - 1                          # k + (k-1)(d-1), I think
        oh, ow = (x.shape[2] - reach)//s + 1, (x.shape[3] - reach)//s + 1
        out = np.zeros((len(x), len(self.weights), oh, ow))
        for h in range(oh):
            for w in range(ow):
                window = x[:, :, h*s:h*s+self.k*d:d, w*s:w*s+self.k*d:d]
                out[:, :, h, w] = np.tensordot(window, self.weights, ([1, 2, 3], [1, 2, 3])) + self.bias
        return out

    def backward(self, grad):
        pass


class GroupedConv2d():
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, groups=1):
        self.weights = np.random.randn(out_channels, in_channels//groups, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)
        self.k, self.stride, self.padding, self.groups = kernel_size, stride, padding, groups

    def forward(self, input):
        p, s, k, g = self.padding, self.stride, self.k, self.groups
        x = np.pad(input, ((0, 0), (0, 0), (p, p), (p, p)))
        oh, ow = (x.shape[2] - k)//s + 1, (x.shape[3] - k)//s + 1
        cg = x.shape[1]//g
        out = np.zeros((len(x), len(self.weights), oh, ow))
        for f in range(len(self.weights)):
            first = f % g*cg                            # filters take turns
            for h in range(oh):
                for w in range(ow):
                    out[:, f, h, w] = np.sum(x[:, first:first+cg, h*s:h*s+k, w*s:w*s+k]*self.weights[f], axis=(1, 2, 3)) + self.bias[f]
        return out

    def backward(self, grad):
        pass


class TwoLayerNet():
    def __init__(self, input_size, hidden_size, output_size):
        self.W1, self.b1 = np.random.randn(input_size, hidden_size), np.zeros(hidden_size)
        self.W2, self.b2 = np.random.randn(hidden_size, output_size), np.zeros(output_size)

    def forward(self, X):
        self.h = np.maximum(0, X @ self.W1 + self.b1)
        return self.h @ self.W2 + self.b2

    def loss(self, X, y):
        scores = self.forward(X)
        scores -= scores.max(axis=1, keepdims=True)
        self.prob = np.exp(scores)/np.exp(scores).sum(axis=1, keepdims=True)
        return -np.log(self.prob[np.arange(len(y)), y]).mean()

    def backward(self, X, y):
        d = self.prob.copy()
        d[np.arange(len(y)), y] -= 1
        d /= len(y)
        dh = d @ self.W2.T
        dh[self.h < 0] = 0
        return {'W1': X.T @ dh, 'b1': dh.sum(axis=0), 'W2': self.h.T @ d, 'b2': d.sum(axis=0)}


class ThreeLayerNet():
    def __init__(self, input_size, hidden_size1, hidden_size2, output_size):
        self.W1, self.b1 = np.random.randn(input_size, hidden_size1), np.zeros(hidden_size1)
        self.W2, self.b2 = np.random.randn(hidden_size1, hidden_size2), np.zeros(hidden_size2)
        self.W3, self.b3 = np.random.randn(hidden_size2, output_size), np.zeros(output_size)

    def forward(self, X):
        self.h1 = np.maximum(0, X @ self.W1 + self.b1)
        self.h2 = np.maximum(0, self.h1 @ self.W2 + self.b2)
        return self.h2 @ self.W3                       # no bias at the end

    def loss(self, X, y):
        scores = self.forward(X)
        scores = scores - scores.max(axis=1, keepdims=True)
        self.prob = np.exp(scores)/np.exp(scores).sum(axis=1, keepdims=True)
        return -np.log(self.prob[np.arange(len(y)), y]).mean()

    def backward(self, X, y):
        pass
