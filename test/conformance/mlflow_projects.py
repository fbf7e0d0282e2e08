"""What MLflow itself makes of projects.

Usage: mlflow_projects.py FOLDER STORAGE < QUESTIONS; QUESTIONS is a JSON object with lists `runs` (the MLproject of a project in FOLDER, with
an entry point and parameters), `environments` (a python_env.yaml and a conda file) and `scalars` (of YAML, without quotes). Prints the answers
in the same shape.
"""

import json
import os
import sys
from pathlib import Path

import yaml
from mlflow.projects import _project_spec
from mlflow.utils.environment import _PythonEnv

FOLDER, STORAGE = Path(sys.argv[1]), Path(sys.argv[2])


def downloaded(artifact_uri: str, output_path: str) -> str:
    os.rmdir(output_path)
    return output_path


def run(question: dict) -> dict:
    (FOLDER / "MLproject").write_text(question["mlproject"], encoding="utf8")
    try:
        entry_point = _project_spec.load_project(str(FOLDER)).get_entry_point(question["entryPoint"])
        parameters, extra = entry_point.compute_parameters(question["parameters"], None)
        command = entry_point.compute_command(question["parameters"], str(STORAGE))
        return {"command": command, "parameters": {**parameters, **extra}}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def environment(question: dict) -> dict:
    answer = {}
    for name, read in {"project": _PythonEnv.from_yaml, "conda": _PythonEnv.from_conda_yaml}.items():
        path = STORAGE / f"{name}.yaml"
        path.write_text(question[name], encoding="utf8")
        answer[name] = read(path).to_dict()
    return answer


def scalar(source: str) -> dict:
    loader = yaml.SafeLoader("")
    node = yaml.ScalarNode(loader.resolve(yaml.ScalarNode, source, (True, False)), source)
    try:
        value = loader.construct_object(node)
    except ValueError as error:
        return {"error": str(error)}
    return {"kind": type(value).__name__, "text": str(value)}


def main() -> None:
    os.chdir(FOLDER)
    _project_spec.artifact_utils._download_artifact_from_uri = downloaded
    questions = json.load(sys.stdin)
    answers = {
        "runs": [run(each) for each in questions["runs"]],
        "environments": [environment(each) for each in questions["environments"]],
        "scalars": [scalar(each) for each in questions["scalars"]],
    }
    json.dump(answers, sys.stdout)


main()
