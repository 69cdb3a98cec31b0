"""Wrong mean squared errors."""

from benchmarks.variants.wrong.making import layer

MSE = layer("mse_loss")


WRONG = (
    MSE.wrong_out("averaged twice", lambda out, x, y: out / x.dtype.type(len(x))),
    MSE.wrong_out("of the first sample", lambda out, x, y: ((x[0] - y[0]) ** 2).mean()),
    *MSE.slightly("dx"),
)
