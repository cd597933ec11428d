"""What every table promises: whose rows it holds is marked, and queries find them by an index."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, Text, event
from sqlalchemy.engine import Engine

from bot.core.feeds import FeedState
from bot.core.ports import Unit
from bot.core.quiz.session import Kind
from bot.core.votes import Ballot
from bot.store.database import Database
from bot.store.tables import metadata, people_columns, person_column, with_people
from tests.store.samples import (
    ANN,
    NOW,
    SERVER,
    a_delivery,
    a_subscription,
    an_entry,
    answer_once,
    asking,
)

PEOPLE = re.compile(
    r"person|people|(?<!bot_)user|member|owner|author|reporter|player|actor|sender|recipient|admin|who"
)


def unmarked(table: Table) -> list[str]:
    """Columns that sound like people and are not marked."""
    marked = {column.name for column in people_columns(table)}
    return [c.name for c in table.columns if PEOPLE.search(c.name) and c.name not in marked]


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_a_column_for_people_is_marked(table: Table) -> None:
    assert unmarked(table) == []


def test_a_column_that_is_not_marked_would_be_noticed() -> None:
    table = Table("notes", MetaData(), Column("author_id", Text), person_column())
    assert unmarked(table) == ["author_id"]
    assert [column.name for column in people_columns(table)] == ["person"]


def test_most_tables_hold_people() -> None:
    names = {table.name for table in metadata.sorted_tables}
    without = {"snapshots", "difficulties", "packs_off", "deliveries", "feeds", "feed_entries"}
    without |= {"destinations", "chores", "questions", "slack_installations", "slack_states"}
    assert {table.name for table in with_people()} == names - without


async def test_an_answer_takes_few_statements_and_looks_nothing_up_in_a_whole_table(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    await database.write(lambda unit: unit.sessions.add(asking()))
    with Statements(database.engine) as statements:
        assert await database.write(lambda unit: answer_once(unit, "session1"))
    await database.close()
    assert statements.count == 6
    assert statements.scans == []


async def test_no_query_about_somebody_reads_a_whole_table(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.open()

    def a_newsletter(unit: Unit) -> None:
        subscription = unit.newsletters.add(a_subscription(ANN))
        unit.newsletters.plan([a_delivery(subscription)])

    await database.write(a_newsletter)

    def ask_everything(unit: Unit) -> None:
        unit.sessions.open(ANN)
        unit.sessions.ended(ANN, (Kind.KNOWLEDGE, Kind.REVIEW), 5)
        unit.sessions.resting(NOW, 100)
        unit.sessions.delete("session1")
        unit.learning.known(ANN, "rag-1", "llm")
        unit.learning.abilities(ANN)
        unit.learning.seen(ANN)
        unit.learning.due(ANN, NOW)
        unit.learning.usual_seconds(ANN)
        unit.communities.packs_off(SERVER)
        unit.communities.is_member(SERVER, ANN)
        unit.communities.standings(SERVER, NOW, 10)
        unit.reports.open()
        unit.notices.cancel("key")
        unit.notices.claim(NOW, 100)
        ask_of_newsletters(unit)
        unit.privacy.export(ANN)
        unit.privacy.delete(ANN)
        unit.communities.purge(SERVER)

    with Statements(database.engine) as statements:
        await database.write(ask_everything)
    await database.close()
    assert statements.count > 20
    assert statements.scans == []


def ask_of_newsletters(unit: Unit) -> None:
    unit.newsletters.of(SERVER)
    unit.newsletters.in_channel("discord", "5")
    unit.newsletters.get(1, lock=True)
    unit.newsletters.due(NOW, 100)
    unit.newsletters.several([1, 2])
    unit.newsletters.destinations(NOW)
    unit.newsletters.take_over("discord", "token")
    unit.newsletters.claim("discord", "token", NOW, 100)
    unit.newsletters.communities("discord", "", 10)
    unit.newsletters.managers(SERVER)
    unit.chores.get("chore")
    unit.newsletters.delivery(1, lock=True)
    unit.newsletters.history(1, 5)
    unit.feeds.claim("news", "https://example.org/feed", NOW, NOW)
    unit.feeds.keep("news", FeedState("https://example.org/feed", NOW), (an_entry(),))
    unit.feeds.since(NOW, NOW, 5)
    unit.feeds.drop("news", NOW)
    unit.newsletters.had([1], ["an-issue"])
    unit.newsletters.span(replace(a_delivery(a_subscription()), id=1, subscription=1))
    unit.votes.asked_in(SERVER, "5", "v1")
    unit.votes.ask(1, "v1")
    unit.votes.cast(Ballot(1, ANN, 0, right=True, at=NOW))
    unit.votes.is_revealed(1)
    unit.votes.of(1, ANN)
    unit.votes.tally(1)


class Statements:
    """Counts the statements of an engine, and asks SQLite how it would go about them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.count = 0
        self.scans: list[str] = []

    def __enter__(self) -> Statements:
        event.listen(self._engine, "before_cursor_execute", self._look)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._look)

    def _look(
        self,
        connection: Connection,
        cursor: object,
        statement: str,
        parameters: tuple[object, ...],
        *_: object,
    ) -> None:
        if statement.startswith("BEGIN"):
            return
        self.count += 1
        driver = connection.connection.driver_connection
        assert driver is not None
        names = {table.name for table in metadata.sorted_tables}
        for *_, detail in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters):
            scanned = re.match(r"SCAN (\w+)(?! USING (?:COVERING )?INDEX)", detail)
            if scanned and scanned[1] in names:
                self.scans.append(f"{detail}: {statement}")
