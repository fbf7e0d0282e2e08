"""What the batch bench is compared with: one Python loop with the model loaded once.

Usage: batch_loop.py make FOLDER FILES ROWS        writes `FOLDER/part-00000.csv` and on: rows of the breast cancer data, drawn by chance
       batch_loop.py loop MODEL FOLDER RESULT      scores every file into RESULT, lines of row, prediction and file name; prints the seconds
                                                   that it took without loading the model
"""

import csv
import sys
import time
from itertools import repeat
from pathlib import Path


def make(folder: Path, files: int, rows: int) -> None:
    import numpy as np
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer(as_frame=True).data
    chance = np.random.default_rng(0)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        data.iloc[chance.integers(0, len(data), rows)].to_csv(folder / f"part-{number:05}.csv", index=False)


def loop(model: str, folder: Path, result: str) -> None:
    import mlflow
    import pandas as pd

    loaded = mlflow.pyfunc.load_model(model)
    begun = time.perf_counter()
    with open(result, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for file in sorted(folder.iterdir()):
            predicted = loaded.predict(pd.read_csv(file)).tolist()
            writer.writerows(zip(range(len(predicted)), predicted, repeat(file.name)))
    print(time.perf_counter() - begun)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        loop(sys.argv[2], Path(sys.argv[3]), sys.argv[4])
