"""Laws: equations between calls, one file each, generic over the layers whose traits they rest on. The reference has no part in them.

A new law is a new file, its name in this list, and its two sentences in `messages.LAWS`.
"""

from grader.properties.laws import (
    adjoint,
    batch_additivity,
    batch_permutation,
    channel_permutation,
    copied_entries,
    euler,
    gradient_mass,
    linear_in_dout,
    normalised_nulls,
    padding_identity,
    sample_independence,
    shift_invariance,
    stability,
    stride_identity,
    superposition,
    translation,
    zero_sums,
)
from grader.properties.laws.law import Law

_OF_SAMPLES = (sample_independence, batch_additivity, batch_permutation)
_OF_WINDOWS = (translation, stride_identity, padding_identity, gradient_mass, copied_entries)
_OF_VALUES = (adjoint, superposition, euler, linear_in_dout, shift_invariance, zero_sums, normalised_nulls, stability)
LAWS: tuple[Law, ...] = tuple(module.LAW for module in (*_OF_SAMPLES, channel_permutation, *_OF_WINDOWS, *_OF_VALUES))
