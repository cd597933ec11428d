"""Friendly answers to what went wrong: unknown or missing words, and faults of our own."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from bot.core.command import Command, Field, Option, Suggestion
from bot.core.content.models import Title
from bot.core.intents import Fill, Intent, Run
from bot.core.user_text import quote
from bot.core.views import (
    MAX_CHOICES,
    Actions,
    Block,
    Bold,
    Button,
    Choice,
    Code,
    Italic,
    Prose,
    Select,
    Span,
    Text,
    View,
)
from bot.core.wording import capitalised, listed

HELP = Button("What I can do", Run("help"))

MOST_BUTTONS = 5
"""From more suggestions than this on, they come in a select."""


class Offers(Enum):
    """What is offered instead of a value that means nothing."""

    ALIKE = "Did you mean one of these?"
    ALL = "These are the ones I know."
    SOME = "These are some that I know."


def unknown(option: Option, given: str, offers: Iterable[Choice], kind: Offers) -> View:
    """A value that means nothing, and what there is instead."""
    choices = tuple(offers)
    spans: tuple[Span, ...] = (
        Text(f"I don't know a {option.kind.value} called "),
        Italic(quote(given)),
        Text(f". {kind.value}" if choices else "."),
    )
    return _with_offers(f"Unknown {option.kind.value}", spans, choices)


def ambiguous(option: Option, given: str, offers: Iterable[Choice]) -> View:
    """A value that may mean several things."""
    spans = (Italic(quote(given)), Text(f" can mean more than one {option.kind.value}. Which one?"))
    return _with_offers("Which one do you mean", spans, tuple(offers))


def not_a_role(title: Title, offers: Iterable[Choice]) -> View:
    """A job title where a role is needed."""
    about = Choice(f"About “{title.name}”", Run("role", (title.id,)))
    spans = (
        Bold(capitalised(title.name)),
        Text(" is a job title, not a role of its own here. Use the role it belongs to."),
    )
    return _with_offers("Not a role of its own", spans, (*offers, about))


def missing(command: Command, fields: tuple[Field, ...]) -> View:
    """Options that are still needed, where no form can open by itself."""
    needed = [
        f.option.name for f in fields if f.option.required and not (f.value and f.value.value)
    ]
    values = tuple(field.value.value if field.value else None for field in fields)
    example = f"/{command.name} {command.example}".strip()
    return View(
        f"/{command.name} needs a little more",
        (
            Prose((Text(f"Still missing: {listed(needed)}. For example: "), Code(example))),
            Actions((Button("Fill it in", Fill(command.name, values), primary=True), HELP)),
        ),
        fallback=f"/{command.name} needs {listed(needed)}.",
    )


def unknown_command(name: str, offers: Iterable[Suggestion]) -> View:
    """A command that does not exist."""
    buttons = tuple(Button(f"/{offer.value}", Run("help", (offer.value,))) for offer in offers)
    return View(
        "Unknown command",
        (
            Prose((Text("I don't know a command called "), Italic(quote(name)), Text("."))),
            Actions((*buttons, HELP)),
        ),
        fallback="I don't know this command.",
    )


def outdated() -> View:
    """A button or form whose meaning is gone, after an upgrade or an edit of the content."""
    return View(
        "This button is out of date",
        (
            Prose((Text("What it pointed to has changed since. Please ask again."),)),
            Actions((Button("All roles", Run("roles"), primary=True), HELP)),
        ),
        fallback="This button is out of date; please ask again.",
    )


def try_again() -> View:
    """State cannot be read or written at this moment."""
    return View(
        "I could not save that just now",
        (Prose((Text("Nothing of what you did before is lost. Please try again in a minute."),)),),
        fallback="I could not save that just now. Please try again in a minute.",
    )


def managers_only() -> View:
    """Somebody asked for what only managers of the community may do."""
    return View(
        "This is for those who run the place",
        (
            Prose((
                Text("Only people who may manage this server or workspace can do this, and only "
                     "from inside it. Please ask one of them."),
            )),
        ),
        fallback="Only people who manage this server or workspace can do this.",
    )  # fmt: skip


def our_fault(reference: str) -> View:
    """A failure on our side; `reference` is also in the log."""
    return View(
        "Something went wrong on our side",
        (
            Prose((Text("Sorry. Nothing you did is lost; please try again in a moment."),)),
            Prose((Text("If it happens again, tell the maintainers this reference: "),
                   Code(reference))),
        ),
        fallback=f"Something went wrong on our side. Reference: {reference}",
    )  # fmt: skip


def _with_offers(title: str, spans: tuple[Span, ...], choices: tuple[Choice, ...]) -> View:
    blocks: list[Block] = [Prose(spans)]
    items: list[Button | Select] = []
    if len(choices) <= MOST_BUTTONS:
        items += [Button(choice.label, choice.intent, primary=True) for choice in choices]
    else:
        items.append(Select("Choose one", choices[:MAX_CHOICES]))
    blocks.append(Actions((*items, HELP)))
    return View(title, tuple(blocks), fallback="".join(span.text for span in spans))


def choices_for(
    command: Command,
    option: Option,
    given: dict[str, str],
    offers: Iterable[Suggestion],
    *,
    aloud: bool,
) -> list[Choice]:
    """Choices that repeat the command with one argument put right."""

    def again(value: str) -> Intent:
        arguments = given | {option.name: value}
        return Run(command.name, tuple(arguments.get(o.name) for o in command.options), aloud)

    return [Choice(offer.label, again(offer.value)) for offer in offers]
