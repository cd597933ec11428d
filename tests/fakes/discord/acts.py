"""The interactions that people cause, as payloads: pure builders."""

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.discord import payloads, stored
from tests.fakes.discord.errors import NotOfferedError
from tests.fakes.discord.interactions import InteractionType, new_token
from tests.fakes.discord.replies import Message, Modal
from tests.fakes.discord.world import Channel, Context, JsonObject, User, World, context_of

ATTACHMENT_LIMIT: Final = 10 * 1024 * 1024
BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT = 2, 3, 4, 5


def interaction(
    world: World,
    kind: InteractionType,
    person: User,
    place: Channel,
    data: JsonObject,
    message: JsonObject | None = None,
) -> JsonObject:
    """INTERACTION_CREATE with everything that Discord puts into it."""
    body: JsonObject = {
        "id": str(world.snowflakes.next()),
        "application_id": str(world.bot.id),
        "type": int(kind),
        "token": new_token(),
        "version": 1,
        "data": data,
        "channel": payloads.interaction_channel(place, person),
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
        "member": payloads.member(person),
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


def select(message: Message, custom_id: str, values: list[str], world: World) -> JsonObject:
    """The data of a choice in a select menu; raises NotOfferedError for what it does not offer."""
    component = message.component(custom_id)
    if component["type"] == BUTTON or component.get("disabled"):
        raise NotOfferedError(f"{custom_id!r} is not a menu that can be used")
    _check_values(component, values)
    data: JsonObject = {
        "component_type": component["type"],
        "custom_id": custom_id,
        "id": component["id"],
        "values": values,
    }
    return data | _resolved(component["type"], values, world)


def submission(modal: Modal, values: Mapping[str, Any], world: World) -> JsonObject:
    """The data of a submitted form; what is not filled in stays as the form opened.

    Raises NotOfferedError for fields that do not exist, and for input that Discord refuses.
    """
    known = [field["custom_id"] for field in modal.fields()]
    if unknown := set(values) - set(known):
        raise NotOfferedError(f"the form has no {sorted(unknown)}, only {known}")
    numbered = stored.components(modal.components, [])
    resolved: JsonObject = {}
    rows = [_submitted(component, values, world, resolved) for component in numbered]
    data: JsonObject = {"custom_id": modal.custom_id, "components": rows}
    return data | ({"resolved": resolved} if resolved else {})


def _submitted(
    component: JsonObject, values: Mapping[str, Any], world: World, resolved: JsonObject
) -> JsonObject:
    base = {"type": component["type"], "id": component["id"]}
    if "components" in component:
        inner = [_submitted(c, values, world, resolved) for c in component["components"]]
        return base | {"components": inner}
    if "component" in component:
        return base | {"component": _submitted(component["component"], values, world, resolved)}
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
            resolved.update(_resolved(kind, picked, world).get("resolved", {}))
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


def _resolved(kind: int, values: list[str], world: World) -> JsonObject:
    if kind == USER_SELECT:
        users = {value: payloads.user(world.users[int(value)]) for value in values}
        return {"resolved": {"users": users}}
    if kind == 8:
        channels = {value: payloads.channel(world.channels[int(value)]) for value in values}
        return {"resolved": {"channels": channels}}
    return {}
