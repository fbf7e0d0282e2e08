"""Splits the breast cancer data that scikit-learn ships: `prepare.py TRAIN TEST`, two folders."""

import pathlib
import sys

from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

COLUMNS = ["worst radius", "worst texture", "worst concave points"]

rows, classes = load_breast_cancer(return_X_y=True, as_frame=True)
table = rows[COLUMNS].assign(benign=classes)
train, test = train_test_split(table, test_size=0.25, random_state=7, stratify=classes)
for part, folder in ((train, sys.argv[1]), (test, sys.argv[2])):
    part.to_csv(pathlib.Path(folder, "rows.csv"), index=False)
    print(len(part), "rows in", folder)
