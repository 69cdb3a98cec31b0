"""One question about sizes a file: a whole number out, no gradient."""
