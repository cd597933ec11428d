"""Installations in Slack: sealed, found by organisation and workspace, renewed by one alone."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.database import Database
from bot.store.installations import RENEWING, STATE_LASTS, Installation, Installations
from bot.store.tables import slack_installations, slack_states
from bot.store.vault import Vault, new_key
from tests.store.samples import DAY, NOW

KEY = new_key()
SECOND = dt.timedelta(seconds=1)
ACME = Installation("", "T1", "U1", "xoxb-the-token", NOW, "xoxe-the-refresh-token", NOW + DAY)
BOOLE = replace(ACME, team="T2", token="xoxb-of-boole", refresh_token=None, expires=None)
RENEWED = replace(ACME, token="xoxb-renewed", refresh_token="xoxe-next", expires=NOW + 2 * DAY)


def kept_in(database: Database, keys: str = KEY) -> Installations:
    return Installations(database, Vault(keys))


async def rows(database: Database) -> list[Any]:
    statement = select(slack_installations).order_by(slack_installations.c.team)
    return list(await database.reading(lambda connection: connection.execute(statement).all()))


async def test_an_installation_is_found_again_and_the_database_has_no_token(
    database: Database,
) -> None:
    kept = kept_in(database)
    for installation in (ACME, BOOLE):
        await kept.save(installation)
        assert await kept.find("", installation.team) == installation
    assert await kept.find("", "T3") is None
    assert await kept.find("E1", "T1") is None
    written = str(await rows(database))
    assert "T1" in written
    assert "xox" not in written
    assert "token" not in repr(ACME).replace("refresh_token", "")


async def test_an_organisation_is_no_workspace_and_no_other_organisation(
    database: Database,
) -> None:
    kept = kept_in(database)
    workspace = replace(ACME, enterprise="E1")
    whole = replace(workspace, team="", token="xoxb-of-the-organisation")
    other = replace(whole, enterprise="E2", token="xoxb-of-another-one")
    for installation in (workspace, whole, other):
        await kept.save(installation)
    for installation in (workspace, whole, other):
        assert await kept.find(installation.enterprise, installation.team) == installation
    assert await kept.find("E2", "T1") is None


async def test_installing_again_leaves_one_installation(database: Database) -> None:
    kept = kept_in(database)
    again = replace(BOOLE, team="T1", installed=NOW + DAY)
    await kept.save(ACME)
    assert await kept.claim(ACME, NOW)
    await kept.save(again)
    assert await kept.find("", "T1") == again
    assert len(await rows(database)) == 1
    assert await kept.claim(again, NOW)


async def test_what_was_installed_after_the_uninstallation_stays(database: Database) -> None:
    kept = kept_in(database)
    await kept.save(ACME)
    await kept.save(BOOLE)
    assert not await kept.delete("", "T1", NOW - DAY)
    assert await kept.find("", "T1") == ACME
    assert await kept.delete("", "T1", NOW + DAY)
    assert await kept.delete("", "T1", NOW + DAY)
    assert await kept.find("", "T1") is None
    assert await kept.find("", "T2") == BOOLE


async def test_a_token_is_renewed_by_one_process_alone(database: Database, other: Database) -> None:
    here, there = kept_in(database), kept_in(other)
    await here.save(ACME)
    claims = await asyncio.gather(*(kept.claim(ACME, NOW) for kept in (here, there) * 4))
    assert claims.count(True) == 1
    assert await here.settle(ACME, RENEWED)
    assert await there.find("", "T1") == RENEWED
    assert not await there.claim(ACME, NOW)
    assert await there.claim(RENEWED, NOW)


async def test_a_claim_of_a_process_that_died_lapses(database: Database) -> None:
    kept = kept_in(database)
    await kept.save(ACME)
    assert await kept.claim(ACME, NOW)
    assert not await kept.claim(ACME, NOW + RENEWING - SECOND)
    assert await kept.claim(ACME, NOW + RENEWING)


async def test_a_claim_that_brought_nothing_is_given_back(database: Database) -> None:
    kept = kept_in(database)
    await kept.save(ACME)
    assert await kept.claim(ACME, NOW)
    assert await kept.settle(ACME, ACME)
    assert await kept.claim(ACME, NOW)


async def test_a_renewed_token_brings_nothing_back_that_is_gone_or_new(database: Database) -> None:
    kept = kept_in(database)
    await kept.save(ACME)
    await kept.delete("", "T1", NOW + DAY)
    assert not await kept.settle(ACME, RENEWED)
    assert await kept.find("", "T1") is None
    again = replace(ACME, token="xoxb-installed-again")
    await kept.save(again)
    assert not await kept.settle(ACME, RENEWED)
    assert await kept.find("", "T1") == again


async def test_a_new_key_takes_over_and_the_old_one_can_go(database: Database) -> None:
    old, new = new_key(), new_key()
    for installation in (ACME, BOOLE):
        await kept_in(database, old).save(installation)
    before = await rows(database)
    assert await kept_in(database, f"{new},{old}").reseal() == 0
    after = await rows(database)
    assert not {row.token for row in before} & {row.token for row in after}
    assert await kept_in(database, f"{new},{old}").reseal() == 0
    assert await rows(database) == after
    for installation in (ACME, BOOLE):
        assert await kept_in(database, new).find("", installation.team) == installation
        assert await kept_in(database, old).find("", installation.team) is None


async def test_a_lost_key_loses_the_tokens_but_does_not_stop_anything(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    await kept_in(database).save(ACME)
    kept = kept_in(database, new_key())
    assert await kept.reseal() == 1
    assert await kept.find("", "T1") is None
    assert "ROLECALL_SECRET_KEY" in caplog.text
    assert not await kept.claim(ACME, NOW)
    assert not await kept.settle(ACME, RENEWED)
    await kept.save(RENEWED)
    assert await kept.find("", "T1") == RENEWED


async def test_a_state_counts_once(database: Database, other: Database) -> None:
    kept = kept_in(database)
    state = await kept.issue_state(NOW)
    used = [kept_in(place).consume_state(state, NOW) for place in (database, other) * 4]
    assert (await asyncio.gather(*used)).count(True) == 1
    assert not await kept.consume_state("made up", NOW)


async def test_a_state_expires_and_goes_away(database: Database) -> None:
    kept = kept_in(database)
    state = await kept.issue_state(NOW)
    assert not await kept.consume_state(state, NOW + STATE_LASTS)
    later = await kept.issue_state(NOW + STATE_LASTS)
    assert later != state
    left = await database.reading(lambda c: list(c.scalars(select(slack_states.c.state))))
    assert left == [later]
    assert await kept.consume_state(later, NOW + 2 * STATE_LASTS - SECOND)
