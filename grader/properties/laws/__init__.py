"""Laws: equations between calls, one file each, generic over the layers whose traits they rest on. The reference has no part in them.

A new law is a new file, its name in this list, and its two sentences in `messages.LAWS`. A file whose law is asked of both functions
has FORWARD and BACKWARD; their checks are two.
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

_BOTH = (sample_independence, batch_permutation, channel_permutation, stride_identity, padding_identity, stability)
_FORWARD = (superposition, translation, shift_invariance)
_BACKWARD = (adjoint, euler, linear_in_dout, batch_additivity, gradient_mass, copied_entries, zero_sums, normalised_nulls)
LAWS: tuple[Law, ...] = (
    *(module.LAW for module in _FORWARD),
    *(module.FORWARD for module in _BOTH),
    *(module.LAW for module in _BACKWARD),
    *(module.BACKWARD for module in _BOTH),
)
