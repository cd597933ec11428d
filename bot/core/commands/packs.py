"""`/packs`: which packs of questions are used in this server or workspace."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.command import (
    Arguments,
    Aside,
    Command,
    Effect,
    GoneError,
    Outcome,
    Permission,
    Personal,
    Update,
    Visibility,
    Visit,
)
from bot.core.intents import SwitchPack
from bot.core.ports import Unit
from bot.core.views import (
    MAX_CHOICES,
    Actions,
    Block,
    Bold,
    Bullets,
    Choice,
    Prose,
    Select,
    Spans,
    Text,
    View,
)


async def packs(_: Arguments, visit: Visit) -> Outcome | Effect:
    """Every pack, on or off, with a way to switch it."""
    community = visit.actor.community
    if community is None:
        text = "Packs are chosen in a server or workspace. Please ask for this in one."
        return Aside(View("Not here", (Prose((Text(text),)),), fallback=text))
    off = await visit.desk.store.read(lambda unit: unit.communities.packs_off(community))
    return _view(visit, off)


async def switch(intent: SwitchPack, visit: Visit) -> Effect:
    """Switch a pack on or off, and show how they are now.

    Raises:
        GoneError: if there is no such pack, or no community.
        StoreError: if it cannot be kept.
    """
    community = visit.actor.community
    if community is None or intent.pack not in visit.context.catalogue.content.packs:
        raise GoneError

    def work(unit: Unit) -> frozenset[str]:
        unit.communities.switch_pack(community, intent.pack, on=intent.on)
        return unit.communities.packs_off(community)

    return Update(_view(visit, await visit.desk.store.write(work)))


def _view(visit: Visit, off: frozenset[str]) -> View:
    known = visit.context.catalogue.content.packs
    on = [pack for pack in known if pack not in off]
    blocks: tuple[Block, ...] = (
        Prose((Text("Quizzes begun here draw from the packs that are on."),)),
        Bullets(tuple(_line(visit, pack, pack not in off) for pack in known)),
        Actions(
            (
                *_select(visit, "Switch a pack off", on, on=False),
                *_select(visit, "Switch a pack on", [p for p in known if p in off], on=True),
            )
        ),
    )
    return View("Packs of questions", blocks, fallback=f"{len(on)} of {len(known)} packs are on.")


def _line(visit: Visit, pack: str, on: bool) -> Spans:
    found = visit.context.catalogue.content.packs[pack]
    state = "on" if on else "off"
    count = f"{len(found.items)} questions, by {found.author}, {found.licence}"
    return (Bold(found.name), Text(f", {state}: {found.description} {count}."))


def _select(visit: Visit, words: str, ids: list[str], *, on: bool) -> Iterator[Select]:
    content = visit.context.catalogue.content
    if ids:
        yield Select(
            words,
            tuple(Choice(content.packs[i].name, SwitchPack(i, on)) for i in ids[:MAX_CHOICES]),
        )


COMMAND = Command(
    name="packs",
    description="Choose which packs of questions are used here",
    options=(),
    visibility=Visibility.PRIVATE,
    handler=Personal(packs),
    permission=Permission.MANAGERS,
)
