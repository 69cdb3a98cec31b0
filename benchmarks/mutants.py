"""How many changes of the code the tests notice, by module: what scripts/mutants left in mutants/.

A change that makes the tests run for ever is noticed, too; one that no test ever runs is not.
"""

import json
from collections import defaultdict
from pathlib import Path

MUTANTS = Path(__file__).parent.parent / "mutants"
UNNOTICED = (0, 33)  # how mutmut notes that all tests passed, and that there are none; everything else is a test that failed or was ended


def main() -> None:
    """Print a table by module, the laws as one, and the names of the changes that no test noticed; `mutmut show NAME` shows one."""
    unnoticed: list[str] = []
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])  # changes, those that were tried, those that were noticed
    for file in sorted(MUTANTS.rglob("*.py.meta")):
        ended: dict[str, int | None] = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
        missed = [name for name, code in ended.items() if code in UNNOTICED]
        tried = sum(code is not None for code in ended.values())
        unnoticed += missed
        module = Path(*file.relative_to(MUTANTS).with_suffix("").parts[:3])
        for title in (f"`{module}`", "all"):
            rows[title] = [a + b for a, b in zip(rows[title], (len(ended), tried, tried - len(missed)), strict=True)]
    total = rows.pop("all")
    print("| module | changes | tried | noticed | of those tried |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for title, (changes, tried, noticed) in [*rows.items(), ("all", total)]:
        if tried:
            print(f"| {title} | {changes} | {tried} | {noticed} | {noticed / tried:.0%} |")
    print(*unnoticed, sep="\n")


if __name__ == "__main__":
    main()
