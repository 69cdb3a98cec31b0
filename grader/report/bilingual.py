"""Text of a page in every language at once: the page's switch decides which of them shows."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from markupsafe import Markup, escape

from grader.language import ENGLISH, LANGUAGES, Sentence, template_in, translated
from grader.report.figures import figure
from grader.report.spoken import Results, respoken
from grader.text import visible


class Told(str):
    """A text with what it is in other languages: `others`, by language."""

    others: Mapping[str, str]

    def each(self, change: Callable[[str], str]) -> "Told":
        """Return the text changed in every language."""
        return told(change(str(self)), {language: change(text) for language, text in self.others.items()})


def told(text: str, others: Mapping[str, str]) -> Told:
    """Return a text in all languages."""
    made = Told(text)
    made.others = others
    return made


def joined(texts: Iterable[str]) -> Told:
    """Return texts with commas between them, in all languages."""
    each = {language: ", ".join(in_language(text, language) for text in texts) for language in LANGUAGES}
    return told(each[ENGLISH], each)


def in_all_languages(part: Results) -> Results:
    """Return one submission, or what stands beside them, with its sentences told in every language that it has translations for."""
    tables = part["translations"]

    def tell(text: str) -> str:
        others = {language: table[text] for language, table in tables.items() if text in table and language in LANGUAGES}
        return told(text, others) if others else text

    return respoken(part, tell)


def printable(value: Any) -> Any:
    """Return what a page shows for a value. The environment calls it on everything that a template prints."""
    kind = type(value)
    if kind is Markup:
        return value
    if kind is str:
        return _escaped(value)
    if isinstance(value, Told):
        return _shown(str(value), tuple(value.others.items()))
    if isinstance(value, Sentence):
        return _switched({language: escape(in_language(value, language)) for language in LANGUAGES})
    return in_language(value, ENGLISH)


@lru_cache(maxsize=4096)
def _escaped(text: str) -> Markup:
    """Return a text as it is shown in any language: ids, names and marks are on every page many times."""
    return escape(visible(text))


@lru_cache(maxsize=2048)
def _shown(text: str, others: tuple[tuple[str, str], ...]) -> Markup:
    """Return a told text with its switch: the titles of checks are on every page, and on each many times."""
    in_each = dict.fromkeys(LANGUAGES, text) | dict(others)
    return _switched({language: escape(visible(each)) for language, each in in_each.items()})


def say(template: str, /, **slots: Any) -> Markup:
    """Return a sentence of a template in every language; its slots may hold markup."""
    return _switched({language: said(template, language, **slots) for language in LANGUAGES}) if slots else _fixed(template)


@cache
def _fixed(template: str) -> Markup:
    """Return a sentence without slots: a page has hundreds, and most of them many times."""
    return _switched({language: said(template, language) for language in LANGUAGES})


def said(template: str, language: str, /, **slots: Any) -> Markup:
    """Return a sentence of a template in one language."""
    shown = {name: in_language(slot, language) for name, slot in slots.items()}
    return Markup(escape(template_in(template, language))).format(**shown)


def in_language(value: Any, language: str) -> Any:
    """Return what a page shows for a value in one language."""
    if isinstance(value, Told):
        return visible(value.others.get(language, str(value)))
    if isinstance(value, Sentence):
        return visible(translated(value, language))
    if isinstance(value, float):
        return figure(value)
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _switched(texts: Mapping[str, Markup]) -> Markup:
    """Return texts of which the page shows one; what is the same in all languages is there once."""
    if len(set(texts.values())) == 1:
        return texts[ENGLISH]
    return Markup("".join(f'<span lang="{language}">{text}</span>' for language, text in texts.items()))  # each is escaped already
