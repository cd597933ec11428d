"""`/pay`: what a role is paid, one table a source, never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core.command import Arguments, Command, Context, Kind, Option, Outcome, Visibility
from bot.core.content.models import Pay, Role
from bot.core.intents import Run
from bot.core.views import Actions, Block, Button, Heading, Notice, Prose, Table, Text, View
from bot.core.wording import Footnotes, date_in_words, in_sentence, is_old, listed, pay_amount

COLUMNS = ("Counted as", "A year", "Figure", "Basis", "Records", "Date", "Confidence")


async def pay(arguments: Arguments, context: Context) -> Outcome:
    """The pay of a role, in one country or in all that there are figures for."""
    role = context.catalogue.role(arguments["role"])
    country = arguments.get("country")
    figures = [figure for figure in role.pay if country in (None, figure.country)]
    notes = Footnotes(context.catalogue.content.sources)
    where = f", {_country(country, context)}" if country else ""
    title = f"Pay: {in_sentence(role.name)}{where}"
    blocks: list[Block] = [*pay_tables(figures, context, notes)]
    if not figures:
        blocks.append(Prose((Text("There is no reliable public figure that we know of."),)))
    if role.pay_note:
        blocks.append(Prose(notes.cite(role.pay_note)))
    blocks += notes.blocks()
    if figures:
        blocks.append(
            Notice((Text("Figures from different sources are never averaged or mixed."),))
        )
    blocks.append(Actions(tuple(_buttons(role, country, context))))
    return View(title, tuple(blocks), fallback=f"{title}: {len(figures)} figures with sources.")


def _country(code: str, context: Context) -> str:
    return context.catalogue.content.countries[code].name


def pay_tables(
    figures: Iterable[Pay], context: Context, notes: Footnotes, *, headings: bool = True
) -> Iterator[Block]:
    """One table for each country and source, with a remark where a figure is old."""
    tables: dict[tuple[str, str], list[Pay]] = {}
    for figure in figures:
        tables.setdefault((figure.country, figure.source), []).append(figure)
    for (country, source), rows in tables.items():
        publisher = context.catalogue.content.sources[source].publisher
        label = f"{_country(country, context)}: {publisher}"
        mark = notes.mark((source,), rows[0].as_of).text
        yield Heading(label + mark) if headings else Prose((Text(label + mark),))
        yield Table(COLUMNS, tuple(_row(row) for row in rows))
        yield from old_figures(rows, context)


def old_figures(figures: Iterable[Pay], context: Context) -> Iterator[Block]:
    """A remark that names the dates of the figures that are older than 12 months."""
    old = sorted({figure.as_of for figure in figures if is_old(figure.as_of, context.today)})
    if old:
        dates = listed(date_in_words(as_of) for as_of in old)
        yield Notice((Text(f"Older than 12 months: figures of {dates}."),))


def _row(figure: Pay) -> tuple[str, ...]:
    return (
        figure.title,
        pay_amount(figure),
        f"{figure.statistic}, {figure.what}",
        figure.basis,
        f"{figure.records:,}" if figure.records else "not given",
        date_in_words(figure.as_of),
        figure.confidence.value,
    )


def _buttons(role: Role, country: str | None, context: Context) -> Iterator[Button]:
    for code in dict.fromkeys(figure.country for figure in role.pay):
        if code != country:
            yield Button(f"Only {_country(code, context)}", Run("pay", (role.id, code)))
    if country:
        yield Button("All countries", Run("pay", (role.id,)))
    yield Button("About this role", Run("role", (role.id,)))


COMMAND = Command(
    name="pay",
    description="What a role is paid, by country and source, with dates and how sure it is",
    options=(
        Option("role", "A role, such as data scientist", Kind.ROLE),
        Option("country", "Only figures for this country", Kind.COUNTRY, required=False),
    ),
    visibility=Visibility.PUBLIC,
    handler=pay,
    example="data-scientist UK",
)
