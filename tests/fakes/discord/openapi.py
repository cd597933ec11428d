"""Request bodies held against Discord's own OpenAPI description.

The description is found through the environment variable ``DISCORD_OPENAPI`` only. Its
references are resolved into one object graph per process, and there is one validator for
each method and path.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema
from jsonschema.protocols import Validator

from tests.fakes.discord.errors import Violation
from tests.fakes.discord.world import JsonObject

VARIABLE: Final = "DISCORD_OPENAPI"
MOST_TOLD: Final = 5


def violations(method: str, template: str, body: Any) -> list[Violation]:
    """What the description finds wrong with a body; nothing where it is not configured.

    ``template`` is the path with its parameters in braces, e.g. ``/users/@me/channels``.
    """
    document = os.environ.get(VARIABLE)
    if not document:
        return []
    validator = _validator(document, method.lower(), template)
    if validator is None:
        return []
    return [
        Violation(tuple(error.absolute_path), "OPENAPI", error.message[:300])
        for error, _ in zip(validator.iter_errors(body), range(MOST_TOLD), strict=False)
    ]


def _chosen_branch(
    validator: Any, branches: list[Any], instance: Any, schema: Any
) -> Iterator[jsonschema.ValidationError]:
    """``oneOf`` that goes straight to the branch named by the object's ``type``.

    Faster than trying them all, and the errors speak of the branch that was meant.
    """
    if isinstance(instance, dict):
        meant = [branch for branch in branches if instance.get("type") in _types(branch)]
        if len(meant) == 1:
            yield from validator.descend(instance, meant[0])
            return
    keyword = "oneOf" if "oneOf" in schema else "anyOf"
    check = jsonschema.Draft202012Validator.VALIDATORS[keyword]
    yield from check(validator, branches, instance, schema) or ()


def _types(branch: Any) -> list[Any]:
    kinds = branch.get("properties", {}).get("type", {}).get("enum", [])
    return kinds if isinstance(kinds, list) else []


_DiscordValidator = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # as in its stubs
    jsonschema.Draft202012Validator, {"oneOf": _chosen_branch, "anyOf": _chosen_branch}
)


@cache
def _document(path: str) -> JsonObject:
    document: JsonObject = json.loads(Path(path).read_text(encoding="utf-8"))
    # The client library sends ids as integers, and Discord takes them.
    document["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
    _resolve(document, document, set())
    return document


def _resolve(node: Any, document: JsonObject, done: set[int]) -> None:
    """Put the referred object in the place of every reference below ``node``."""
    if id(node) in done:
        return
    done.add(id(node))
    keys = tuple(node) if isinstance(node, dict) else range(len(node))
    for key in keys:
        while isinstance(node[key], dict) and "$ref" in node[key]:
            node[key] = _target(node[key]["$ref"], document)
        if isinstance(node[key], dict | list):
            _resolve(node[key], document, done)


def _target(reference: str, document: JsonObject) -> Any:
    target: Any = document
    for step in reference.removeprefix("#/").split("/"):
        target = target[step.replace("~1", "/").replace("~0", "~")]
    return target


@cache
def _validator(path: str, method: str, template: str) -> Validator | None:
    operation = _document(path)["paths"].get(template, {}).get(method, {})
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    validator: Validator = _DiscordValidator(content["application/json"]["schema"])
    return validator
