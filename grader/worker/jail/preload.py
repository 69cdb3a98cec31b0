"""What is loaded before a jail is closed, because it could not be loaded from inside."""

import contextlib
import importlib
import os
import pkgutil
import sys
import warnings
from collections.abc import Iterator

# They open a browser or a window, print a poem, or are there to test Python itself.
SIDE_EFFECTS = ("antigravity", "idlelib", "lib2to3", "test", "this", "tkinter", "turtle", "turtledemo", "_tkinter", "readline")
# Modules below others that people import by name; what a package imports by itself comes with it.
BELOW = (
    *(
        "collections.abc",
        "concurrent.futures",
        "concurrent.futures.thread",
        "email.message",
        "html.parser",
        "http.client",
        "importlib.util",
    ),
    *("json.decoder", "logging.handlers", "multiprocessing.pool", "os.path", "unittest.mock", "urllib.parse", "urllib.request"),
    *("xml.dom.minidom", "xml.etree.ElementTree"),
)


def extensions() -> Iterator[str]:
    """Yield the modules of Python that are written in C: they need shared libraries from folders that no worker can read."""
    for folder in sys.path:
        if folder.endswith("lib-dynload"):
            yield from sorted({entry.name.partition(".")[0] for entry in os.scandir(folder)})


def standard() -> Iterator[str]:
    """Yield the modules of Python's library and of NumPy that code can ask for, codecs included."""
    import encodings

    import numpy as np

    yield from sorted(name for name in sys.stdlib_module_names if not name.startswith("_"))
    yield from BELOW
    yield from (f"encodings.{found.name}" for found in pkgutil.iter_modules(encodings.__path__))
    yield from (f"numpy.{found.name}" for found in pkgutil.iter_modules(np.__path__) if not found.name.startswith("_"))
    yield from (f"numpy.lib.{found.name}" for found in pkgutil.iter_modules(np.lib.__path__) if not found.name.startswith("_"))


def load(names: Iterator[str]) -> None:
    """Import what of these this Python has; students who import the others see the same error here as elsewhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of modules that a later Python will not have
        for name in names:
            if name not in sys.modules and name.partition(".")[0] not in SIDE_EFFECTS and "test" not in name:
                with contextlib.suppress(ImportError, AttributeError, OSError):
                    importlib.import_module(name)
