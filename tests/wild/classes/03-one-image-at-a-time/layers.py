'''
CNN for MNIST, one image at a time (no batches, SGD with batch size 1).
Every layer updates itself inside backward(), that is why it gets the learning rate.

image: (channels, height, width)
'''
import numpy as np


class ConvLayer:
    def __init__(self, in_channels, num_filters, filter_size, stride=1, padding=0):
        self.filters = np.random.randn(num_filters, in_channels, filter_size, filter_size) / filter_size ** 2
        self.biases = np.zeros(num_filters)
        self.filter_size = filter_size
        self.stride = stride
        self.padding = padding

    def iterate_regions(self, image):
        '''all windows, with where they go in the output'''
        _, h, w = image.shape
        f, s = self.filter_size, self.stride
        for r, top in enumerate(range(0, h - f + 1, s)):
            for c, left in enumerate(range(0, w - f + 1, s)):
                yield r, c, top, left, image[:, top:top + f, left:left + f]

    def forward(self, image):
        p = self.padding
        self.last_shape = image.shape
        self.last_input = np.pad(image, ((0, 0), (p, p), (p, p)), mode='constant')
        _, h, w = self.last_input.shape
        out_h = (h - self.filter_size) // self.stride + 1
        out_w = (w - self.filter_size) // self.stride + 1
        output = np.zeros((len(self.filters), out_h, out_w))
        for r, c, _, _, region in self.iterate_regions(self.last_input):
            output[:, r, c] = np.sum(self.filters * region, axis=(1, 2, 3)) + self.biases
        return output

    def backward(self, d_out, learn_rate):
        d_filters = np.zeros(self.filters.shape)
        d_padded = np.zeros(self.last_input.shape)
        f = self.filter_size
        for r, c, top, left, region in self.iterate_regions(self.last_input):
            for k in range(len(self.filters)):
                d_filters[k] += d_out[k, r, c] * region
                d_padded[:, top:top + f, left:left + f] += d_out[k, r, c] * self.filters[k]
        # update
        self.filters = self.filters - learn_rate * d_filters
        self.biases = self.biases - learn_rate * d_out.sum(axis=(1, 2))
        p = self.padding
        _, h, w = self.last_shape
        return d_padded[:, p:p + h, p:p + w]


class MaxPoolLayer:
    def __init__(self, size, stride):
        self.size, self.stride = size, stride

    def forward(self, image):
        self.last_input = image
        channels, h, w = image.shape
        out = np.zeros((channels, (h - self.size) // self.stride + 1, (w - self.size) // self.stride + 1))
        for ch in range(channels):
            for r in range(out.shape[1]):
                for c in range(out.shape[2]):
                    top, left = r * self.stride, c * self.stride
                    out[ch, r, c] = np.amax(image[ch, top:top + self.size, left:left + self.size])
        return out

    def backward(self, d_out, learn_rate=None):
        d_input = np.zeros_like(self.last_input)
        for ch in range(d_out.shape[0]):
            for r in range(d_out.shape[1]):
                for c in range(d_out.shape[2]):
                    top, left = r * self.stride, c * self.stride
                    region = self.last_input[ch, top:top + self.size, left:left + self.size]
                    i, j = np.unravel_index(region.argmax(), region.shape)
                    d_input[ch, top + i, left + j] += d_out[ch, r, c]
        return d_input


class FullyConnectedLayer:
    def __init__(self, input_size, output_size):
        self.weights = np.random.randn(input_size, output_size) / input_size
        self.biases = np.zeros(output_size)

    def forward(self, x):
        self.last_x = np.atleast_2d(x)
        return np.dot(self.last_x, self.weights) + self.biases

    def backward(self, d_out, learn_rate):
        d_x = np.dot(d_out, self.weights.T)
        self.weights -= learn_rate * np.dot(self.last_x.T, d_out)
        self.biases -= learn_rate * d_out.sum(axis=0)
        return d_x


class ReLULayer:
    def forward(self, x):
        self.last_x = x
        return np.maximum(0, x)

    def backward(self, d_out, learn_rate):
        # nothing to learn here, the rate is only there so that all layers look alike
        return d_out * (self.last_x > 0)


class SigmoidLayer:
    def forward(self, x):
        self.out = np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))
        return self.out

    def backward(self, d_out, learn_rate):
        return d_out * (self.out - self.out ** 2)


class SoftmaxLayer:
    def forward(self, x):
        e = np.exp(x - np.max(x))
        return e / e.sum()
