"""The checks of one submission as items of pytest.

The submission is graded once, by other processes, before there are items; an item looks its verdict up in the finished record and
runs nothing. Under pytest-xdist the controller grades, and hands the record to its workers.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GraderError
from grader.language import language_of_locale, say, translated
from grader.report.visibility import HIDDEN

WORKER_KEY = "nablagrade"  # of what a worker of xdist is given
Results = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the record says of one check, or of what there is no check of: something hidden, or not handed in.

    Attributes:
        name: The end of the item's id.
        title: One line, for the head of a failure.
        status: "passed", "failed", "errored" or "skipped".
        said: What is wrong, or why it was not checked.
        graded: The student's function, as in "layers.py:12 relu_forward".
    """

    name: str
    title: str
    status: str
    said: str = ""
    graded: str = ""


def entries(task: Results, language: str) -> Iterator[Entry]:
    """Yield what there is an item for. What was not handed in fails, as it loses its points."""
    from grader.report.terminal import render_check

    if task["status"] == HIDDEN:
        yield Entry("hidden", task["title"], "skipped", translated(say("decided by hidden checks"), language))
        return
    lacking = [f"{part}.handed_in" for part, standing in task["parts"].items() if standing == "missing"]
    for name in ["handed_in"] if task["status"] == "missing" else lacking:
        yield Entry(name, task["title"], "failed", "\n".join([translated(say("not handed in"), language), *task["notes"]]))
    for check in task["checks"]:
        said = check["reason"] if check["status"] == "skipped" else render_check(check, language)
        name = check["id"].removeprefix(f"{task['id']}.")
        yield Entry(name, check["title"], check["status"], said, task["graded"].get(check["part"], ""))


class Checks:
    """The plugin of a run that names a submission."""

    def __init__(self, config: pytest.Config) -> None:
        """Take the record from the controller of xdist, if this is a worker of it."""
        _keep_its_configuration_out(config)
        self.config = config
        self.language = language_of_locale()
        given = getattr(config, "workerinput", {}).get(WORKER_KEY)
        self.record: Results | None = json.loads(given) if given else None
        self.asked: list[str] = []
        if config.args_source is pytest.Config.ArgsSource.ARGS:  # ids of checks: pytest would look for files of these names
            self.asked, config.args = config.args, [str(config.invocation_params.dir)]

    def graded(self) -> Results:
        """Return the submission as its student may see it, and how it was kept apart; grade it, if that was not done yet.

        Raises:
            pytest.UsageError: It cannot be graded.
        """
        if self.record is None:
            from grader.grading import run
            from grader.report.lines import in_lines
            from grader.report.spoken import localised
            from grader.report.visibility import for_students

            tasks = self.config.option.tasks
            try:
                results = run([self.config.option.submission], tasks and Path(tasks), jobs=os.cpu_count() or 1)
            except GraderError as error:
                raise pytest.UsageError(str(error)) from error
            (submission,) = localised(for_students(results, datetime.now(UTC)), self.language)["submissions"]
            kept = {key: value for key, value in submission.items() if key != "translations"}
            self.record = in_lines(kept) | {"tier": results["isolation"]["tier"]}
        return self.record

    @pytest.hookimpl(tryfirst=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> pytest.CollectReport | None:
        """Give the tasks in the place of the files: a file of tests may be the student's, and collecting it would run it."""
        if not isinstance(collector, pytest.Session):
            return None
        found = {task["id"]: [*entries(task, self.language)] for task in self.graded()["tasks"]}
        for asked in self.asked:
            if not any(_meant(asked, f"{task}::{entry.name}") for task, told in found.items() for entry in told):
                raise pytest.UsageError(f"not found: {asked} is no check of {self.config.option.submission}")
        chosen = {task: [entry for entry in told if self._chosen(f"{task}::{entry.name}")] for task, told in found.items()}
        tasks: list[pytest.Item | pytest.Collector] = [
            Task.from_parent(collector, name=task, nodeid=task, told=told) for task, told in chosen.items() if told
        ]
        return pytest.CollectReport(collector.nodeid, "passed", None, tasks)

    def _chosen(self, nodeid: str) -> bool:
        return not self.asked or any(_meant(asked, nodeid) for asked in self.asked)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hand the record to a worker of xdist, so that no two of them can differ."""
        node.workerinput[WORKER_KEY] = json.dumps(self.graded())

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """End with the points, which pytest does not know, and with what is said beside the checks."""
        if self.record is None:
            return
        from grader import messages
        from grader.report.terminal import render_beside

        if terminalreporter.verbosity >= 0:
            terminalreporter.section("nablagrade")
            if self.record["tier"] == "process":
                terminalreporter.write_line(translated(messages.NO_JAIL, self.language))
        beside = render_beside(self.record, self.language)
        for line in beside if terminalreporter.verbosity >= 0 else beside[-1:]:
            terminalreporter.write_line(line)


def _keep_its_configuration_out(config: pytest.Config) -> None:
    """Refuse to go on where pytest took the PATH of an option that it did not know yet for a folder of tests.

    Raises:
        pytest.UsageError: The settings come from the submission, though it is not where pytest was started.
    """
    given, here = Path(config.invocation_params.dir, config.option.submission).resolve(), config.invocation_params.dir.resolve()
    if config.rootpath.resolve().is_relative_to(given) and not here.is_relative_to(given):
        option = f"--submission={config.option.submission}"
        raise pytest.UsageError(f"pytest took its configuration from the submission; write {option}, and it looks for none there.")


def _meant(asked: str, nodeid: str) -> bool:
    """Whether an argument names an item, all of a task, or all of a part of one; pytest may have printed it as if it were a path."""
    asked = asked.replace(os.sep, "/").rpartition("/")[2]
    return nodeid == asked or nodeid.startswith((f"{asked}::", f"{asked}."))


class Task(pytest.Collector):
    """A task, whose items are what the record says of it."""

    def __init__(self, *, told: list[Entry], **kwargs: Any) -> None:
        """Keep what is told of the task."""
        super().__init__(**kwargs)
        self.told = told

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each entry."""
        for entry in self.told:
            yield Check.from_parent(self, name=entry.name, entry=entry)


class Check(pytest.Item):
    """A verdict that stands already."""

    def __init__(self, *, entry: Entry, **kwargs: Any) -> None:
        """Mark what was not checked, so that pytest skips it and says where the student's function is."""
        super().__init__(**kwargs)
        self.entry = entry
        if entry.status == "skipped":
            self.add_marker(pytest.mark.skip(reason=entry.said))

    def setup(self) -> None:
        """Err here: what fails before a test runs is an error to pytest, and no failure."""
        if self.entry.status == "errored":
            pytest.fail(self.entry.said, pytrace=False)

    def runtest(self) -> None:
        """Fail where the check did."""
        if self.entry.status == "failed":
            pytest.fail(self.entry.said, pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the student's function is, with a line that counts from 0, and the head of a failure."""
        from grader.report.places import GRADED

        given = Path(self.config.invocation_params.dir, self.config.option.submission)
        found = GRADED.fullmatch(self.entry.graded)
        file = given / found["file"] if found and given.is_dir() else given
        return file, int(found["line"]) - 1 if found else 0, f"{self.nodeid}: {self.entry.title}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the failure with the place of the student's function, which `--tb=line` shows, in that of this file."""
        told = super().repr_failure(excinfo, style)
        if crash := getattr(told, "reprcrash", None):
            file, line, _ = self.reportinfo()
            crash.path, crash.lineno = str(file), line + 1
        return told
