"""One net a file, composed of layers and a loss: `forward(x, y, ...) -> (loss, cache)`, `backward`, `SPEC`.

What is trained with one is in `learning`.
"""
