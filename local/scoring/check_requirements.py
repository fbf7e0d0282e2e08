"""Compares a requirements.txt with what this Python environment has.

Usage: check_requirements.py FILE; prints `{"missing": ["name==1"], "different": ["name==1 (2 is installed)"]}`.
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement


def main() -> None:
    missing, different = [], []
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        if not text or text.startswith("-"):
            continue
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            continue
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            missing.append(text)
            continue
        if not requirement.specifier.contains(installed, prereleases=True):
            different.append(f"{text} ({installed} is installed)")
    print(json.dumps({"missing": missing, "different": different}))


if __name__ == "__main__":
    main()
