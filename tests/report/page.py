"""What a page is made of, parsed."""

from html.parser import HTMLParser
from typing import Any

from grader.report import html

Results = dict[str, Any]
VOID = {"meta", "br", "input", "rect", "line"}
INLINE = {"a", "b", "bdi", "code", "small", "span", "text"}


class Page(HTMLParser):
    """What a page is made of; an element that is not closed where it should be is a mistake."""

    def __init__(self, text: str, language: str = "en") -> None:
        """Parse the text, of whose words those in other languages are hidden by the page's switch."""
        super().__init__()
        self.language = language
        self.hidden = 0
        self.source = text
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.style = ""
        self.script = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element; no attribute may be there twice."""
        assert len(dict(attrs)) == len(attrs)
        self.words += "" if tag in INLINE else " "
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self.hidden += bool(self.hidden) or (tag == "span" and dict(attrs).get("lang", self.language) != self.language)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that has no content."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be this one."""
        assert self.open.pop() == tag
        self.hidden -= bool(self.hidden)
        self.words += "" if tag in INLINE else " "

    def handle_data(self, data: str) -> None:
        """Keep the words that a reader sees."""
        if self.open and self.open[-1] == "style":
            self.style += data
        elif self.open and self.open[-1] == "script":
            self.script += data
        elif not self.hidden:
            self.words += data

    def values(self, name: str) -> list[str]:
        """Return every value of an attribute."""
        return [attrs[name] or "" for _, attrs in self.elements if name in attrs]

    def said(self) -> str:
        """Return the words with single blanks."""
        return " ".join(self.words.split())


def pages_of(results: Results, language: str = "en") -> dict[str, str]:
    """Return every page by its path."""
    return {path: "".join(pieces) for path, pieces in html.pages(results, language)}
