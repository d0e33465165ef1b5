"""JSON-LD: the objects that a page holds about itself, however carelessly written."""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

_MAX_JSON = 1_000_000
_MAX_NODES = 3_000
_DECODER = json.JSONDecoder(strict=False)
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$")
_COMMA_TOO_MANY = re.compile(r",\s*([}\]])")
_NEXT_VALUE = re.compile(r"[\s,;]*[\[{]")


def json_nodes(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """The objects in a page's JSON-LD, those of its graph and main entity too; at most some thousand."""
    budget = _MAX_NODES
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        waiting = _parsed(script.text[:_MAX_JSON])
        while waiting and budget:
            budget -= 1
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting.extend(node[:200])
            elif isinstance(node, dict):
                yield node
                waiting.extend(
                    node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart") if key in node
                )


def _parsed(text: str) -> list[Any]:
    """The values in a script of JSON-LD; a comma too many, several values in a row and what follows them do no harm."""
    text = _WRAPPING.sub("", text)
    return _values(text) or _values(_COMMA_TOO_MANY.sub(r"\1", text))


def _values(text: str) -> list[Any]:
    values: list[Any] = []
    place = 0
    while start := _NEXT_VALUE.match(text, place):
        try:
            value, place = _DECODER.raw_decode(text, start.end() - 1)
        except (ValueError, RecursionError):
            break
        values.append(value)
    return values
