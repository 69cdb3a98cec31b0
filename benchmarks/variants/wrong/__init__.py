"""Wrong ways to compute every layer, each with one mistake, as students make them."""

from benchmarks.variants import Wrong
from benchmarks.variants.wrong import (
    affine,
    avg_pool2d,
    batch_norm,
    classifiers,
    conv2d,
    conv2d_kin,
    convnet,
    cross_entropy_error,
    deep_nets,
    dropout,
    flatten,
    group_norm,
    im2col,
    layer_norm,
    leaky_relu,
    learning,
    max_pool2d,
    mse_loss,
    planes,
    relu,
    sigmoid,
    softmax_loss,
    spatial_batch_norm,
    svm_loss,
    tanh,
    three_layer_net,
    two_layer_net,
)
from benchmarks.variants.wrong.making import misconceived
from reference import catalogue

# Those that a student can be told of stand beside their layers, in `reference`; the others, here.
_LAYERS = (affine, avg_pool2d, batch_norm, conv2d, conv2d_kin, flatten, im2col, max_pool2d, planes, relu, sigmoid)
_NORMS_AND_ELEMENTWISE = (spatial_batch_norm, layer_norm, group_norm, dropout, tanh, leaky_relu, mse_loss)
_LOSSES_AND_NETS = (softmax_loss, svm_loss, cross_entropy_error, convnet, three_layer_net, two_layer_net, deep_nets)
_OTHERS = (classifiers, learning)
_ALL = (*_LAYERS, *_NORMS_AND_ELEMENTWISE, *_LOSSES_AND_NETS, *_OTHERS)
_KNOWN = (wrong for spec in catalogue().values() for wrong in misconceived(spec))
WRONG: tuple[Wrong, ...] = (*_KNOWN, *(wrong for module in _ALL for wrong in module.WRONG))
