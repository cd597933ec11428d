"""Wrong options drawn from the other answers of a list: only on demand, and marked."""

from __future__ import annotations

from bot.core.content.names import squeeze
from bot.packs.build import build
from bot.packs.choices import LEAST, with_choices
from bot.packs.labels import Skills
from bot.packs.model import Choice, Left, Question, Typed
from tests.packs.bringing import TOLD

CAPITALS = ("Rome", "Paris", "Oslo", "Bern", "Lima", "Cairo", "Quito", "Delhi")


def questions(*answers: str) -> list[Question]:
    return [
        Question(f"line {n}", f"What is the answer to question {n}?", Typed((answer,)))
        for n, answer in enumerate(answers)
    ]


def chosen(*answers: str) -> list[Question]:
    return [q for q in with_choices(questions(*answers)) if isinstance(q, Question)]


def test_enough_answers_of_one_type_give_wrong_options() -> None:
    for question, capital in zip(chosen(*CAPITALS), CAPITALS, strict=True):
        assert isinstance(question.answer, Choice)
        assert [option.text for option in question.answer.right] == [capital]
        wrong = [option.text for option in question.answer.wrong]
        assert len(set(wrong)) == 3
        assert set(wrong) <= set(CAPITALS) - {capital}
        assert question.generated


def test_the_same_list_gives_the_same_options() -> None:
    assert chosen(*CAPITALS) == chosen(*CAPITALS)


def test_too_few_answers_of_one_type_stay_texts_to_type() -> None:
    mixed = (*CAPITALS[: LEAST - 1], CAPITALS[0], "1999", "42%", "a very long answer of many words")
    assert [q.answer for q in chosen(*mixed)] == [Typed((answer,)) for answer in mixed]


def test_years_go_with_years_and_words_with_words() -> None:
    years = [str(year) for year in range(1990, 1998)]
    for question in chosen(*years, *CAPITALS):
        assert isinstance(question.answer, Choice)
        options = [*question.answer.right, *question.answer.wrong]
        assert len({option.text.isdigit() for option in options}) == 1


def test_no_accepted_answer_is_drawn_as_a_wrong_one() -> None:
    first = Question("line 0", "Which cities?", Typed(("Rome", *(c.upper() for c in CAPITALS[:5]))))
    (made, *_) = with_choices([first, *questions(*CAPITALS)])
    assert isinstance(made, Question)
    assert isinstance(made.answer, Choice)
    drawn = {squeeze(option.text) for option in made.answer.wrong}
    assert drawn == {squeeze(capital) for capital in CAPITALS[5:]}


def test_what_is_no_text_to_type_is_left_alone() -> None:
    left = Left("line 1", "Who?", "of a reason")
    assert with_choices([left]) == (left,)


def test_items_with_drawn_options_say_so(skills: Skills) -> None:
    made = build(chosen(*CAPITALS), TOLD, skills, {})
    assert {item.author for item in made.items} == {"An author; wrong options generated"}
    assert "wrong options drawn from other answers" in str(made.lines[0])
