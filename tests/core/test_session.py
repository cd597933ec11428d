"""A quiz from the first question to the end: a state machine that refuses what makes no sense."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.quiz import session as moves
from bot.core.quiz.session import (
    KEPT_OPEN,
    NEXT,
    OPEN,
    IllegalMoveError,
    Kind,
    Phase,
    Session,
)

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
LATER = NOON + dt.timedelta(minutes=1)


def fresh(kind: Kind = Kind.FIT) -> Session:
    begun = Session(
        id="abc",
        person="test:ada",
        kind=kind,
        topic=(),
        seed=7,
        content="v1",
        length=12,
        started=NOON,
        updated=NOON,
    )
    return moves.ask(begun, "one", "h1", NOON)


def answered(session: Session) -> Session:
    return moves.answer(session, session.position, (0,), None, LATER)


def test_every_phase_says_what_may_follow_and_ended_ones_allow_nothing() -> None:
    assert set(NEXT) == set(Phase)
    assert {phase for phase in Phase if NEXT[phase]} == OPEN
    assert not any(NEXT[phase] for phase in set(Phase) - OPEN)


@pytest.mark.parametrize("start", Phase)
@pytest.mark.parametrize("end", Phase)
def test_the_table_is_obeyed_by_every_move(start: Phase, end: Phase) -> None:
    session = replace(answered(fresh()), phase=start)
    if start is Phase.ASKING:
        session = replace(fresh(), phase=start)
    ways = {
        Phase.DONE: lambda: moves.finish(session, LATER),
        Phase.EXPIRED: lambda: moves.expire(session, LATER),
        Phase.ASKING: lambda: moves.ask(session, "two", "h2", LATER),
    }
    if end not in ways:
        return
    if start is end is Phase.ASKING:
        with pytest.raises(IllegalMoveError, match="waits for an answer"):
            ways[end]()
    elif end in NEXT[start]:
        assert ways[end]().phase is end
    else:
        with pytest.raises(IllegalMoveError, match=f"{start} cannot become {end}"):
            ways[end]()


def test_answering_again_changes_nothing_whatever_is_answered() -> None:
    once = answered(fresh())
    assert moves.answer(once, 0, (3,), 1.0, LATER) is once
    assert moves.skip(once, 0, LATER) is once
    onward = moves.ask(once, "two", "h2", LATER)
    assert moves.answer(onward, 0, (3,), 1.0, LATER) is onward


def test_a_question_that_was_not_asked_cannot_be_answered() -> None:
    for position in (-1, 1, 99):
        with pytest.raises(IllegalMoveError, match="has not been asked"):
            moves.answer(fresh(), position, (0,), None, LATER)


def test_an_ended_session_takes_no_answer() -> None:
    stopped = moves.stop(fresh(), LATER)
    assert moves.answer(stopped, 0, (0,), None, LATER) is stopped
    assert moves.stop(stopped, LATER) is stopped


def test_back_asks_the_question_before_again_without_its_answer() -> None:
    second = moves.ask(answered(fresh()), "two", "h2", LATER)
    again = moves.back(second, 1, LATER)
    assert again.position == 0
    assert again.current.item == "one"
    assert not again.current.settled
    assert again.phase is Phase.ASKING
    assert moves.back(again, 1, LATER) is again, "the press came from an old message"


def test_there_is_no_way_back_at_the_first_question_nor_in_a_knowledge_quiz() -> None:
    with pytest.raises(IllegalMoveError):
        moves.back(fresh(), 0, LATER)
    second = moves.ask(answered(fresh(Kind.KNOWLEDGE)), "two", "h2", LATER)
    with pytest.raises(IllegalMoveError):
        moves.back(second, 1, LATER)


def test_pausing_and_going_on_leads_back_to_where_it_was() -> None:
    for session in (fresh(), answered(fresh())):
        paused = moves.pause(session, LATER)
        assert paused.phase is Phase.PAUSED
        assert moves.pause(paused, LATER) is paused
        assert moves.resume(paused, LATER).phase is session.phase
        assert moves.resume(session, LATER) is session


def test_an_answer_from_another_device_goes_on_with_a_paused_quiz() -> None:
    paused = moves.pause(fresh(), LATER)
    assert answered(paused).phase is Phase.ANSWERED


def test_it_rests_for_seven_days_and_no_longer() -> None:
    session = fresh()
    assert not session.has_rested(NOON + KEPT_OPEN)
    assert session.has_rested(NOON + KEPT_OPEN + dt.timedelta(seconds=1))
    assert not moves.stop(session, NOON).has_rested(NOON + 2 * KEPT_OPEN)


def test_skipped_questions_are_no_answers() -> None:
    skipped = moves.skip(fresh(), 0, LATER)
    assert skipped.current.settled
    assert dict(skipped.answers) == {}
    assert dict(answered(fresh()).answers) == {"one": 0}


@given(st.lists(st.integers(0, 7), max_size=40), st.sampled_from(Kind))
def test_whatever_is_pressed_answers_are_never_lost_but_by_going_back(
    presses: list[int], kind: Kind
) -> None:
    session = fresh(kind)
    for number, press in enumerate(presses):
        before = session
        try:
            match press:
                case 0 | 1:
                    session = moves.answer(session, session.position, (number % 3,), 0.5, LATER)
                case 2:
                    session = moves.ask(session, f"item {number}", "h", LATER)
                case 3:
                    session = moves.skip(session, session.position, LATER)
                case 4:
                    session = moves.pause(session, LATER)
                case 5:
                    session = moves.resume(session, LATER)
                case 6:
                    session = moves.back(session, session.position, LATER)
                case _:
                    session = moves.stop(session, LATER) if number > 30 else session
        except IllegalMoveError:
            assert session is before
        if press != 6:
            kept = [asked for asked in before.asked if asked.settled]
            assert [asked for asked in session.asked if asked.settled][: len(kept)] == kept
        assert all(asked.settled for asked in session.asked[:-1])
