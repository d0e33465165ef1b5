"""The language of a text: by CLD2's n-grams, by its script where the text is too short for those."""

import re

import pycld2

from .plain import scrub

_SAMPLE = 1_500
_SCRIPTS = tuple(
    (language, re.compile(f"[{letters}]"))
    for language, letters in (
        ("ja", "\u3041-\u30fa\u30fc-\u30ff\uff66-\uff9d"),
        ("ko", "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"),
        ("zh", "\u3400-\u4dbf\u4e00-\u9fff"),
        ("th", "\u0e01-\u0e5b"),
        ("lo", "\u0e81-\u0edf"),
        ("km", "\u1780-\u17f9"),
        ("my", "\u1000-\u109f"),
        ("el", "\u0370-\u03ff\u1f00-\u1fff"),
        ("he", "\u0591-\u05f4"),
        ("hy", "\u0531-\u058f"),
        ("ka", "\u10a0-\u10ff"),
        ("am", "\u1200-\u139f"),
        ("bn", "\u0981-\u09fe"),
        ("pa", "\u0a01-\u0a76"),
        ("gu", "\u0a81-\u0aff"),
        ("ta", "\u0b82-\u0bfa"),
        ("te", "\u0c00-\u0c7f"),
        ("kn", "\u0c80-\u0cf2"),
        ("ml", "\u0d00-\u0d7f"),
        ("si", "\u0d81-\u0df4"),
        ("hi", "\u0900-\u097f"),
        ("ar", "\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"),
        ("ru", "\u0400-\u052f"),
    )
)
_OTHER_NAMES = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "jw": "jv", "fil": "tl", "ji": "yi", "mo": "ro"}
_USES_SCRIPT = {
    "ar": ("ar", "fa", "ur", "ps", "ku", "ckb", "sd", "ug"),
    "hi": ("hi", "mr", "ne", "sa"),
    "zh": ("zh", "ja"),
}
_CYRILLIC = ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "tt")


def detect_language(text: str, hint: str = "") -> str:
    """The ISO 639-1 code of the text's language (639-3 where there is none), '' where nothing tells.

    `hint` is what the page or the feed says of itself (`pt-BR`, `en_US`): it counts where the text leaves doubt.
    """
    sample = scrub(text[:_SAMPLE])
    hint = primary_code(hint)
    try:
        _, _, found = pycld2.detect(sample, bestEffort=True, hintLanguage=hint or None)
    except (pycld2.error, ValueError):
        found = ()
    for _, code, share, _ in found:
        if code != "un" and share > 0:
            return primary_code(code)
    script = _script_of(sample)
    return hint if not script or hint in _CYRILLIC * (script == "ru") + _USES_SCRIPT.get(script, ()) else script


def primary_code(tag: str) -> str:
    """The language of a language tag: 'pt' of 'pt-BR', '' where it is none."""
    code = re.split(r"[-_]", tag.strip().lower(), maxsplit=1)[0]
    code = _OTHER_NAMES.get(code, code)
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _script_of(sample: str) -> str:
    """The language that the text's script stands for, '' for Latin letters: they stand for too many."""
    counts = {language: len(pattern.findall(sample)) for language, pattern in _SCRIPTS}
    return max(counts, key=lambda language: counts[language]) if any(counts.values()) else ""
