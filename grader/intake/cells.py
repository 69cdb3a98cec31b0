"""What a code cell means as Python, although it may hold what only Jupyter understands: magics, shell commands, help."""

import ast
import re
import warnings
from dataclasses import dataclass

# The quantifiers are possessive (*+, ++): whatever the line, it is looked at once.
# A line is one of these only where a statement begins, and only in a cell that is no Python as it stands.
NO_PYTHON = re.compile(
    r"""(\s*+)(?:
        [%!]                                              # %matplotlib inline, !pip install
      | \?                                                # ?np.dot
      | [^#'"?]++\?\??\s*$                                # np.dot?
      | (?P<names>[\w.,\ \t\[\]*()]++)=\s*+(?:!|%%?[^\W\d])   # files = !ls
    )""",
    re.VERBOSE,
)
# Line magics that run a statement, with their options. Of `%time` the value can be kept, too.
RUNS = re.compile(
    r"""\s*+(?P<magic>%(?:
        timeit(?:\s++-(?:[nrpP]\s*+\d++|[tcqov]++))*+
      | prun(?:\s++-(?:[lsTD]\s*+[^\s-]\S*+|[rq]++))*+
      | time
    )(?=\s))[ \t]*+(?P<statement>.*)
    | \s*+(?P<names>[\w.,\ \t\[\]*()]++=\s*+)(?P<time>%time(?=\s))[ \t]*+(?P<value>.*)""",
    re.VERBOSE | re.DOTALL,
)
# What decides where a statement ends. A string that is not closed ends with its line.
TOKENS = re.compile(r'''#.*|"""|\'\'\'|"(?:\\.?|[^"\\])*+"?|'(?:\\.?|[^'\\])*+'?|[()\[\]{}]''')
TRANSPARENT = frozenset({"time", "capture", "prun", "check"})  # cell magics whose cell is run as any other
FILE = frozenset({"writefile", "file"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as Python, the lines that are none, or the file it writes."""

    code: str = ""
    left_out: tuple[str, ...] = ()
    reason: str = ""  # all of it is left out
    file: str = ""
    appends: bool = False


def understand(source: str) -> Cell:
    """Return a cell as Python; lines that are none become `pass`, so that the lines around them stay where they are.

    The statement behind `%time` stays, and `files = !ls` binds its name, to None.
    """
    source = source.strip("\n")
    head, _, body = source.partition("\n")
    before: tuple[str, ...] = ()
    if head.startswith("%%"):
        name, *arguments = head[2:].split() or [""]
        paths = [a.strip("'\"") for a in arguments if a != "-a"]
        if name in FILE and paths and paths[-1].lower().endswith(".py"):
            return Cell(code=body + "\n", file=paths[-1], appends="-a" in arguments)
        if name not in TRANSPARENT:
            return Cell(reason=f"%%{name} is no Python")
        source, before = f"pass\n{body}", (head,)
    reason = why_no_python(source)
    if not reason:
        return Cell(code=source, left_out=before)
    lines, left_out = _without_magics(source.split("\n"))
    code = "\n".join(lines)
    if left_out:
        reason = why_no_python(code)
    return Cell(reason=reason) if reason else Cell(code=code, left_out=(*before, *left_out))


def why_no_python(source: str) -> str:
    """Return why a text cannot be compiled, or nothing. Not only parsed: a `return` outside a function would spoil all cells."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "", "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg)
    except (ValueError, RecursionError, MemoryError, OverflowError, SystemError) as error:
        return f"Python cannot read it ({type(error).__name__})"
    return ""


def _without_magics(lines: list[str]) -> tuple[list[str], list[str]]:
    kept: list[str] = []
    left_out = []
    open_string, depth, continued = "", 0, False
    while len(kept) < len(lines):
        line = lines[len(kept)]
        found = None if open_string or depth or continued else NO_PYTHON.match(line)
        if found:
            end = len(kept) + 1
            while lines[end - 1].endswith("\\") and end < len(lines):
                end += 1
            magic, instead = _statement("\n".join(lines[len(kept) : end]))
            left_out.append(magic or line.strip())
            instead = instead or _bound_to_none(found["names"] or "") or "pass"
            kept += f"{found[1]}{instead}".split("\n")
            kept += [""] * (end - len(kept))
            continue
        kept.append(line)
        open_string, depth = _scan(line, open_string, depth)
        continued = line.endswith("\\")
    return kept, left_out


def _statement(lines: str) -> tuple[str, str]:
    """Return a magic and the statement that it runs; nothing where it runs none, or none that is Python."""
    found = RUNS.match(lines)
    if not found:
        return "", ""
    magic = found["magic"] or found["time"]
    statement = found["statement"] or f"{found['names'] or ''}{found['value'] or ''}"
    return ("", "") if why_no_python(statement) else (magic, statement)


def _bound_to_none(names: str) -> str:
    """Return a statement that binds names to None."""
    if why_no_python(statement := f"{names.strip()} = None"):
        return ""
    found = [n.id for n in ast.walk(ast.parse(statement)) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return " = ".join([*dict.fromkeys(found), "None"]) if found else ""


def _scan(line: str, open_string: str, depth: int) -> tuple[str, int]:
    """Return which triple quotes and how many brackets are open after a line."""
    at = 0
    while at < len(line):
        if open_string:
            end = re.compile(rf"\\.|{open_string}").search(line, at)
            if not end:
                break
            at = end.end()
            open_string = open_string if end[0].startswith("\\") else ""
            continue
        token = TOKENS.search(line, at)
        if not token:
            break
        at = token.end()
        if token[0] in {'"""', "'''"}:
            open_string = token[0]
        elif token[0] in "([{":
            depth += 1
        elif token[0] in ")]}":
            depth = max(depth - 1, 0)
    return open_string, depth
