"""Writes Microsoft's models of the Azure Machine Learning API as a table.

    models.py WHEEL OUTFILE

WHEEL is azure-ai-ml's wheel, or a folder it was unpacked into. The wheel embeds a client that Microsoft
generated from the API's definition; the table says of each of its models which fields it has (wire name,
type, required, visibility), and of each operation which models go over the wire and which status codes
are taken. azure-ai-ml itself is never imported: the client needs azure-core and isodate alone.

Types in the table: a primitive's name, "enum:NAME", "model:NAME", {"array": T}, {"map": T}, {"const": value}.
"""

import ast
import datetime
import decimal
import enum
import json
import pathlib
import re
import sys
import tempfile
import typing
import zipfile

CLIENT = "azure/ai/ml/_restclient/arm_ml_service"
EVERYWHERE = {"read", "create", "update", "delete", "query"}
PRIMITIVES = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    decimal.Decimal: "number",
    bytes: "string",
    datetime.datetime: "date-time",
    datetime.date: "date",
    datetime.time: "time",
    datetime.timedelta: "duration",
    typing.Any: "any",
    object: "any",
}


def unpack(wheel: pathlib.Path, into: pathlib.Path) -> pathlib.Path:
    """The folder that holds the client's package."""
    if wheel.is_dir():
        return wheel / CLIENT
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(into, [name for name in archive.namelist() if name.startswith(CLIENT + "/")])
    return into / CLIENT


