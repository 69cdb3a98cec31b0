"""Published architectures as data, built from the reference's layers: their shapes, their parameters, and how they run.

No task asks for one: tests hold them against torch, and documents quote them.
"""
