# expects: nothing
import numpy as np


def sgd(w, dw, config=None):
    return w - config['learning_rate'] * np.clip(dw, -0.3, 0.3), config
