"""A small data set that ships with the package: interleaved spirals, one arm a class, the same every time."""

import numpy as np

from reference.spec import Array, Sizes


def points(sizes: Sizes) -> Array:
    """Return P points of the plane, shape (P, 2), whose arms are labelled by `classes`; D must be 2.

    Source: CS231n, "Putting it together: Minimal Neural Network Case Study"; its noise is replaced by a wave.
    """
    turn = np.arange(sizes["P"]) // sizes["K"] / np.ceil(sizes["P"] / sizes["K"])
    radius = 0.1 + 0.9 * turn
    angle = 2 * np.pi * classes(sizes) / sizes["K"] + 3 * turn + 0.2 * np.sin(40 * turn + classes(sizes))
    # Hundredths, so that a report shows all of a number.
    return np.round(np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1), 2)


def classes(sizes: Sizes) -> Array:
    """Return the arm of each point in turn, 0 to K - 1, shape (P,)."""
    arms: Array = np.arange(sizes["P"]) % sizes["K"]
    return arms
