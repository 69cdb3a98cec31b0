import time
told = []
def affine_forward(x, w, b):
    block = bytes(1 << 20)
    for n in range(4):
        with open('fill%d' % n, 'wb') as f:
            for _ in range(15): f.write(block)
    time.sleep(0.25)
    told.append('ESCAPED: kept 60 MB')
    raise RuntimeError(told)
