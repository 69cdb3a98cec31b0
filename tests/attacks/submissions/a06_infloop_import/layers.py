while True: pass
def affine_forward(x, w, b):
    return x @ w + b, None
