"""Documents of every kind become entries with a clean title and a safe link, or nothing."""

from __future__ import annotations

import contextlib
import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.feeds import MAX_TITLE, FeedEntry
from bot.feeds.decoding import MOST_ATTRIBUTES, MOST_TAGS, NotAFeedError, decode
from bot.feeds.parse import MOST_ENTRIES, parse
from tests.feeds.samples import ATOM, NOW, RSS1, RSS2, an_item, rss

URL = "https://news.example/feeds/all.xml"


def parsed(document: str | bytes, charset: str = "") -> tuple[FeedEntry, ...]:
    body = document.encode() if isinstance(document, str) else document
    return parse(body, charset, URL, "news", NOW)


def titles(document: str | bytes, charset: str = "") -> list[str]:
    return [entry.title for entry in parsed(document, charset)]


def links(*items: str) -> list[str]:
    return [entry.link for entry in parsed(rss(*items))]


def test_rss_has_titles_links_and_dates_and_nothing_else_is_kept() -> None:
    first, second = parsed(RSS2)
    assert (first.feed, first.title) == ("news", "Vectors & more")
    assert first.published == dt.datetime(2026, 11, 19, 7, tzinfo=dt.UTC)
    assert (second.published, second.seen) == (None, NOW)
    assert "article" not in repr((first, second))


def test_atom_has_the_date_of_publication_and_its_own_base() -> None:
    (entry,) = parsed(ATOM)
    assert entry.title == "An html title & more"
    assert entry.link == "https://blog.example/posts/one"
    assert entry.published == dt.datetime(2026, 11, 18, 7, tzinfo=dt.UTC)


def test_rss_1_has_its_dates_too() -> None:
    (entry,) = parsed(RSS1)
    assert (entry.title, entry.published) == (
        "From RDF",
        dt.datetime(2026, 11, 17, 9, tzinfo=dt.UTC),
    )


# Encodings


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("utf-8", "Größe – 数据"),
        ("utf-8-sig", "Größe – 数据"),
        ("utf-16", "Größe – 数据"),
        ("iso-8859-1", "Größe"),
        ("windows-1252", "Größe – “x”"),
        ("iso-8859-2", "Łódź"),
        ("windows-1251", "Данные"),
        ("koi8-r", "Данные"),
        ("shift_jis", "データ"),
        ("iso-2022-jp", "データ"),
        ("euc-kr", "데이터"),
        ("gb18030", "数据"),
        ("big5", "資料"),
    ],
)
@pytest.mark.parametrize("where", ["declaration", "header"])
def test_an_encoding_is_understood_from_the_document_or_the_header(
    encoding: str, title: str, where: str
) -> None:
    declared = where == "declaration"
    head = f'<?xml version="1.0" encoding="{encoding}"?>' if declared else ""
    body = (head + rss(an_item(title))).encode(encoding)
    assert titles(body, "" if declared else encoding) == [title]


def test_utf_16_needs_no_mark() -> None:
    assert titles(rss(an_item("数据")).encode("utf-16-be")) == ["数据"]
    assert titles(rss(an_item("数据")).encode("utf-16-le")) == ["数据"]


def test_a_document_that_only_says_that_it_is_utf_16_is_none() -> None:
    document = '<?xml version="1.0" encoding="utf-16"?>' + rss(an_item("Größe"))
    assert titles(document.encode(), "utf-16") == ["Größe"]


def test_the_document_knows_better_than_the_header() -> None:
    document = '<?xml version="1.0" encoding="utf-8"?>' + rss(an_item("Größe"))
    assert titles(document.encode(), "iso-8859-1") == ["Größe"]


@pytest.mark.parametrize("charset", ["", "utf-8", "ascii", "nonsense", "punycode", "zip", "\0"])
def test_a_wrong_encoding_is_survived(charset: str) -> None:
    head = f'<?xml version="1.0" encoding="{charset}"?>'
    assert titles((head + rss(an_item("Größe"))).encode("cp1252"), charset) == ["Größe"]
    assert titles((head + rss(an_item("Größe"))).encode(), charset) in (["Größe"], ["GrÃ¶ÃŸe"])


