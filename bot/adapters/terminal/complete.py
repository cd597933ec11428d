"""What a line can be completed to at the cursor, from the declarations of the commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.adapters.terminal.session import Session
from bot.core.command import Command, Field, Kind, Option, Suggestion
from bot.core.options import Options
from bot.core.typed import arguments


class LineCompleter(Completer):
    """Completes the name of a command, then the values of its options, or a form's field."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterable[Completion]:
        """What may stand at the cursor in place of the words that were begun."""
        line = document.text_before_cursor.lstrip()
        dispatcher = self._session.dispatcher
        if line.startswith("/"):
            return _in_command(line.removeprefix("/"), dispatcher.commands, dispatcher.options)
        if self._session.asked:
            return _offers(_for_field(self._session.asked, line, dispatcher.options), line)
        return ()


def _for_field(field: Field, line: str, options: Options) -> Iterable[Suggestion]:
    if field.option.kind is Kind.LISTED:
        return (c for c in field.choices if c.label.casefold().startswith(line.casefold()))
    return options.complete(field.option.kind, line)


def _in_command(
    line: str, commands: Mapping[str, Command], options: Options
) -> Iterator[Completion]:
    name, space, rest = line.partition(" ")
    if not space:
        for offer in options.complete(Kind.COMMAND, name):
            about = commands[offer.value].description
            yield Completion(offer.value, -len(name), f"/{offer.value}", display_meta=about)
    elif name.casefold() in commands:
        command = commands[name.casefold()]
        option, begun = _at_the_end(command, rest, options)
        if option:
            yield from _offers(options.complete(option.kind, begun), begun)


def _at_the_end(command: Command, text: str, options: Options) -> tuple[Option | None, str]:
    """The option that the end of the text belongs to, and what is typed of it so far."""
    given, _ = arguments(command, text, options)
    filled = [option for option in command.options if option.name in given]
    if filled and text.casefold().endswith(given[filled[-1].name].casefold()):
        return filled[-1], given[filled[-1].name]
    if text and not text.endswith((" ", '"', ",")):
        return None, ""
    return _first_free(command.options, given), ""


def _first_free(options: Sequence[Option], given: Mapping[str, str]) -> Option | None:
    return next((option for option in options if option.name not in given), None)


def _offers(offers: Iterable[Suggestion], begun: str) -> Iterator[Completion]:
    for offer in offers:
        yield Completion(offer.value, -len(begun), offer.label)
