"""Answers calls of a client's functions, a line of JSON each, until standard input ends."""

import json
import os
import sys
import traceback


def serve(operations):
    # What the client prints goes where errors go: standard output carries answers only.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    by_name = {operation.__name__: operation for operation in operations}
    for line in sys.stdin:
        call = json.loads(line)
        try:
            answer = {"result": by_name[call["operation"]](**call["args"])}
        except Exception as error:
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)
