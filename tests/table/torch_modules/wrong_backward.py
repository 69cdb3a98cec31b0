"""Right outputs, but autograd is led astray on the way to them."""
import torch
from torch import nn


class Linear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def forward(self, x):
        return x @ self.weight.T + self.bias.data + 0 * self.bias  # wrong: the data of the bias


class ReLU(nn.Module):
    def forward(self, x):
        return torch.sqrt(x.clamp(min=0) ** 2)  # wrong: no slope where the root is of 0


class Sigmoid(nn.Module):
    def forward(self, x):
        return torch.from_numpy(torch.sigmoid(x).detach().numpy())  # wrong: cut off


class MaxPool2d(nn.Module):
    def __init__(self, kernel_size, stride):
        super().__init__()
        self.size, self.stride = kernel_size, stride

    def forward(self, x):
        seen = x.unfold(2, self.size, self.stride).unfold(3, self.size, self.stride)
        best = seen.amax((4, 5))
        return best.detach() + seen.mean((4, 5)) - seen.mean((4, 5)).detach()  # wrong: the slope of the mean


class LayerNorm(nn.Module):
    def __init__(self, dim, eps):
        super().__init__()
        self.gamma, self.beta, self.eps = nn.Parameter(torch.ones(dim)), nn.Parameter(torch.zeros(dim)), eps

    def forward(self, x):
        with torch.no_grad():  # wrong: mean and variance depend on x
            mean, var = x.mean(1, keepdim=True), x.var(1, correction=0, keepdim=True)
        return self.gamma * (x - mean) / torch.sqrt(var + self.eps) + self.beta


class Dropout(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        out = x * (torch.rand(x.shape) >= self.p)
        return out + out.detach() * self.p / (1 - self.p)  # wrong: the factor is not derived


class CrossEntropyLoss(nn.Module):
    def forward(self, x, y):
        z = x - x.max(1, keepdim=True).values.detach()
        total = z.exp().sum(1).detach()  # wrong: the sum depends on x
        return (total.log() - z[torch.arange(len(y)), y]).mean()


class HingeLoss(nn.Module):
    def forward(self, x, y):
        own = x.detach().gather(1, y[:, None])  # wrong: the score of the right class counts, too
        return ((x - own + 1).clamp(min=0).scatter(1, y[:, None], 0).sum(1)).mean()


class TwoLayerNet(nn.Module):
    def __init__(self, D, H, C):
        super().__init__()
        self.first, self.second = nn.Linear(D, H), nn.Linear(H, C)

    def forward(self, x):
        hidden = torch.sigmoid(self.first(x))
        return self.second(hidden) + self.second(hidden.detach()) - self.second(hidden).detach()  # wrong: of W2 and b2 twice
