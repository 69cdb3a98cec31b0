"""Checking where the code is written: in the kernel of a notebook, or any other session of Python.

What a session has is gathered into source texts, which are graded as files are: nothing is judged here.
"""
