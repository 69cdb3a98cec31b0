"""Wrong ways to compute every layer, each with one mistake, as students make them."""

from benchmarks.variants import Wrong
from benchmarks.variants.wrong import (
    affine,
    avg_pool2d,
    batch_norm,
    classifiers,
    conv2d,
    convnet,
    deep_nets,
    flatten,
    im2col,
    learning,
    max_pool2d,
    relu,
    sigmoid,
    softmax_loss,
    svm_loss,
    three_layer_net,
    two_layer_net,
)

_LAYERS = (affine, avg_pool2d, batch_norm, conv2d, flatten, im2col, max_pool2d, relu, sigmoid)
_LOSSES_AND_NETS = (softmax_loss, svm_loss, convnet, three_layer_net, two_layer_net, deep_nets)
_OTHERS = (classifiers, learning)
WRONG: tuple[Wrong, ...] = tuple(wrong for module in (*_LAYERS, *_LOSSES_AND_NETS, *_OTHERS) for wrong in module.WRONG)
