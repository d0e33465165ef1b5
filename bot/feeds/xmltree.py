"""XML that is no feed (OPML, sitemaps) as a tree: forgiving, without entities, without network."""

from collections.abc import Iterator

from lxml import etree


def read_tree(text: str) -> etree._Element | None:
    """The root of a document, repaired where it is broken; None where nothing of it can be read."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def name_of(element: etree._Element) -> str:
    """An element's name in lower case, without its namespace; '' for comments and the like."""
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def named(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The descendants of this name, whatever their namespace."""
    return (below for below in element.iter() if name_of(below) == name)


def text_of(element: etree._Element, name: str) -> str:
    """The text of the first descendant of this name, '' where there is none."""
    found = next(named(element, name), None)
    return "" if found is None else "".join(str(part) for part in found.itertext()).strip()
