"""Holds what the database says against what the server got.

Every channel ends as sent or failed with a reason, or on Slack in doubt where nobody can know, and
none gets anything twice. All of this is pure; the books and the tally come from elsewhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.subscriptions import DeliveryState
from tests.fanout.books import Books, Record
from tests.fanout.faults import INACTIVE
from tests.fanout.places import DISCORD, SLACK
from tests.fanout.tally import ChannelTally, Tally

NAMES = {DISCORD: "Discord", SLACK: "Slack"}


class End(StrEnum):
    """What became of a channel's issue, as the database has it."""

    SENT = "sent"
    FAILED = "failed with a reason"
    REMOVED = "ended: the workspace removed the bot"
    UNCLEAR = "in doubt: an answer was lost on the way"
    STOPPED = "in doubt: the bot was stopped"


class Wrong(StrEnum):
    """What must never happen."""

    LOST = "lost"
    DOUBLED = "doubled"
    UNFINISHED = "not finished"
    UNEXPLAINED = "without a reason"
    DENIED = "failed, and yet it is there"
    DOUBTED = "in doubt without need"
    CROWDED = "too many at the same time"
    HURRIED = "too fast"
    STRANGE = "strange requests"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that happened although it must not; `where` is a channel or a workspace."""

    wrong: Wrong
    platform: str
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a run may lead to.

    `kills` is how often a process ended in the middle; each may leave one delivery of every
    workspace in doubt. An issue is so many `pages` (messages) on each platform. `in_flight` is how
    many requests of a workspace may be under way at the same time. `discord_rate` is how many posts
    a second Discord takes for some while, and `slack_rate` how many a channel does at any time.
    """

    kills: int = 0
    discord_pages: int = 1
    slack_pages: int = 1
    in_flight: int = 1
    discord_rate: int = 50
    slack_rate: int = 1

    def pages(self, platform: str) -> int:
        """How many messages an issue is."""
        return self.discord_pages if platform == DISCORD else self.slack_pages


@dataclass(frozen=True, slots=True)
class Account:
    """The verdict: how the channels of each platform ended, and all that is wrong.

    `unasked` is how many of those in doubt are so although the platform was not even asked: the
    bot was stopped between the note that it would ask and the request.
    """

    channels: Counter[str]
    ends: Counter[tuple[str, End]]
    unasked: Counter[str]
    reasons: Counter[tuple[str, str]]
    problems: tuple[Problem, ...]
    busiest: Mapping[str, int]
    rates: Mapping[str, float]
    in_flight: Mapping[str, int]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def table(self) -> str:
        """All of it as lines of three columns, and the reasons why channels failed."""
        wrong = Counter((problem.platform, problem.wrong) for problem in self.problems)
        lines = [_line("", [NAMES[DISCORD], NAMES[SLACK]])]
        lines += [_line("channels", [self.channels[one] for one in NAMES])]
        lines += [_line(end.value, [self.ends[one, end] for one in NAMES]) for end in End]
        lines += [_line("  of them never asked for", [self.unasked[one] for one in NAMES])]
        lines += [_line(fault.value, [wrong[one, fault] for one in NAMES]) for fault in Wrong]
        lines += [_line("most in a second (a workspace)", [self.busiest[one] for one in NAMES])]
        lines += [_line("a second, in ten seconds", [self.rates[one] for one in NAMES])]
        lines += [
            _line("most at the same time (a workspace)", [self.in_flight[one] for one in NAMES])
        ]
        lines += ["", "why channels failed or are in doubt:"] if self.reasons else []
        lines += [
            f"{count:>8}  {NAMES[platform]}: {reason}"
            for (platform, reason), count in self.reasons.most_common()
        ]
        return "\n".join(lines)


def account(books: Mapping[str, Books], tally: Tally, bounds: Bounds = Bounds()) -> Account:
    """The verdict on one issue, of which every channel of the tally should have got one."""
    ends: Counter[tuple[str, End]] = Counter()
    unasked: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    problems: list[Problem] = []
    stopped: Counter[tuple[str, str]] = Counter()
    for channel, came in tally.channels.items():
        found = books.get(channel)
        pages = bounds.pages(came.platform)
        if found is None and came.for_good == str(INACTIVE):
            ends[came.platform, End.REMOVED] += 1
            continue
        wrong = [*_doubled(came, pages, found), *_unfinished(found)]
        settled = found.deliveries[-1] if found is not None and found.is_settled else None
        if settled is not None:
            wrong += _disagreeing(came, settled, pages)
            end = _end(came, settled)
            ends[came.platform, end] += 1
            if end is not End.SENT:
                reasons[came.platform, settled.reason] += 1
            stopped[came.platform, came.community] += end is End.STOPPED
            unasked[came.platform] += end is End.STOPPED and not came.requests
        problems += [Problem(fault, came.platform, channel, what) for fault, what in wrong]
    problems += _doubted(stopped, bounds)
    problems += _shared_nonces(tally)
    problems += _crowded(tally, bounds)
    problems += _hurried(tally, bounds)
    problems += _strange(books, tally)
    workspaces = tally.workspaces.values()
    return Account(
        channels=Counter(came.platform for came in tally.channels.values()),
        ends=ends,
        unasked=unasked,
        reasons=reasons,
        problems=tuple(problems),
        busiest={DISCORD: tally.discord.busiest, SLACK: _most(one.busiest for one in workspaces)},
        rates={
            DISCORD: tally.discord.rate,
            SLACK: max((one.rate for one in workspaces), default=0),
        },
        in_flight={
            DISCORD: tally.discord.in_flight,
            SLACK: _most(one.in_flight for one in workspaces),
        },
    )


