"""One way to change parameters a file: the steps of optimisers, and the losses of a net that is trained with them."""
