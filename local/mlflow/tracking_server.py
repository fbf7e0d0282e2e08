"""What gunicorn serves: MLflow's tracking server, started two seconds sooner."""

from put_off import put_off

put_off("databricks.sdk")

from mlflow.server import app  # noqa: E402, F401
