"""What Slack would refuse in a message, a view or options, and what a bot must not say."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from tests.fakes.slack.limits import Json, Limits, measure, problem, walk

MESSAGE_CHARACTERS = 13_000
MARKDOWN_CHARACTERS = 12_000
CHARTS_A_MESSAGE = 2

_SDK_LACKS = frozenset({"data_table", "data_visualization"})
_MODAL_ONLY = frozenset({"alert"})
_MENTION = re.compile(r"<(?:!(?:channel|here|everyone|subteam\b)|@[UWB][A-Z0-9]|#[CG][A-Z0-9])")

_INLINE = frozenset(
    {"text", "link", "emoji", "user", "usergroup", "channel", "team", "date", "color", "broadcast"}
)
_RICH_TEXT_CHILDREN = {
    "rich_text": frozenset(
        {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    ),
    "rich_text_section": _INLINE,
    "rich_text_quote": _INLINE,
    "rich_text_preformatted": frozenset({"text", "link"}),
    "rich_text_list": frozenset({"rich_text_section"}),
}
_STYLES = frozenset({"bold", "italic", "strike", "code", "underline", "highlight"})
_PLAIN_TEXT_ONLY = {
    "header": ("text",),
    "button": ("text",),
    "view": ("title", "submit", "close"),
    "input": ("label", "hint"),
    "confirmation": ("title", "confirm", "deny"),
    "select": ("placeholder",),
    "option_group": ("label",),
    "image": ("title",),
}


def message_problems(body: Json, tables: tuple[Limits, ...], *, mentions: bool) -> list[str]:
    """Why Slack, or good manners, would refuse the message `body`.

    `body` has `text`, `blocks` and `attachments` as in chat.postMessage. With `mentions` the
    message may call people and channels.
    """
    blocks = all_blocks(body)
    text = body.get("text") or ""
    found = [*_block_problems(blocks, tables), *measure({"blocks": blocks}, "message", tables)]
    if blocks and not str(text).strip():
        found.append(problem("/text", "text must be there for notifications and screen readers"))
    found += [
        problem(f"/blocks/{index}", f"{block['type']} is for modals only")
        for index, block in enumerate(blocks)
        if isinstance(block, dict) and block.get("type") in _MODAL_ONLY
    ]
    types = Counter(block.get("type") for block in blocks if isinstance(block, dict))
    if types["data_visualization"] > CHARTS_A_MESSAGE:
        found.append(problem("/blocks", f"no more than {CHARTS_A_MESSAGE} charts allowed"))
    if not mentions:
        found += _mention_problems(body | {"blocks": blocks})
    return found


def too_long(body: Json) -> str | None:
    """The error code for a message that is too long as a whole, or None."""
    if len(str(body.get("text") or "")) > MESSAGE_CHARACTERS:
        return "msg_too_long"
    blocks = all_blocks(body)
    markdown = [b["text"] for b in blocks if b.get("type") == "markdown" and "text" in b]
    if sum(map(len, markdown)) > MARKDOWN_CHARACTERS or characters(blocks) > MESSAGE_CHARACTERS:
        return "msg_blocks_too_long"
    return None


def view_problems(view: Json, tables: tuple[Limits, ...], *, mentions: bool) -> list[str]:
    """Why Slack, or good manners, would refuse the modal or home tab `view`."""
    blocks = view.get("blocks")
    if view.get("type") not in ("modal", "home") or not isinstance(blocks, list):
        return [problem("", "a view needs the type modal or home, and blocks")]
    found = [*_block_problems(blocks, tables), *measure(view, "view", tables)]
    if view["type"] == "modal" and "title" not in view:
        found.append(problem("/title", "missing required field: title"))
    has_input = any(block.get("type") == "input" for block in blocks if isinstance(block, dict))
    if view["type"] == "modal" and has_input and "submit" not in view:
        found.append(problem("/submit", "a modal with input blocks needs a submit button"))
    try:
        View(**view).to_dict()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as error:
        found.append(problem("", str(error)))
    return found if mentions else found + _mention_problems(view)


def option_problems(body: Json, tables: tuple[Limits, ...]) -> list[str]:
    """Why Slack would refuse `body` as the answer to a block_suggestion."""
    if not any(isinstance(body.get(key), list) for key in ("options", "option_groups")):
        return [problem("", "options or option_groups must be there")]
    return measure(body | {"type": "external_select"}, "select", tables)


def all_blocks(body: Json) -> list[Any]:
    """The blocks of a message, those of its attachments behind its own."""
    blocks = list(body.get("blocks") or ())
    for attachment in body.get("attachments") or ():
        blocks += attachment.get("blocks") or ()
    return blocks


def characters(blocks: Sequence[Json]) -> int:
    """About how many characters Slack counts in `blocks`: texts, alt texts and addresses."""
    return sum(
        len(node[key])
        for _, _, node in walk(list(blocks))
        for key in ("text", "alt_text", "url", "image_url")
        if isinstance(node.get(key), str)
    )


def _block_problems(blocks: Sequence[Any], tables: tuple[Limits, ...]) -> Iterator[str]:
    for index, block in enumerate(blocks):
        yield from _model_problems(block, f"/blocks/{index}")
    for pointer, kind, node in walk(list(blocks), "/blocks"):
        if node.get("type") == "image":
            yield from _image_problems(node, pointer)
        if kind in _RICH_TEXT_CHILDREN:
            yield from _rich_text_problems(node, pointer)
        for key in _PLAIN_TEXT_ONLY.get(kind, ()):
            if isinstance(node.get(key), dict) and node[key].get("type") != "plain_text":
                yield problem(f"{pointer}/{key}", "must be plain_text")
    for key in ("block_id", "action_id"):
        seen = Counter(node[key] for _, _, node in walk(list(blocks)) if key in node)
        for name, times in seen.items():
            if times > 1:
                yield problem("/blocks", f'{key} "{name}" already exists')


def _model_problems(block: Any, pointer: str) -> Iterator[str]:
    """What slack_sdk's own classes find; an unknown type or element is a problem too."""
    if not isinstance(block, dict) or "type" not in block:
        yield problem(pointer, "a block must be an object with a type")
        return
    if block["type"] in _SDK_LACKS:
        return
    try:
        parsed = Block.parse(block)
        if parsed is None:
            yield problem(pointer, f"unsupported type: {block['type']}")
            return
        for key in ("elements", "element", "accessory"):
            made = getattr(parsed, key, None)
            if block.get(key) and (made is None or (isinstance(made, list) and None in made)):
                yield problem(f"{pointer}/{key}", "unsupported element")
                return
        parsed.to_dict()
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as error:
        yield problem(pointer, str(error))


