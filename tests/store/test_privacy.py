"""What is kept about a person can be had, and goes: from every table, whatever is added later."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    Table,
    Text,
    insert,
    select,
)

from bot.core.ports import Topic, Unit
from bot.core.quiz import session as moves
from bot.core.quiz.session import Kind
from bot.core.votes import Ballot
from bot.store.database import Database
from bot.store.tables import JSON, metadata, people_columns, with_people
from bot.store.times import Utc
from tests.store.samples import (
    ANN,
    BEN,
    NOW,
    SERVER,
    a_delivery,
    a_notice,
    a_report,
    a_session,
    a_subscription,
    answer_once,
    asking,
)

TABLES = [table.name for table in with_people()]


def some_value(column: Column[Any], person: str) -> Any:
    """Something for any column, different for each person where it must be."""
    if column in people_columns(column.table):
        return person
    for key in column.foreign_keys:
        return identity(key.column.table, person)
    if column.info.get(JSON):
        return '{"one": [1, "two"]}'
    values: dict[type[Any], Any] = {
        Text: f"{column.name} of {person}",
        Integer: len(person),
        BigInteger: 2**40,
        Double: 0.5,
        Boolean: True,
        Utc: NOW,
    }
    return values[type(column.type)]


def identity(table: Table, person: str) -> str | int:
    """The id of a row about a person."""
    return person if type(table.c.id.type) is Text else len(person)


def needed() -> list[Table]:
    """The tables that hold people, and those that their rows refer to."""
    found = set(with_people())
    for table in reversed(metadata.sorted_tables):
        if table in found:
            found |= {key.column.table for key in table.foreign_keys}
    return [table for table in metadata.sorted_tables if table in found]


def fill(database: Database, person: str) -> None:
    """A row about a person in every table that holds people."""
    with database.engine.begin() as connection:
        for table in needed():
            row = {column.name: some_value(column, person) for column in table.columns}
            if "id" in row:
                row["id"] = identity(table, person)
            connection.execute(insert(table), row)


async def test_the_export_has_a_row_of_every_table(database: Database) -> None:
    await database.open()
    fill(database, "Ann")
    fill(database, "Bernard")
    found = await database.read(lambda unit: unit.privacy.export("Ann"))
    assert {table: len(rows) for table, rows in found.items()} == dict.fromkeys(TABLES, 1)
    written = json.dumps(found)
    assert "Bernard" not in written
    assert json.loads(written) == found


async def test_deleting_leaves_no_row_in_any_table_and_nobody_elses_is_touched(
    database: Database,
) -> None:
    await database.open()
    fill(database, "Ann")
    fill(database, "Bernard")
    before = await database.read(lambda unit: unit.privacy.export("Bernard"))
    assert await database.write(lambda unit: unit.privacy.delete("Ann")) == len(TABLES)
    gone = await database.read(lambda unit: unit.privacy.export("Ann"))
    assert gone == {table: [] for table in TABLES}
    assert await database.read(lambda unit: unit.privacy.export("Bernard")) == before
    assert await database.write(lambda unit: unit.privacy.delete("Ann")) == 0


@pytest.mark.parametrize("table", with_people(), ids=lambda table: table.name)
def test_every_kind_of_column_can_be_filled(table: Table) -> None:
    assert all(some_value(column, "Ann") is not None for column in table.columns)


def play(unit: Unit, person: str) -> None:
    """Everything that a person can leave behind."""
    for kind in Kind:
        name = f"{kind} {len(person)}"
        unit.sessions.add(asking(name, person, kind=kind, channel=None))
        if not kind.is_fit:
            answer_once(unit, name)
    finished = unit.sessions.get(f"{Kind.REVIEW} {len(person)}", lock=True)
    assert finished is not None
    unit.sessions.save(moves.finish(finished, NOW))
    unit.communities.join(SERVER, person, "A name", NOW)
    subscription = unit.newsletters.add(a_subscription(person, channel=f"5{len(person)}"))
    unit.newsletters.plan([a_delivery(subscription)])
    unit.newsletters.managed(SERVER, person, NOW)
    [delivery] = unit.newsletters.history(subscription.id, 1)
    unit.votes.ask(delivery.id, "v1")
    assert unit.votes.cast(Ballot(delivery.id, person, 0, right=True, at=NOW))
    report = unit.reports.add(a_report(person, text="I think it is wrong"))
    assert report is not None
    unit.notices.put(a_notice(f"reviews {person}", topic=Topic.REVIEWS, person=person))
    unit.notices.put(a_notice("resume 1", person=person))
    unit.notices.claim(NOW, 1)
    unit.notices.put(a_notice(f"reviews {person}", topic=Topic.REVIEWS, person=person))


async def test_after_deleting_a_scan_of_all_tables_does_not_find_the_person(
    database: Database,
) -> None:
    await database.write(lambda unit: play(unit, ANN))
    await database.write(lambda unit: play(unit, BEN + " the other"))
    assert ANN in await everything(database)
    exported = await database.read(lambda unit: unit.privacy.export(ANN))
    assert all(exported.values())
    count = await database.write(lambda unit: unit.privacy.delete(ANN))
    assert count == sum(map(len, exported.values()))
    assert ANN not in await everything(database)
    assert BEN in await everything(database)


async def everything(database: Database) -> str:
    """All that is in all tables, as text."""
    await database.open()
    with database.engine.connect() as connection:
        return "\n".join(
            str(row)
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
        )


async def test_the_export_is_for_people_to_read(database: Database) -> None:
    def work(unit: Unit) -> None:
        unit.sessions.add(asking())
        answer_once(unit, "session1")
        unit.sessions.add(a_session("fit", kind=Kind.FIT, topic=(), means={"travel": 1}))

    await database.write(work)
    found = await database.read(lambda unit: unit.privacy.export(ANN))
    when = "2026-11-20T12:30:15.123456+00:00"
    assert dt.datetime.fromisoformat(when) == NOW
    fit, played = found["sessions"]
    assert fit["means"] == {"travel": 1}
    assert played["started"] == when
    assert played["topic"] == ["ml-engineer"]
    [asked] = played["asked"]
    assert asked == {"item": "rag-1", "version": "v1", "at": when, "response": [1], "score": 1.0}
    [answered] = found["answers"]
    assert (answered["chosen"], answered["is_first"], answered["at"]) == ([1], True, when)
    [card] = found["cards"]
    assert card["state"]["stability"] == 2.5
