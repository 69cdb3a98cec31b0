"""One loss a file: `forward(x, y) -> (loss, cache)`, `backward(dout, cache) -> (dx,)`, `SPEC`.

It knows no layer and no net.
"""
