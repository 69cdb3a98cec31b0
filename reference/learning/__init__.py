"""One way to change parameters a file: the steps of optimisers, and the losses of a net that is trained with them.

What is learnt, a net or a layer, is not made here.
"""
