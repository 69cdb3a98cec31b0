"""One classifier of scores or neighbours a file, without hidden layers: `forward`, `SPEC`, and `backward` where there is a gradient.

What has a hidden layer is in `nets`.
"""
