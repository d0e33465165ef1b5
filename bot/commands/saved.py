"""/saved: what a reader has put by with ☆, page by page; the stars under posts and search hits lead here."""

from collections.abc import Sequence

from bot.calls import Call, Reply
from bot.commands.call import Command, Context
from bot.commands.lists import listed
from bot.format import article_list, notice
from bot.models import Article, Button, Message

PAGE_SIZE = 5
LONGEST_NUMBER = len(str(2**62))
STAR = "☆"
END = "✕"
DEEP_LINK = "save_"


async def saved(call: Call, context: Context) -> Reply:
    """Show the first page of the reader's list."""
    return Reply((await _page(call, context, 0),))


async def press(call: Call, context: Context) -> Reply:
    """Put an article by or take it out (s), take it out of the list shown (d), or turn a page (p)."""
    speak = context.phrases(call)
    action, _, rest = call.argument.partition(":")
    numbers = [_number(part) for part in rest.split(":")]
    if action in {"d", "p"} and not call.is_private and numbers.pop() != call.user_id:
        return Reply(alert=speak.say("saved_of_another"))
    match action, numbers:
        case "s", [int(article_id)]:
            return Reply(toast=await toggle(call, context, article_id))
        case "d", [int(article_id), int(page)]:
            await context.readers.unsave(call.user_id, article_id)
            return Reply(edit=await _page(call, context, page))
        case "p", [int(page)]:
            return Reply(edit=await _page(call, context, page))
    return Reply(alert=speak.say("old_button"))


async def toggle(call: Call, context: Context, article_id: int) -> str:
    """Put an article by, or take it out if it was; return what to tell the reader."""
    speak = context.phrases(call)
    if await context.readers.save(call.user_id, article_id, context.now):
        return speak.say("saved_added")
    was_there = await context.readers.unsave(call.user_id, article_id)
    return speak.say("saved_removed" if was_there else "saved_unknown")


async def save_from_link(call: Call, context: Context) -> Reply:
    """Put the article by that a link under a channel's post names; once more changes nothing."""
    article_id = _number(call.argument.removeprefix(DEEP_LINK))
    speak = context.phrases(call)
    if article_id is None or not call.user_id:
        return Reply((notice(speak.say("saved_unknown")),))
    is_new = await context.readers.save(call.user_id, article_id, context.now)
    is_there = is_new or await context.readers.has_saved(call.user_id, article_id)
    return Reply((notice(speak.say("saved_added" if is_there else "saved_unknown")),))


def stars(articles: Sequence[Article]) -> tuple[Button, ...]:
    """Return a button for each article of a numbered list."""
    return tuple(Button(f"{STAR} {number}", f"saved:s:{one.id}") for number, one in enumerate(articles, 1))


async def _page(call: Call, context: Context, page: int) -> Message:
    speak = context.phrases(call)
    # In a group everybody can press: there the buttons say whose list this is.
    whose = "" if call.is_private else f":{call.user_id}"
    found = await context.readers.saved(call.user_id, page=page, page_size=PAGE_SIZE)
    pages = -(-found.total // PAGE_SIZE)
    if not found.articles and page > 0 and pages > 0:
        return await _page(call, context, pages - 1)
    if not found.articles:
        return notice(speak.say("saved_nothing"))
    title = speak.say("saved_title")
    rows = [tuple(Button(f"{END} {n}", f"saved:d:{one.id}:{page}{whose}") for n, one in enumerate(found.articles, 1))]
    if pages > 1:
        title += " · " + speak.say("page", page=page + 1, pages=pages)
        turn = [(page - 1, "previous")] if page > 0 else []
        turn += [(page + 1, "next")] if page + 1 < pages else []
        rows.append(tuple(Button(speak.say(key), f"saved:p:{number}{whose}") for number, key in turn))
    items = [listed(one, speak, context.now, number=number) for number, one in enumerate(found.articles, 1)]
    return article_list(items, title=title, right_to_left=speak.right_to_left, buttons=tuple(rows))[0]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER else None


SAVED = Command("saved", saved, press=press)
