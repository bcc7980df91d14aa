"""A published release as a reply: in words, with an entity tag, and as a file."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Annotated, Final
from uuid import UUID

from fastapi import Header, Response

from app.catalogue import Catalogue
from app.domain.releases import ReleaseRecord
from app.renderings.release_files import MEDIA_TYPES, ReleaseForm, make_name, render
from app.renderings.view_release import ReleaseView, make_release_view
from app.renderings.words import one_line
from app.services.releasing import AuditedRelease, PublishedRelease
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
    return make_release_view(found.content, found.questionnaire, barriers, one_line(found.record.round), departments)


def list_rows(records: Iterable[ReleaseRecord], address: Callable[[UUID], str]) -> tuple[ReleaseRow, ...]:
    """List published releases, each with the address that is given for its round."""
    return tuple(
        ReleaseRow(
            title=one_line(each.round),
            detail=f"Published on {date_words(each.publishes_at)}",
            href=address(each.round_id),
        )
        for each in records
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
