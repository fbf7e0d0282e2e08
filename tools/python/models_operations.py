"""The operations of a client: verb, address, models of the bodies, status codes.

Read from the source; both of Microsoft's generators write it alike.
"""

import ast
import re
import typing

VERSION = re.compile(r"\d{4}-\d\d-\d\d(-preview)?")


class Request(typing.NamedTuple):
    method: typing.Optional[str]
    url: typing.Optional[str]
    # Where the builder names them; a newer client takes its configuration's.
    versions: typing.Set[str]


def operations_of(source: str, models: typing.Set[str], version: str, classes: typing.Set[str]) -> list:
    """Those of these classes (of all, when there are none) that ask for a resource provider at that version."""
    tree = ast.parse(source)
    requests = {node.name: request_of(node) for node in tree.body if is_builder(node)}
    operations = []
    for group in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        if classes and group.name not in classes:
            continue
        methods = {}
        for method in (node for node in group.body if isinstance(node, ast.FunctionDef)):
            methods[method.name] = method  # the last of a name is the one that is not an overload
        for name, method in methods.items():
            called = {getattr(c.func, "id", "") for c in ast.walk(method) if isinstance(c, ast.Call)}
            builder = next((c for c in sorted(called) if c in requests), None)
            if builder is None:
                continue
            request = requests[builder]
            if "/providers/" not in request.url or (request.versions and version not in request.versions):
                continue
            public = methods.get("begin" + name.removesuffix("_initial"), method)
            operations.append(operation_of(request, method, public, models))
    return operations


def is_builder(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("build_")


def request_of(builder: ast.FunctionDef) -> Request:
    url, method, versions = None, None, set()
    for part in ast.walk(builder):
        if isinstance(part, (ast.Assign, ast.AnnAssign)):
            target = part.targets[0] if isinstance(part, ast.Assign) else part.target
            if isinstance(target, ast.Name) and target.id == "_url":
                url = address_in(part.value) or url
        if isinstance(part, ast.Call) and getattr(part.func, "id", None) == "HttpRequest":
            method = next(k.value.value for k in part.keywords if k.arg == "method")
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and VERSION.fullmatch(part.value):
            versions.add(part.value)
    return Request(method, url, versions)


def address_in(value: ast.expr) -> typing.Optional[str]:
    """`"/subscriptions/…"`, or the same as the default of `kwargs.pop("template_url", …)`."""
    found = (part.value for part in ast.walk(value) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return next((text for text in found if text.startswith("/")), None)


def operation_of(
    request: Request, method: ast.FunctionDef, public: ast.FunctionDef, models: typing.Set[str]
) -> dict:
    operation = {"method": request.method, "path": request.url, "codes": codes_of(method)}
    arguments = (model_named(a.annotation) for a in public.args.args + public.args.kwonlyargs)
    body = next((name for name in arguments if name in models), None)
    if body:
        operation["request"] = body
    returned = model_named(public.returns)
    if returned:
        text = ast.unparse(public.returns)
        operation["item" if "ItemPaged" in text or "Iterable" in text else "response"] = returned
    return operation


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


def codes_of(method: ast.FunctionDef) -> list:
    for part in ast.walk(method):
        refuses = isinstance(part, ast.Compare) and isinstance(part.ops[0], ast.NotIn)
        if refuses and "status_code" in ast.unparse(part.left):
            return [code.value for code in part.comparators[0].elts]
    return []
