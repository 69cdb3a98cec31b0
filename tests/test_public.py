"""What other code may import, and that nothing else is loaded for it."""

import importlib
import subprocess
import sys
from types import ModuleType

import pytest

import grader
import reference
from grader.version import VERSION

PACKAGES = ["grader", "reference", "grader.intake", "grader.properties"]


@pytest.mark.parametrize("name", PACKAGES)
def test_all_is_sorted_and_complete(name: str):
    package = importlib.import_module(name)

    public = {
        key
        for key, value in vars(package).items()
        if not key.startswith("_") and not isinstance(value, ModuleType) and getattr(value, "__module__", "").startswith(name)
    }

    # Constants, then classes, then the rest, as the linter has it.
    assert list(package.__all__) == sorted(package.__all__, key=lambda key: (not key.isupper(), not key[0].isupper(), key))
    assert public <= set(package.__all__)
    assert all(hasattr(package, key) for key in package.__all__)


def test_the_grader_is_two_functions_a_gradient_check_and_its_version():
    assert grader.__all__ == ["GradcheckReport", "__version__", "check", "gradcheck", "numeric_jacobian", "numeric_jvp", "run"]
    assert all(callable(getattr(grader, name)) for name in grader.__all__ if name != "__version__")
    assert grader.__version__ == VERSION


def test_what_is_not_there_is_no_attribute():
    with pytest.raises(AttributeError, match="module 'grader' has no attribute 'walk'"):
        grader.walk  # noqa: B018 - the look-up is the test


@pytest.mark.slow
def test_importing_the_grader_loads_nothing_heavy_and_run_is_a_function():
    code = (
        "import sys, grader\n"
        "print(sorted(m for m in ('numpy', 'hypothesis', 'yaml', 'pydantic', 'jinja2', 'click', 'torch') if m in sys.modules))\n"
        "print(callable(grader.run))\n"
        "from grader import run\n"
        "print(callable(run) and run is grader.run)\n"  # a module of that name takes its place on import
        "import grader.engine\n"
        "print(sorted(m for m in ('hypothesis', 'yaml', 'pydantic', 'jinja2', 'click', 'torch') if m in sys.modules))\n"
    )

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()

    assert said == ["[]", "True", "True", "[]"]


def test_the_reference_knows_nothing_of_the_grader():
    code = "import sys, reference; reference.catalogue(); print([m for m in sys.modules if m.startswith('grader')])"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    assert said == "[]"
    assert callable(reference.catalogue)
