"""Rounds in several processes over one PostgreSQL, by means of procrastinate.

What is due stands in our own tables. A job only says "look there now", so a lost one loses nothing
(the next tick finds the same), and one that comes twice finds nothing to do. A destination has one
job at a time in the whole cluster, and there is one tick at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from sqlalchemy import make_url

from bot.core.ports import StoreError
from bot.jobs import delivering, rounds
from bot.jobs.manager import Backoff, Manager
from bot.jobs.tick import Work
from bot.store.database import PATIENCE
from bot.store.engines import connect_arguments

logger = logging.getLogger(__name__)

ROUNDS, DELIVERIES = "rounds", "deliveries"
"""The two queues. Each has workers of its own, so that no delivery keeps a tick waiting."""

AT_ONCE = {ROUNDS: 3, DELIVERIES: 32}
"""Jobs of each queue that a process does at the same time."""

CONNECTIONS = 4
"""To the database at most, besides one to listen on and those of the store."""

FORGOTTEN = 600.0
"""Seconds of silence after which a worker is taken off the list."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """What there is to do. Everything may be done twice, and broken off anywhere.

    `tick` finds what is due, and `chores` does what no delivery waits for. `destinations` says
    where something is to be delivered, and `deliver` sends it there until nothing is due any more,
    or `stopping` is set.
    """

    tick: Callable[[], Awaitable[None]]
    chores: Callable[[], Awaitable[None]]
    destinations: Callable[[], Awaitable[tuple[str, ...]]]
    deliver: Callable[[str], Awaitable[object]]
    stopping: asyncio.Event


def rounds_of(work: Work) -> Rounds:
    """Our own rounds."""
    return Rounds(
        tick=lambda: rounds.tick(work),
        chores=lambda: rounds.chores(work),
        destinations=lambda: rounds.destinations(work),
        deliver=lambda destination: delivering.deliver(work, destination),
        stopping=work.stopping,
    )


@dataclass(frozen=True, slots=True)
class Timing:
    """When things happen, in seconds. `tick` and `recover` divide a minute.

    A worker that has been `silent` counts as dead, and its jobs go on elsewhere: when the next
    `recover` has come and somebody has had a `look`, 16 s later at most. What fails is tried again
    after `first_retry`, then after twice as long and so on, up to `last_retry`. Jobs under way get
    `drain` to end by themselves.
    """

    tick: int = 15
    recover: int = 10
    look: float = 5.0
    heartbeat: float = 5.0
    silent: float = 20.0
    pause: float = 2.0
    first_retry: float = 5.0
    last_retry: float = 60.0
    drain: float = 20.0


def connector_to(url: str) -> PsycopgConnector:
    """The library's way to the database; `url` is an address that `database_url` returned."""
    return PsycopgConnector(
        kwargs=connect_arguments(make_url(url), PATIENCE),
        configure=_commit_each_statement,
        min_size=0,
        max_size=CONNECTIONS,
        timeout=PATIENCE,
        # Beyond that the pool would wait for ever longer, also when the server is back.
        reconnect_timeout=PATIENCE,
    )


async def _commit_each_statement(connection: AsyncConnection[TupleRow]) -> None:
    """Between two of them a process that is frozen would hold up all the others with its locks."""
    await connection.set_autocommit(True)


