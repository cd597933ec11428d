"""How the work of several processes survives a database that goes away and comes back.

By itself the library ends a worker whose database failed, with the deliveries under way there; and
a job whose end could not be written down would stay under way, with its lock, for as long as the
process lives.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType

import psycopg
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback
from procrastinate.retry import BaseRetryStrategy, RetryDecision

logger = logging.getLogger(__name__)

AWAY = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.InternalError)
"""What passes: the server cannot be reached, is busy or full, or takes no writes at the moment."""


class Reach:
    """Whether the database is there. What is done `with` it may fail where it is not."""

    def __init__(self) -> None:
        self.is_there = True
        self._since = time.monotonic()

    def lasted(self, seconds: float) -> bool:
        """Whether it has been there for so long, as far as is known here."""
        return time.monotonic() - self._since >= seconds

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> bool:
        """Whether it failed for that reason; then the next attempt will do."""
        if error is None and not self.is_there:
            self.is_there = True
            logger.info("the database is there again")
        if not isinstance(error, ConnectorException) or not isinstance(error.__cause__, AWAY):
            return False
        self._since = time.monotonic()
        if self.is_there:
            self.is_there = False
            cause = type(error.__cause__).__name__
            logger.warning("the database cannot be reached (%s); work goes on with it", cause)
        return True


class Manager(JobManager):
    """The library's, with patience: what fails because of the database is tried again.

    Args:
        connector: The library's way to the database.
        stopping: Once it is set, nothing is waited for any more.
        pause: Seconds between two attempts.
    """

    def __init__(self, connector: BaseConnector, stopping: asyncio.Event, pause: float) -> None:
        super().__init__(connector)
        self.reach = Reach()
        self._stopping = stopping
        self._pause = pause

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next job, if there is one and the database is there."""
        with self.reach:
            return await super().fetch_job(queues, worker_id)
        return None

    async def update_heartbeat(self, worker_id: int) -> None:
        """Show that the worker lives."""
        with self.reach:
            await super().update_heartbeat(worker_id)

    async def list_jobs_to_abort_async(self, queue: str | None = None) -> Iterable[int]:
        """Jobs that somebody wants to be broken off; none while nobody can tell."""
        with self.reach:
            return await super().list_jobs_to_abort_async(queue)
        return ()

    async def unregister_worker(self, worker_id: int) -> None:
        """Say that the worker has ended; where that fails, its silence says it."""
        with self.reach:
            await super().unregister_worker(worker_id)

    async def defer_periodic_job(
        self, job: Job, periodic_id: str, defer_timestamp: int
    ) -> int | None:
        """Add a job that is due, once in the cluster; where that fails, the next one will do."""
        with self.reach:
            return await super().defer_periodic_job(job, periodic_id, defer_timestamp)
        return None

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Hear of new jobs until cancelled. In between, workers look for themselves."""
        while True:
            with self.reach:
                await super().listen_for_jobs(on_notification=on_notification, queues=queues)
            await asyncio.sleep(self._pause)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """Write down the end of a job."""
        finish = super().finish_job
        await self._settled(job, lambda: finish(job, status, delete_job))

    async def retry_job(
        self,
        job: Job,
        retry_at: dt.datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Let a job wait for its next attempt, unless another one waits there already."""
        retry = super().retry_job
        try:
            await self._settled(job, lambda: retry(job, retry_at, priority, queue, lock))
        except UniqueViolation:
            await self.finish_job(job, Status.FAILED, delete_job=True)

    async def _settled(self, job: Job, settle: Callable[[], Awaitable[None]]) -> None:
        while True:
            with self.reach:
                try:
                    return await settle()
                except ConnectorException as error:
                    if not isinstance(error.__cause__, psycopg.errors.RaiseException):
                        raise
                    # This process was silent for too long, or only did not hear that it succeeded.
                    logger.info("a job has ended elsewhere", extra={"job": job.id})
                    return None
            if self._stopping.is_set():
                logger.warning("a job is left for others to end", extra={"job": job.id})
                return None
            await asyncio.sleep(self._pause)


class Backoff(BaseRetryStrategy):
    """Pauses that double, with some chance in them so that not all come back at once.

    Args:
        first: Seconds before the second attempt.
        most: Seconds of the longest pause.
    """

    def __init__(self, first: float, most: float) -> None:
        self._first = first
        self._most = most

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """When the job is tried again; at once where it was only broken off by a stop."""
        now = dt.datetime.now(dt.UTC)
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=now)
        # Beyond 30 attempts the longest pause is reached anyhow.
        seconds = min(self._most, self._first * 2 ** min(job.attempts, 30))
        return RetryDecision(
            retry_at=now + dt.timedelta(seconds=seconds * random.uniform(0.75, 1.25))
        )
