"""Numbers: how far rounding may take a right answer, and where an answer leaves that bound.

Arrays come in and bounds come out: no submission, no points and no sentence for a student are known here.
"""
