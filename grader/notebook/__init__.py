"""Checking where the code is written: in the kernel of a notebook, or any other session of Python."""
