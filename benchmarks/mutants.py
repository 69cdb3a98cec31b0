"""How many changes of the code the tests notice, by module: what scripts/mutants left in mutants/.

A change that makes the tests run on for ever is noticed, too; one that no test ever runs is not.
"""

import json
from collections import Counter
from pathlib import Path

MUTANTS = Path(__file__).parent.parent / "mutants"
KILLED, SURVIVED, UNTESTED = 1, 0, 33  # how mutmut notes the end of pytest; everything else is a process that was ended


def outcomes(file: Path) -> dict[str, int]:
    """Return by its name how each change of a module ended, of those that were tried."""
    ended: dict[str, int | None] = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return {name: code for name, code in ended.items() if code is not None}


def main() -> None:
    """Print a table by module, and the names of the changes that no test noticed; `mutmut show NAME` shows one."""
    unnoticed: list[str] = []
    total: Counter[str] = Counter()
    print("| module | mutants | killed | ended | survived | not run | killed, % |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for file in sorted(MUTANTS.rglob("*.py.meta")):
        found = outcomes(file)
        if not found:
            continue
        words = {KILLED: "killed", SURVIVED: "survived", UNTESTED: "not run"}
        counted = Counter(words.get(code, "ended") for code in found.values())
        unnoticed += [name for name, code in found.items() if code in (SURVIVED, UNTESTED)]
        total += counted
        _row(f"`{file.relative_to(MUTANTS).with_suffix('')}`", counted)
    _row("all", total)
    print(*unnoticed, sep="\n")


def _row(title: str, counted: Counter[str]) -> None:
    size = counted.total()
    share = 100 * (counted["killed"] + counted["ended"]) / max(size, 1)
    cells = [title, size, *(counted[word] for word in ("killed", "ended", "survived", "not run")), f"{share:.1f}"]
    print("|", " | ".join(map(str, cells)), "|")


if __name__ == "__main__":
    main()