def type_of(annotation: typing.Any, enums: dict) -> typing.Any:
    """An annotation in the table's words."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Union:
        members = [argument for argument in arguments if argument is not type(None)]
        named = [m for m in members if isinstance(m, type) and issubclass(m, enum.Enum)]
        if named:
            enums.setdefault(named[0].__name__, sorted(member.value for member in named[0]))
            return f"enum:{named[0].__name__}"
        return type_of(members[0], enums) if len(members) == 1 else "any"
    if origin is typing.Literal:
        value = arguments[0]
        return {"const": value.value if isinstance(value, enum.Enum) else value}
    if origin is list:
        return {"array": type_of(arguments[0], enums)}
    if origin is dict:
        return {"map": type_of(arguments[1], enums)}
    if isinstance(annotation, type) and hasattr(annotation, "_attr_to_rest_field"):
        return f"model:{annotation.__name__}"
    if annotation in PRIMITIVES:
        return PRIMITIVES[annotation]
    raise TypeError(f"{annotation} has no place in the table")


def is_optional(annotation: typing.Any) -> bool:
    return typing.get_origin(annotation) is typing.Union and type(None) in typing.get_args(annotation)


def fields_of(model: type, namespace: dict, enums: dict) -> dict:
    hints = typing.get_type_hints(model, localns=namespace)
    fields = {}
    for attribute, field in model._attr_to_rest_field.items():
        visibility = field._visibility or []
        entry = {"type": type_of(hints[attribute], enums)}
        if not is_optional(hints[attribute]):
            entry["required"] = True
        if visibility and set(visibility) != EVERYWHERE:
            entry["visibility"] = visibility
        fields[field._rest_name] = entry
    return fields


def discriminator_of(model: type) -> typing.Optional[dict]:
    subtypes = model.__dict__.get("__mapping__")
    if not subtypes:
        return None
    property_name = next(f._rest_name for f in model._attr_to_rest_field.values() if f._is_discriminator)
    names = {value: subtype.__name__ for value, subtype in subtypes.items()}
    return {"property": property_name, "models": names}


def requests_of(tree: ast.Module) -> dict:
    """Builder function -> verb and address."""
    found = {}
    for node in tree.body:
        if not (isinstance(node, ast.FunctionDef) and node.name.startswith("build_")):
            continue
        url, method = None, None
        for part in ast.walk(node):
            if isinstance(part, (ast.Assign, ast.AnnAssign)) and isinstance(part.value, ast.Constant):
                target = part.targets[0] if isinstance(part, ast.Assign) else part.target
                if isinstance(target, ast.Name) and target.id == "_url":
                    url = part.value.value
            if isinstance(part, ast.Call) and getattr(part.func, "id", None) == "HttpRequest":
                method = next(k.value.value for k in part.keywords if k.arg == "method")
        found[node.name] = (method, url)
    return found


def model_named(annotation: typing.Optional[ast.expr]) -> typing.Optional[str]:
    """`_models.X`, wherever it stands in an annotation."""
    if annotation is None:
        return None
    for part in ast.walk(annotation):
        if isinstance(part, ast.Attribute) and getattr(part.value, "id", None) == "_models":
            return part.attr
        text = part.value if isinstance(part, ast.Constant) else None
        if isinstance(text, str) and text.startswith("_models."):
            return text.removeprefix("_models.")
    return None


def operations_of(source: str) -> list:
    tree = ast.parse(source)
    requests = requests_of(tree)
    operations = []
    for group in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        methods = {}
        for method in (node for node in group.body if isinstance(node, ast.FunctionDef)):
            methods[method.name] = method  # the last of a name is the one that is not an overload
        for name, method in methods.items():
            called = {getattr(c.func, "id", "") for c in ast.walk(method) if isinstance(c, ast.Call)}
            builder = next((c for c in sorted(called) if c in requests), None)
            if builder is None:
                continue
            public = methods.get("begin" + name.removesuffix("_initial"), method)
            verb, url = requests[builder]
            arguments = public.args.args + public.args.kwonlyargs
            body = next((a for a in arguments if a.arg in ("body", "properties", "parameters")), None)
            returns = public.returns
            operation = {"method": verb, "path": url, "codes": codes_of(method)}
            request, response = model_named(body.annotation) if body else None, model_named(returns)
            if request:
                operation["request"] = request
            if response:
                paged = "ItemPaged" in ast.unparse(returns)
                operation["item" if paged else "response"] = response
            operations.append(operation)
    return operations


def codes_of(method: ast.FunctionDef) -> list:
    for part in ast.walk(method):
        refuses = isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.NotIn)
        if refuses and "status_code" in ast.unparse(part.left):
            return [code.value for code in part.comparators[0].elts]
    return []


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit("usage: models.py WHEEL OUTFILE")
    wheel, outfile = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    if not wheel.exists():
        sys.exit(f"{wheel} is not there; it should be azure-ai-ml's wheel.")
    with tempfile.TemporaryDirectory() as scratch:
        client = unpack(wheel, pathlib.Path(scratch))
        sys.path.insert(0, str(client.parent))
        from arm_ml_service import models  # pylint: disable=import-outside-toplevel,import-error
        from arm_ml_service._utils.model_base import Model

        found = (c for c in vars(models._models).values() if isinstance(c, type))
        classes = {c.__name__: c for c in found if issubclass(c, Model) and c is not Model}
        for model in classes.values():
            model({})  # a class learns its fields when it is first made
        enums: dict = {}
        table: dict = {}
        for name in sorted(classes):
            table[name] = {"fields": fields_of(classes[name], {"_models": models}, enums)}
            discriminator = discriminator_of(classes[name])
            if discriminator:
                table[name]["discriminator"] = discriminator
        operations = operations_of((client / "operations" / "_operations.py").read_text())
        version = api_version((client / "_configuration.py").read_text())
    whole = {"apiVersion": version, "models": table, "enums": enums, "operations": operations}
    outfile.parent.mkdir(parents=True, exist_ok=True)
    unfinished = outfile.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(whole, separators=(",", ":"), sort_keys=True))
    unfinished.replace(outfile)


def api_version(configuration: str) -> str:
    """The version that the client asks for when nobody names one."""
    return re.search(r'"api_version", "([^"]+)"', configuration).group(1)


if __name__ == "__main__":
    main()
