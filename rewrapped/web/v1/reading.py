"""The description of the programming interface in a form that a page can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "delete")
Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or answer: its name, its type in words, and what is said of it."""

    name: str
    type: str
    said: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that can be asked, with what goes in and what comes out."""

    method: str
    path: str
    said: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Group:
    """Operations that belong together."""

    name: str
    said: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What an answer or body is made of."""

    name: str
    said: str
    fields: tuple[Field, ...]


def readable(description: Schema) -> dict[str, Any]:
    """Return `about`, `groups` and `shapes` of an OpenAPI description."""
    base = description.get("servers", [{"url": "/api/v1"}])[0]["url"]
    operations = list(_operations(description, base))
    groups = [
        Group(tag["name"], tag["description"], tuple(one for name, one in operations if name == tag["name"]))
        for tag in description["tags"]
    ]
    schemas = description["components"]["schemas"]
    shapes = [
        Shape(name, _said(schema), _fields(schema))
        for name, schema in sorted(schemas.items())
        if "properties" in schema
    ]
    return {"about": description["info"]["description"].split("\n\n"), "groups": groups, "shapes": shapes}


def _operations(description: Schema, base: str) -> Iterator[tuple[str, Operation]]:
    """Yield every operation with the name of its group."""
    schemas = description["components"]["schemas"]
    for path, methods in description["paths"].items():
        for method in _METHODS:
            if method in methods:
                one = methods[method]
                what = method.upper(), base + path, _said(one)
                yield one["tags"][0], Operation(*what, _parameters(one), _body(one, schemas), _answer(one))


def _parameters(operation: Schema) -> tuple[Field, ...]:
    return tuple(
        Field(one["name"], _type(one["schema"]), _said(one) or _said(one["schema"]), one.get("required", False))
        for one in operation.get("parameters", ())
    )


def _body(operation: Schema, schemas: Schema) -> tuple[Field, ...]:
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = media["schema"]
        return _fields(schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema)
    return ()


def _fields(schema: Schema) -> tuple[Field, ...]:
    required = schema.get("required", ())
    return tuple(
        Field(name, _type(one), _said(one), name in required) for name, one in schema.get("properties", {}).items()
    )


def _answer(operation: Schema) -> str:
    """Return the type of the answer that an operation gives when all is well."""
    for status, answer in operation["responses"].items():
        if status.startswith("2"):
            media = next(iter(answer.get("content", {}).items()), None)
            return "" if media is None else _type(media[1].get("schema", {})) or media[0]
    return ""


def _type(schema: Schema) -> str:
    """Return a schema in a word or a few."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "")


def _said(schema: Schema) -> str:
    return " ".join(str(schema.get("description", "")).split())
