"""The partnership report in words: what a board paper says above it, for the page of a link and for the files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends
from fastapi.responses import Response

from app.catalogue import Catalogue
from app.dependencies import CatalogueDep, Demonstration, Now
from app.domain.full_report import FullReport
from app.domain.learning_marks import raise_helpful
from app.domain.partnership_report import PartnershipReport, Shows
from app.domain.times import day_words
from app.renderings import partnership_files
from app.renderings.partnership_files import MEDIA_TYPES, PartnershipForm
from app.renderings.partnership_view import Beside, PartnershipView, make_partnership_view
from app.renderings.shapes import Fact
from app.renderings.words import count, join
from app.web.templating import INVENTED
from app.web.words import date_words

FORM_WORDS: Final = {
    PartnershipForm.PDF: "PDF, for a board paper",
    PartnershipForm.XLSX: "Excel workbook",
    PartnershipForm.ODS: "OpenDocument spreadsheet",
    PartnershipForm.CSV: "CSV files, in one archive",
    PartnershipForm.JSON: "JSON, for other systems",
    PartnershipForm.TEXT: "Plain text",
}
"""What each form is called where it is offered."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Puts partnership reports into words and files, as of a moment."""

    catalogue: Catalogue
    now: datetime
    demonstration: bool

    def make_view(self, full: FullReport, shows: Shows) -> PartnershipView:
        """Put a view of the report into words, with the partnership, round, day and view at its head."""
        facts = [*_list_facts(full.report, shows, self.now)]
        if self.demonstration:
            facts.append(Fact("Demonstration", INVENTED))
        framework = full.report.questionnaire.framework.id
        library = self.catalogue.learning_of(framework)
        beside = Beside(
            raise_helpful(library, full.helpful) if library else None,
            self.catalogue.barriers_of(framework),
            self.catalogue.trust_of(framework),
        )
        return make_partnership_view(full, shows, beside, facts, self.now)

    def make_file(self, full: FullReport, form: PartnershipForm, shows: Shows) -> Response:
        """Write the report as a file to save; nobody on the way keeps it."""
        content = partnership_files.render(form, full, shows, lambda: self.make_view(full, shows))
        name = partnership_files.make_name(form, shows)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


async def get_writer(catalogue: CatalogueDep, now: Now, demonstration: Demonstration) -> Writer:
    """Give what puts reports into words and files."""
    return Writer(catalogue, now, demonstration)


WriterDep = Annotated[Writer, Depends(get_writer)]


def _list_facts(report: PartnershipReport, shows: Shows, now: datetime) -> Iterator[Fact]:
    together = report.together
    asked = [partner for partner in together.partners if partner.left_at is None or partner.is_in]
    changing = [partner.name for partner in together.submitted if partner.is_changing]
    yield Fact("Round", f"{together.round}, {date_words(together.opens_at)} to {date_words(together.closes_at)}")
    yield Fact("Report of", date_words(now))
    yield Fact("Submitted by", f"{len(together.submitted)} of {count(len(asked), 'organisation')}")
    missing = [partner.name for partner in together.partners if partner.left_at is None and not partner.is_in]
    if missing:
        yield Fact("Not submitted", join(missing))
    if changing:
        yield Fact("Answering again", f"{join(changing)}: counted here as submitted last")
    left = [partner.name for partner in together.submitted if partner.left_at is not None]
    if left:
        yield Fact("Left since", f"{join(left)}: counted here as submitted")
    yield Fact("This report shows", _say_what_is_shown(report, shows))
    if together.targets:
        yield Fact("Targets", "Set by the round, in place of the questionnaire’s own")


def _say_what_is_shown(report: PartnershipReport, shows: Shows) -> str:
    number = len(report.together.agreed_levels)
    if shows is Shows.INDIVIDUAL:
        beside = f" {count(number, 'question was', 'questions were')} agreed since; this is not changed by it."
        return f"What each organisation answered, one vote each.{beside if number else ''}"
    if not number:
        return "What each organisation answered, one vote each: nothing has been agreed yet."
    meetings = sorted({agreed.meeting.held_on for agreed in report.together.agreed.values() if agreed.choice})
    days = join([day_words(day) for day in meetings])
    return (
        f"What the partnership agreed on {count(number, 'question')}, at meetings held on {days}; "
        "elsewhere what each organisation answered, one vote each."
    )
