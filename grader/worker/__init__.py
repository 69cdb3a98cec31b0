"""What runs in the other process, beside the student's code: the standard library and NumPy only, and no answers.

Nothing here decides anything. Whatever a student's code does to this package, it can only lie about its own return values.
"""