class Cluster:
    """This process's part in it; `url` is an address that `database_url` returned."""

    def __init__(self, url: str, asked: Rounds, timing: Timing | None = None) -> None:
        self._rounds = asked
        self._timing = timing = timing or Timing()
        connector = connector_to(url)
        self._manager = Manager(connector, asked.stopping, timing.pause)
        self._app = App(connector=connector)
        self._app.job_manager = self._manager
        self._retry = Backoff(timing.first_retry, timing.last_retry)
        self._works = False
        self._deliver = self._app.task(name="deliver", queue=DELIVERIES, retry=self._retry)(
            self._delivered
        )
        self._add_rounds()

    def ready(self) -> bool:
        """Whether this process takes jobs at the moment."""
        return self._works and self._manager.reach.is_there

    async def run(self) -> None:
        """Work until `stopping` is set; then begin nothing more, and end what is under way."""
        async with self._app.open_async():
            workers = [asyncio.create_task(self._kept_working(queue)) for queue in AT_ONCE]
            self._works = True
            logger.info("this process takes its share of the work")
            try:
                await self._rounds.stopping.wait()
            finally:
                self._works = False
                for worker in workers:
                    worker.cancel()
                await asyncio.wait(workers)

    async def defer(self, destination: str) -> None:
        """Have somebody look there, after whoever is at it now; one who waits is enough."""
        deferrer = self._deliver.configure(lock=destination, queueing_lock=destination)
        with contextlib.suppress(AlreadyEnqueued):
            await deferrer.defer_async(destination=destination)

    async def _kept_working(self, queue: str) -> None:
        """The library's worker, begun again wherever it gives up."""
        timing = self._timing
        while not self._rounds.stopping.is_set():
            try:
                await self._app.run_worker_async(
                    queues=[queue],
                    name=queue,
                    concurrency=AT_ONCE[queue],
                    fetch_job_polling_interval=timing.look,
                    listen_notify=queue == DELIVERIES,
                    delete_jobs=DeleteJobCondition.ALWAYS,
                    install_signal_handlers=False,
                    update_heartbeat_interval=timing.heartbeat,
                    stalled_worker_timeout=FORGOTTEN,
                    shutdown_graceful_timeout=timing.drain,
                )
            except ConnectorException as error:
                logger.warning("a worker lost the database: %s", type(error.__cause__).__name__)
            except Exception:
                logger.exception("a worker stopped by a fault of ours")
            await asyncio.sleep(timing.pause)

    def _add_rounds(self) -> None:
        """They come from the clock; the library sees to it that each comes once in the cluster."""
        app, timing = self._app, self._timing

        # The lock is for ticks that last; after a crash it is held until somebody recovers it.
        @app.periodic(cron=_every(timing.tick))
        @app.task(name="tick", queue=ROUNDS, lock="tick", queueing_lock="tick", retry=self._retry)
        async def tick(timestamp: int) -> None:
            with _told("a round of work"):
                await self._tick()

        @app.periodic(cron=_every(timing.tick))
        @app.task(
            name="chores", queue=ROUNDS, lock="chores", queueing_lock="chores", retry=self._retry
        )
        async def chores(timestamp: int) -> None:
            with _told("a round of chores"):
                await self._rounds.chores()

        # No lock here: nobody could recover it.
        @app.periodic(cron=_every(timing.recover))
        @app.task(name="recover", queue=ROUNDS, queueing_lock="recover")
        async def recover(timestamp: int) -> None:
            with _told("taking over from others"):
                await self._recover()

    async def _tick(self) -> None:
        try:
            await self._rounds.tick()
        finally:
            due = await self._rounds.destinations()
            # A job under way finds by itself what has become due there.
            jobs = await self._manager.list_jobs_async(task=self._deliver.name)
            has_one = {job.lock for job in jobs}
            for destination in due:
                if destination not in has_one:
                    await self.defer(destination)

    async def _delivered(self, destination: str) -> None:
        with _told("a delivery"):
            await self._rounds.deliver(destination)

    async def _recover(self) -> None:
        """Let the jobs of the dead go on here or elsewhere.

        As new ones: a process that was only frozen and comes back will try to end its old job, and
        must not end that of its successor.
        """
        silent = self._timing.silent
        if not self._manager.reach.lasted(silent):
            return  # The others could not have said a word either.
        for job in await self._manager.get_stalled_jobs(seconds_since_heartbeat=silent):
            logger.warning("a worker has fallen silent", extra={"job": job.call_string})
            await self._manager.finish_job(job, Status.FAILED, delete_job=True)
            if job.task_name == self._deliver.name and job.lock:
                await self.defer(job.lock)


def _every(seconds: int) -> str:
    return f"* * * * * */{seconds}"


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """Log a failure; the library logs it as one of many things that it did."""
    try:
        yield
    except StoreError as error:
        logger.warning("%s failed: %s", what, error)
        raise
    except ConnectorException as error:
        logger.warning("%s failed: %s", what, type(error.__cause__).__name__)
        raise
    except Exception:
        logger.exception("%s failed by a fault of ours", what)
        raise
