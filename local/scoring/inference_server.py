"""What gunicorn serves: Microsoft's inference server, started a second sooner, and without taking the cores from what serves.

MLflow imports one exception class from the Databricks SDK, whose package brings in the clients of every Databricks service. The
package's own start is put off until something asks it for more than that.

In Azure an instance that starts has a machine to itself. Here it gets a smaller share of the cores until its model is loaded.
"""

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

# gunicorn put this folder on the path to find this file; a model's own code must not find ours there.
sys.path = [entry for entry in sys.path if entry != str(Path(__file__).parent)]


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


def give_way(niceness: int) -> None:
    try:
        # Linux shares the cores between sessions, of which each instance is one, so that the niceness of a process says nothing.
        Path("/proc/self/autogroup").write_text(str(niceness))
    except OSError:
        pass


# An environment variable of a model that is deployed without code.
if "MLFLOW_MODEL_FOLDER" in os.environ:
    put_off("databricks.sdk")
give_way(5)

from azureml_inference_server_http.server.entry import app  # noqa: E402, F401

give_way(0)
