"""Scores tumours that are known by an endpoint, and prints what it answers beside what is known.

Usage: score.py SCORING_URI      (signs in as azure-identity's DefaultAzureCredential does)
"""

import sys

import requests
from azure.identity import DefaultAzureCredential
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split


def main() -> None:
    tumours = load_breast_cancer(as_frame=True)
    _, rows, _, known = train_test_split(tumours.data, tumours.target, test_size=0.25, random_state=7, stratify=tumours.target)
    rows, known = rows.head(20), known.head(20)
    token = DefaultAzureCredential().get_token("https://ml.azure.com/.default").token
    answer = requests.post(
        sys.argv[1],
        json={"input_data": {"columns": list(rows.columns), "data": rows.to_numpy().tolist()}},
        headers={"authorization": f"Bearer {token}"},
        timeout=60,
    )
    if not answer.ok:
        sys.exit(f"{answer.status_code}: {answer.text}")
    table = rows[["mean radius", "mean texture"]].assign(
        known=[str(tumours.target_names[each]) for each in known],
        answered=[str(tumours.target_names[each]) for each in answer.json()],
    )
    print(table.to_string(index=False))
    print(f"{(table.known == table.answered).sum()} of {len(table)} are right")


if __name__ == "__main__":
    main()
