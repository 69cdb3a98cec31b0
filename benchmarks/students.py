"""A class of students who have their homework from the samples: the same for the same count, and no two hand in the same.

There are two mixes. Of `samples`, among every hundred students 97 hand in one of `submissions/`, each as likely as the other: right, wrong
and slow ones in every convention, an eighth of them whole courses. `weeks` is a homework of a week, set from a larger course, and heavier:

| students | hand in |
|---|---|
| 40 | a folder of `tests/wild`: a week as it is really written, right, wrong, unfinished or broken, in any convention |
| 38 | 5 to 12 tasks of `tests/table` in one file of one convention; one half right, the others with up to three misconceptions |
| 16 | a sample of `submissions` that has one mistake, or a file of `benchmarks/misconceived`: begun the evening before |
| 3 | a whole course, all that a convention spells |

In both, one of a hundred hands in code that hangs, on load or in a call, and two code that attacks the grader: ends its process, forks,
fills memory, floods the output, imports what is not there. Of what is more than one file, a third is an archive; of what is one file, a
third each is a .py file, a notebook, and a folder.
"""

import ast
import itertools
import json
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import nbformat

from grader.worker.conventions import CONVENTIONS

ROOT = Path(__file__).parent.parent
SAMPLES, ATTACKS = ROOT / "submissions", ROOT / "tests" / "attacks" / "submissions"
ONE_FILE = ("cs231n", "deep_learning_from_scratch", "deeplearning_ai", "functions", "classes", "torch_functions", "torch_modules")
HANGS = ("a05_infloop_call", "a06_infloop_import", "a07_sleep_call", "a08_regex_hang")
HOSTILE = ("a03_sysexit_call", "a09_fork_bomb", "a11_memory_bomb", "a13_stdout_flood", "a15_garbage_frames", "a59_sigkill_self")
NOT_SMALL = {"never-returns", "memory-bomb", "whole-course-right"}

Files = Mapping[str, bytes]
Kind = Callable[[random.Random, int], Files]


def hand_in(folder: Path, count: int, mix: str = "weeks") -> None:
    """Write the submissions of so many students of a mix; a larger class begins with the smaller one."""
    folder.mkdir(parents=True)
    for number, kind in enumerate(itertools.islice(_kinds(MIXES[mix]), count)):
        rng = random.Random(number)
        files = _signed(kind(rng, number), number)
        _lay_out(folder / f"student{number:05}", files, rng)


def _kinds(common: Sequence[Kind]) -> Iterator[Kind]:
    """Deal what students hand in, hundred by hundred in another order."""
    hundred = [*common, _hangs, _attacks, _attacks]
    return itertools.chain.from_iterable(random.Random(deal).sample(hundred, len(hundred)) for deal in itertools.count())


def _sample(rng: random.Random, _: int) -> Files:
    hanging = ("never-returns", "memory-bomb")
    return _read(rng.choice(sorted(path for path in SAMPLES.iterdir() if path.suffix != ".md" and path.name not in hanging)))


def _wild(rng: random.Random, _: int) -> Files:
    return _read(rng.choice(sorted(path for path in (ROOT / "tests" / "wild").glob("*/*") if path.is_dir())))


def _week(rng: random.Random, _: int) -> Files:
    convention = rng.choice(ONE_FILE)
    text = (ROOT / "tests" / "table" / convention / "right.py").read_text(encoding="utf-8")
    tasks = {name: asked for name, asked in _asked_for(convention).items() if asked & _definitions(text).keys()}
    chosen = rng.sample(sorted(tasks), min(len(tasks), rng.randint(5, 12)))
    wanted = frozenset().union(*(tasks[name] for name in chosen))
    others = frozenset().union(*tasks.values()) - wanted
    fitting = [mistake for mistake in _misconceived() if _definitions(mistake).keys() <= wanted]
    mistaken = rng.sample(fitting, min(len(fitting), rng.choice((0, 0, 0, 1, 2, 3))))
    # What is defined last counts: a mistake replaces the right definition before it.
    return {"homework.py": "\n\n".join([_without(text, others), *mistaken]).encode()}


