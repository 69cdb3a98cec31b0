"""Wrong batch normalisation of planes."""

from benchmarks.variants.wrong.making import layer

SPATIAL = layer("spatial_batch_norm")
WRONG = (
    SPATIAL.wrong_gradient("dbeta", "averaged over planes", lambda d, dout, cache: dout.mean(axis=(2, 3)).sum(axis=0)),
    *SPATIAL.slightly("dx", "dgamma", "dbeta"),
)
