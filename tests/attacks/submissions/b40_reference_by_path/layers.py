import sys

sys.path[:0] = ['@ROOT@', '@CANARY@']


def affine_forward(x, w, b):
    from reference.layers import affine

    return affine.forward(x, w, b)
