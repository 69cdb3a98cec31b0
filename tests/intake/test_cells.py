"""A code cell becomes the Python that the student meant; what is none is left out, line by line."""

import pytest

from grader.intake.cells import Cell, understand


@pytest.mark.parametrize(
    "cell",
    [
        "x = 1",
        "x = 7 \\\n  % 4",
        "x = (7\n%4)",
        "s = '''\n%time\n!ls\nwhat?\n'''",
        "# why?",
        "print('what?')",
        "import re  # !pip",
        "@decorated\ndef f(): ...",
    ],
)
def test_python_stays_as_it_is(cell: str):
    assert understand(cell) == Cell(code=cell)


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%load_ext autoreload",
        "!pip install numpy",
        "!ls 'it",
        "?np.dot",
        "??np.dot",
        "np.dot?",
        "np.dot??",
        "f(1)?",
        "out[0] = %sx ls",
        "%%timeit in the middle",
        "%time",
        "%timeit -n 10",
        "%time !ls",
        "%timeit -n 10 return 5",
        "%lprun -f f f(x)",
    ],
)
def test_a_line_that_only_jupyter_knows_becomes_pass(line: str):
    cell = understand(f"x = 1\nif x:\n    {line}\ny = '''\n{line}\n'''")

    assert cell == Cell(code=f"x = 1\nif x:\n    pass\ny = '''\n{line}\n'''", left_out=(line,))


@pytest.mark.parametrize(
    ("line", "kept", "magic"),
    [
        ("%time y = f(x)", "y = f(x)", "%time"),
        ("%time  f(x); g(x)", "f(x); g(x)", "%time"),
        ("z = %time f(x)", "z = f(x)", "%time"),
        ("%timeit f(x)", "f(x)", "%timeit"),
        ("%timeit -n 10 -r3 -o f(-x)", "f(-x)", "%timeit -n 10 -r3 -o"),
        ("%prun -l 10 -s cumulative -q f(x)", "f(x)", "%prun -l 10 -s cumulative -q"),
        ("%time y = f(x, \\\n  2)", "y = f(x, \\\n  2)", "%time"),
    ],
)
def test_the_statement_that_a_magic_times_is_kept(line: str, kept: str, magic: str):
    assert understand(f"x = 1\nif x:\n    {line}\ny = 2") == Cell(code=f"x = 1\nif x:\n    {kept}\ny = 2", left_out=(magic,))


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("files = !ls", "files = None"),
        ("a, b = !ls", "a = b = None"),
        ("a, *b = !ls", "a = b = None"),
        ("t = %timeit -o f(x)", "t = None"),
        ("t = %time !ls", "t = None"),
        ("t = !ls \\\n  -l", "t = None\n"),
    ],
)
def test_a_name_that_would_get_what_only_jupyter_knows_is_none(line: str, kept: str):
    assert understand(f"x = 1\n{line}\ny = 2") == Cell(code=f"x = 1\n{kept}\ny = 2", left_out=(line.partition("\n")[0],))


def test_a_command_over_several_lines_is_left_out_as_one():
    cell = understand("!pip install \\\n    numpy \\\n    scipy\nx = 1")

    assert cell == Cell(code="pass\n\n\nx = 1", left_out=("!pip install \\",))


def test_what_looks_like_a_magic_inside_brackets_or_a_string_is_python():
    cell = understand('%time\nx = (10\n%3)\ns = f("""\n%d\\"""\n!\n""", "(", \'[\')  # {\ny = 5 \\\n%3')

    assert cell.left_out == ("%time",)
    assert cell.code == 'pass\nx = (10\n%3)\ns = f("""\n%d\\"""\n!\n""", "(", \'[\')  # {\ny = 5 \\\n%3'


@pytest.mark.parametrize("name", ["time", "capture out"])
def test_a_cell_that_is_run_under_a_magic_is_run(name: str):
    assert understand(f"%%{name}\nx = 1") == Cell(code="pass\nx = 1", left_out=(f"%%{name}",))


@pytest.mark.parametrize("name", ["bash", "html", "timeit", "writefile notes.txt", "writefile", ""])
def test_a_cell_of_another_language_is_left_out(name: str):
    cell = understand(f"%%{name}\nx = 1")

    assert cell == Cell(reason=f"%%{name.partition(' ')[0]} is no Python")


@pytest.mark.parametrize("head", ["%%writefile a/b.py", "%%file a/b.py", "%%writefile 'a/b.py'"])
def test_a_cell_that_writes_a_python_file_is_that_file(head: str):
    assert understand(f"{head}\n%not touched\n") == Cell(code="%not touched\n", file="a/b.py")
    assert understand(f"{head} -a\nx").appends


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("def f(:", "line 1: invalid syntax"),
        ("x = 1\nreturn x", "line 2: 'return' outside function"),
        ("%time\ny = = 2", "line 2: invalid syntax"),
    ],
)
def test_a_cell_that_is_no_python_is_left_out_with_its_line(cell: str, reason: str):
    assert understand(cell) == Cell(reason=reason)


def test_warnings_of_a_cell_are_not_ours():
    assert understand("x = '\\d'\ny = x is 'a'").reason == ""


def test_a_cell_under_magics_keeps_its_lines():
    assert understand("\n\nx = 1\n\n") == Cell(code="x = 1")
