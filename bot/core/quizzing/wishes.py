"""What people ask about themselves: their data, the leaderboard, and being reminded of reviews."""

from __future__ import annotations

import json
from typing import assert_never

from bot.core.command import Attachment, Direct, Effect, Say, Update, Visit
from bot.core.intents import Ask, Run, Wish
from bot.core.quizzing import reminders
from bot.core.user_text import quote
from bot.core.views import Actions, Button, Prose, Text, View
from bot.core.wording import date_in_words


async def grant(wish: Wish, visit: Visit) -> Effect:
    """What somebody wished for.

    Raises:
        StoreError: if it cannot be done at this moment; then nothing of it is done.
    """
    match wish:
        case Wish.EXPORT:
            return await _export(visit)
        case Wish.ERASE:
            return Update(_really())
        case Wish.ERASE_FOR_GOOD:
            return await _erase(visit)
        case Wish.JOIN | Wish.LEAVE:
            return await _board(visit, join=wish is Wish.JOIN)
        case Wish.REMIND:
            return await _remind(visit)
        case _:
            assert_never(wish)


async def _export(visit: Visit) -> Effect:
    rows = await visit.desk.store.read(lambda unit: unit.privacy.export(visit.actor.key))
    count = sum(map(len, rows.values()))
    text = json.dumps(rows, indent=2, ensure_ascii=False)
    said = "This is everything that I keep about you." if count else "I keep nothing about you."
    return Direct(
        _note("Your data", said),
        note=_note("Your data", "I have sent it to you in a direct message."),
        attachment=Attachment("rolecall-data.json", text) if count else None,
    )


def _really() -> View:
    text = (
        "Your quizzes, answers, levels, reviews, reminders, reports and places on leaderboards go, "
        "everywhere. They cannot come back. Channels keep their newsletter, without your name."
    )
    buttons = (
        Button("Delete everything", Ask(Wish.ERASE_FOR_GOOD)),
        Button("Keep everything", Run("privacy")),
    )
    return View("Delete all of it?", (Prose((Text(text),)), Actions(buttons)), fallback=text)


async def _erase(visit: Visit) -> Effect:
    count = await visit.desk.store.write(lambda unit: unit.privacy.delete(visit.actor.key))
    said = "All of it is gone." if count else "There was nothing to delete."
    return Update(_note("Deleted", said))


async def _board(visit: Visit, *, join: bool) -> Effect:
    actor = visit.actor
    if actor.community is None:
        text = "There is a leaderboard in every server or workspace. Please press this in one."
        return Say(_note("Not here", text))
    community, store = actor.community, visit.desk.store
    if not join:
        await store.write(lambda unit: unit.communities.leave(community, actor.key))
        return Say(_note("You are off the leaderboard", "Your name is not shown any more."))
    name = quote(actor.name) or "Somebody"
    await store.write(lambda unit: unit.communities.join(community, actor.key, name, visit.now))
    text = (
        f"You are shown as {name}. What counts are right answers at the first attempt, in quizzes "
        "that you begin here, from Monday to Sunday."
    )
    return Say(_note("You are on the leaderboard", text))


async def _remind(visit: Visit) -> Effect:
    if not visit.actor.reachable:
        return Say(reminders.out_of_reach())
    when = await visit.desk.store.write(lambda unit: reminders.to_review(unit, visit))
    if when is None:
        text = "You have not answered any question yet, so nothing will come back for review."
    else:
        text = (
            f"I will write to you once, when reviews are due: {date_in_words(f'{when:%Y-%m-%d}')}."
        )
    return Say(_note("Reminder", text))


def _note(title: str, text: str) -> View:
    return View(title, (Prose((Text(text),)),), fallback=text)
