"""What the documentation site has beside docs/: the files that documents point to, lists of decisions and of properties, and formulas as MathML.

Documents are read in the repository, too, where a link to a file of it just works. On the site that file is a page.
"""

import inspect
import re
from html import unescape
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from grader.properties import PROPERTIES
from grader.properties.laws import LAWS

ROOT = Path(__file__).parent.parent
OUTWARD = re.compile(r"\]\((?P<link>(?:\.\./)+[^)#]+)(?:#[^)]*)?\)")
FORMULA = re.compile(r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL)
DECISIONS = PurePosixPath("decisions/index.md")
PLACE_OF_PROPERTIES = re.compile("<!-- properties.*?-->")
LANGUAGES = {".py": "python", ".yaml": "yaml", ".xsd": "xml"}


def pointed_to(link: str, document: PurePosixPath) -> str:
    """Return the path in the repository that a link of a document means, or "" where it stays within docs/."""
    path = normpath(PurePosixPath("docs") / document.parent / link)
    return "" if path.startswith("docs/") else path


def shown(path: Path) -> str:
    """Return a page about a file, or a folder, of the repository."""
    name = path.relative_to(ROOT)
    if path.is_dir():
        inside = sorted(f"{one.name}/" if one.is_dir() else one.name for one in path.iterdir() if not one.name.startswith(("__", ".")))
        return f"# `{name}/`\n\n" + "\n".join(f"- `{one}`" for one in inside)
    return f"---\nsearch: {{exclude: true}}\n---\n\n# `{name}`\n\n````{LANGUAGES.get(path.suffix, 'text')}\n{path.read_text(encoding='utf-8')}\n````"


def decisions(files: Files) -> str:
    """Return a list of the decisions, by their titles."""
    pages = sorted((file for file in files if re.match(r"decisions/\d", file.src_uri)), key=lambda file: file.src_uri)
    titles = {PurePosixPath(file.src_uri).name: file.content_string.splitlines()[0].removeprefix("# ") for file in pages}
    return "\n".join(f"- [{title}]({name})" for name, title in titles.items())


def properties() -> str:
    """Return a table of the properties, in the words of their files: what must hold, and what that bears."""
    rows = [
        f"| {found.__name__.rpartition('.')[2]} | {_first(found)} | {_first(found.checks)} |"  # type: ignore[attr-defined]
        for found in PROPERTIES
        if found not in LAWS
    ]
    return "\n".join(["| property | what must hold | what that bears |", "|---|---|---|", *rows])


def _first(documented: object) -> str:
    return (inspect.getdoc(documented) or "").partition("\n")[0]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add a page for each file of the repository that a document points to."""
    outward = {
        pointed_to(link["link"], PurePosixPath(file.src_uri))
        for file in files.documentation_pages()
        for link in OUTWARD.finditer(file.content_string)
    }
    for path in sorted(outward - {""}):
        page = File.generated(config, f"files/{path}.md", content=shown(ROOT / path), inclusion=InclusionLevel.NOT_IN_NAV)
        files.append(page)
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Have links out of docs/ lead to those pages, and list the decisions and the properties."""
    document = PurePosixPath(page.file.src_uri)
    if document == DECISIONS:
        return f"{markdown}\n{decisions(files)}"

    def inward(link: re.Match[str]) -> str:
        path = pointed_to(link["link"], document)
        return f"]({relpath(f'files/{path}.md', document.parent)})" if path else link[0]

    return markdown if document.parts[0] == "files" else PLACE_OF_PROPERTIES.sub(lambda _: properties(), OUTWARD.sub(inward, markdown))


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Write formulas so that browsers show them without a script."""
    return FORMULA.sub(lambda found: convert(unescape(found[2]), display="block" if found[1] == "div" else "inline"), html)
