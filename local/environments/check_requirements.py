"""Compares lines of a requirements.txt with what this Python environment has.

Usage: check_requirements.py [PYTHON_VERSIONS] < requirements.txt; prints
`{"missing": ["name==1"], "different": ["name==1 (2 is installed)"], "unread": ["-e ."], "python": "3.11.2", "fits": true}`, where `fits`
is whether this Python is of those versions (`==3.11.*`).
"""

import json
import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

# What they name is installed too; other options say only where from.
NAMING_OPTIONS = re.compile(r"-[rce]\b|--(requirement|constraint|editable)\b")


def of_extras(requirement: Requirement) -> list[str]:
    """What the extras of an installed package ask for beyond the package itself."""
    asked = [Requirement(text) for text in requires(requirement.name) or []]
    wanted = [
        each
        for each in asked
        if each.marker
        and not each.marker.evaluate({"extra": ""})
        and any(each.marker.evaluate({"extra": extra}) for extra in requirement.extras)
    ]
    return [str(each).partition(";")[0] for each in wanted]


def compare(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"missing": [], "different": [], "unread": []}
    waiting = [re.sub(r"(^|\s)#.*", "", line).strip() for line in lines]
    while waiting:
        text = waiting.pop(0)
        if not text or (text.startswith("-") and not NAMING_OPTIONS.match(text)):
            continue
        try:
            requirement = Requirement(text)
        except InvalidRequirement:
            found["unread"].append(text)
            continue
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = version(requirement.name)
        except PackageNotFoundError:
            found["missing"].append(text)
            continue
        if requirement.url:
            found["unread"].append(text)
        elif not requirement.specifier.contains(installed, prereleases=True):
            found["different"].append(f"{text} ({installed} is installed)")
        elif requirement.extras:
            waiting += of_extras(requirement)
    return found


def main() -> None:
    wanted = SpecifierSet(sys.argv[1] if len(sys.argv) > 1 else "")
    python = platform.python_version()
    fits = wanted.contains(python, prereleases=True)
    print(json.dumps({**compare(sys.stdin.read().splitlines()), "python": python, "fits": fits}))


if __name__ == "__main__":
    main()
