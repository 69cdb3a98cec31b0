"""One question about sizes a file: a whole number out, no gradient.

No array goes in, and no layer is known here.
"""
