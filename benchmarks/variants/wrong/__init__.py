"""Wrong ways to compute every layer, each with one mistake, as students make them."""

from benchmarks.variants import Wrong
from benchmarks.variants.wrong import (
    affine,
    avg_pool2d,
    batch_norm,
    conv2d,
    conv2d_kin,
    convnet,
    flatten,
    im2col,
    max_pool2d,
    planes,
    relu,
    sigmoid,
    softmax_loss,
    svm_loss,
    three_layer_net,
    two_layer_net,
)

_LAYERS = (affine, avg_pool2d, batch_norm, conv2d, conv2d_kin, flatten, im2col, max_pool2d, planes, relu, sigmoid)
_LOSSES_AND_NETS = (softmax_loss, svm_loss, convnet, three_layer_net, two_layer_net)
WRONG: tuple[Wrong, ...] = tuple(wrong for module in (*_LAYERS, *_LOSSES_AND_NETS) for wrong in module.WRONG)
