"""
My solutions, everything in one file. Windows are taken out with index arrays: the same arrays put the gradients back.
"""
import numpy as np


# ---- dense -----------------------------------------------------------------
def affine_forward(x, w, b):
    return np.einsum('nd,dm->nm', x.reshape(x.shape[0], -1), w) + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = np.einsum('nm,dm->nd', dout, w).reshape(x.shape)
    dw = np.einsum('nd,nm->dm', x.reshape(x.shape[0], -1), dout)
    return dx, dw, np.einsum('nm->m', dout)


def relu_forward(x):
    return (np.abs(x) + x) / 2, x


def relu_backward(dout, x):
    return dout * np.heaviside(x, 0).astype(dout.dtype)


def leaky_relu_forward(x, alpha=0.01):
    return np.maximum(x, 0) + alpha * np.minimum(x, 0), (x, alpha)


def leaky_relu_backward(dout, cache):
    x, alpha = cache
    dx = dout.copy()
    dx[x <= 0] *= alpha
    return dx


def sigmoid_forward(x):
    out = np.empty_like(x)
    pos = x >= 0
    out[pos] = 1 / (1 + np.exp(-x[pos]))
    e = np.exp(x[~pos])
    out[~pos] = e / (e + 1)
    return out, out


def sigmoid_backward(dout, s):
    return (s - s * s) * dout


def tanh_forward(x):
    e = np.exp(-2 * np.abs(x))
    out = np.sign(x) * -np.expm1(-2 * np.abs(x)) / (1 + e)
    return out, out


def tanh_backward(dout, t):
    return dout - dout * t * t


# ---- losses ----------------------------------------------------------------
def softmax_loss(x, y):
    m = x.max(1)
    lse = m + np.log(np.sum(np.exp(x - m[:, None]), 1))
    loss = np.mean(lse - x[range(len(y)), y])
    dx = np.exp(x - lse[:, None])
    np.subtract.at(dx, (range(len(y)), y), 1)
    return loss, dx / len(y)


def svm_loss(x, y):
    rows = np.arange(len(y))
    hinge = np.clip(1 + x - x[rows, y].reshape(-1, 1), 0, None)
    loss = np.sum(hinge) / len(y) - 1  # the right class counts 1 in every row
    active = hinge > 0
    active[rows, y] = False
    dx = active * 1.0
    dx[rows, y] -= active.sum(1)
    return loss, dx / len(y)


def mse_loss(x, y):
    """Half the squared distance of a sample, averaged over samples."""
    return 0.5 * np.sum(np.square(y - x)) / x.shape[0], (x - y) / x.shape[0]


# ---- windows ---------------------------------------------------------------
def places(H, W, kh, kw, s, d=1):
    """Rows and columns of (kh*kw, L) entries for the L windows of a plane."""
    if (H - d * (kh - 1) - 1) % s or (W - d * (kw - 1) - 1) % s:
        raise ValueError('windows do not tile the plane')
    top, left = np.mgrid[0:H - d * (kh - 1):s, 0:W - d * (kw - 1):s]
    k, l = np.mgrid[0:d * kh:d, 0:d * kw:d]
    return k.reshape(-1, 1) + top.reshape(1, -1), l.reshape(-1, 1) + left.reshape(1, -1), top.shape


def padded(x, p):
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))


