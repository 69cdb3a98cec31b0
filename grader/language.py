"""Sentences in more than one language: written in English, where they are needed, and looked up in a catalogue for another.

A sentence is a text in English, complete in itself, that remembers what it was made from. The catalogues are those of gettext: in
`locale/` the translations (`.po`), which people edit, and what is read here (`.mo`); `scripts/messages` makes the one from the other.
"""

import gettext
import os
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"
LANGUAGES: Mapping[str, str] = MappingProxyType({ENGLISH: "English", "ko": "한국어"})
# What the grader and its reports say; what is known of mistakes in a layer; what the inputs of a layer are called; what the course asks.
DOMAINS = ("messages", "misconceptions", "cases", "tasks")


class Sentence(str):
    """An English text made by `say`.

    Attributes:
        template: The text with its slots, as catalogues know it.
        slots: What stands in the slots: sentences, which are translated too, or numbers, names and the student's own words, which
            are not.
    """

    template: str
    slots: Mapping[str, object]


def say(template: str, /, **slots: object) -> Sentence:
    """Return a sentence. The template is a literal wherever it can be: that is how it gets into the catalogue."""
    sentence = Sentence(template.format(**slots))
    sentence.template, sentence.slots = template, slots
    return sentence


def asked(text: str) -> str:
    """Return a title or description of an assignment: as a sentence if the bundled one has it too, else as the instructor wrote it."""
    others = (language for language in LANGUAGES if language != ENGLISH)
    return say(text) if text and any(_catalogue(language, ("tasks",)).gettext(text) != text for language in others) else text


def paragraph(sentences: Iterable[str]) -> Sentence:
    """Return several sentences as one text."""
    slots = {f"sentence{number}": sentence for number, sentence in enumerate(sentences)}
    template = " ".join(f"{{{name}}}" for name in slots)
    return say(template, **slots)


def translated(said: str, language: str) -> str:
    """Return a sentence in a language; a text that is none, the student's own words or the instructor's, stays as it is."""
    if not isinstance(said, Sentence):
        return said
    slots = {name: translated(slot, language) if isinstance(slot, str) else slot for name, slot in said.slots.items()}
    return template_in(said.template, language).format(**slots)


def template_in(template: str, language: str) -> str:
    """Return the template that the catalogue of a language has for this one, or else this one."""
    return template if language == ENGLISH else _catalogue(language).gettext(template)


def language_of_locale() -> str:
    """Return the language that the environment asks for; English, where there is none or it is unknown here."""
    asked = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    code = re.split("[_.@-]", asked)[0]
    return code if code in LANGUAGES else ENGLISH


@cache
def _catalogue(language: str, domains: tuple[str, ...] = DOMAINS) -> gettext.NullTranslations:
    catalogue = gettext.NullTranslations()
    for domain in domains:
        with (LOCALE / language / "LC_MESSAGES" / f"{domain}.mo").open("rb") as file:
            catalogue.add_fallback(gettext.GNUTranslations(file))
    return catalogue
