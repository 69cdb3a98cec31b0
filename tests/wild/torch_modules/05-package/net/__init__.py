from .norm import LayerNorm
