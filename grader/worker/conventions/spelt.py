"""What parameters are called, in lower case, and what they are where there is none."""

from collections.abc import Mapping
from typing import Any

SPELT: Mapping[str, frozenset[str]] = {
    name: frozenset(spelt.split())
    for name, spelt in {
        "inputs": """in_features input_size in_dim input_dim n_in in_size n_inputs num_inputs inputs in_channels in_channel input_channels
            num_channels n_channels channels c_in in_ch in_c nin fan_in depth n_input num_in input_features in_feature d_in dim_in n_features""",
        "outputs": """out_features output_size out_dim output_dim n_out out_size n_outputs num_outputs outputs out_channels out_channel
            output_channels num_filters n_filters filters c_out out_ch out_c nout units n_output num_out output_features fan_out
            out_feature d_out dim_out n_units num_units neurons
            num_classes n_classes""",
        "features": """num_features n_features features num_channels n_channels channels normalized_shape feature_size feature_dim
            features_dim num_feature input_size input_dim in_features in_dim in_channels hidden_size size dim d c n_out n_in shape
            num_dims input_shape""",
        "kernel": "kernel_size filter_size pool_size window_size kernel ksize pool size window field k f kernel_shape pool_shape",
        "kernel_h": "kernel_h filter_h pool_h field_h pool_height kernel_height filter_height field_height kh fh hh",
        "kernel_w": "kernel_w filter_w pool_w field_w pool_width kernel_width filter_width field_width kw fw ww",
        "stride": "stride strides s step",
        "padding": "padding pad p",
        "dilation": "dilation dilation_rate dilate dil",
        "groups": "groups num_groups n_groups group g",
        "padding_mode": "padding_mode pad_mode",
        "axes": "num_dims dims ndim",
        "mode": "mode kind pool_type",
        "slope": "alpha negative_slope slope leak a neg_slope leakiness leaky_slope",
        "eps": "eps epsilon e",
        "momentum": "momentum rho decay alpha m",
        "dropped": "drop_prob dropout_rate drop_rate dropout_prob dropout_ratio drop_p p_drop dropout drop drop_ratio dropout_p prob_drop",
        "kept": "keep_prob keep_rate keep_p p_keep keep keep_probability keep_ratio retain retain_prob keepprob prob_keep",
        "share": "p prob rate probability ratio q",
        "hidden": "hidden_size hidden_dim n_hidden num_hidden hidden hidden_units hidden_features n_h h hidden_layer_size hid_size",
        "hidden1": "hidden_size1 hidden1_size hidden1 hidden_dim1 hidden1_dim h1 n_hidden1 hidden_size_1 hidden_1 hidden_dim_1 n_h1",
        "hidden2": "hidden_size2 hidden2_size hidden2 hidden_dim2 hidden2_dim h2 n_hidden2 hidden_size_2 hidden_2 hidden_dim_2 n_h2",
        "rate": "lr learning_rate eta learn_rate learningrate l_rate step_size",
        "penalty": """reg reg_strength reg_lambda reg_param regularization regularisation regularization_strength l2 l2_reg l2_strength
            l2_lambda weight_decay weight_decay_lambda wd lam lambda_ lambd lmbda""",
        "bias": "bias use_bias with_bias has_bias add_bias",
        "activation": "activation act activation_fn activation_function nonlinearity",
        "size": "size input_size in_size n i w input length n_in w_in",
        "target": "y_true ytrue target targets label labels t true truth ground_truth gt actual expected desired y_label y_labels",
        "prediction": """x a z p pred preds prediction predictions predicted y_pred ypred y_hat yhat yp out output outputs
            logits logit scores score input inputs probs y_prediction""",
        "dilations": "dilations dilation dilation_rates dilation_rate rates ds d",
    }.items()
}
USUAL: Mapping[str, Any] = {"padding": 0, "dilation": 1, "groups": 1, "padding_mode": "zeros"}
