import time
told = []
def affine_forward(x, w, b):
    for n in range(2000): open('f%d' % n, 'w').close()
    time.sleep(0.25)
    told.append('ESCAPED: made 2000 files')
    raise RuntimeError(told)
