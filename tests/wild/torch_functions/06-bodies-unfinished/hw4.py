# HW4: implement the backward passes. Do not change the signatures!
import torch
from torch.autograd import Function
from torch.utils.data import DataLoader
import torchvision


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w, b)
        return torch.matmul(x, w) + b

    @staticmethod
    def backward(ctx, grad_output):
        x, w, b = ctx.saved_tensors
        grad_x = grad_w = grad_b = None
        # TODO
        raise NotImplementedError


class LeakyReLUFunction(Function):
    @staticmethod
    def forward(ctx, x, negative_slope):
        # TODO
        pass

    @staticmethod
    def backward(ctx, grad_output):
        pass


class ReLUFunction(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        x, = ctx.saved_tensors
        return grad_output * (x > 0).float()
