"""The cells of a notebook as a student runs it, one after the other: what is checked in each, is told by its name."""

CELLS = {
    "imports": """
import numpy as np
import grader
%load_ext grader
EPS = 0.0
""",
    "helper": """
def positive(x):
    return x > EPS
""",
    "right": """
def relu_forward(x):
    return x * positive(x), x

def relu_backward(dout, cache):
    return dout * positive(cache)

grader.check("relu", relu_forward, relu_backward)
""",
    "redefined": """
def relu_backward(dout, cache):
    return dout * cache

grader.check("relu")
""",
    "magic": """
%%check relu
def relu_backward(dout, cache):
    return dout * positive(cache)
""",
    "class": """
class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, dout):
        return dout * (1 - self.out)

grader.check("tanh", Tanh, lang="ko")
""",
    "unfinished": """
def sigmoid_forward(x):
    pass

grader.check("sigmoid", sigmoid_forward)
""",
    "all": "%check",
    "seconds": """
import time
start = time.monotonic()
grader.check("relu")
print(time.monotonic() - start)
""",
    "unknown": """
grader.check("rely")
""",
    "raises": """
%%check relu
def relu_forward(x):
    return 0 * x, x
1 / 0
""",
    "without source": """
exec("def tanh_forward(x): return np.tanh(x), x")
grader.check("tanh", tanh_forward)
""",
}
