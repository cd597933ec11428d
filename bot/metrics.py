"""Counters for operators: how many answers, of which command, how fast, and how many failed."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 3.0)
"""Seconds; 3 s is when the platforms give up waiting."""


class Metrics:
    """What the dispatcher reports, ready for Prometheus. No label ever holds a person's text."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "rolecall_answers",
            "Answers given",
            ("platform", "command", "outcome"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "rolecall_answer_seconds",
            "Time to make an answer, without the platform",
            ("platform",),
            buckets=BUCKETS,
            registry=self._registry,
        )

    def observe(self, platform: str, command: str, outcome: str, seconds: float) -> None:
        """Count one answer."""
        self._answers.labels(platform, command, outcome).inc()
        self._seconds.labels(platform).observe(seconds)

    def text(self) -> bytes:
        """Everything counted so far, in Prometheus's text format."""
        return generate_latest(self._registry)
