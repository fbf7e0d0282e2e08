"""Runs a command in a process group of its own and ends the whole group when standard input closes.

The local Azure holds the other end of that pipe, so that not even its `kill -9` leaves a server behind.
Usage: supervise.py COMMAND [ARGUMENT ...]; exits as the command does. The variable CHANNEL names a file descriptor that the command
alone is to have.
"""

import os
import signal
import subprocess
import sys
import threading
import time

GRACE_SECONDS = 5.0


def end_group(group: int, child: subprocess.Popen) -> None:
    try:
        os.killpg(group, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass


def main() -> int:
    channel = [int(os.environ["CHANNEL"])] if "CHANNEL" in os.environ else []
    child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, start_new_session=True, pass_fds=channel)
    for descriptor in channel:
        os.close(descriptor)

    def watch() -> None:
        while os.read(0, 1024):
            pass
        end_group(child.pid, child)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: end_group(child.pid, child))
    threading.Thread(target=watch, daemon=True).start()
    code = child.wait()
    end_group(child.pid, child)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
