"""One process of a batch job: loads the model or the scoring script once, then takes mini-batches until there are no more.

It talks over the socket that CHANNEL names, a line of JSON a message. It says `{"ready": true, "pid": …}` or `{"failed": "…traceback…"}`, is
given `{"files": [path, …], "result": path}`, and answers `{"succeeded": …, "rows": …, "failures": [{"file", "trace"}]}`; what fails the whole
mini-batch is `{"error": "…traceback…"}`, what fails the whole job `{"fatal": "…"}`. Lines of the output go to the file `result`.

Usage: worker.py mlflow MODEL_FOLDER     worker.py script SCRIPT_FILE LOGGING_LEVEL
"""

import csv
import importlib.util
import json
import os
import socket
import sys
import traceback
from itertools import repeat
from pathlib import Path
from typing import Any, Callable

sys.path[0] = str(Path(__file__).parents[1] / "python")
from put_off import put_off  # noqa: E402

# A model's own code must not find ours.
del sys.path[0]

Answer = dict[str, Any]
Scorer = Callable[[list[str], str], Answer]

TABLES = {".csv", ".parquet", ".pqt"}
IMAGES = {".png", ".jpg", ".jpeg", ".tiff", ".bmp", ".gif"}


class Unsupported(Exception):
    """No file of this type goes into an MLflow model."""


def mlflow_scorer(folder: str) -> Scorer:
    """One call of `predict` a file; a line is row, prediction and file name, for an image prediction and file name."""
    put_off("databricks.sdk")
    import numpy as np
    import pandas as pd
    from mlflow.pyfunc import load_model

    model = load_model(folder)
    schema = model.metadata.get_input_schema()
    columns = schema is not None and not schema.is_tensor_spec() and schema.has_input_names()
    types = dict(zip(schema.input_names(), schema.pandas_types())) if columns else {}
    dates = [name for name, kind in types.items() if np.dtype(kind).kind == "M"]
    read_types = {name: kind for name, kind in types.items() if name not in dates}
    shape = schema.inputs[0].shape if schema is not None and schema.is_tensor_spec() else None
    image_type = schema.inputs[0].type if shape is not None else np.dtype(np.uint8)

    def table(file: str) -> pd.DataFrame:
        if file.lower().endswith(".csv"):
            frame = pd.read_csv(file, dtype=read_types)
        else:
            frame = pd.read_parquet(file)
            # MLflow itself takes no whole numbers where the signature says double.
            whole = [name for name in frame.columns if frame[name].dtype.kind in "iu" and is_float(types.get(name))]
            frame = frame.astype({name: types[name] for name in whole})
        return frame.assign(**{name: pd.to_datetime(frame[name]) for name in dates if name in frame})

    def is_float(kind: Any) -> bool:
        return kind is not None and np.dtype(kind).kind == "f"

    def image(file: str) -> np.ndarray:
        from PIL import Image

        with Image.open(file) as opened:
            channels = shape[-1] if shape is not None and len(shape) > 2 else None
            mode = {1: "L", 3: "RGB", 4: "RGBA"}.get(channels, "RGB" if opened.mode == "P" else opened.mode)
            pixels = np.asarray(opened.convert(mode), dtype=image_type)
        if shape is None:
            return pixels
        if sum(size < 0 for size in shape) <= 1:
            return pixels.reshape(shape)
        return pixels if len(shape) == pixels.ndim else pixels.reshape((1, *pixels.shape, *[1] * (len(shape) - pixels.ndim - 1)))

    def values(predicted: Any) -> list[Any]:
        if isinstance(predicted, pd.DataFrame) and predicted.shape[1] == 1:
            predicted = predicted.iloc[:, 0]
        if isinstance(predicted, (pd.DataFrame, pd.Series)):
            predicted = predicted.to_numpy()
        return predicted.tolist() if isinstance(predicted, np.ndarray) else list(predicted)

    def lines(file: str) -> Any:
        name = os.path.basename(file)
        if Path(file).suffix.lower() in IMAGES:
            predicted = values(model.predict(image(file)))
            return [(predicted[0] if len(predicted) == 1 else predicted, name)]
        predicted = values(model.predict(table(file)))
        return list(zip(range(len(predicted)), predicted, repeat(name)))

    def score(files: list[str], result: str) -> Answer:
        failures, rows = [], 0
        with open(result, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            for file in files:
                suffix = Path(file).suffix.lower()
                if suffix not in TABLES | IMAGES:
                    allowed = ", ".join(sorted(TABLES) + sorted(IMAGES))
                    raise Unsupported(
                        f"Error processing input file: '{os.path.basename(file)}'. File type '{suffix[1:]}' is not supported: "
                        f"an MLflow model without a scoring script takes {allowed}."
                    )
                try:
                    scored = lines(file)
                except Exception:
                    failures.append({"file": file, "trace": traceback.format_exc()})
                    continue
                writer.writerows(scored)
                rows += len(scored)
        return {"succeeded": len(files) - len(failures), "rows": rows, "failures": failures}

    return score


def script_scorer(script: str, logging_level: str) -> Scorer:
    """The script's `run` gets the mini-batch whole; what it returns are the lines."""
    sys.argv = [script, "--logging_level", logging_level]
    sys.path.insert(0, str(Path(script).parent))
    spec = importlib.util.spec_from_file_location(Path(script).stem, script)
    if spec is None or spec.loader is None:
        raise ImportError(f"The scoring script {script} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    for name in ("init", "run"):
        if not callable(getattr(module, name, None)):
            raise AttributeError(f"The scoring script {Path(script).name} has no function {name}().")
    module.init()

    def score(files: list[str], result: str) -> Answer:
        returned = module.run(files)
        if hasattr(returned, "to_csv") and hasattr(returned, "columns"):
            text = returned.to_csv(sep=" ", header=False, index=False, lineterminator="\n")
        elif isinstance(returned, (list, tuple)) or type(returned).__name__ in ("ndarray", "Series"):
            text = "".join(f"{element}\n" for element in returned)
        else:
            raise TypeError(f"run() must return a pandas DataFrame or a list, not {type(returned).__name__}.")
        Path(result).write_text(text, encoding="utf-8")
        return {"succeeded": min(len(files), len(returned)), "rows": len(returned), "failures": []}

    return score


def main() -> int:
    channel = socket.socket(fileno=int(os.environ.pop("CHANNEL")))
    channel.set_inheritable(False)
    asked, answers = channel.makefile("r", encoding="utf-8"), channel.makefile("w", encoding="utf-8")

    def say(message: Answer) -> None:
        sys.stdout.flush()
        answers.write(json.dumps(message) + "\n")
        answers.flush()

    try:
        score = mlflow_scorer(sys.argv[2]) if sys.argv[1] == "mlflow" else script_scorer(sys.argv[2], sys.argv[3])
    except BaseException:
        say({"failed": traceback.format_exc()})
        return 1
    say({"ready": True, "pid": os.getpid()})
    for line in asked:
        task = json.loads(line)
        try:
            say(score(task["files"], task["result"]))
        except Unsupported as error:
            say({"fatal": str(error)})
        except Exception:
            say({"error": traceback.format_exc()})
    return 0


if __name__ == "__main__":
    sys.exit(main())
