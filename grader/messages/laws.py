"""What each law asks, and what is so where it fails."""

from collections.abc import Mapping
from typing import NamedTuple


class LawText(NamedTuple):
    """What a law asks, and what is so where it fails; {name} is the left side."""

    title: str
    broken: str


LAWS: Mapping[str, LawText] = {
    "adjoint": LawText(
        "a change of an argument changes the output as its gradient says",
        "Changing an argument by d changes the output by other than its gradient says: {name} is not what forward shows.",
    ),
    "linear_in_dout": LawText(
        "backward is linear in dout",
        "Backward of dout1 + 2 dout2 is not backward of dout1 plus twice backward of dout2: {name} differs.",
    ),
    "euler": LawText(
        "the gradient fits a layer whose output grows in proportion to x",
        "Twice the input gives twice the output, so dout * out and dx * x must have the same sum: {name} is another number.",
    ),
    "superposition": LawText(
        "forward is linear: adding d to the input changes the output alike, whatever the input was",
        "Adding d to the input changes the output in one way here and in another way there: {name} is not f(z + d) - f(z).",
    ),
    "sample_independence": LawText(
        "samples of a batch do not influence each other",
        "A sample of a batch gives something else than it does without the others: {name} differs.",
    ),
    "batch_additivity": LawText(
        "gradients of the parameters are summed over the batch",
        "A batch cut in two gives two gradients that do not add up to that of the batch: {name} differs from their sum.",
    ),
    "batch_permutation": LawText(
        "the order of the samples makes no difference",
        "With the samples in another order {name} is not the same in that order.",
    ),
    "channel_permutation": LawText(
        "the order of channels, features or units makes no difference",
        "With channels, features or units in another order, in all arguments alike, {name} is not the same in that order.",
    ),
    "translation": LawText(
        "an input moved by one stride gives an output moved by one window",
        "With the input moved by one stride, {name} is not the same moved by one window, away from the border.",
    ),
    "stride_identity": LawText(
        "a stride of s takes every s-th window of a stride of 1",
        "With a stride of 1, and all but every s-th window left out, {name} is not the same as with a stride of s.",
    ),
    "padding_identity": LawText(
        "padding is the same as zeros around the input",
        "With zeros laid around the input, and no padding, {name} is not the same as with padding.",
    ),
    "gradient_mass": LawText(
        "pooling hands all of dout on",
        "In every channel dx must have the same sum as dout, since every window hands all of it on: {name} is another number.",
    ),
    "copied_entries": LawText(
        "every entry of x gets the dout of each place where the output shows it",
        "{name} is not the sum of dout over the places where your own output shows the entry.",
    ),
    "shift_invariance": LawText(
        "adding a constant to all scores of a sample, or to a feature of all samples, changes nothing",
        "With a constant added to all scores of a sample, or to a feature of all samples, {name} changes.",
    ),
    "zero_sums": LawText(
        "the gradients of a sample's scores, or of a feature over the batch, add up to 0",
        "A constant added there changes no output, so these gradients must add up to 0: {name} does not.",
    ),
    "normalised_nulls": LawText(
        "dx lets the normalised direction through only as far as eps does",
        "Scaling x about its mean is undone by the normalisation, but for eps: {name} is not what eps lets through.",
    ),
    "stability": LawText(
        "inputs in the thousands give numbers, within the range of the output",
        "{name} leaves its range for inputs in the thousands.",
    ),
}
