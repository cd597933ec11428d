"""`rolecall chat`: the bot in a terminal, or one answer for each line of a pipe."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable

from prompt_toolkit import PromptSession

from bot.adapters.terminal.complete import LineCompleter
from bot.adapters.terminal.output import look, show
from bot.adapters.terminal.session import Session
from bot.core.dispatch import Dispatcher

HINT = "/help   a question in plain words   a number to choose   Ctrl-D to leave"


def chat(dispatcher: Dispatcher, close: Callable[[], Awaitable[None]]) -> None:
    """Talk until the person leaves, or until the input ends where it is no terminal; then `close`.

    Ctrl-C and Ctrl-D end it quietly, and so does a reader of the output who has left.
    """
    try:
        if sys.stdin.isatty() and sys.stdout.isatty():
            asyncio.run(converse(Session(dispatcher, look, interactive=True), show))
        else:
            answer_lines(Session(dispatcher, look), sys.stdin, show)
    except KeyboardInterrupt:
        pass
    finally:
        asyncio.run(_finish(close))


async def _finish(close: Callable[[], Awaitable[None]]) -> None:
    await close()


async def converse(session: Session, say: Callable[[str], None]) -> None:
    """Prompt for lines, with completion, and answer each; Ctrl-C and Ctrl-D end it."""
    # Without a file for it, the history of the lines ends with the chat.
    prompt: PromptSession[str] = PromptSession(
        completer=LineCompleter(session), bottom_toolbar=HINT
    )
    while True:
        try:
            line = await prompt.prompt_async(_lead(session))
        except (EOFError, KeyboardInterrupt):
            return
        answer = await session.answer(line)
        if answer is None:
            return
        if answer:
            say(f"\n{answer}\n")


def answer_lines(session: Session, lines: Iterable[str], say: Callable[[str], None]) -> None:
    """Answer lines one after another, until they end or one of them ends the chat."""
    # Each line has the loop to itself, so that Ctrl-C works while the next one is awaited.
    with asyncio.Runner() as runner:
        for line in lines:
            answer = runner.run(session.answer(line))
            if answer is None:
                return
            if answer:
                say(f"{answer}\n")


def _lead(session: Session) -> str:
    return f"{session.asked.option.name}> " if session.asked else "> "
