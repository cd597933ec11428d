"""The interactions that people cause, as payloads: pure builders."""

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.discord import payloads, stored
from tests.fakes.discord.errors import NotOfferedError
from tests.fakes.discord.interactions import InteractionType, new_token
from tests.fakes.discord.replies import Message, Modal
from tests.fakes.discord.world import Channel, Context, JsonObject, User, World, context_of

ATTACHMENT_LIMIT: Final = 10 * 1024 * 1024
BUTTON, STRING_SELECT, TEXT_INPUT, CHANNEL_SELECT = 2, 3, 4, 8


def interaction(
    world: World,
    kind: InteractionType,
    person: User,
    place: Channel,
    data: JsonObject,
    message: JsonObject | None = None,
) -> JsonObject:
    """INTERACTION_CREATE with everything that Discord puts into it."""
    permissions = world.permissions_of(person, place)
    body: JsonObject = {
        "id": str(world.snowflakes.next()),
        "application_id": str(world.bot.id),
        "type": int(kind),
        "token": new_token(),
        "version": 1,
        "data": data,
        "channel": payloads.interaction_channel(place, permissions),
        "channel_id": str(place.id),
        "app_permissions": str(int(world.permissions_of_app(place))),
        "locale": person.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "authorizing_integration_owners": owners(world, person, place),
        "context": int(context_of(place)),
        "attachment_size_limit": ATTACHMENT_LIMIT,
    }
    if message is not None:
        body["message"] = message
    guild = world.guilds.get(place.guild_id or 0)
    if guild is None:
        return body | {"user": payloads.user(person)}
    return body | {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
        "guild_locale": guild.locale,
        "member": payloads.member(person, permissions),
    }


def owners(world: World, person: User, place: Channel) -> dict[str, str]:
    """Who installed the app here: "0" is the server (or "0" in its DM), "1" the person."""
    guild = world.guilds.get(place.guild_id or 0)
    installed: dict[str, str] = {}
    if guild is not None and guild.installed:
        installed["0"] = str(guild.id)
    if context_of(place) is Context.BOT_DM:
        installed["0"] = "0"
    if person.installs_app or not installed:
        installed["1"] = str(person.id)
    return installed


def press(message: Message, custom_id: str) -> JsonObject:
    """The data of a click on a button; raises NotOfferedError when it is disabled or not there."""
    component = message.component(custom_id)
    if component["type"] != BUTTON or component.get("disabled"):
        raise NotOfferedError(f"{custom_id!r} is not a button that can be pressed")
    return {"component_type": BUTTON, "custom_id": custom_id, "id": component["id"]}


def select(
    message: Message, custom_id: str, values: list[str], world: World, person: User
) -> JsonObject:
    """The data of a choice in a select menu; raises NotOfferedError for what it does not offer."""
    component = message.component(custom_id)
    if component["type"] == BUTTON or component.get("disabled"):
        raise NotOfferedError(f"{custom_id!r} is not a menu that can be used")
    _check_values(component, values)
    _check_channels(component, values, world)
    data: JsonObject = {
        "component_type": component["type"],
        "custom_id": custom_id,
        "id": component["id"],
        "values": values,
    }
    return data | _resolved(component["type"], values, world, person)


def submission(modal: Modal, values: Mapping[str, Any], world: World, person: User) -> JsonObject:
    """The data of a submitted form; what is not filled in stays as the form opened.

    Raises NotOfferedError for fields that do not exist, and for input that Discord refuses.
    """
    known = [field["custom_id"] for field in modal.fields()]
    if unknown := set(values) - set(known):
        raise NotOfferedError(f"the form has no {sorted(unknown)}, only {known}")
    numbered = stored.components(modal.components, [])
    resolved: JsonObject = {}
    rows = [_submitted(component, values, world, person, resolved) for component in numbered]
    data: JsonObject = {"custom_id": modal.custom_id, "components": rows}
    return data | ({"resolved": resolved} if resolved else {})


def _submitted(
    component: JsonObject,
    values: Mapping[str, Any],
    world: World,
    person: User,
    resolved: JsonObject,
) -> JsonObject:
    base = {"type": component["type"], "id": component["id"]}
    if "components" in component:
        inner = [_submitted(c, values, world, person, resolved) for c in component["components"]]
        return base | {"components": inner}
    if "component" in component:
        inside = _submitted(component["component"], values, world, person, resolved)
        return base | {"component": inside}
    if "custom_id" not in component:
        return base
    given = values.get(component["custom_id"])
    base |= {"custom_id": component["custom_id"]}
    chosen = [o["value"] for o in component.get("options") or () if o.get("default")]
    match component["type"]:
        case 4:
            return base | {"value": _typed(component, given)}
        case 21:
            value = given if given is not None else next(iter(chosen), None)
            _check_values(component, [] if value is None else [value], most=1)
            return base | {"value": value}
        case 23:
            return base | {"value": bool(component.get("default") if given is None else given)}
        case kind:
            picked = chosen if given is None else [given] if isinstance(given, str) else given
            _check_values(component, list(picked))
            resolved.update(_resolved(kind, picked, world, person).get("resolved", {}))
            return base | {"values": list(picked)}


def _typed(field: JsonObject, given: Any) -> str:
    text = str(field.get("value") or "" if given is None else given)
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if not text and field.get("required", True):
        raise NotOfferedError(f"{field['custom_id']!r} must be filled in")
    if len(text) > most or (text and len(text) < least):
        raise NotOfferedError(f"{field['custom_id']!r} takes {least} to {most} characters")
    return text


def _check_values(component: JsonObject, values: list[str], most: int | None = None) -> None:
    offered = [option["value"] for option in component.get("options") or ()]
    if offered and not set(values) <= set(offered):
        raise NotOfferedError(f"{component['custom_id']!r} offers {offered}, not {values}")
    optional = component.get("required") is False
    least = 0 if optional and not values else component.get("min_values", 1)
    highest = most or component.get("max_values") or (10 if component["type"] == 22 else 1)
    if not least <= len(values) <= highest:
        raise NotOfferedError(f"{component['custom_id']!r} takes {least} to {highest} values")


def _check_channels(component: JsonObject, values: list[str], world: World) -> None:
    offered = component.get("channel_types") or [] if component["type"] == CHANNEL_SELECT else []
    for value in values if offered else ():
        kind = int(world.channels[int(value)].type)
        if kind not in offered:
            raise NotOfferedError(f"{component['custom_id']!r} offers {offered}, not {kind}")


def _resolved(kind: int, values: list[str], world: World, person: User) -> JsonObject:
    """What a menu tells of the people, roles or channels that were chosen in it."""
    match kind:
        case 5:
            chosen = [world.users[int(value)] for value in values]
            users = {str(one.id): payloads.user(one) for one in chosen}
            members = {str(one.id): payloads.resolved_member(one) for one in chosen}
            return {"resolved": {"users": users, "members": members}}
        case 6:
            return {"resolved": {"roles": {value: _role(int(value), world) for value in values}}}
        case 8:
            channels = [world.channels[int(value)] for value in values]
            partial = {
                str(one.id): payloads.interaction_channel(one, world.permissions_of(person, one))
                for one in channels
            }
            return {"resolved": {"channels": partial}}
        case _:
            return {}


def _role(number: int, world: World) -> JsonObject:
    """A role by its id, which is its server's and its place there; see ``payloads.role``."""
    guild = next(one for one in world.guilds.values() if 0 <= number - one.id < one.roles)
    return payloads.role(guild, number - guild.id)