def _image_problems(image: Json, pointer: str) -> Iterator[str]:
    if not isinstance(image.get("alt_text"), str) or not image["alt_text"].strip():
        yield problem(f"{pointer}/alt_text", "missing required field: alt_text")
    if not image.get("image_url") and not image.get("slack_file"):
        yield problem(pointer, "missing required field: image_url or slack_file")


def _rich_text_problems(node: Json, pointer: str) -> Iterator[str]:
    children = node.get("elements")
    if not isinstance(children, list):
        yield problem(pointer, "missing required field: elements")
        return
    if node["type"] == "rich_text_list" and node.get("style") not in ("bullet", "ordered"):
        yield problem(f"{pointer}/style", "must be bullet or ordered")
    for index, child in enumerate(children):
        where = f"{pointer}/elements/{index}"
        if (
            not isinstance(child, dict)
            or child.get("type") not in _RICH_TEXT_CHILDREN[node["type"]]
        ):
            yield problem(where, f"unsupported element in {node['type']}")
            continue
        needed = {"text": "text", "link": "url", "emoji": "name"}.get(child["type"])
        if needed and (not isinstance(child.get(needed), str) or not child[needed]):
            yield problem(f"{where}/{needed}", "must be more than 0 characters")
        style = child.get("style")
        if isinstance(style, dict) and not style.keys() <= _STYLES:
            yield problem(f"{where}/style", "unsupported style")


def _mention_problems(body: Json) -> list[str]:
    texts = [("/text", body.get("text") or "")]
    for pointer, _, node in walk(body):
        if node.get("type") in ("mrkdwn", "markdown"):
            texts.append((f"{pointer}/text", node.get("text")))
        if node.get("type") == "broadcast":
            texts.append((pointer, "<!channel>"))
    return [
        problem(pointer, "calls people or channels that nobody asked it to call")
        for pointer, text in texts
        if isinstance(text, str) and _MENTION.search(text)
    ]
