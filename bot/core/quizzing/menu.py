"""What quizzes there are, and what to say where one cannot begin."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.command import Aside, Context, Visit
from bot.core.intents import Run, Step, TakeStep
from bot.core.ports import Unit
from bot.core.quiz.session import Kind, Session
from bot.core.quizzing.knowledge_result import topic_names
from bot.core.views import (
    MAX_CHOICES,
    Actions,
    Block,
    Button,
    Choice,
    Heading,
    Prose,
    Select,
    Text,
    View,
)
from bot.core.wording import capitalised, in_sentence, listed


async def menu(visit: Visit) -> Aside:
    """Every kind of quiz, and what this person can go on with."""

    def work(unit: Unit) -> tuple[tuple[Session, ...], int]:
        due = unit.learning.due(visit.actor.key, visit.now)
        return unit.sessions.open(visit.actor.key), len(due)

    going, due = await visit.desk.store.read(work)
    context = visit.context
    review = f"Review what is due ({due})" if due else "Review what is due"
    blocks: tuple[Block, ...] = (
        Prose((Text("Short, private, and without a clock. You can stop and go on at any time."),)),
        *continue_blocks([s for s in going if not s.has_rested(visit.now)], context),
        Actions(
            (
                Button("Which role fits me?", Run("quiz", ("fit",)), primary=True),
                Button("Two roles head to head", Run("quiz", ("duel",))),
                Button(review, Run("quiz", ("review",))),
            )
        ),
        Heading("What do I know?"),
        Actions(tuple(_by_topic(context))),
    )
    return Aside(View("Quizzes", blocks, fallback="Role fit, knowledge and reviews."))


def continue_blocks(going: list[Session], context: Context) -> Iterator[Block]:
    """Quizzes that are open, each with a button to go on."""
    if going:
        yield Heading("Go on where you left off")
        yield Actions(
            tuple(
                Button(
                    f"{capitalised(name_of(s, context))}, {len(s.asked)} of {s.length}",
                    TakeStep(s.id, s.position, Step.SHOW),
                )
                for s in going[:5]
            )
        )


def name_of(session: Session, context: Context) -> str:
    """What a quiz is called."""
    names = listed(topic_names(session, context))
    return {
        Kind.FIT: "role fit",
        Kind.DUEL: names,
        Kind.KNOWLEDGE: names,
        Kind.PLACEMENT: f"placement: {names}",
        Kind.REVIEW: "review",
    }[session.kind]


def _by_topic(context: Context) -> Iterator[Select]:
    content = context.catalogue.content
    roles = [role for role in content.roles.values() if context.library.about(role.id)]
    if roles:
        yield _select("By role", [(role.id, role.name) for role in roles])
        yield Select(
            "Find my level for a role",
            tuple(
                Choice(capitalised(role.name), Run("quiz", (role.id, "placement")))
                for role in roles[:MAX_CHOICES]
            ),
        )
    groups = [group for group in content.skill_groups if context.library.about(group.id)]
    if groups:
        yield _select("By group of skills", [(group.id, group.name) for group in groups])


def _select(placeholder: str, topics: list[tuple[str, str]]) -> Select:
    return Select(
        placeholder,
        tuple(
            Choice(capitalised(name), Run("quiz", (identity,)))
            for identity, name in topics[:MAX_CHOICES]
        ),
    )


def choose_first(context: Context) -> Aside:
    """Asks for the first of two roles."""
    choices = tuple(
        Choice(capitalised(name), Run("quiz", (role, "duel")))
        for role, name in _in_the_quiz(context)
    )
    return _asking("Two roles head to head", "Which is the first role?", choices)


def choose_second(first: str, context: Context) -> Aside:
    """Asks for the role to hold against the first."""
    names = dict(_in_the_quiz(context))
    choices = tuple(
        Choice(capitalised(name), Run("quiz", (first, role)))
        for role, name in names.items()
        if role != first
    )
    known = in_sentence(names[first]) if first in names else "it"
    return _asking("Two roles head to head", f"Which role do you hold against {known}?", choices)


def _in_the_quiz(context: Context) -> list[tuple[str, str]]:
    return list(context.library.fit.names.items())[:MAX_CHOICES]


def _asking(title: str, text: str, choices: tuple[Choice, ...]) -> Aside:
    blocks = (Prose((Text(text),)), Actions((Select("Choose a role", choices),)))
    return Aside(View(title, blocks, fallback=text))


def placement_needs_a_role(topic: str, context: Context) -> Aside:
    """A placement was asked for something that is no role."""
    text = "A placement finds your level for a role. Take the questions on this topic, or a role."
    button = Button(f"Questions on {_name(topic, context)}", Run("quiz", (topic,)), primary=True)
    return _sorry("A placement needs a role", text, button)


def two_roles(context: Context) -> Aside:
    """Two things were named that cannot be held against each other."""
    text = "Only two roles can be held against each other."
    return _sorry(
        "Head to head needs two roles", text, Button("Choose two", Run("quiz", ("duel",)))
    )


def no_profile(context: Context) -> Aside:
    """A role is not in the role-fit quiz."""
    text = "The role-fit quiz does not know one of these roles yet."
    return _sorry("Not in the quiz yet", text, Button("Choose two", Run("quiz", ("duel",))))


def nothing_to_ask(kind: Kind, topic: tuple[str, ...], context: Context) -> Aside:
    """There is no question on this topic, or none is due."""
    if kind is Kind.REVIEW:
        text = "Nothing is due for review. Questions come back some days after you answered them."
        return _sorry("Nothing is due", text, Button("All quizzes", Run("quiz")))
    text = f"There are no questions on {_name(topic[0], context)} here."
    return _sorry("No questions yet", text, Button("All quizzes", Run("quiz")))


def _name(topic: str, context: Context) -> str:
    content = context.catalogue.content
    groups = {group.id: group.name for group in content.skill_groups}
    role = content.roles.get(topic)
    return role.name if role else groups.get(topic) or context.library.skill_name(topic)


def _sorry(title: str, text: str, button: Button) -> Aside:
    return Aside(View(title, (Prose((Text(text),)), Actions((button,))), fallback=text))
