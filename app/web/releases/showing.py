"""A published release as a reply: in words, with an entity tag, and as a file."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Annotated, Final
from uuid import UUID

from fastapi import Header, Response

from app.catalogue import Catalogue
from app.renderings.release_files import MEDIA_TYPES, ReleaseForm, make_name, render
from app.renderings.release_words import say_taken_back
from app.renderings.view_release import ReleaseView, make_release_view
from app.renderings.words import one_line, sentence
from app.services.releasing import AuditedRelease, PublishedRelease, RoundStanding
from app.web.pages import Link, Page
from app.web.releases.pages import ReleaseRow
from app.web.templating import Show
from app.web.words import date_words

TITLE: Final = "What partnerships say together"
IfNoneMatch = Annotated[str | None, Header(max_length=500)]
FORM_WORDS: Final = {
    ReleaseForm.XLSX: "Excel workbook",
    ReleaseForm.ODS: "OpenDocument spreadsheet",
    ReleaseForm.CSV: "CSV files, in one archive",
    ReleaseForm.JSON: "JSON, for other systems",
}


def make_view(catalogue: Catalogue, found: PublishedRelease | AuditedRelease) -> ReleaseView:
    """Put a release into words."""
    barriers = catalogue.barriers_of(found.questionnaire.framework.id)
    mirror = found.content.mirror
    departments = catalogue.get_by_hash(mirror.questionnaire_hash) if mirror else None
    record = found.record
    taken_back = found.taken_back if isinstance(found, PublishedRelease) else None
    return make_release_view(
        found.content,
        found.questionnaire,
        barriers,
        one_line(record.round),
        departments,
        corrects=record.number > 1,
        notice=say_taken_back(taken_back, record.publishes_at),
    )


def list_rows(rounds: Iterable[RoundStanding], address: Callable[[UUID], str]) -> tuple[ReleaseRow, ...]:
    """List released rounds, each with the address that is given for it where something may be read."""
    return tuple(_make_row(each, address) for each in rounds)


def _make_row(found: RoundStanding, address: Callable[[UUID], str]) -> ReleaseRow:
    said = []
    if found.published:
        said.append(f"Published on {date_words(found.published.publishes_at)}.")
    withdrawn = found.withdrawn
    if withdrawn and withdrawn.withdrawn_at:
        which = "A later release" if found.published else "Its release"
        day, reason = date_words(withdrawn.withdrawn_at), sentence(one_line(withdrawn.withdrawn_reason))
        said.append(f"{which} was withdrawn on {day}: {reason}")
    record = found.published or withdrawn
    return ReleaseRow(
        title=one_line(record.round) if record else "",
        detail=" ".join(said),
        href=address(found.published.round_id) if found.published else "",
    )


def list_files(address: Callable[[ReleaseForm], str]) -> tuple[Link, ...]:
    """Lead to every form that a release can be had in."""
    return tuple(Link(words, address(form)) for form, words in FORM_WORDS.items())


def send_file(catalogue: Catalogue, found: PublishedRelease, form: ReleaseForm) -> Response:
    """Send exactly what the pages show, as a file to save."""
    headers = {"Content-Disposition": f'attachment; filename="{make_name(form)}"', "Cache-Control": "no-store"}
    content = render(form, found.content, found.questionnaire, make_view(catalogue, found))
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def show_frozen(show: Show, known: str | None, template: str, page: Page) -> Response:
    """Show a page of a release, or say that the reader has it already: a release is frozen."""
    response = show(template, page)
    etag = f'"{sha256(bytes(response.body)).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if known is not None and etag in [each.strip().removeprefix("W/") for each in known.split(",")]:
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response
