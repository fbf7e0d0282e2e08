import type { TrackingLevel } from "./tracking-roles";

/** Programs that log a run from outside. They hold no value of the workspace: all of it comes from the variables of the output `environment`. */
export interface TrackingScripts {
  /** Parameters and metrics by MLflow's REST API; needs bash and curl from 7.76 on. */
  readonly bash: string;
  /** Parameters, metrics, an artifact and a model, which is registered from level `register` on; needs `mlflow<3` and `azureml-mlflow`. */
  readonly python: string;
  /** Parameters and metrics by MLflow's REST API; needs R from 4.1 on and httr2. */
  readonly r: string;
}

export function trackingScripts(level: TrackingLevel): TrackingScripts {
  return { bash, python: pythonScript(level), r };
}

// Secrets and tokens go to curl by standard input and by a file of configuration: as arguments, everybody on the machine could read them.
const bash = `#!/usr/bin/env bash
# Logs a run by MLflow's REST API. Set the variables of the output \`environment\` first; this file holds none of them.
# Signs in by the first of: MLFLOW_TRACKING_TOKEN, AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_SECRET, the Azure CLI.
# Other clouds than the public one: AZURE_AUTHORITY_HOST and AZURE_RESOURCE_MANAGER.
set -euo pipefail
authority="\${AZURE_AUTHORITY_HOST:-https://login.microsoftonline.com}"
resource="\${AZURE_RESOURCE_MANAGER:-https://management.azure.com}"
api="https:\${MLFLOW_TRACKING_URI#*:}"
api="\${api/mlflow\\/v1.0/mlflow\\/v2.0}/api/2.0/mlflow"

field() { # NAME: its value in the answer that comes by standard input; an answer without it is shown
  local answer value
  answer="$(tr -d '\\n')"
  value="$(sed -n "s/.*\\"$1\\" *: *\\"\\([^\\"]*\\)\\".*/\\1/p" <<<"$answer")"
  if [ -z "$value" ]; then
    printf '%s\\n' "$answer" >&2
    return 1
  fi
  printf '%s' "$value"
}

exchange() { # NAME: what proves who this is, by standard input
  tr -d '\\n' | curl -sS --fail-with-body "\${authority%/}/$AZURE_TENANT_ID/oauth2/v2.0/token" \\
    --data-urlencode "$1@-" --data-urlencode "client_id=$AZURE_CLIENT_ID" --data-urlencode "scope=\${resource%/}/.default" \\
    --data grant_type=client_credentials "\${@:2}" | field access_token
}

sign_in() {
  if [ -n "\${MLFLOW_TRACKING_TOKEN:-}" ]; then
    printf '%s' "$MLFLOW_TRACKING_TOKEN"
  elif [ -n "\${AZURE_FEDERATED_TOKEN_FILE:-}" ]; then
    exchange client_assertion --data client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \\
      <"$AZURE_FEDERATED_TOKEN_FILE"
  elif [ -n "\${AZURE_CLIENT_SECRET:-}" ]; then
    printf '%s' "$AZURE_CLIENT_SECRET" | exchange client_secret
  else
    az account get-access-token --resource "$resource" --query accessToken --output tsv
  fi
}
token="$(sign_in)"

call() { # PATH [CURL'S ARGUMENTS…]
  curl -sS --fail-with-body --config <(printf 'header = "authorization: Bearer %s"\\n' "$token") \\
    --header 'content-type: application/json' "\${@:2}" "$api/$1"
}
post() { call "$1" --data-binary @- <<<"$2"; }

name="\${MLFLOW_EXPERIMENT_NAME:-from-outside}"
experiment="$({ call experiments/get-by-name --get --data-urlencode "experiment_name=$name" | field experiment_id; } 2>/dev/null)" ||
  experiment="$(post experiments/create "{\\"name\\": \\"$name\\"}" | field experiment_id)"
now="$(date +%s)000"
run="$(post runs/create "{\\"experiment_id\\": \\"$experiment\\", \\"start_time\\": $now, \\"run_name\\": \\"bash\\"}" | field run_id)"
post runs/log-batch "{\\"run_id\\": \\"$run\\", \\"params\\": [{\\"key\\": \\"alpha\\", \\"value\\": \\"0.5\\"}],
  \\"metrics\\": [{\\"key\\": \\"loss\\", \\"value\\": 0.25, \\"timestamp\\": $now, \\"step\\": 0}]}" >/dev/null
post runs/update "{\\"run_id\\": \\"$run\\", \\"status\\": \\"FINISHED\\", \\"end_time\\": $(date +%s)000}" >/dev/null
echo "$run"
`;