@given(st.binary(max_size=200), st.text(max_size=20))
def test_any_bytes_become_text(body: bytes, charset: str) -> None:
    assert isinstance(decode(body, charset), str)


# Broken and hostile documents


def test_broken_xml_is_read_as_far_as_it_can_be_understood() -> None:
    items = f"<item>{an_item('One & two')}</item><item>{an_item('Three', '/b')}"
    assert titles(f"<rss version='2.0'><channel>{items}") == ["One & two", "Three"]


def test_an_undeclared_namespace_and_an_unknown_entity_do_no_harm() -> None:
    assert titles(rss(an_item("Caf&eacute; &nope;", more="<x:y>z</x:y>")))[0].startswith("Café")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha" * 10}">' for n in range(12))


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE rss [{LAUGHS}]>",
        f'<?xml version="1.0"?><!-- <a --><!DOCTYPE rss [{LAUGHS}]>',
        f'<!DOCTYPE rss [<!ENTITY l11 "{"ha" * 100_000}">]>',
        '<!DOCTYPE rss [<!ENTITY l11 SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:1/x.dtd"> %p;]>',
    ],
    ids=["laughs", "hidden laughs", "one large entity", "a file", "an address"],
)
@pytest.mark.parametrize("end", ["", "</channel"], ids=["whole", "broken"])
def test_entities_are_not_expanded(doctype: str, end: str) -> None:
    document = doctype + rss(an_item("&l11;" * 1_000 + " or not")) + end
    for title in titles(document):
        assert "ha" not in title
    for encoding in ("utf-8", "utf-16"):
        assert "haha" not in str(titles(document.encode(encoding)))


