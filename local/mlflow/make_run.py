"""Makes a run of a chosen id in the database of an MLflow server, whose API would choose one by itself.

Standard input: {"database", "id", "experiment_id", "artifact_uri", "name", "user", "start_time", "tags": {}}. A run that was deleted comes back.
"""

import json
import sqlite3
import sys

RUN = """
INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, source_version,
                  lifecycle_stage, artifact_uri, experiment_id)
VALUES (:id, :name, 'JOB', '', '', :user, 'SCHEDULED', :start_time, '', 'active', :artifact_uri, :experiment_id)
ON CONFLICT (run_uuid) DO UPDATE SET lifecycle_stage = 'active', deleted_time = NULL
"""
TAG = "INSERT INTO tags (key, value, run_uuid) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"

wanted = json.load(sys.stdin)
tags = wanted.pop("tags")
connection = sqlite3.connect(wanted.pop("database"), timeout=30)
with connection:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(RUN, wanted)
    connection.executemany(TAG, [(key, value, wanted["id"]) for key, value in tags.items()])
connection.close()
