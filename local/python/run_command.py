"""Runs a job's command once, and outlives the process that started it.

The local Azure may be killed and started again while the command runs, so that the two talk through files of FOLDER:
`started` is a folder, made by the first of these processes alone; `beat` is touched while it runs; `lease` is touched by the local
Azure, and the command ends when it is gone or has not been touched for a while; `exit.json` is written last.
Usage: run_command.py FOLDER COMMAND [ARGUMENT ...]
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

GRACE_SECONDS = 5.0
LEASE_SECONDS = 60.0
BEAT_SECONDS = 0.5
POLL_SECONDS = 0.03


def touched(file: pathlib.Path) -> int | None:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return None


class Lease:
    """A machine that slept has a clock that jumped: what counts is the time in which no touch was seen."""

    def __init__(self, file: pathlib.Path) -> None:
        self.file = file
        self.last = touched(file)
        self.seen = time.monotonic()

    def holds(self) -> bool:
        now = touched(self.file)
        if now != self.last:
            self.last, self.seen = now, time.monotonic()
        return now is not None and time.monotonic() - self.seen < LEASE_SECONDS


def end_group(child: subprocess.Popen) -> None:
    try:
        os.killpg(child.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    try:
        (folder / "started").mkdir()
    except FileExistsError:
        return
    beat = folder / "beat"
    beat.touch()
    lease = Lease(folder / "lease")
    child = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, start_new_session=True)
    stopped = False
    last_beat = time.monotonic()
    while child.poll() is None and not stopped:
        time.sleep(POLL_SECONDS)
        if time.monotonic() - last_beat > BEAT_SECONDS:
            beat.touch()
            last_beat = time.monotonic()
        stopped = not lease.holds()
    end_group(child)
    code = child.wait()
    whole = folder / "exit.json.incomplete"
    whole.write_text(json.dumps({"code": code if code >= 0 else 128 - code, "stopped": stopped}))
    whole.rename(folder / "exit.json")


if __name__ == "__main__":
    main()
