"""OPML: the list of feeds that other readers export, folders and all."""

from lxml import etree

from bot.models import FeedOptions, FeedSource


def read_opml(body: bytes) -> list[FeedSource]:
    """The feeds of an OPML document, each once, with its folders and categories as tags.

    Entities are not expanded, and nothing else is read for it.

    Raises:
        ValueError: it is no OPML, or names no feed.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or _name(root) != "opml":
        raise ValueError("it is no OPML file")
    feeds: dict[str, FeedSource] = {}
    for outline in root.iter():
        url = _attribute(outline, "xmlurl") if _name(outline) == "outline" else ""
        if url.lower().startswith(("http://", "https://")):
            feeds.setdefault(url, FeedSource(url, FeedOptions(tags=_tags(outline))))
    if not feeds:
        raise ValueError("it names no feed (no outline with xmlUrl)")
    return list(feeds.values())


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _tags(outline: etree._Element) -> tuple[str, ...]:
    folders = [
        _attribute(folder, "text") or _attribute(folder, "title")
        for folder in reversed(list(outline.iterancestors()))
        if _name(folder) == "outline"
    ]
    categories = [part for path in _attribute(outline, "category").split(",") for part in path.split("/")]
    named = {name.casefold(): name for name in reversed([tag.strip() for tag in (*folders, *categories)]) if name}
    return tuple(reversed(named.values()))


def _attribute(element: etree._Element, name: str) -> str:
    """An attribute whatever its letter case: exporters do not agree."""
    return next((str(value).strip() for key, value in element.attrib.items() if str(key).lower() == name), "")
