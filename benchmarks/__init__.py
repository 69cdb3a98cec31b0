"""Figures that the README quotes. Each file is one command: it prints its figures beside the goals; --check exits 1 on a miss."""
