"""What gunicorn serves: Microsoft's inference server, started two seconds sooner, and without taking the cores from what serves.

In Azure an instance that starts has a machine to itself. Here it gets a smaller share of the cores until its model is loaded.
"""

import os
import sys
from pathlib import Path

import put_off

# gunicorn put these folders on the path to find these files; a model's own code must not find ours there.
OURS = [str(Path(file).parent) for file in (__file__, put_off.__file__)]
sys.path = [entry for entry in sys.path if entry not in OURS]


def give_way(niceness: int) -> None:
    try:
        # Linux shares the cores between sessions, of which each instance is one, so that the niceness of a process says nothing.
        Path("/proc/self/autogroup").write_text(str(niceness))
    except OSError:
        pass


# An environment variable of a model that is deployed without code.
if "MLFLOW_MODEL_FOLDER" in os.environ:
    put_off.put_off("databricks.sdk")
give_way(5)

from azureml_inference_server_http.server.entry import app  # noqa: E402, F401

give_way(0)
