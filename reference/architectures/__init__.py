"""Published architectures as data, built from the reference's layers: their shapes, their parameters, and how they run."""
