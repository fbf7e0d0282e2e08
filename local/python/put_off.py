"""Puts a package's own start off until something asks it for more than a name that others import from it.

MLflow imports one exception class from the Databricks SDK, whose package brings in the clients of every Databricks service: half of the
time that MLflow takes to start.
"""

import importlib.util
import sys
from typing import Any


def put_off(name: str) -> None:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None or name in sys.modules:
        return
    module = importlib.util.module_from_spec(spec)
    loader = spec.loader

    def load(attribute: str) -> Any:
        del module.__getattr__
        loader.exec_module(module)
        return getattr(module, attribute)

    module.__getattr__ = load
    sys.modules[name] = module
