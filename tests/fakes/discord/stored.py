"""Components and attachments as Discord stores them, and how to walk through them."""

from collections.abc import Iterator
from itertools import count
from typing import Any, Final, TypeAlias

from tests.fakes.discord.world import JsonObject

CDN: Final = "https://cdn.discordapp.com"
Path: TypeAlias = tuple[str | int, ...]


def attachments(
    body: JsonObject, files: dict[str, tuple[str, int]], kept: list[JsonObject], message_id: int
) -> list[JsonObject]:
    """The attachments of a message: earlier ones named in the body, and new uploads.

    ``files`` maps form fields such as ``files[0]`` to a file name and a size in bytes.
    """
    described = {str(item["id"]): item for item in body.get("attachments") or ()}
    stays = described if "attachments" in body else {item["id"] for item in kept}
    result = [item for item in kept if item["id"] in stays]
    for field_name, (filename, size) in files.items():
        index = field_name.removeprefix("files[").removesuffix("]")
        url = f"{CDN}/attachments/{message_id}/{index}/{filename}"
        result.append(
            {
                "id": str(message_id + 1 + int(index)),
                "filename": filename,
                "size": size,
                "url": url,
                "proxy_url": url,
                "description": described.get(index, {}).get("description"),
                "flags": 0,
            }
        )
    return result


def components(sent: list[JsonObject], uploaded: list[JsonObject]) -> list[JsonObject]:
    """Components as Discord stores them: numbered depth first, media resolved."""
    urls = {f"attachment://{item['filename']}": item for item in uploaded}
    numbers = count(1)
    return [_component(component, numbers, urls) for component in sent]


def _component(sent: JsonObject, numbers: "count[int]", urls: dict[str, JsonObject]) -> JsonObject:
    stored: JsonObject = {key: value for key, value in sent.items() if value is not None}
    stored["id"] = sent.get("id") or next(numbers)
    for key, value in stored.items():
        match key, value:
            case "components", list():
                stored[key] = [_component(child, numbers, urls) for child in value]
            case "accessory" | "component", dict():
                stored[key] = _component(value, numbers, urls)
            case "media" | "file", dict():
                stored[key] = _media(value, urls)
            case "items", list():
                stored[key] = [item | {"media": _media(item["media"], urls)} for item in value]
    return stored


def _media(sent: JsonObject, urls: dict[str, JsonObject]) -> JsonObject:
    uploaded = urls.get(sent["url"])
    url = uploaded["url"] if uploaded else sent["url"]
    media: JsonObject = {
        "url": url,
        "proxy_url": url,
        "width": 0,
        "height": 0,
        "placeholder": "",
        "content_type": "image/png",
        "loading_state": 2,
        "flags": 0,
    }
    return media | ({"attachment_id": uploaded["id"]} if uploaded else {})


def walk(
    sent: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every component below a list of components, depth first, with its path."""
    for index, component in enumerate(sent or ()):
        here = (*path, index)
        yield here, component
        if isinstance(component, dict):
            yield from walk(component.get("components"), (*here, "components"))
            for key in ("accessory", "component"):
                if isinstance(component.get(key), dict):
                    for inner, child in walk([component[key]]):
                        yield (*here, key, *inner[1:]), child