function pythonScript(level: TrackingLevel): string {
  const registered =
    level === "track"
      ? ""
      : `        version = mlflow.register_model(f"runs:/{run.info.run_id}/model", os.environ.get("MODEL_NAME", "from-outside"))
        print(f"registered version {version.version}")
`;
  return `"""Logs a run from outside Azure ML. Set the variables of the output \`environment\` first; this file holds none of them.

With azureml-mlflow (pip install "mlflow<3" azureml-mlflow) all of MLflow; it signs in as azure-identity's DefaultAzureCredential does.
With MLFLOW_TRACKING_TOKEN set, plain mlflow by REST with that token: parameters and metrics, for files need the plug-in.
"""

import os

import mlflow
from mlflow.pyfunc import PythonModel

uri = os.environ["MLFLOW_TRACKING_URI"]
plain = "MLFLOW_TRACKING_TOKEN" in os.environ
if plain:
    uri = "https:" + uri.split(":", 1)[1].replace("/mlflow/v1.0/", "/mlflow/v2.0/")
mlflow.set_tracking_uri(uri)


class Doubled(PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input * 2


mlflow.set_experiment(os.environ.get("MLFLOW_EXPERIMENT_NAME", "from-outside"))
with mlflow.start_run(run_name="python") as run:
    mlflow.log_param("alpha", 0.5)
    mlflow.log_metric("loss", 0.25)
    if not plain:
        mlflow.log_text("seed: 7", "notes.txt")
        mlflow.pyfunc.log_model("model", python_model=Doubled(), pip_requirements=[f"mlflow=={mlflow.__version__}"])
${registered}print(run.info.run_id)
`;
}

// Bodies are JSON as they are sent, so that what the script asks can be read, and tried, without R.
const r = `# Logs a run by MLflow's REST API. Set the variables of the output \`environment\` first; this file holds none of them.
# Needs R 4.1 and httr2. Signs in by the first of: MLFLOW_TRACKING_TOKEN, AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_SECRET.
# R's package mlflow takes the same address and token (MLFLOW_TRACKING_URI as \`address\` below, MLFLOW_TRACKING_TOKEN) for runs, parameters and
# metrics; it takes no azureml:// address, and its artifacts and models go through Python.
library(httr2)

setting <- function(name, default = stop(paste(name, "is not set"))) {
  value <- Sys.getenv(name)
  if (nzchar(value)) value else default
}
authority <- sub("/$", "", setting("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com"))
resource <- sub("/$", "", setting("AZURE_RESOURCE_MANAGER", "https://management.azure.com"))
address <- sub("/mlflow/v1.0/", "/mlflow/v2.0/", sub("^azureml:", "https:", setting("MLFLOW_TRACKING_URI")), fixed = TRUE)

sign_in <- function() {
  given <- Sys.getenv("MLFLOW_TRACKING_TOKEN")
  if (nzchar(given)) return(given)
  file <- Sys.getenv("AZURE_FEDERATED_TOKEN_FILE")
  proof <- if (nzchar(file)) {
    list(
      client_assertion = paste(readLines(file, warn = FALSE), collapse = ""),
      client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    )
  } else {
    list(client_secret = setting("AZURE_CLIENT_SECRET"))
  }
  client <- list(
    grant_type = "client_credentials",
    client_id = setting("AZURE_CLIENT_ID"),
    scope = paste0(resource, "/.default")
  )
  request(paste0(authority, "/", setting("AZURE_TENANT_ID"), "/oauth2/v2.0/token")) |>
    req_body_form(!!!client, !!!proof) |>
    req_perform() |>
    resp_body_json() |>
    getElement("access_token")
}
token <- sign_in()

call <- function(path) request(paste0(address, "/api/2.0/mlflow/", path)) |> req_auth_bearer_token(token)
post <- function(path, body) call(path) |> req_body_raw(body, "application/json") |> req_perform() |> resp_body_json()

name <- setting("MLFLOW_EXPERIMENT_NAME", "from-outside")
found <- call("experiments/get-by-name") |>
  req_url_query(experiment_name = name) |>
  req_error(is_error = function(response) !resp_status(response) %in% c(200, 404)) |>
  req_perform()
experiment <- if (resp_status(found) == 200) {
  resp_body_json(found)$experiment$experiment_id
} else {
  post("experiments/create", sprintf('{"name": "%s"}', name))$experiment_id
}
now <- format(floor(as.numeric(Sys.time()) * 1000), scientific = FALSE)
run <- post("runs/create", sprintf('{"experiment_id": "%s", "start_time": %s, "run_name": "r"}', experiment, now))$run$info$run_id
post("runs/log-batch", sprintf('{"run_id": "%s", "params": [{"key": "alpha", "value": "0.5"}], "metrics": [{"key": "loss", "value": 0.25, "timestamp": %s, "step": 0}]}', run, now))
post("runs/update", sprintf('{"run_id": "%s", "status": "FINISHED", "end_time": %s}', run, now))
cat(run, "\\n")
`;
