"""Let atheris look for bytes that break the reading of a worker's frames: a crash, a hang, too much memory.

Coverage leads it; its mutations begin with frames that are almost right. The same seed makes the same frames; no corpus is kept.

    python benchmarks/fuzz_wire.py [--runs 200000] [--seed 1]
"""

import argparse
import random
import sys


def main() -> None:
    """Fuzz. Does not return: the process ends with status 0, or with the report of what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    import atheris  # type: ignore[import-untyped]  # not everywhere: it has no Windows

    with atheris.instrument_imports(include=["grader.worker.wire", "grader.sandbox.session", "benchmarks.frames"]):
        from benchmarks.frames import almost_right, feed

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        return almost_right(rng)[:most] if rng.random() < 0.3 else bytes(atheris.Mutate(data, most))

    options = [
        f"-runs={arguments.runs}",
        f"-seed={arguments.seed}",
        "-max_len=8192",
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options], feed, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
