"""What pytest loads: `pytest --submission PATH [--tasks FILE]` has an item for every check of one submission.

Every run of pytest in an environment with the grader imports this module, so it imports nothing of ours before it is asked for.
"""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options."""
    group = parser.getgroup("nablagrade", "neural-network layers written by hand in NumPy")
    group.addoption("--submission", metavar="PATH", help="Run the checks of this .py file, notebook, archive or folder, and no tests.")
    group.addoption("--tasks", metavar="FILE", help="Assignment file of --submission; default: tasks.yaml here, else the bundled one.")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Keep pytest from running any conftest.py: it may be the student's, and would decide over its own verdicts."""
    if early_config.known_args_namespace.submission is not None:
        early_config.known_args_namespace.noconftest = True


def pytest_configure(config: pytest.Config) -> None:
    """Take over the collection where a submission is named."""
    if config.option.submission == "":
        raise pytest.UsageError("--submission= names nothing; write where the submission is, as in --submission=layers.py.")
    if config.option.submission is not None:
        from grader.pytest_checks import Checks

        config.pluginmanager.register(Checks(config), "nablagrade-checks")
    elif config.option.tasks is not None:
        raise pytest.UsageError("--tasks goes with --submission, which names what is graded.")
