import pytest

from bot.dedupe import Identity, all_keys, announce_split, comparable_link, entry_keys, new_entries
from bot.models import Entry

NOW = 1_772_452_800
DAY = 86_400


def keys(**fields) -> tuple[str, ...]:
    return entry_keys([Identity(**fields)])[0]


def known(first: Identity, second: Identity) -> bool:
    """Whether `second`, alone in a later document, is recognised as `first`."""
    return not set(entry_keys([first])[0]).isdisjoint(entry_keys([second])[0])


def entries(*identities: Identity) -> list[Entry]:
    found = entry_keys(list(identities))
    return [
        Entry(key=own[0], other_keys=own[1:], title=one.title, published=one.published)
        for one, own in zip(identities, found, strict=True)
    ]


def dated(title: str, published: int | None) -> Entry:
    return Entry(key=title, title=title, published=published)


def split(new, **options):
    usual = {
        "total": len(new),
        "previous_total": 10,
        "first_poll": False,
        "backfill": 0,
        "last_entry_date": None,
        "last_poll_at": NOW - 300,
        "catch_up": None,
        "now": NOW,
    }
    return announce_split(new, **{**usual, **options})


A = "https://news.example/a/1"


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/a/1",
        "https://www.news.example/a/1",
        "https://NEWS.example/a/1",
        "https://news.example/a/1/",
        "https://news.example/a/1?utm_source=rss&utm_medium=feed",
        "https://news.example/a/1?fbclid=x#top",
        "https://news.example:443/a/1",
    ],
)
def test_the_same_article_under_another_spelling_of_its_address(other):
    assert known(Identity(link=A), Identity(link=other))


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/a/2",
        "https://news.example/A/1",
        "https://news.example/a/1?page=2",
        "https://sport.news.example/a/1",
        "https://news.example:8080/a/1",
    ],
)
def test_another_article_under_a_similar_address(other):
    assert not known(Identity(link=A), Identity(link=other))


@pytest.mark.parametrize(
    ("case", "before", "after", "same"),
    [
        ("the guid stays, the link changes", Identity("1", A), Identity("1", A + "-moved"), True),
        ("the guid changes, the link stays", Identity("1", A, "T"), Identity("2", A, "T"), True),
        ("a date in the guid", Identity("1-monday", A), Identity("1-tuesday", A), True),
        ("a day as the guid", Identity("2026-03-02", A, "One"), Identity("2026-03-02", A + "2", "Two"), False),
        ("a day as the guid, no link", Identity("2026-03-02", title="One"), Identity("2026-03-02", title="Two"), False),
        (
            "a time as the guid, the link changes",
            Identity("Mon, 2 Mar 2026 08:00:00 GMT", A, "One"),
            Identity("Mon, 2 Mar 2026 08:00:00 GMT", A + "2", "One"),
            True,
        ),
        ("a number as the guid", Identity("20260302", A, "One"), Identity("20260302", A + "2", "Two"), True),
        (
            "the front page as the guid",
            Identity("https://x.example/", A, "One"),
            Identity("http://x.example", A + "2", "Two"),
            False,
        ),
        ("guids go to https", Identity("http://x.example/?p=1"), Identity("https://x.example/?p=1"), True),
        ("both change", Identity("1", A), Identity("2", A + "2"), False),
        ("blanks around the guid", Identity("1"), Identity(" 1 "), True),
        ("the letter case of a guid counts", Identity("a"), Identity("A"), False),
        ("an edited title", Identity("1", A, "Old"), Identity("1", A, "New"), True),
        ("no guid and no link, the same words", Identity(title="T", text="x"), Identity(title="T", text="x "), True),
        ("no guid and no link, other words", Identity(title="T", text="x"), Identity(title="T", text="y"), False),
        (
            "no guid and no link, text edited, date stays",
            Identity(title="T", text="x", published=5),
            Identity(title="T", text="y", published=5),
            True,
        ),
        (
            "a front page as the link of all",
            Identity("1", "https://x.example/"),
            Identity("2", "https://x.example"),
            False,
        ),
        ("anchors on one page, ids in them", Identity("", A + "#1"), Identity("", A + "#1"), True),
    ],
)
def test_what_counts_as_the_same_entry(case, before, after, same):
    assert known(before, after) is same, case


def test_a_guid_on_all_entries_identifies_none_of_them():
    old = entries(Identity("same", A + "1"))
    document = entries(Identity("same", A + "3"), Identity("same", A + "2"), Identity("same", A + "1"))
    assert [e.key for e in new_entries(document, all_keys(old), now=NOW)] == [document[1].key, document[0].key]


def test_a_guid_on_all_entries_without_links_is_told_apart_by_title():
    old = entries(Identity("same", title="one"))
    document = entries(Identity("same", title="two"), Identity("same", title="one"))
    assert [e.title for e in new_entries(document, all_keys(old), now=NOW)] == ["two"]


def test_one_page_as_the_link_of_all_entries_hides_none():
    old = entries(Identity("1", A))
    document = entries(Identity("2", A), Identity("1", A))
    assert [e.key for e in new_entries(document, all_keys(old), now=NOW)] == [document[0].key]


