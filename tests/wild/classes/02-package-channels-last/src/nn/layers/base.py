from abc import ABC, abstractmethod


class Layer(ABC):
  trainable = False

  def __init__(self):
    self.params = {}
    self.grads = {}

  @abstractmethod
  def forward(self, x):
    ...

  @abstractmethod
  def backward(self, dy):
    ...

  def __call__(self, x):
    return self.forward(x)
