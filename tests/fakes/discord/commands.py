"""The application commands that the bot registered, and how people fill them in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final

from tests.fakes.discord import payloads
from tests.fakes.discord.errors import NotOfferedError
from tests.fakes.discord.world import (
    Channel,
    JsonObject,
    Permission,
    User,
    World,
    context_of,
)

CHAT_INPUT: Final = 1


class OptionType(IntEnum):
    SUBCOMMAND = 1
    SUBCOMMAND_GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


@dataclass(slots=True)
class Commands:
    """Global commands by id. ``syncs`` counts the times that all were replaced."""

    world: World
    all: dict[int, JsonObject] = field(default_factory=dict)
    syncs: int = 0

    def replace(self, declared: list[JsonObject]) -> list[JsonObject]:
        """Put these in the place of all commands; a name that stays keeps its id."""
        before = {(item["type"], item["name"]): item["id"] for item in self.all.values()}
        stored = [self._stored(item, before) for item in declared]
        self.all = {int(item["id"]): item for item in stored}
        self.syncs += 1
        return stored

    def upsert(self, declared: JsonObject) -> JsonObject:
        before = {(item["type"], item["name"]): item["id"] for item in self.all.values()}
        stored = self._stored(declared, before)
        self.all[int(stored["id"])] = stored
        return stored

    def named(self, name: str) -> JsonObject:
        """The chat-input command with this name.

        Raises NotOfferedError with the names that there are.
        """
        for command in self.all.values():
            if command["name"] == name and command["type"] == CHAT_INPUT:
                return command
        known = sorted(command["name"] for command in self.all.values())
        raise NotOfferedError(f"no command /{name}; registered are {known}")

    def _stored(self, declared: JsonObject, before: Mapping[Any, str]) -> JsonObject:
        kind = declared.get("type") or CHAT_INPUT
        known = before.get((kind, declared["name"]))
        permissions = declared.get("default_member_permissions")
        return {
            "description": "",
            "options": [],
            "nsfw": False,
            "contexts": None,
            "integration_types": [0],
            "name_localizations": None,
            "description_localizations": None,
            **{key: value for key, value in declared.items() if value is not None},
            "id": known or str(self.world.snowflakes.next()),
            "application_id": str(self.world.bot.id),
            "version": str(self.world.snowflakes.next()),
            "type": kind,
            "dm_permission": declared.get("dm_permission", True),
            "default_member_permissions": None if permissions is None else str(permissions),
        }


def check_offered(command: JsonObject, person: User, channel: Channel, world: World) -> None:
    """Raise NotOfferedError where Discord would hide this command from this person."""
    contexts = command["contexts"]
    if contexts is not None and context_of(channel) not in contexts:
        raise NotOfferedError(f"/{command['name']} is not declared for {context_of(channel).name}")
    guild = world.guilds.get(channel.guild_id or 0)
    by_user = guild is not None and not guild.installed
    by_user = by_user or context_of(channel).name == "PRIVATE_CHANNEL"
    if by_user and 1 not in command["integration_types"]:
        raise NotOfferedError(f"/{command['name']} is not declared for user installs")
    needed = Permission(int(command["default_member_permissions"] or 0))
    if guild is not None and needed not in person.permissions:
        raise NotOfferedError(f"/{command['name']} needs permissions that {person.name} lacks")


def invocation(
    command: JsonObject,
    path: tuple[str, ...],
    values: Mapping[str, Any],
    world: World,
    focused: str | None = None,
) -> JsonObject:
    """The ``data`` of an interaction with this command.

    ``path`` names the subcommand, if any; ``values`` are typed by the declaration, with User
    and Channel objects for options of those types; ``focused`` is the option being completed.

    Raises NotOfferedError for unknown options, missing required ones, and values that Discord's
    client would not accept.
    """
    data: JsonObject = {"id": command["id"], "name": command["name"], "type": CHAT_INPUT}
    resolved: JsonObject = {}
    declared, wrappers = command["options"], []
    for step in path:
        declared_step = _option(declared, step, command["name"])
        wrappers.append({"name": step, "type": declared_step["type"]})
        declared = declared_step.get("options") or []
    options = [
        _filled(_option(declared, name, command["name"]), value, resolved, focused)
        for name, value in values.items()
    ]
    if focused is None:
        for option in declared:
            if option.get("required") and option["name"] not in values:
                raise NotOfferedError(f"/{command['name']} requires {option['name']!r}")
    elif focused not in values:
        raise NotOfferedError(f"nothing was typed into {focused!r}")
    for wrapper in reversed(wrappers):
        options = [{**wrapper, "options": options}]
    data["options"] = options
    return data | ({"resolved": resolved} if resolved else {})


def _option(declared: list[JsonObject], name: str, command: str) -> JsonObject:
    for option in declared:
        if option["name"] == name:
            return option
    known = [option["name"] for option in declared]
    raise NotOfferedError(f"/{command} has no option {name!r}, only {known}")


def _filled(
    option: JsonObject, value: Any, resolved: JsonObject, focused: str | None
) -> JsonObject:
    filled: JsonObject = {"name": option["name"], "type": option["type"]}
    if focused == option["name"]:
        if not option.get("autocomplete"):
            raise NotOfferedError(f"{option['name']!r} has no autocomplete")
        return filled | {"value": value, "focused": True}
    kind = OptionType(option["type"])
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        raise NotOfferedError(
            f"{value!r} is not among the choices of {option['name']!r}: {choices}"
        )
    match kind, value:
        case OptionType.STRING, str():
            least, most = option.get("min_length") or 0, option.get("max_length") or 6000
            if not least <= len(value) <= most:
                raise NotOfferedError(f"{option['name']!r} takes {least} to {most} characters")
        case (OptionType.BOOLEAN, bool()) | (OptionType.NUMBER, int() | float()):
            pass
        case OptionType.INTEGER, int() if not isinstance(value, bool):
            least, most = option.get("min_value"), option.get("max_value")
            if (least is not None and value < least) or (most is not None and value > most):
                raise NotOfferedError(f"{option['name']!r} takes {least} to {most}")
        case ((OptionType.USER | OptionType.MENTIONABLE), User()):
            resolved.setdefault("users", {})[str(value.id)] = payloads.user(value)
            return filled | {"value": str(value.id)}
        case OptionType.CHANNEL, Channel():
            partial = payloads.channel(value) | {"permissions": "0"}
            resolved.setdefault("channels", {})[str(value.id)] = partial
            return filled | {"value": str(value.id)}
        case _:
            raise NotOfferedError(f"{value!r} does not fit option {option['name']!r} ({kind.name})")
    return filled | {"value": value}