@pytest.mark.parametrize(
    "document",
    [
        "<rss><a " * (MOST_TAGS // 2 + 1),
        "<rss " + " ".join(f"a{n}='x'" for n in range(MOST_ATTRIBUTES + 1)) + "/>",
    ],
    ids=["tags", "attributes"],
)
def test_what_would_keep_the_parser_busy_is_refused(document: str) -> None:
    with pytest.raises(NotAFeedError, match="more tags or attributes"):
        parsed(document)


@pytest.mark.parametrize(
    "document",
    [
        '<?xml encoding="' * 60_000,
        "<rss>" + '<a xml:base="' + "b/" * 400_000 + '">' + "</a>",
        "<rss>" + ('<a xml:base="' + "b/" * 480 + '">') * 900 + "</a>" * 900 + "</rss>",
        '<?xml version="1.0" encoding="punycode"?>' + "-a" * 400_000,
        "<!DOCTYPE " + "[" * 900_000,
        "<rss><channel><item><title>" + "&lt;b" * 180_000 + "</title></item></channel></rss>",
        "<rss><channel><item><pubDate>" + "1-1-" * 200_000 + "</pubDate></item></channel></rss>",
    ],
    ids=["declarations", "a base", "bases", "punycode", "a doctype", "a title", "a date"],
)
def test_a_megabyte_of_nonsense_comes_to_an_end(document: str) -> None:
    found: tuple[FeedEntry, ...] = ()
    with contextlib.suppress(NotAFeedError):
        found = parsed(document)
    assert found == ()


@given(st.text(alphabet="<>/&;:!?[]-=\"' abrsitemlnkx\0\n", max_size=300))
def test_any_markup_is_a_feed_or_none(text: str) -> None:
    try:
        found = parsed(f"<rss><channel><item>{text}")
    except NotAFeedError:
        return
    assert len(found) <= MOST_ENTRIES


@pytest.mark.parametrize("name", ["/etc/hostname", "https://127.0.0.1:1/", "file:///etc/hostname"])
def test_bytes_that_name_something_are_not_followed(name: str) -> None:
    with pytest.raises(NotAFeedError):
        parsed(name)


# Entries


def test_entries_without_a_title_or_a_link_are_left_out() -> None:
    items = (
        "<title>No link</title>",
        "<link>https://news.example/untitled</link>",
        an_item("\u200b \u202e"),
        an_item("Kept"),
    )
    assert titles(rss(*items)) == ["Kept"]


@pytest.mark.parametrize(
    ("given_title", "title"),
    [
        ("  Two\n lines\t ", "Two lines"),
        ("<![CDATA[<b>Bold</b> &amp; <i>more</i>]]>", "Bold & more"),
        ("List&lt;String&gt; in Java", "List<String> in Java"),
        ("evil\u202egnp.exe\u2066\u200f\u0007", "evil gnp.exe"),
        ("x" * 500, "x" * (MAX_TITLE - 1) + "…"),
        ("@everyone &lt;!channel&gt; [a](b)", "@everyone <!channel> [a](b)"),
    ],
)
def test_a_title_is_one_line_of_words(given_title: str, title: str) -> None:
    (found,) = titles(rss(an_item(given_title)))
    assert found == title
    assert found.isprintable()
    assert len(found) <= MAX_TITLE


@pytest.mark.parametrize(
    ("given_link", "link"),
    [
        ("https://news.example/a?b=c&amp;d=e#f", "https://news.example/a?b=c&d=e#f"),
        ("/a", "https://news.example/a"),
        ("b.html", "https://news.example/feeds/b.html"),
        ("//other.example/a", "https://other.example/a"),
        ("https://news.example/größe x", "https://news.example/gr%C3%B6%C3%9Fe%20x"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://News.Example:443", "https://news.example/"),
    ],
)
def test_links_are_whole_and_plain(given_link: str, link: str) -> None:
    assert links(an_item(link=given_link)) == [link]


@pytest.mark.parametrize(
    "link",
    [
        "http://news.example/a",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://bank.example@evil.example/",
        "https://user:word@evil.example/",
        "https:///a",
        "https://[::1]/",
        "https://localhost/a",
        "https://news.example:99999/",
        "https://news.example/" + "a" * 300,
        "https://" + "a" * 100_000 + "é.example/",
        "https://[",
    ],
)
def test_other_links_are_left_out(link: str) -> None:
    assert links(an_item(link=link), an_item(link="https://news.example/kept")) == [
        "https://news.example/kept"
    ]


def test_an_entry_has_one_id_however_long_and_stands_there_once() -> None:
    items = [
        an_item("One", more="<guid>a</guid>"),
        an_item("One again", more="<guid>a</guid>"),
        an_item("Two", more=f"<guid>{'b' * 100_000}</guid>"),
        an_item("Three", "https://news.example/three"),
    ]
    found = parsed(rss(*items))
    assert len(found) == 3
    assert {len(entry.id) for entry in found} == {32}
    assert set("".join(entry.id for entry in found)) <= set(string.hexdigits)
    assert [entry.id for entry in parsed(rss(*items))] == [entry.id for entry in found]


def test_a_date_is_never_later_than_now_and_a_bad_one_is_none() -> None:
    def dated(date: str) -> dt.datetime | None:
        (entry,) = parsed(rss(an_item(more=f"<pubDate>{date}</pubDate>")))
        return entry.published

    assert dated("Fri, 01 Jan 2100 00:00:00 GMT") == NOW
    for bad in ("", "soon", "Mon, 99 Foo 2026 99:99:99", "-1", "x" * 400):
        assert dated(bad) is None


def test_only_the_first_entries_of_a_long_feed_are_looked_at() -> None:
    many = [an_item(f"Title {n}", f"https://news.example/{n}") for n in range(MOST_ENTRIES + 5)]
    assert titles(rss(*many)) == [f"Title {n}" for n in range(MOST_ENTRIES)]
