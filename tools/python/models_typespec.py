"""Models of a client that Microsoft's generator made from TypeSpec: classes with `rest_field`s, which are imported."""

import datetime
import decimal
import enum
import importlib
import pathlib
import sys
import typing

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


def models_of(client: pathlib.Path) -> typing.Tuple[dict, dict]:
    """The table's models and enums of the client in that folder."""
    sys.path.insert(0, str(client.parent))
    models = importlib.import_module(f"{client.name}.models")
    base = importlib.import_module(f"{client.name}._utils.model_base").Model
    found = (c for c in vars(models._models).values() if isinstance(c, type))
    classes = {c.__name__: c for c in found if issubclass(c, base) and c is not base}
    for model in classes.values():
        model({})  # a class learns its fields when it is first made
    enums: dict = {}
    table: dict = {}
    for name in sorted(classes):
        table[name] = {"fields": fields_of(classes[name], {"_models": models}, enums)}
        discriminator = discriminator_of(classes[name])
        if discriminator:
            table[name]["discriminator"] = discriminator
    return table, enums


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
