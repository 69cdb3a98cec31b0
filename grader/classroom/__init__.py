"""A class: many submissions, graded by several processes or machines, kept as they are finished, and never graded twice.

`terms` is what every submission is graded by; `store` keeps what became of them; each file of `executors` is one way to grade
many; `run` brings them together. How one submission is graded is `engine`'s, and none of this.
"""
