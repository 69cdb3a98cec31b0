"""Laws: equations between calls, one file each, generic over the layers whose traits they rest on. The reference has no part in them.

A new law is a new file with its `LAW`, and nothing else: whatever of this package has one is a law. They come in alphabetical order.
"""

import importlib
import pkgutil

from grader.properties.laws.law import Law

_MODULES = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
LAWS: tuple[Law, ...] = tuple(module.LAW for module in _MODULES if hasattr(module, "LAW"))
