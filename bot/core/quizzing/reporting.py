"""Reporting a question: a reason and a few words, for the maintainers' queue."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.command import Effect, Field, Form, GoneError, Option, Say, Suggestion, Visit
from bot.core.command import Kind as OptionKind
from bot.core.intents import ReportQuestion
from bot.core.ports import Notice as Waiting
from bot.core.ports import Outcome, Reason, Report, Topic, Unit
from bot.core.quiz.session import Session
from bot.core.quizzing.play import within
from bot.core.user_text import clean
from bot.core.views import Italic, Prose, Text, View

REASON, DETAILS = "reason", "details"

REASONS: Mapping[Reason, str] = {
    Reason.WRONG: "The answer is wrong",
    Reason.UNCLEAR: "It is unclear, or has two right answers",
    Reason.OUTDATED: "It is out of date",
    Reason.OTHER: "Something else",
}


async def ask(intent: ReportQuestion, visit: Visit) -> Effect:
    """Open the form that reports a question."""

    def move(_: Unit, session: Session) -> Effect:
        _asked(session, intent)
        choices = tuple(Suggestion(reason, words) for reason, words in REASONS.items())
        how = "Press “Report this question” in the quiz, where a form can open."
        return Form(
            intent,
            "Report this question",
            (
                Field(Option(REASON, "What is wrong with it", OptionKind.LISTED), None, choices),
                Field(Option(DETAILS, "What should it say", OptionKind.TEXT, required=False)),
            ),
            View("Report this question", (Prose((Text(how),)),), fallback=how),
            private=True,
        )

    return await within(visit, intent.session, move)


async def report(intent: ReportQuestion, values: Mapping[str, str], visit: Visit) -> Effect:
    """Keep a report, and thank for it."""
    reason = next((r for r in Reason if r.value == values.get(REASON)), Reason.OTHER)

    def move(unit: Unit, session: Session) -> Effect:
        asked = session.asked[_asked(session, intent)]
        kept = unit.reports.add(
            Report(
                id=0,
                person=session.person,
                item=asked.item,
                version=asked.version,
                reason=reason,
                text=clean(values.get(DETAILS, "")),
                at=visit.now,
            )
        )
        if kept is None:
            return Say(
                _note("You have reported this one", "I have your report already; thank you.")
            )
        unit.notices.put(
            Waiting(f"report {kept.id}", Topic.REPORTED, visit.now, data={"report": str(kept.id)})
        )
        text = (
            "The maintainers will look at it, and I will write to you when it is settled. "
            "Your quiz goes on as it was."
        )
        return Say(_note("Thank you", text))

    return await within(visit, intent.session, move)


def _asked(session: Session, intent: ReportQuestion) -> int:
    if session.kind.is_fit or not 0 <= intent.position <= session.position:
        raise GoneError
    return intent.position


def reported_view(report: Report, stem: str) -> View:
    """What maintainers see of a new report."""
    words = (Text(f"{REASONS[report.reason]}. "), Italic(report.text)) if report.text else (
        Text(f"{REASONS[report.reason]}."),
    )  # fmt: skip
    return View(
        f"Report {report.id}: {report.item}",
        (Prose((Text(stem),)), Prose(words)),
        fallback=f"Report {report.id} of the question {report.item}.",
    )


def settled_view(report: Report, stem: str) -> View:
    """What the reporter hears in the end."""
    said = (
        "The question you reported was changed. Thank you for making it better."
        if report.outcome is Outcome.FIXED
        else "The maintainers looked at the question you reported, and left it as it is."
    )
    note = (Prose((Text("They say: "), Italic(report.note))),) if report.note else ()
    return View(
        "About your report", (Prose((Text(said),)), Prose((Italic(stem),)), *note), fallback=said
    )


def _note(title: str, text: str) -> View:
    return View(title, (Prose((Text(text),)),), fallback=text)
