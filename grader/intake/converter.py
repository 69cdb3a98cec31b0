"""The process in which notebooks are converted: a request on stdin, an answer on stdout, one after the other.

Run as a script: `python -I -S converter.py MEMORY_MB FOLDER...`; the folders are where modules are looked up.
A request is a line with the number of bytes that follow it; an answer is a line of JSON, as is the first, which says that all is loaded.
"""

import gc
import sys


def main() -> None:
    """Convert until there are no more requests."""
    sys.path[:0] = sys.argv[2:]
    import json

    from grader.intake.notebook import convert
    from grader.worker.limits import limit

    limit(int(sys.argv[1]))
    gc.disable()  # looking through a million values for cycles, again and again, takes longer than reading them
    answer: object = "ready"
    while True:
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()
        gc.collect()
        line = sys.stdin.buffer.readline()
        if not line:
            return
        answer = convert(sys.stdin.buffer.read(int(line)).decode())


if __name__ == "__main__":
    main()
