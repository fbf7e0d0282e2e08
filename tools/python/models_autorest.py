"""Models of a client that Microsoft's older generator, AutoRest, made: classes with `_attribute_map`, which are parsed.

A field's enum stands in the class's docstring alone (`:vartype kind: str or ~azure.mgmt.storage.models.Kind`). Whether
only a creation may set a field is not in these clients.
"""

import ast
import pathlib
import re
import typing

PRIMITIVES = {
    "str": "string",
    "bool": "boolean",
    "int": "integer",
    "long": "integer",
    "float": "number",
    "decimal": "number",
    "bytearray": "string",
    "base64": "string",
    "rfc-1123": "string",
    "unix-time": "integer",
    "iso-8601": "date-time",
    "date": "date",
    "time": "time",
    "duration": "duration",
    "object": "any",
}
LIMITS = {
    "pattern": "pattern",
    "min_length": "minLength",
    "max_length": "maxLength",
    "minimum": "minimum",
    "maximum": "maximum",
    "min_items": "minItems",
    "max_items": "maxItems",
}


def models_of(folder: pathlib.Path) -> typing.Tuple[dict, dict]:
    """The table's models and enums of the client whose `models` folder this is."""
    (enums_file,) = folder.glob("_*_enums.py")
    enums = enums_of(ast.parse(enums_file.read_text()))
    body = ast.parse((folder / "_models_py3.py").read_text()).body
    classes = {node.name: node for node in body if isinstance(node, ast.ClassDef)}
    table: dict = {}
    for name in sorted(classes):
        add_model(table, name, classes, enums)
    return table, enums


def enums_of(tree: ast.Module) -> dict:
    found = {}
    for node in (each for each in tree.body if isinstance(each, ast.ClassDef)):
        members = [each.value.value for each in node.body if isinstance(each, ast.Assign)]
        found[node.name] = sorted(members)
    return found


def add_model(table: dict, name: str, classes: dict, enums: dict) -> None:
    attributes = literal_of("_attribute_map", name, classes)
    rules = literal_of("_validation", name, classes)
    named = enums_in(ast.get_docstring(classes[name]) or "", enums)
    model: dict = {"fields": {}}
    table[name] = model
    for attribute, how in attributes.items():
        if how["key"] == "":
            model["open"] = True
            continue
        path = [part.replace("\\.", ".") for part in re.split(r"(?<!\\)\.", how["key"])]
        field = field_of(type_of(how["type"], named.get(attribute)), rules.get(attribute, {}))
        place(table, name, path, field)
    subtypes = literal_of("_subtype_map", name, {name: classes[name]})
    if subtypes:
        ((attribute, models),) = subtypes.items()
        model["discriminator"] = {"property": attributes[attribute]["key"].replace("\\.", "."), "models": models}


def place(table: dict, owner: str, path: typing.Sequence[str], field: dict) -> None:
    """The client flattens `properties`; over the wire it is an object, which has a model of its own here."""
    if len(path) == 1:
        table[owner]["fields"][path[0]] = field
        return
    inner = f"{owner}.{path[0]}"
    table.setdefault(inner, {"fields": {}})
    outer = table[owner]["fields"].setdefault(path[0], {"type": f"model:{inner}"})
    if field.get("required") and field.get("visibility") != ["read"]:
        outer["required"] = True
    place(table, inner, path[1:], field)


def field_of(kind: typing.Any, rules: dict) -> dict:
    field: dict = {"type": kind}
    if rules.get("required"):
        field["required"] = True
    if rules.get("readonly"):
        field["visibility"] = ["read"]
    limits = {LIMITS[rule]: value for rule, value in rules.items() if rule in LIMITS}
    if limits:
        field["limits"] = limits
    return field


def type_of(text: str, enum: typing.Optional[str]) -> typing.Any:
    if text.startswith("["):
        return {"array": type_of(text[1:-1], enum)}
    if text.startswith("{"):
        return {"map": type_of(text[1:-1], enum)}
    if text == "str" and enum:
        return f"enum:{enum}"
    return PRIMITIVES.get(text, f"model:{text}")


def enums_in(docstring: str, enums: dict) -> typing.Dict[str, str]:
    """Attribute -> enum."""
    found = {}
    for attribute, text in re.findall(r":vartype (\w+):(.*?)(?=\n\s*:|\Z)", docstring, re.DOTALL):
        enum = re.search(r"\bstr\s+or\s+~[\w.\s]*\.(\w+)", text)
        if enum and enum.group(1) in enums:
            found[attribute] = enum.group(1)
    return found


def literal_of(attribute: str, name: str, classes: dict) -> dict:
    """A class's dictionary of that name, or its nearest ancestor's."""
    node = classes.get(name)
    if node is None:
        return {}
    for part in node.body:
        if isinstance(part, ast.Assign) and getattr(part.targets[0], "id", None) == attribute:
            return ast.literal_eval(part.value)
    for base in node.bases:
        inherited = literal_of(attribute, getattr(base, "id", ""), classes)
        if inherited:
            return inherited
    return {}
