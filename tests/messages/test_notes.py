"""How a submission was read is said where the assignment left it open, or where most do otherwise."""

from grader import messages


def test_how_a_submission_was_read_is_said_where_it_was_left_open():
    assert messages.read_as({}) == messages.read_as({"log_epsilon": 1e-7, "inverted": False}) == []
    assert messages.read_as({"activation": "sigmoid"}) == ["Graded as a net with sigmoid."]
    assert messages.read_as({"p_of": "kept"}) == ["Graded with p as the probability of being kept."]
    assert messages.read_as({"mean_over": "samples", "half": True}) == ["Graded as half the squared error averaged over the samples."]
    assert messages.read_as({"mean_over": "elements"}) == ["Graded as the squared error averaged over all elements."]


def test_what_a_right_forward_does_otherwise_than_most_is_accepted_in_words():
    assert messages.accepted({}) == messages.accepted({"log_epsilon": 0.0, "reg_factor": 1, "activation": "relu"}) == []
    assert messages.accepted({"log_epsilon": 1e-7}) == ["Your loss adds 1e-07 inside the logarithm; accepted."]
    assert messages.accepted({"log_epsilon": -1e-12}) == [
        "Your loss adds 1e-12 inside the logarithm, and your gradient allows for it; accepted."
    ]
    assert messages.accepted({"momentum_of": "running", "unbiased": True, "own_eps": 1e-6}) == [
        "Your running variance divides by N - 1, as torch's does; accepted.",
        "Your class has an epsilon of its own, 1e-06; accepted.",
    ]
    assert messages.accepted({"flattens": False}) == ["Your affine layer takes x of shape (N, D) and flattens nothing; accepted."]
    assert messages.accepted({"takes_padding": False, "pads_with": "-inf"}) == [
        "Your pooling takes no padding, or fails with any as the book's own code does; accepted."
    ]
    assert messages.accepted({"flattens": True, "takes_padding": True}) == []
    assert messages.accepted({"unbiased": False, "own_eps": 0.0, "inverted": True}) == []
    assert messages.accepted({"inverted": False}) == ["Your dropout scales in test mode and not in training; accepted."]
