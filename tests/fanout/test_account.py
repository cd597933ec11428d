"""The verdict finds each thing that must never happen, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bot.core.subscriptions import DeliveryState
from tests.fanout.account import Account, Bounds, End, Wrong, account
from tests.fanout.books import Books, Record
from tests.fanout.faults import INACTIVE
from tests.fanout.places import DISCORD, SLACK
from tests.fanout.tally import ChannelTally, DestinationTally, Got, Met, Tally

SENT = Record(DeliveryState.SENT, "", 1)
FAILED = Record(DeliveryState.FAILED, "the bot may not post there", 1)
DOUBT = Record(DeliveryState.DOUBT, "it broke off on the way", 1)
WAITING = Record(DeliveryState.WAITING, "", 2)
QUIET = DestinationTally(requests=1, busiest=1, rate=1.0, in_flight=1, invalid=0)
CUT = Met("cut after", unclear=True)
LIMITED = Met("limited 429", unclear=False)


def got(nonce: str | None = None, mark: str = "a") -> Got:
    return Got("1", nonce, mark, published=False)


def channel(
    platform: str, *messages: Got, team: str = "T1", met: tuple[Met, ...] = ()
) -> ChannelTally:
    return ChannelTally(platform, team, 1, 1, messages, met, (), "")


def tally(**channels: ChannelTally) -> Tally:
    return Tally(0, channels, QUIET, {"T1": QUIET}, {DISCORD: (), SLACK: ()})


def books(**records: tuple[str, *tuple[Record, ...]]) -> dict[str, Books]:
    return {
        name: Books(platform, "there", name, tuple(found))
        for name, (platform, *found) in records.items()
    }


def wrongs(verdict: Account) -> list[Wrong]:
    return [problem.wrong for problem in verdict.problems]


def one(platform: str, *records: Record, came: ChannelTally, **bounds: int) -> Account:
    """The verdict on a single channel."""
    return account(books(c=(platform, *records)), tally(c=came), Bounds(**bounds))


def test_a_good_day() -> None:
    verdict = account(
        books(a=(DISCORD, SENT), b=(DISCORD, FAILED), c=(SLACK, SENT), d=(SLACK, DOUBT)),
        tally(
            a=channel(DISCORD, got("n1")),
            b=channel(DISCORD),
            c=channel(SLACK, got()),
            d=channel(SLACK, got(), met=(CUT,)),
        ),
    )
    assert verdict.is_clean
    assert verdict.ends == Counter(
        {
            (DISCORD, End.SENT): 1,
            (DISCORD, End.FAILED): 1,
            (SLACK, End.SENT): 1,
            (SLACK, End.UNCLEAR): 1,
        }
    )
    assert verdict.reasons == Counter({(DISCORD, FAILED.reason): 1, (SLACK, DOUBT.reason): 1})


@pytest.mark.parametrize(
    ("platform", "records", "messages", "wrong"),
    [
        (DISCORD, (SENT,), (), Wrong.LOST),
        (DISCORD, (), (), Wrong.LOST),
        (DISCORD, (SENT,), (got("n", "a"), got("m", "a")), Wrong.DOUBLED),
        (DISCORD, (SENT,), (got("n", "a"), got("n", "b")), Wrong.DOUBLED),
        (SLACK, (SENT,), (got(), got(mark="b")), Wrong.DOUBLED),
        (SLACK, (SENT, SENT), (got(),), Wrong.DOUBLED),
        (SLACK, (WAITING,), (), Wrong.UNFINISHED),
        (SLACK, (replace(FAILED, reason=""),), (), Wrong.UNEXPLAINED),
        (SLACK, (FAILED,), (got(),), Wrong.DENIED),
        (DISCORD, (DOUBT,), (got("n"),), Wrong.DOUBTED),
        (SLACK, (DOUBT,), (got(),), Wrong.DOUBTED),
    ],
)
def test_what_is_wrong_is_found(
    platform: str, records: tuple[Record, ...], messages: tuple[Got, ...], wrong: Wrong
) -> None:
    assert wrongs(one(platform, *records, came=channel(platform, *messages))) == [wrong]


def test_a_limit_is_no_excuse_for_doubt() -> None:
    assert wrongs(one(SLACK, DOUBT, came=channel(SLACK, met=(LIMITED,)))) == [Wrong.DOUBTED]
    assert wrongs(one(SLACK, DOUBT, came=channel(SLACK, met=(LIMITED, CUT)))) == []


@pytest.mark.parametrize(("kills", "wrong"), [(1, [Wrong.DOUBTED]), (2, [])])
def test_each_kill_excuses_one_doubt_of_a_workspace(kills: int, wrong: list[Wrong]) -> None:
    found = books(a=(SLACK, DOUBT), b=(SLACK, DOUBT), c=(SLACK, DOUBT))
    came = tally(a=channel(SLACK), b=channel(SLACK), c=channel(SLACK, team="T2"))
    verdict = account(found, came, Bounds(kills=kills))
    assert wrongs(verdict) == wrong
    assert verdict.ends[SLACK, End.STOPPED] == 3


def test_a_doubt_about_what_was_never_asked_for_is_counted() -> None:
    never = replace(channel(SLACK), requests=0)
    verdict = account(
        books(a=(SLACK, DOUBT), b=(SLACK, DOUBT)),
        tally(a=never, b=channel(SLACK, team="T2")),
        Bounds(kills=1),
    )
    assert verdict.is_clean
    assert verdict.unasked == Counter({SLACK: 1})


def test_a_workspace_that_removed_the_bot_ends_with_its_subscriptions() -> None:
    gone = replace(channel(SLACK), for_good=str(INACTIVE))
    verdict = account({}, tally(a=gone))
    assert verdict.is_clean
    assert verdict.ends == Counter({(SLACK, End.REMOVED): 1})


def test_nobody_is_posted_to_too_fast() -> None:
    found = books(a=(DISCORD, SENT), b=(SLACK, SENT))
    came = tally(a=channel(DISCORD, got("n")), b=replace(channel(SLACK, got()), busiest=2))
    came = replace(came, discord=replace(QUIET, rate=50.1))
    assert wrongs(account(found, came)) == [Wrong.HURRIED, Wrong.HURRIED]
    assert account(found, came, Bounds(discord_rate=51, slack_rate=2)).is_clean


def test_an_issue_may_have_several_pages() -> None:
    two = channel(SLACK, got(mark="a"), got(mark="b"))
    assert wrongs(one(SLACK, SENT, came=two, slack_pages=2)) == []
    first = channel(SLACK, got(mark="a"))
    assert wrongs(one(SLACK, SENT, came=first, slack_pages=2)) == [Wrong.LOST]


def test_a_nonce_belongs_to_one_channel() -> None:
    came = tally(a=channel(DISCORD, got("n")), b=channel(DISCORD, got("n")))
    verdict = account(books(a=(DISCORD, SENT), b=(DISCORD, SENT)), came)
    assert wrongs(verdict) == [Wrong.STRANGE]


def test_a_workspace_takes_one_request_at_a_time() -> None:
    busy = replace(tally(c=channel(SLACK, got())), workspaces={"T1": replace(QUIET, in_flight=2)})
    found = books(c=(SLACK, SENT))
    assert wrongs(account(found, busy)) == [Wrong.CROWDED]
    assert wrongs(account(found, busy, Bounds(in_flight=2))) == []


def test_what_nobody_asked_for_is_strange() -> None:
    came = replace(tally(), strange={DISCORD: ("GET /x", "GET /x"), SLACK: ()})
    verdict = account(books(c=(SLACK, SENT)), came)
    assert [problem.what for problem in verdict.problems] == [
        "GET /x (2 times)",
        "not on the server",
    ]


def test_a_channel_without_a_subscription_got_lost() -> None:
    assert wrongs(account({}, tally(c=channel(SLACK)))) == [Wrong.LOST]


def test_the_table_has_every_number() -> None:
    lines = one(DISCORD, FAILED, came=channel(DISCORD, got("n"))).table().splitlines()
    numbers = {line[:44].strip(): line[44:].split() for line in lines}
    assert numbers["channels"] == ["1", "0"]
    assert numbers[End.FAILED] == ["1", "0"]
    assert numbers[Wrong.DENIED] == ["1", "0"]
    assert numbers[Wrong.LOST] == ["0", "0"]
    assert lines[-1].split() == ["1", "Discord:", *FAILED.reason.split()]