def _doubled(came: ChannelTally, pages: int, found: Books | None) -> Iterator[tuple[Wrong, str]]:
    """The same content or the same nonce twice, or more messages than an issue has."""
    marks = Counter(message.mark for message in came.messages)
    nonces = Counter(message.nonce for message in came.messages if message.nonce is not None)
    again = max((*marks.values(), *nonces.values()), default=0)
    if again > 1:
        yield Wrong.DOUBLED, f"the same message {again} times"
    elif len(came.messages) > pages:
        yield Wrong.DOUBLED, f"{len(came.messages)} messages, of {pages}"
    if found is not None and len(found.deliveries) > 1:
        yield Wrong.DOUBLED, f"planned {len(found.deliveries)} times"


def _unfinished(found: Books | None) -> Iterator[tuple[Wrong, str]]:
    if found is None:
        yield Wrong.LOST, "no subscription"
    elif not found.deliveries:
        yield Wrong.LOST, "never planned"
    elif not found.is_settled:
        states = ", ".join(record.state.value for record in found.deliveries)
        yield Wrong.UNFINISHED, f"{states} after {found.deliveries[-1].attempts} attempts"


def _disagreeing(came: ChannelTally, record: Record, pages: int) -> Iterator[tuple[Wrong, str]]:
    """Where the database says something else than the server."""
    number = len(came.messages)
    match record.state:
        case DeliveryState.SENT:
            if number < pages:
                yield Wrong.LOST, f"sent, and {number} of {pages} messages are there"
        case DeliveryState.FAILED:
            if number:
                yield Wrong.DENIED, f"failed ({record.reason}), and {number} messages are there"
        case _ if came.platform == DISCORD:
            yield Wrong.DOUBTED, "Discord can be asked, or told again"
        case _:
            pass
    if record.state is not DeliveryState.SENT and not record.reason:
        yield Wrong.UNEXPLAINED, f"{record.state.value}, and nobody says why"


def _end(came: ChannelTally, record: Record) -> End:
    match record.state:
        case DeliveryState.SENT:
            return End.SENT
        case DeliveryState.FAILED:
            return End.FAILED
        case _:
            return End.UNCLEAR if any(fault.unclear for fault in came.met) else End.STOPPED


def _doubted(stopped: Counter[tuple[str, str]], bounds: Bounds) -> Iterator[Problem]:
    """A kill leaves no more in doubt than what was under way: one of each workspace."""
    for (platform, community), number in stopped.items():
        if platform == SLACK and number > bounds.kills:
            what = f"{number} in doubt after {bounds.kills} kills"
            yield Problem(Wrong.DOUBTED, platform, community, what)


def _shared_nonces(tally: Tally) -> Iterator[Problem]:
    """Discord speaks of an author's nonces, not of a channel's: each must be used in one only."""
    users: defaultdict[str, set[str]] = defaultdict(set)
    for channel, came in tally.channels.items():
        for message in came.messages:
            if message.nonce is not None:
                users[message.nonce].add(channel)
    for nonce, channels in users.items():
        if len(channels) > 1:
            what = f"the nonce {nonce} in {len(channels)} channels"
            yield Problem(Wrong.STRANGE, DISCORD, min(channels), what)


def _crowded(tally: Tally, bounds: Bounds) -> Iterator[Problem]:
    for team, came in tally.workspaces.items():
        if came.in_flight > bounds.in_flight:
            yield Problem(Wrong.CROWDED, SLACK, team, f"{came.in_flight} requests")


def _hurried(tally: Tally, bounds: Bounds) -> Iterator[Problem]:
    if tally.discord.rate > bounds.discord_rate:
        yield Problem(Wrong.HURRIED, DISCORD, "", f"{tally.discord.rate} requests a second")
    for channel, came in tally.channels.items():
        if came.platform == SLACK and came.busiest > bounds.slack_rate:
            yield Problem(Wrong.HURRIED, SLACK, channel, f"{came.busiest} requests")


def _strange(books: Mapping[str, Books], tally: Tally) -> Iterator[Problem]:
    for platform, asked in tally.strange.items():
        for what, number in Counter(asked).items():
            yield Problem(Wrong.STRANGE, platform, "", f"{what} ({number} times)")
    for channel in books.keys() - tally.channels.keys():
        yield Problem(Wrong.STRANGE, books[channel].platform, channel, "not on the server")


def _most(numbers: Iterable[int]) -> int:
    return max(numbers, default=0)


def _line(what: str, values: Iterable[object]) -> str:
    return f"{what:<44}" + "".join(f"{value:>10}" for value in values)
