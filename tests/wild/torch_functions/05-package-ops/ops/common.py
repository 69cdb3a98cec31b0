from torch.nn import functional as F


def columns(x, k, stride, padding):
    """(N, C, H, W) -> (N, C * k * k, L)"""
    return F.unfold(x, k, padding=padding, stride=stride)