def conv_any(x, w, b, p, s, d=1, G=1):
    xp = padded(x, p)
    N, C, H, W = xp.shape
    F, CG, kh, kw = w.shape
    r, c, (oh, ow) = places(H, W, kh, kw, s, d)
    cols = xp[:, :, r, c].reshape(N, G, CG * kh * kw, oh * ow)
    out = np.matmul(w.reshape(G, F // G, -1), cols).reshape(N, F, oh, ow) + b.reshape(1, F, 1, 1)
    return out, (xp.shape, cols, w, r, c, p, G)


def conv_any_backward(dout, cache):
    shape, cols, w, r, c, p, G = cache
    N, F = dout.shape[:2]
    d = dout.reshape(N, G, F // G, -1)
    dw = np.matmul(d, cols.swapaxes(2, 3)).sum(0).reshape(w.shape)
    dcols = np.matmul(w.reshape(G, F // G, -1).swapaxes(1, 2), d)
    dxp = np.zeros(shape, dout.dtype)
    np.add.at(dxp, (slice(None), slice(None), r, c), dcols.reshape(N, shape[1], *r.shape))
    return dxp[:, :, p:shape[2] - p, p:shape[3] - p], dw, dout.sum(axis=(0, 2, 3))


def conv_forward_naive(x, w, b, conv_param):
    return conv_any(x, w, b, conv_param['pad'], conv_param['stride'])


def conv_backward_naive(dout, cache):
    return conv_any_backward(dout, cache)


def conv_dilated_forward(x, w, b, conv_param):
    return conv_any(x, w, b, conv_param['pad'], conv_param['stride'], d=conv_param['dilation'])


def conv_dilated_backward(dout, cache):
    return conv_any_backward(dout, cache)


def conv_grouped_forward(x, w, b, conv_param):
    return conv_any(x, w, b, conv_param['pad'], conv_param['stride'], G=conv_param['groups'])


def conv_grouped_backward(dout, cache):
    return conv_any_backward(dout, cache)


def max_pool_forward(x, pool_param):
    r, c, size = places(*x.shape[2:], pool_param['pool_height'], pool_param['pool_width'], pool_param['stride'])
    seen = x[:, :, r, c]
    return seen.max(2).reshape(*x.shape[:2], *size), (x, r, c, seen.argmax(2))


def max_pool_backward(dout, cache):
    x, r, c, best = cache
    n, ch = np.ogrid[:x.shape[0], :x.shape[1]]
    L = np.arange(r.shape[1])
    dx = np.zeros_like(x)
    np.add.at(dx, (n[..., None], ch[..., None], r[best, L], c[best, L]), dout.reshape(*x.shape[:2], -1))
    return dx


def avg_pool_forward(x, pool_param):
    r, c, size = places(*x.shape[2:], pool_param['pool_height'], pool_param['pool_width'], pool_param['stride'])
    return x[:, :, r, c].mean(2).reshape(*x.shape[:2], *size), (x, r, c)


def avg_pool_backward(dout, cache):
    x, r, c = cache
    dx = np.zeros_like(x)
    np.add.at(dx, (slice(None), slice(None), r, c), dout.reshape(*x.shape[:2], 1, -1) / len(r))
    return dx


def im2col_indices(x, field_height, field_width, padding=1, stride=1):
    xp = padded(x, padding)
    r, c, _ = places(*xp.shape[2:], field_height, field_width, stride)
    return xp[:, :, r, c].transpose(1, 2, 3, 0).reshape(x.shape[1] * len(r), -1)


def col2im_indices(cols, x_shape, field_height=3, field_width=3, padding=1, stride=1):
    N, C, H, W = x_shape
    r, c, _ = places(H + 2 * padding, W + 2 * padding, field_height, field_width, stride)
    xp = np.zeros((N, C, H + 2 * padding, W + 2 * padding), cols.dtype)
    np.add.at(xp, (slice(None), slice(None), r, c), cols.reshape(C, len(r), -1, N).transpose(3, 0, 1, 2))
    return xp[:, :, padding:padding + H, padding:padding + W]


# ---- normalisation ---------------------------------------------------------
def batchnorm_forward(x, gamma, beta, bn_param):
    mean, var = bn_param['running_mean'], bn_param['running_var']
    if bn_param['mode'] == 'train':
        mean, var = x.mean(0), x.var(0)
        m = bn_param['momentum']
        bn_param['running_mean'] = m * bn_param['running_mean'] + (1 - m) * mean
        bn_param['running_var'] = m * bn_param['running_var'] + (1 - m) * var
    inv = (var + bn_param['eps']) ** -0.5
    z = (x - mean) * inv
    return z * gamma + beta, {'z': z, 'inv': inv, 'gamma': gamma}


def batchnorm_backward_alt(dout, cache):
    z, n = cache['z'], len(dout)
    dgamma, dbeta = np.sum(dout * z, 0), np.sum(dout, 0)
    return cache['gamma'] * cache['inv'] / n * (n * dout - dbeta - z * dgamma), dgamma, dbeta


def batchnorm_backward(dout, cache):
    return batchnorm_backward_alt(dout, cache)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    flat, cache = batchnorm_forward(np.moveaxis(x, 1, 3).reshape(-1, len(gamma)), gamma, beta, bn_param)
    N, C, H, W = x.shape
    return np.moveaxis(flat.reshape(N, H, W, C), 3, 1), cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    flat, dgamma, dbeta = batchnorm_backward(np.moveaxis(dout, 1, 3).reshape(-1, C), cache)
    return np.moveaxis(flat.reshape(N, H, W, C), 3, 1), dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    mu = x.mean(1)[:, None]
    inv = 1 / np.sqrt(((x - mu) ** 2).mean(1)[:, None] + ln_param['eps'])
    z = (x - mu) * inv
    return z * gamma + beta, (z, inv, gamma)


def layernorm_backward(dout, cache):
    z, inv, gamma = cache
    dz = dout * gamma
    dx = inv * (dz - dz.mean(1)[:, None] - z * (dz * z).mean(1)[:, None])
    return dx, (dout * z).sum(0), dout.sum(0)


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    N, C, H, W = x.shape
    z, inv = [], []
    for group in np.split(x, G, axis=1):
        mu = group.mean((1, 2, 3), keepdims=True)
        inv.append(1 / np.sqrt(group.var((1, 2, 3), keepdims=True) + gn_param['eps']))
        z.append((group - mu) * inv[-1])
    out = np.concatenate(z, 1) * gamma + beta
    return out, (z, inv, gamma, G)


def spatial_groupnorm_backward(dout, cache):
    z, inv, gamma, G = cache
    dx = []
    for dz, zg, ig in zip(np.split(dout * gamma, G, axis=1), z, inv):
        ax = {'axis': (1, 2, 3), 'keepdims': True}
        dx.append(ig * (dz - dz.mean(**ax) - zg * (dz * zg).mean(**ax)))
    over = {'axis': (0, 2, 3), 'keepdims': True}
    return np.concatenate(dx, 1), (dout * np.concatenate(z, 1)).sum(**over), dout.sum(**over)


def dropout_forward(x, dropout_param):
    p = dropout_param['p']
    if dropout_param['mode'] == 'test':
        return x.copy(), None
    keep = np.random.binomial(1, p, size=x.shape).astype(bool)
    return np.where(keep, x / p, 0), (keep, p)


def dropout_backward(dout, cache):
    if cache is None:
        return dout
    keep, p = cache
    return np.where(keep, dout / p, 0)


# ---- nets ------------------------------------------------------------------
class TwoLayerNet:
    def __init__(self, input_size, hidden_size, output_size):
        self.params = dict(W1=np.random.randn(input_size, hidden_size), b1=np.zeros(hidden_size),
                           W2=np.random.randn(hidden_size, output_size), b2=np.zeros(output_size))

    def loss(self, X, y=None, reg=0.0):
        W1, b1, W2, b2 = [self.params[k] for k in ('W1', 'b1', 'W2', 'b2')]
        pre = X @ W1 + b1
        hid = np.where(pre > 0, pre, 0)
        scores = hid @ W2 + b2
        if y is None:
            return scores
        loss, ds = softmax_loss(scores, y)
        dh = np.where(pre > 0, ds @ W2.T, 0)
        return (loss + 0.5 * reg * (np.sum(W1 ** 2) + np.sum(W2 ** 2)),
                dict(W1=X.T @ dh + reg * W1, b1=dh.sum(0), W2=hid.T @ ds + reg * W2, b2=ds.sum(0)))


class ThreeLayerNet:
    def __init__(self, *sizes):
        self.params = {}
        for i in (1, 2, 3):
            self.params['W%d' % i] = np.random.randn(sizes[i - 1], sizes[i])
            self.params['b%d' % i] = np.zeros(sizes[i])

    def loss(self, X, y, reg=0.0):
        q = self.params
        s, _ = sigmoid_forward(X @ q['W1'] + q['b1'])
        r = np.maximum(s @ q['W2'] + q['b2'], 0)
        loss, d3 = softmax_loss(r @ q['W3'] + q['b3'], y)
        d2 = (d3 @ q['W3'].T) * (r > 0)
        d1 = (d2 @ q['W2'].T) * s * (1 - s)
        grads = {}
        for i, (a, d) in enumerate([(X, d1), (s, d2), (r, d3)], 1):
            W = q['W%d' % i]
            loss += reg * np.sum(W * W)
            grads['W%d' % i] = a.T @ d + 2 * reg * W
            grads['b%d' % i] = d.sum(0)
        return loss, grads


class FullyConnectedNet:
    def __init__(self, hidden_dims, input_dim=3072, num_classes=10, reg=0.0, dtype=np.float32, **unused):
        self.reg, self.L = reg, len(hidden_dims) + 1
        sizes = [input_dim, *hidden_dims, num_classes]
        self.params = {}
        for i in range(self.L):
            self.params['W' + str(i + 1)] = (0.01 * np.random.randn(sizes[i], sizes[i + 1])).astype(dtype)
            self.params['b' + str(i + 1)] = np.zeros(sizes[i + 1], dtype)

    def loss(self, X, y=None):
        acts = [X]
        for i in range(1, self.L + 1):
            a = acts[-1] @ self.params['W' + str(i)] + self.params['b' + str(i)]
            acts.append(a if i == self.L else np.maximum(a, 0))
        if y is None:
            return acts[-1]
        loss, d = softmax_loss(acts[-1], y)
        grads = {}
        for i in range(self.L, 0, -1):
            W = self.params['W' + str(i)]
            loss += self.reg * np.sum(W * W)
            grads['W' + str(i)] = acts[i - 1].T @ d + 2 * self.reg * W
            grads['b' + str(i)] = d.sum(0)
            d = (d @ W.T) * (acts[i - 1] > 0)
        return loss, grads


class ThreeLayerConvNet:
    def __init__(self, input_dim, num_filters=32, filter_size=7, hidden_dim=100, num_classes=10, reg=0.0, dtype=np.float32):
        C, H, W = input_dim
        self.reg = reg
        self.params = {'W1': np.random.randn(num_filters, C, filter_size, filter_size), 'b1': np.zeros(num_filters),
                       'W2': np.random.randn(num_filters * (H // 2) * (W // 2), hidden_dim), 'b2': np.zeros(hidden_dim),
                       'W3': np.random.randn(hidden_dim, num_classes), 'b3': np.zeros(num_classes)}
        self.params = {k: v.astype(dtype) for k, v in self.params.items()}

    def loss(self, X, y=None):
        q = self.params
        conv, c1 = conv_forward_naive(X, q['W1'], q['b1'], {'stride': 1, 'pad': (q['W1'].shape[2] - 1) // 2})
        N, F, H, W = conv.shape
        pool, c2 = max_pool_forward(np.maximum(conv, 0), {'pool_height': 2, 'pool_width': 2, 'stride': 2})
        flat = pool.reshape(N, -1)
        hid = np.maximum(flat @ q['W2'] + q['b2'], 0)
        loss, d3 = softmax_loss(hid @ q['W3'] + q['b3'], y)
        d2 = (d3 @ q['W3'].T) * (hid > 0)
        d1 = max_pool_backward((d2 @ q['W2'].T).reshape(pool.shape), c2) * (conv > 0)
        _, dW1, db1 = conv_backward_naive(d1, c1)
        grads = {'W1': dW1, 'b1': db1, 'W2': flat.T @ d2, 'b2': d2.sum(0), 'W3': hid.T @ d3, 'b3': d3.sum(0)}
        for k in ('W1', 'W2', 'W3'):
            loss += 0.5 * self.reg * np.sum(q[k] ** 2)
            grads[k] = grads[k] + self.reg * q[k]
        return loss, grads


# ---- classifiers -----------------------------------------------------------
def svm_loss_vectorized(W, X, y, reg):
    loss, d = svm_loss(X @ W, y)
    return loss + reg * np.sum(W * W), X.T @ d + 2 * reg * W


def softmax_loss_vectorized(W, X, y, reg):
    loss, d = softmax_loss(X @ W, y)
    return loss + reg * np.sum(W * W), X.T @ d + 2 * reg * W


class KNearestNeighbor:
    def train(self, X, y):
        self.X_train = X
        self.y_train = y

    def compute_distances_no_loops(self, X):
        squares = (X ** 2).sum(1)[:, None] + (self.X_train ** 2).sum(1) - 2 * X @ self.X_train.T
        return np.sqrt(np.maximum(squares, 0))

    def predict_labels(self, dists, k=1):
        out = []
        for row in dists:
            votes = [self.y_train[i] for i in np.argsort(row, kind='mergesort')[:k]]
            out.append(min(votes, key=lambda v: (-votes.count(v), v)))
        return np.array(out)


# ---- update rules ----------------------------------------------------------
def sgd(w, dw, config=None):
    w = w - config['learning_rate'] * dw
    return w, config


def sgd_momentum(w, dw, config=None):
    v = config.setdefault('velocity', np.zeros_like(w))
    v = config['velocity'] = config['momentum'] * v - config['learning_rate'] * dw
    return w + v, config


def adam(w, dw, config=None):
    t = config['t'] = config.get('t', 0) + 1
    for name, beta, new in (('m', config['beta1'], dw), ('v', config['beta2'], dw ** 2)):
        config[name] = beta * config.get(name, 0) + (1 - beta) * new
    m = config['m'] / (1 - config['beta1'] ** t)
    v = config['v'] / (1 - config['beta2'] ** t)
    return w - config['learning_rate'] * m / (np.sqrt(v) + config['epsilon']), config
