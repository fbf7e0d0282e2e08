#!/usr/bin/env bash
# Logs a run by MLflow's REST API, and prints it as the API finds it: bash and curl from 7.76 on, nothing else.
# Usage: rest.sh API EXPERIMENT MODEL      (MLFLOW_TRACKING_TOKEN: a token for Azure Resource Manager)
set -euo pipefail
api="$1" experiment_name="$2" model_name="$3"

field() { # NAME: its first value in the answer that comes by standard input; an answer without it is shown
  local answer value
  answer="$(tr -d '\n')"
  value="$(grep -o "\"$1\" *: *\"[^\"]*\"" <<<"$answer" | head -n 1 | sed 's/.*: *"\(.*\)"/\1/')"
  [ -n "$value" ] || { printf 'no %s in: %s\n' "$1" "$answer" >&2; return 1; }
  printf '%s' "$value"
}

# The token is no argument of curl's: those everybody on the machine can read.
call() { # PATH [CURL'S ARGUMENTS…]
  curl -sS --fail-with-body --config <(printf 'header = "authorization: Bearer %s"\n' "$MLFLOW_TRACKING_TOKEN") \
    --header 'content-type: application/json' "${@:2}" "$api/$1"
}
post() { call "$1" --data-binary @- <<<"$2"; }

experiment="$(call experiments/get-by-name --get --data-urlencode "experiment_name=$experiment_name" | field experiment_id)"
now="$(date +%s)000"
run="$(post runs/create "{\"experiment_id\": \"$experiment\", \"start_time\": $now, \"run_name\": \"curl\"}" | field run_id)"
post runs/log-batch "{\"run_id\": \"$run\", \"params\": [{\"key\": \"alpha\", \"value\": \"0.5\"}], \"metrics\": [
  {\"key\": \"loss\", \"value\": 0.5, \"timestamp\": $now, \"step\": 0},
  {\"key\": \"loss\", \"value\": 0.25, \"timestamp\": $now, \"step\": 1}]}" >/dev/null
post runs/set-tag "{\"run_id\": \"$run\", \"key\": \"by\", \"value\": \"curl\"}" >/dev/null
post runs/update "{\"run_id\": \"$run\", \"status\": \"FINISHED\", \"end_time\": $(date +%s)000}" >/dev/null

found="$(post runs/search "{\"experiment_ids\": [\"$experiment\"], \"filter\": \"tags.by = 'curl' and metrics.loss < 0.3\", \"order_by\": [\"attributes.start_time DESC\"], \"max_results\": 1}")"
history="$(call metrics/get-history --get --data-urlencode "run_id=$run" --data-urlencode "metric_key=loss")"
model="$(call registered-models/get --get --data-urlencode "name=$model_name")"
printf '%-12s %s\n' \
  experiment "$experiment_name" \
  run "$(field run_id <<<"$found")" \
  status "$(field status <<<"$found")" \
  losses "$(grep -o '"value" *: *[0-9.]*' <<<"$history" | sed 's/.*: *//' | paste -s -d ' ' -)" \
  model "$model_name: $(field description <<<"$model")"
