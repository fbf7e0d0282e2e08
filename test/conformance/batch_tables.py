"""Tables for batch jobs over the breast cancer data, and what one loop with the model loaded once says of them.

Usage: batch_tables.py MODEL FOLDER FILES ROWS; writes `FOLDER/part-0000.csv` and on, the last one of them as parquet, and prints the lines
row,prediction,file_name of all of them.
"""

import sys
from pathlib import Path

import mlflow
import numpy as np
from sklearn.datasets import load_breast_cancer


def main() -> None:
    model, folder, files, rows = mlflow.pyfunc.load_model(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    data = load_breast_cancer(as_frame=True).data
    chance = np.random.default_rng(0)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        part = data.iloc[chance.integers(0, len(data), rows)].reset_index(drop=True)
        name = f"part-{number:04}.{'parquet' if number == files - 1 else 'csv'}"
        if number == files - 1:
            part.to_parquet(folder / name)
        else:
            part.to_csv(folder / name, index=False)
        for row, prediction in enumerate(model.predict(part)):
            print(f"{row},{prediction},{name}")


if __name__ == "__main__":
    main()
