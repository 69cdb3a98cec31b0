"""One layer a file: `forward`, `backward`, `SPEC`."""
