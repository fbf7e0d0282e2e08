"""Registers a folder as a model by an unmodified client, and prints how many seconds it took without imports.

    register_model.py azure-ai-ml|mlflow WORKSPACE_ID NAME FOLDER
"""

import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")

client, workspace_id, name, folder = sys.argv[1:]


def azure_ai_ml():
    from azure.ai.ml import MLClient
    from azure.ai.ml.entities import Model
    from azure.identity import EnvironmentCredential

    _, _, subscription, _, group, *_, workspace = workspace_id.split("/")
    ml = MLClient(EnvironmentCredential(), subscription, group, workspace)
    return lambda: ml.models.create_or_update(Model(name=name, path=folder, type="custom_model"))


def by_mlflow():
    import azureml.mlflow  # noqa: F401
    import mlflow

    mlflow.set_experiment("bench")
    tracking = mlflow.MlflowClient()

    def register():
        with mlflow.start_run() as run:
            mlflow.log_artifacts(folder, "model")
        tracking.create_registered_model(name)
        tracking.create_model_version(name, f"{run.info.artifact_uri}/model", run.info.run_id)

    return register


register = {"azure-ai-ml": azure_ai_ml, "mlflow": by_mlflow}[client]()
# The client's own progress bars go where errors go.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
begun = time.perf_counter()
register()
print(time.perf_counter() - begun, file=answers, flush=True)