def _begun(rng: random.Random, _: int) -> Files:
    samples = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".md" and path.name not in NOT_SMALL)
    small = [path for path in samples if "right" not in path.name]
    return _read(rng.choice([*small, *sorted((ROOT / "benchmarks" / "misconceived").glob("*.py"))]))


def _course(rng: random.Random, _: int) -> Files:
    return _read(rng.choice(sorted(SAMPLES.glob("*right*"))))


def _hangs(_: random.Random, number: int) -> Files:
    return _read(ATTACKS / HANGS[number // 100 % len(HANGS)])


def _attacks(rng: random.Random, _: int) -> Files:
    return _read(ATTACKS / rng.choice(HOSTILE))


MIXES: Mapping[str, Sequence[Kind]] = {"samples": [_sample] * 97, "weeks": [_wild] * 40 + [_week] * 38 + [_begun] * 16 + [_course] * 3}


@cache
def _asked_for(convention: str) -> Mapping[str, frozenset[str]]:
    """Return the names that each task of a convention goes by."""
    return {
        task: frozenset(name for wanted in adapter.wants.values() for name in wanted.names)
        for task, adapter in CONVENTIONS[convention].items()
    }


@cache
def _misconceived() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "benchmarks" / "misconceived").glob("*.py")))


@cache
def _definitions(text: str) -> Mapping[str, ast.FunctionDef | ast.ClassDef]:
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _without(text: str, names: frozenset[str]) -> str:
    """Return a program without those of its definitions that have one of these names and that no other needs."""
    defined = _definitions(text)
    kept = list(defined.keys() - names)
    for name in kept:  # grows
        used = {node.id for node in ast.walk(defined[name]) if isinstance(node, ast.Name)}
        kept += sorted((used & defined.keys()) - set(kept))
    lines = text.splitlines()
    for name in defined.keys() - set(kept):
        node = defined[name]
        first = min(one.lineno for one in (node, *node.decorator_list))
        lines[first - 1 : node.end_lineno] = [""] * (node.end_lineno - first + 1)  # type: ignore[operator]
    return "\n".join(lines)


def _read(sample: Path) -> Files:
    if sample.is_file():
        return {"homework.py": sample.read_bytes()}
    return {path.relative_to(sample).as_posix(): path.read_bytes() for path in sorted(sample.rglob("*")) if path.is_file()}


def _signed(files: Files, number: int) -> Files:
    """Make the files of a student differ from everybody else's, by a last line that changes nothing."""
    line = f"# student {number}"
    return {
        path: _with_cell(data, line) if path.endswith(".ipynb") else data + f"\n{line}\n".encode() if path.endswith(".py") else data
        for path, data in files.items()
    }


def _with_cell(data: bytes, line: str) -> bytes:
    notebook = json.loads(data)
    notebook["cells"].append({"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": [line]})
    return json.dumps(notebook, ensure_ascii=False).encode()


def _lay_out(place: Path, files: Files, rng: random.Random) -> None:
    """Write a submission in one of the ways in which students hand in."""
    (path, data), *more = files.items()
    way = rng.choice(("archive", "folder", "folder") if more else ("file", "notebook", "folder"))
    if way == "archive":
        with zipfile.ZipFile(place.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(zipfile.ZipInfo(f"hw/{name}"), content)
    elif way == "file" and path.endswith(".py"):
        place.with_suffix(".py").write_bytes(data)
    elif way == "notebook" and path.endswith(".py") and (cells := _cells(data)):
        notebook = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
        nbformat.write(notebook, place.with_suffix(".ipynb"))  # type: ignore[no-untyped-call]
    else:
        for name, content in files.items():
            file = place / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)


def _cells(data: bytes) -> list[nbformat.NotebookNode]:
    """Return a program as code cells, one for each definition; none, where it does not parse."""
    try:
        text = data.decode("utf-8")
        body = ast.parse(text).body
    except (SyntaxError, UnicodeDecodeError):
        return []
    lines = text.splitlines()
    starts = [0, *(node.lineno - 1 for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list)]
    chunks = ["\n".join(lines[a:b]).strip() for a, b in itertools.pairwise([*starts, len(lines)])]
    return [nbformat.v4.new_code_cell(chunk, id=f"cell-{n}") for n, chunk in enumerate(chunks) if chunk]  # type: ignore[no-untyped-call]
