"""One layer a file: `forward`, `backward`, `SPEC`.

It may rest on another of this folder, and knows no loss and no net.
"""