def test_anchors_of_one_page_are_different_articles():
    old = entries(Identity("", A + "#1"))
    document = entries(Identity("", A + "#2"), Identity("", A + "#1"))
    assert len(new_entries(document, all_keys(old), now=NOW)) == 1


def test_a_double_within_a_document_is_posted_once():
    document = entries(Identity("1", A, "T"), Identity("1", A, "T"))
    assert len(new_entries(document, (), now=NOW)) == 1


def test_an_entry_without_anything_has_a_key():
    assert len(keys()) == 1


def test_keys_are_short_and_differ():
    found = {key for n in range(500) for key in keys(guid=str(n))}
    assert len(found) == 500
    assert max(map(len, found)) <= 24


@pytest.mark.parametrize("url", ["", "no link", "http://[::1", "http://x.example:99999999/"])
def test_a_broken_address_has_no_comparable_form(url):
    assert comparable_link(url) == ""


@pytest.mark.parametrize(
    ("case", "dates", "order"),
    [
        ("newest first", (3, 2, 1), "CBA"),
        ("oldest first", (1, 2, 3), "ABC"),
        ("no dates", (None, None, None), "CBA"),
        ("no date in the middle", (3, None, 1), "CBA"),
        ("no date at the top", (None, 2, 1), "CBA"),
        ("the same second", (5, 5, 5), "CBA"),
        ("out of order", (2, 3, 1), "CAB"),
        ("a date in the future counts as now", (NOW + DAY, NOW, NOW - 5), "CBA"),
        ("a wrong future date does not overtake a later entry", (NOW, NOW + DAY * 9999, NOW - 5), "CBA"),
    ],
)
def test_the_order_of_posting(case, dates, order):
    document = [dated(name, date) for name, date in zip("ABC", dates, strict=True)]
    assert "".join(e.title for e in new_entries(document, (), now=NOW)) == order, case


def test_a_first_poll_posts_only_the_newest():
    new = [dated(str(n), n) for n in range(5)]
    found = split(new, first_poll=True, backfill=2)
    assert [e.title for e in found.announced] == ["3", "4"]
    assert [e.title for e in found.silent] == ["0", "1", "2"]


@pytest.mark.parametrize(("backfill", "posted"), [(0, 0), (3, 3), (99, 5), (-1, 0)])
def test_backfill_is_kept_within_what_is_there(backfill, posted):
    assert len(split([dated(str(n), n) for n in range(5)], first_poll=True, backfill=backfill).announced) == posted


def test_new_ids_on_all_entries_do_not_flood():
    new = [dated(str(n), NOW - DAY * n) for n in range(1, 11)]
    found = split(new, previous_total=10, last_entry_date=NOW - DAY)
    assert (len(found.announced), len(found.silent)) == (0, 10)


def test_entries_after_the_last_known_one_are_posted_though_all_ids_changed():
    new = [dated(str(n), NOW - DAY * n) for n in range(11)]
    found = split(new, previous_total=10, last_entry_date=NOW - DAY)
    assert [e.title for e in found.announced] == ["0"]


@pytest.mark.parametrize(
    ("case", "new", "total", "previous"),
    [
        ("a burst beside what was known", 500, 510, 10),
        ("a feed that was empty", 20, 20, 0),
        ("a feed of one entry that changes", 1, 1, 1),
        ("half of it is new", 10, 20, 20),
    ],
)
def test_what_looks_like_new_ids_but_is_not(case, new, total, previous):
    undated = [dated(str(n), None) for n in range(new)]
    assert len(split(undated, total=total, previous_total=previous).announced) == new, case


def test_after_a_downtime_what_is_older_than_the_limit_fills_the_archive():
    new = [dated("old", NOW - 5 * DAY), dated("undated", None), dated("late", NOW - DAY)]
    found = split(new, total=20, catch_up=2 * DAY, last_poll_at=NOW - 9 * DAY)
    assert [e.title for e in found.announced] == ["undated", "late"]


def test_what_stood_in_the_feed_unseen_while_the_program_did_not_run_is_old_by_the_limit_however_short_that_was():
    new = [dated("old", NOW - 5 * DAY), dated("late", NOW - DAY)]
    found = split(new, total=20, catch_up=2 * DAY, last_poll_at=NOW - 300, running_since=NOW - 10)
    assert [e.title for e in found.announced] == ["late"]


def test_without_a_downtime_an_old_date_silences_nothing():
    new = [dated("old", NOW - 5 * DAY)]
    assert len(split(new, catch_up=2 * DAY, last_poll_at=NOW - 300).announced) == 1


def test_a_feed_without_any_dates_whose_entries_are_all_new_is_posted():
    new = [Entry(key=f"k{number}", title=f"Title {number}") for number in range(20)]
    split = announce_split(
        new,
        total=20,
        previous_total=20,
        first_poll=False,
        backfill=0,
        last_entry_date=None,
        last_poll_at=1_000,
        catch_up=None,
        now=2_000,
    )
    assert len(split.announced) == 20
