import numpy as np
returns = [np.float64(0), 0.0, np.zeros(()), np.zeros((0, 3)), (), (1, 2, 3), [], {}, None, (None, None), ((), None), 'text', (b'text', None), (slice(3), None), (..., None), (NotImplemented, None)]
calls = []
def affine_forward(x, w, b):
    calls.append(1)
    return returns[len(calls) % len(returns)]
