"""Looks at everything the bot sends, keeps a record of what is wrong with it, and refuses it."""

from dataclasses import dataclass, field

from tests.fakes.slack import checks
from tests.fakes.slack.limits import Json, Limits
from tests.fakes.slack.workspace import SlackError


@dataclass(frozen=True, slots=True)
class Violation:
    """Something Slack would not take. `where` is the method, "ack" or "response_url"."""

    where: str
    problems: tuple[str, ...]
    payload: Json = field(repr=False)


class Inspector:
    """Checks payloads against `tables`; with `enabled` False everything passes.

    `mentions` lets messages call people and channels.
    """

    def __init__(self, tables: tuple[Limits, ...], *, enabled: bool) -> None:
        self.tables = tables
        self.enabled = enabled
        self.mentions = False
        self.violations: list[Violation] = []

    def message(self, where: str, body: Json) -> None:
        """Raise SlackError where `body` is no good message."""
        if not body.get("text") and not checks.all_blocks(body):
            self.report(where, ["neither text nor blocks"], body)
            raise SlackError("no_text")
        if not self.enabled:
            return
        if code := checks.too_long(body):
            self.report(where, [f"the message is too long: {code}"], body)
            raise SlackError(code)
        problems = checks.message_problems(body, self.tables, mentions=self.mentions)
        self._refuse("invalid_blocks", where, problems, body)

    def view(self, where: str, view: Json) -> None:
        """Raise SlackError where `view` is no good view."""
        if self.enabled or "blocks" not in view:
            problems = checks.view_problems(view, self.tables, mentions=self.mentions)
            self._refuse("invalid_arguments", where, problems, view)

    def options(self, where: str, body: Json) -> None:
        """Raise SlackError where `body` is no good answer to a block_suggestion."""
        if self.enabled:
            problems = checks.option_problems(body, self.tables)
            self._refuse("invalid_options", where, problems, body)

    def report(self, where: str, problems: list[str], payload: Json) -> None:
        """Record a violation without refusing anything."""
        if self.enabled:
            self.violations.append(Violation(where, tuple(problems), payload))

    def _refuse(self, code: str, where: str, problems: list[str], payload: Json) -> None:
        if problems:
            self.report(where, problems, payload)
            raise SlackError(code, problems)
