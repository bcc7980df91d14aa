"""Our documents as tests read them: their headings, links, tables, and the commands and examples in them."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
DOCUMENTS: Final = tuple(
    sorted(
        path.relative_to(ROOT).as_posix()
        for pattern in ("*.md", "docs/*.md", "requirements/*.md")
        for path in ROOT.glob(pattern)
    )
)
PROGRAMS: Final = ("enablers", ".venv/bin/enablers", "make", "curl")


@dataclass(frozen=True, slots=True)
class Fence:
    """A block of code with the word after its fence."""

    kind: str
    text: str


def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def list_fences(document: str) -> Iterator[Fence]:
    for kind, text in re.findall(r"^```(\w*)\n(.*?)^```$", read(document), re.MULTILINE | re.DOTALL):
        yield Fence(kind, text)


def list_commands(document: str) -> Iterator[list[str]]:
    """Give the commands in blocks of code, as a shell takes them apart."""
    text = read(document)
    shells = [fence.text for fence in list_fences(document) if fence.kind == "sh"]
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    shells += re.findall(r"(?:^ {4}\S.*\n)+", prose, re.MULTILINE)
    for shell in shells:
        words: list[str] = []
        for line in shell.replace("\\\n", " ").splitlines():
            words.append(line.strip())
            try:
                command = shlex.split(" ".join(words))
            except ValueError:  # a quote that is closed further down
                continue
            words.clear()
            if command and command[0] in PROGRAMS:
                yield command


def list_table(document: str, heading: str = "") -> Iterator[list[str]]:
    """Give the rows of the tables under a heading, or of the whole document, without the lines of dashes."""
    text = read(document)
    if heading:
        text = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    for line in text.splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def sections(document: str) -> dict[str, str]:
    """Give what stands under each second heading."""
    _, *parts = re.split(r"^## ", read(document), flags=re.MULTILINE)
    return {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}


def list_links(document: str) -> list[str]:
    """Give the targets of links and pictures that are not on the web."""
    prose = re.sub(r"^```.*?^```$", "", read(document), flags=re.MULTILINE | re.DOTALL)
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", prose) if "://" not in target]


def list_anchors(document: str) -> set[str]:
    """Give the anchors that headings get."""
    headings = re.findall(r"^#+ (.*)$", read(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
