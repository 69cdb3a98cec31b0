"""Renderings of a finished run. `results` makes the contract, `results.json`; every other module turns that into one format.

Each format module has `render(results) -> str`; none of them knows the engine or grades anything.
"""
