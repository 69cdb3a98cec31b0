def afine(x, w, b):
    return x @ w + b
