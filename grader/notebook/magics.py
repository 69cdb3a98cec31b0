"""`%load_ext grader`: the magics `%%check conv2d`, `%check conv2d` and `%check`."""

from typing import Any

from grader.errors import NotebookError
from grader.messages import session as messages
from grader.notebook.card import Card
from grader.notebook.checked import checked


def load_ipython_extension(shell: Any) -> None:
    """Give a session of IPython its magics; IPython calls this."""

    def check(line: str, cell: str | None = None) -> Card | None:
        """Run the cell, if this stands above one, and check a task; without its name, all that something is defined for.

        %check [TASK] [--lang en|ko]
        """
        task, language = _asked(line)
        if cell is not None and not shell.run_cell(cell).success:
            return None  # what went wrong was shown
        return checked(task, (), shell.user_ns, language)

    shell.register_magic_function(check, "line_cell")


def _asked(line: str) -> tuple[str | None, str | None]:
    match line.split():
        case []:
            return None, None
        case ["--lang", language]:
            return None, language
        case [task]:
            return task, None
        case [task, "--lang", language] | ["--lang", language, task]:
            return task, language
    raise NotebookError(messages.MAGIC)
