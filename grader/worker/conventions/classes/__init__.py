"""Layers as classes of any design: `Conv2d`, `Linear`, `BatchNorm2d`, `CrossEntropyLoss`, with weights and gradients wherever they keep them.

How a class wants its sizes is read off the names of its parameters; which axis is which, where the weights are, and how it wants its
labels is tried out on a small input whose axes all differ. What is right nobody knows here.
"""

from grader.worker.conventions.classes import dropping, layers, losses, nets, norms

CONV = (
    "Conv2d", "Conv2D", "ConvLayer", "Conv", "Convolution2D", "ConvolutionLayer", "ConvolutionalLayer", "Conv_layer", "Conv2DLayer",
    "Convolutional", "Conv2dLayer", "Convolution2d", "ConvolutionalLayer2D", "Layer_Conv2D", "Convolution",
)  # fmt: skip

NAME, PLACE = "classes", 60
TASKS = {
    "affine": layers.linear(
        "Linear", "Dense", "FullyConnected", "FC", "FullyConnectedLayer", "LinearLayer", "DenseLayer", "FCLayer", "Layer_Dense",
        "AffineLayer", "Affine", "Linear_layer", "FullyConnectedLinear",
    ),
    "conv2d": layers.conv(*CONV),
    "conv2d_dilated": layers.conv(*CONV, "DilatedConv2d", "DilatedConv2D", "DilatedConv", "AtrousConv2d", option="dilation"),
    "conv2d_grouped": layers.conv(*CONV, "GroupedConv2d", "GroupConv2d", "GroupedConv2D", "GroupedConv", option="groups"),
    "max_pool2d": layers.pool(
        "MaxPool2d", "MaxPool2D", "MaxPool", "MaxPooling2D", "MaxPoolLayer", "MaxPoolingLayer", "MaxPooling2d", "MaxPool2DLayer",
        "MaxPool2dLayer", "MaxPoolingLayer2D", "Maxpool", "MaxPooling", "Layer_MaxPool2D",
    ),
    "avg_pool2d": layers.pool(
        "AvgPool2d", "AvgPool2D", "AvgPool", "AveragePooling2D", "AvgPoolLayer", "AveragePool2d", "MeanPool2d", "AveragePool2D",
        "AvgPooling2D", "AvgPooling2d", "MeanPool2D", "AveragePoolLayer", "MeanPool", "AveragePooling", "AvgPooling", "MeanPooling",
    ),
    "global_pool": layers.global_pool(
        ("GlobalAvgPool2d", "GlobalAvgPool2D", "GlobalAvgPool", "GlobalAveragePooling2D", "GlobalAveragePool2d", "GlobalAveragePooling"),
        ("GlobalMaxPool2d", "GlobalMaxPool2D", "GlobalMaxPool", "GlobalMaxPooling2D", "GlobalMaxPooling2d", "GlobalMaxPooling"),
    ),
    "relu": layers.elementwise("ReLU", "ReLu", "RELU", "ReLULayer", "ReluLayer", "Relu", "Activation_ReLU"),
    "sigmoid": layers.elementwise("Sigmoid", "SigmoidLayer", "Activation_Sigmoid", "Logistic"),
    "tanh": layers.elementwise("Tanh", "TanH", "TanhLayer", "Activation_Tanh", "HyperbolicTangent"),
    "leaky_relu": layers.leaky("LeakyReLU", "LeakyRelu", "LeakyReLu", "LeakyReLULayer", "Leaky_ReLU", "LReLU", "Activation_LeakyReLU"),
    "flatten": layers.flat("Flatten", "FlattenLayer", "Flattening", "Flatten2d"),
    "softmax_loss": losses.loss(
        "SoftmaxCrossEntropy", "SoftmaxCrossEntropyLoss", "CrossEntropyLoss", "SoftmaxLoss", "SoftMaxLoss", "SoftmaxWithCrossEntropy",
        "SoftmaxWithCrossEntropyLoss", "SoftmaxCrossEntropyWithLogits", "CrossEntropyWithSoftmax", "CrossEntropyLossWithSoftmax",
        "SoftmaxLossLayer", "CrossEntropyWithLogits", "CrossEntropyLossWithLogits", "SoftmaxAndCrossEntropy", "SoftmaxWithLossLayer",
        of_scores=True,
    ),
    "svm_loss": losses.loss("SVMLoss", "SvmLoss", "HingeLoss", "MulticlassHingeLoss", "MultiClassHingeLoss", "MulticlassSVMLoss", "MultiMarginLoss"),
    "mse_loss": losses.loss(
        "MSELoss", "MSE", "MseLoss", "MeanSquaredError", "MeanSquaredErrorLoss", "MeanSquaredLoss", "L2Loss", "SquaredLoss", "EuclideanLoss",
        labels=False,
    ),
    "batch_norm": norms.norm(
        "BatchNorm1d", "BatchNorm", "BatchNormalization", "BatchNorm1D", "BatchNormLayer", "BatchNormalizationLayer", "BatchNormalization1d",
        "BatchNormalisation", "Batchnorm",
        running=True,
    ),
    "spatial_batch_norm": norms.norm(
        "BatchNorm2d", "SpatialBatchNorm", "BatchNorm2D", "SpatialBatchNormalization", "BatchNormalization2D", "BatchNormalization2d",
        "SpatialBatchNorm2d", "ConvBatchNorm",
        planes=True, running=True,
    ),
    "layer_norm": norms.norm("LayerNorm", "LayerNormalization", "LayerNorm1d", "LayerNormLayer", "LayerNormalisation", "Layernorm"),
    "group_norm": norms.norm("GroupNorm", "GroupNormalization", "GroupNorm2d", "SpatialGroupNorm", "GroupNormLayer", planes=True, grouped=True),
    "dropout": dropping.dropout("Dropout", "DropoutLayer", "DropOut", "Layer_Dropout", "InvertedDropout", "Dropout1d"),
    **nets.TASKS,
}  # fmt: skip
