"""The bad day is the same for the same seed, and has everything in it."""

from __future__ import annotations

from itertools import chain

from tests.fanout.faults import CALM, FINE, FOR_GOOD, INACTIVE, PASSING, Way, plans
from tests.fanout.places import DISCORD, SLACK, Layout
from tests.fanout.rooms import busiest

LARGE = Layout(5000, 5000, 200)


def test_every_channel_has_an_id_of_its_own_and_workspaces_share_them_evenly() -> None:
    places = list(LARGE.places())
    assert len({place.channel for place in places}) == 10_000
    teams = [place.community for place in places if place.platform == SLACK]
    assert {teams.count(team) for team in set(teams)} == {25}
    assert len(set(teams)) == 200


def test_the_same_seed_is_the_same_day() -> None:
    assert plans(LARGE, 1) == plans(LARGE, 1) != plans(LARGE, 2)


def test_a_day_has_every_fault_in_it_and_leaves_most_channels_alone() -> None:
    drawn = plans(LARGE, 1).values()
    always = {plan.always for plan in drawn if plan.always}
    assert always == {*FOR_GOOD[DISCORD], *FOR_GOOD[SLACK], INACTIVE}
    first = set(chain.from_iterable(plan.first for plan in drawn))
    assert first == {*PASSING[DISCORD], *PASSING[SLACK]}
    assert {fault.way for fault in first} == set(Way) - {Way.REFUSED}
    assert list(drawn).count(FINE) > 7000


def test_whole_workspaces_are_gone() -> None:
    drawn = plans(LARGE, 1)
    gone = {one.community for one in LARGE.places() if drawn[one.channel].always is INACTIVE}
    left = {one.community for one in LARGE.places() if drawn[one.channel].always is not INACTIVE}
    assert len(gone) == 4
    assert not gone & left


def test_nothing_goes_wrong_on_a_calm_day() -> None:
    assert set(plans(LARGE, 1, CALM).values()) == {FINE}


def test_a_plan_comes_to_an_end_unless_it_is_for_good() -> None:
    drawn = plans(LARGE, 1).values()
    assert all((plan.fault(100) is None) == (plan.always is None) for plan in drawn)


def test_the_busiest_second() -> None:
    assert busiest([]) == 0
    assert busiest([5.0, 1.0, 3.0]) == 1
    assert busiest([1.0, 1.5, 1.999, 2.0, 2.4]) == 4
