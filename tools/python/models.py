"""Writes Microsoft's models of Azure's APIs as a table.

    models.py WHEELS OUTFILE

WHEELS is a folder with the wheels of models-requirements.txt. Each embeds a client that Microsoft generated from
the definition of an API at one version. The table has an entry a client: its models with their fields (wire name,
type, required, visibility, limits), and its operations with the models that go over the wire and the status codes
that are taken. No package is installed: the newer generator's models are imported from the unpacked wheel (they
need azure-core and isodate alone), the older one's are only parsed.

Types in the table: a primitive's name, "enum:NAME", "model:NAME", {"array": T}, {"map": T}, {"const": value}.
"""

import json
import pathlib
import re
import sys
import tempfile
import typing
import zipfile

import models_autorest
import models_operations
import models_typespec


class Client(typing.NamedTuple):
    package: str
    folder: str
    # The groups of operations to take; all that a client has, when there are none.
    groups: typing.Sequence[str] = ()
    # The API's version, where the client's configuration does not name one.
    version: typing.Optional[str] = None


MACHINE_LEARNING = Client("azure-ai-ml", "azure/ai/ml/_restclient/arm_ml_service")
OTHERS = [
    Client("azure-mgmt-applicationinsights", "azure/mgmt/applicationinsights/v2020_02_02", ["components"]),
    Client(
        "azure-mgmt-authorization",
        "azure/mgmt/authorization/v2022_04_01",
        ["role_assignments", "role_definitions"],
    ),
    Client("azure-mgmt-consumption", "azure/mgmt/consumption"),
    Client("azure-mgmt-containerregistry", "azure/mgmt/containerregistry/v2023_01_01_preview", ["registries"]),
    Client("azure-mgmt-keyvault", "azure/mgmt/keyvault", ["keys", "vaults", "secrets"]),
    Client("azure-mgmt-monitor", "azure/mgmt/monitor/v2018_03_01", ["metric_alerts"]),
    Client(
        "azure-mgmt-monitor",
        "azure/mgmt/monitor/v2021_05_01_preview",
        ["autoscale_settings", "diagnostic_settings"],
    ),
    Client(
        "azure-mgmt-msi",
        "azure/mgmt/msi/v2023_01_31",
        ["user_assigned_identities", "federated_identity_credentials"],
    ),
    Client(
        "azure-mgmt-network",
        "azure/mgmt/network",
        ["virtual_networks", "subnets", "private_endpoints", "private_dns_zone_groups"],
        "2024-05-01",
    ),
    Client(
        "azure-mgmt-privatedns",
        "azure/mgmt/privatedns",
        ["private_zones", "virtual_network_links", "record_sets"],
    ),
    Client("azure-mgmt-resource-locks", "azure/mgmt/resource/locks"),
    Client(
        "azure-mgmt-storage",
        "azure/mgmt/storage/v2024_01_01",
        ["storage_accounts", "blob_services", "blob_containers"],
    ),
]


def unpack(wheels: pathlib.Path, client: Client, into: pathlib.Path) -> typing.Tuple[str, pathlib.Path]:
    """The package with its version, and the folder that holds the client's package."""
    found = sorted(wheels.glob(client.package.replace("-", "_") + "-*.whl"))
    if len(found) != 1:
        sys.exit(f"{wheels} should hold one wheel of {client.package}, not {len(found)}.")
    with zipfile.ZipFile(found[0]) as archive:
        wanted = [name for name in archive.namelist() if name.startswith(client.folder + "/") and "/aio/" not in name]
        archive.extractall(into, wanted)
    return f"{client.package} {found[0].name.split('-')[1]}", into / client.folder


def api_version(folder: pathlib.Path) -> str:
    """The version that the client asks for when nobody names one."""
    configuration = (folder / "_configuration.py").read_text()
    return re.search(r'"api_version", "([^"]+)"', configuration).group(1)


def table_of(client: Client, wheels: pathlib.Path, scratch: pathlib.Path) -> dict:
    package, folder = unpack(wheels, client, scratch / client.package)
    version = client.version or api_version(folder)
    if (folder / "_utils" / "model_base.py").exists():
        models, enums = models_typespec.models_of(folder)
    else:
        models, enums = models_autorest.models_of(folder / "models")
    names = set(models)
    operations = [
        each
        for source, classes in sources_of(folder / "operations", client.groups)
        for each in models_operations.operations_of(source, names, version, classes)
    ]
    if client.groups:
        for each in operations:
            if each["method"] == "PUT" and "request" in each and "response" in each:
                add_shown(models, each["request"], each["response"])
        models, enums = reachable(models, enums, operations)
    return {"package": package, "apiVersion": version, "models": models, "enums": enums, "operations": operations}


def sources_of(folder: pathlib.Path, groups: typing.Sequence[str]) -> typing.Iterator[typing.Tuple[str, typing.Set[str]]]:
    """The files that the groups are in, each with the classes to take; all classes, when there are none."""
    apart = [folder / f"_{group}_operations.py" for group in groups]
    if apart and apart[0].exists():
        yield from ((file.read_text(), set()) for file in apart)
        return
    classes = {group.title().replace("_", "") + "Operations" for group in groups}
    yield (folder / "_operations.py").read_text(), classes


def add_shown(models: dict, sent: str, shown: str) -> None:
    """What only the answer of a PUT has is read-only in its request too: clients send back what they read."""
    if sent == shown:
        return
    fields = models[sent]["fields"]
    for name, field in models[shown]["fields"].items():
        if name not in fields:
            fields[name] = {"type": field["type"], "visibility": ["read"]}
            continue
        pair = [each["type"] for each in (fields[name], field)]
        if all(isinstance(kind, str) and kind.startswith("model:") for kind in pair):
            add_shown(models, *(kind.removeprefix("model:") for kind in pair))


def reachable(models: dict, enums: dict, operations: list) -> typing.Tuple[dict, dict]:
    """The models and enums that the operations' bodies can have in them."""
    found: set = set()
    waiting = [f"model:{each[key]}" for each in operations for key in ("request", "response", "item") if key in each]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        model = models[name.removeprefix("model:")] if name.startswith("model:") else {"fields": {}}
        waiting += [each for field in model["fields"].values() for each in names_in(field["type"])]
        waiting += [f"model:{each}" for each in model.get("discriminator", {"models": {}})["models"].values()]
    return (
        {name: model for name, model in models.items() if f"model:{name}" in found},
        {name: values for name, values in enums.items() if f"enum:{name}" in found},
    )


def names_in(kind: typing.Any) -> list:
    if isinstance(kind, str):
        return [kind] if ":" in kind else []
    return names_in(kind.get("array") or kind.get("map") or "")


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("usage: models.py WHEELS OUTFILE")
    wheels, outfile = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as scratch:
        tables = [table_of(client, wheels, pathlib.Path(scratch)) for client in [MACHINE_LEARNING, *OTHERS]]
    outfile.parent.mkdir(parents=True, exist_ok=True)
    unfinished = outfile.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(tables, separators=(",", ":"), sort_keys=True))
    unfinished.replace(outfile)


if __name__ == "__main__":
    main()
