"""Notes of Anki as text or CSV, with and without header lines."""

from __future__ import annotations

import pytest

from bot.core.content.quizzes import ChoiceItem, TextItem
from bot.packs.formats import Format
from bot.packs.labels import Skills
from bot.packs.model import Left, PackError, Question, Typed
from tests.packs.bringing import brought, only, parsed, question, reason, told


def pairs(text: str) -> list[tuple[str, Typed]]:
    return [
        (entry.stem, entry.answer)
        for entry in parsed(text, Format.ANKI).found
        if isinstance(entry, Question) and isinstance(entry.answer, Typed)
    ]


EXPORT = """\
#separator:{name}
#html:true
#guid column:1
#notetype column:2
#deck column:3
#tags column:6
Xb1{mark}Basic{mark}"Work::SQL"{mark}What joins <b>tables</b>?{mark}"{back}"{mark}level-2 leech
Xb2{mark}Basic{mark}Work{mark}"What sorts
rows?"{mark}ORDER BY{mark}statistics
"""


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("tab", "\t"),
        ("Tab", "\t"),
        ("comma", ","),
        ("Semicolon", ";"),
        ("pipe", "|"),
        ("colon", ":"),
        ("|", "|"),
        ("\t", "\t"),
    ],
)
def test_an_export_with_header_lines(skills: Skills, name: str, mark: str) -> None:
    back = 'a ""join"", of course; say: it|\tnow'
    text = EXPORT.format(name=name, mark=mark, back=back)
    built = brought(skills, text, Format.ANKI)
    first, second = built.items
    assert isinstance(first, TextItem)
    assert (first.stem, first.skill, first.level) == ("What joins tables?", "sql", 2)
    assert first.accepted == ('a "join", of course; say: it| now',)
    assert (second.stem, second.skill) == ("What sorts rows?", "statistics")
    assert [line.place for line in built.lines] == ["line 7", "line 8"]


def test_columns_may_have_names(skills: Skills) -> None:
    text = (
        "#separator:Comma\n#columns:Tags,Answer,Question,Extra\n"
        "sql,a join,What joins tables?,It puts rows side by side by a key.\n"
    )
    item = only(brought(skills, text, Format.ANKI))
    assert item.stem == "What joins tables?"
    assert item.explanation == "It puts rows side by side by a key."
    assert item.skill == "sql"


def test_tags_and_deck_for_all_notes(skills: Skills) -> None:
    text = "#separator:tab\n#tags:level-3 sql\n#deck:Work\nWhat joins?\ta join\n"
    item = only(brought(skills, text, Format.ANKI))
    assert (item.skill, item.level) == ("sql", 3)


@pytest.mark.parametrize("mark", ["\t", ";", ",", "|"])
def test_without_header_lines_the_separator_is_seen(mark: str) -> None:
    assert pairs(f"What joins?{mark}a join\n") == [("What joins?", Typed(("a join",)))]


def test_comments_and_blank_rows_are_no_notes() -> None:
    text = '#separator:tab\n\nA\tone\n# a comment\n\t\n"# no comment"\ttwo\n'
    assert [stem for stem, _ in pairs(text)] == ["A", "# no comment"]


def test_markup_counts_only_where_the_file_says_or_shows_so() -> None:
    row = "What is &lt;b&gt;?\t<b>bold</b>\n"
    assert pairs(row) == [("What is <b>?", Typed(("bold",)))]
    assert pairs(f"#html:false\n{row}") == [("What is &lt;b&gt;?", Typed(("<b>bold</b>",)))]


def test_sounds_images_and_further_fields_are_dropped_with_a_note() -> None:
    text = "#separator:tab\nWhat is it?[sound:a.mp3]\ta cat<img src=a.png>\tmore\n"
    assert question(parsed(text, Format.ANKI)).notes == (
        "1 further field dropped",
        "a sound dropped",
        "an image dropped",
    )
    assert reason(parsed("#html:true\nWhat?\t<img src=a.png>\n", Format.ANKI)) == (
        "nothing is left of its back"
    )
    assert reason(parsed("[sound:a.mp3]\tb\n", Format.ANKI)) == "nothing is left of its front"


def test_a_back_that_is_too_long_to_type_is_left_with_the_reason(skills: Skills) -> None:
    built = brought(skills, f"What is it, at length?\t{'long ' * 20}\n", Format.ANKI)
    assert built.items == ()
    assert told(built)[0].endswith(
        "skipped: because the answer is too long (99 characters, at most 60)"
    )


def test_each_gap_of_a_cloze_is_a_question() -> None:
    text = (
        "#separator:tab\n{{c1::Ada}} wrote for {{c2::Babbage::who?}}, as {{c1::Ada}} said.\tmore\n"
    )
    assert pairs(text) == [
        ("____ wrote for Babbage, as ____ said.", Typed(("Ada",))),
        ("Ada wrote for ____ (who?), as Ada said.", Typed(("Babbage",))),
    ]
    twice = "{{c1::Ada}} and {{c1::Grace}}\tx\n"
    assert "several different texts" in reason(parsed(twice, Format.ANKI))


def test_a_list_without_our_mark_is_only_text(skills: Skills) -> None:
    text = "What are the parts?\t<ul><li>one</li><li>two</li></ul>\n"
    assert not isinstance(only(brought(skills, text, Format.ANKI)), ChoiceItem)


def test_a_field_of_great_length_is_left() -> None:
    (left,) = parsed(f"What?\t{'x' * 6_000}\n", Format.ANKI).found
    assert left == Left("line 1", "What?", "a field has more than 5,000 characters")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file has no rows"),
        ("#separator:tab\n#html:true\n", "the file has no rows"),
        ("only one field\n", "fewer than two fields"),
        ("#separator:tab\n#tags column:2\nfront\ttag\n", "fewer than two fields"),
        ("#separator:nothing\na\tb\n", "#separator is `nothing`"),
        ("#separator:\na\tb\n", "#separator is ``"),
        ("#separator:one\x0ctwo\na\tb\n", "#separator is `one two`"),
        ("#tags column:x\na\tb\n", "#tags column is `x`"),
        ("#tags column:9\na\tb\n", "#tags column is `9`"),
        ("#columns:Front\tExtra\na\tb\n", "no back"),
        ('a\tb\nc\t"d\n\n', "line 2: a quotation mark is not closed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(PackError, match=message):
        parsed(text, Format.ANKI)
