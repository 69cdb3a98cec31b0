"""Renderings of a finished run. `results` makes the contract, `results.json`; each module of `formats` turns that into one format.

The other modules are what formats are made of. None of them knows the engine or grades anything.
"""
