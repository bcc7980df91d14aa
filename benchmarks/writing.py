"""What files of a partnership report cost: 12 organisations, 30 questions and 30 actions.

The PDF against a plain document by the same library: as many pages, each with its foot, its number and the words of
that page as one paragraph, without a table, a heading or a drawing. Beside an empty document those words alone take
several times as long, so that ratio, printed too, tells more of how much there is to read than of how it is written.
Each workbook against what its library takes to write as many cells that all hold the number 1. All begin with the
report as it was read: working out its numbers is within the figure. What counts is the time of the processor, whatever
else the machine does; the rounds take turns in one run.
"""

import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final
from uuid import UUID

from app.catalogue import Catalogue, load
from app.domain.assessment import Answer, AssessmentStatus
from app.domain.full_report import FullReport
from app.domain.partnership_report import PartnershipReport, Shows
from app.domain.questionnaire import DONT_KNOW, Questionnaire
from app.domain.rounds import SignOff
from app.domain.together import Partner, Together
from app.renderings import as_pdf, as_workbook
from app.renderings.partnership_view import Beside, make_partnership_view
from app.renderings.sheets import ActionRow, make_sheets

MOST_PDF: Final = 5
MOST_PDF_TO_EMPTY: Final = 20
MOST_WORKBOOK: Final = 3
ORGANISATIONS: Final = 12
ROUNDS: Final = 7
CLOSES: Final = datetime(2026, 11, 30, 17, tzinfo=UTC)
END_OF_PAGE_SETTING: Final = "#let small(body)"
"""Where the template of the PDF has said how pages look."""
NOTE: Final = "We meet every month, and the minutes are kept where everybody finds them. "


def run() -> None:
    catalogue = load(Path(__file__).parents[1] / "questionnaires")
    questionnaire = catalogue.get("local-partners", 1)
    together = make_together(questionnaire)
    actions = make_actions(questionnaire)

    def fresh() -> PartnershipReport:
        return PartnershipReport(together, questionnaire)  # nothing worked out yet

    shape = [(len(sheet.columns), len(sheet.rows)) for sheet in make_sheets(fresh(), actions)]
    cells = sum(width * (height + 1) for width, height in shape)
    pages = read_pages(make_pdf(catalogue, fresh()))
    pdf, plain, empty = measure(
        lambda: make_pdf(catalogue, fresh()),
        lambda: make_plain_pdf(pages),
        lambda: make_plain_pdf([""] * len(pages)),
    )
    xlsx = measure(lambda: as_workbook.render_xlsx(make_sheets(fresh(), actions)), lambda: make_plain_xlsx(shape))
    ods = measure(lambda: as_workbook.render_ods(make_sheets(fresh(), actions)), lambda: make_plain_ods(shape))
    held = [
        compare(f"PDF of {len(pages)} pages", "the same words, plain", MOST_PDF, (pdf, plain)),
        compare(f"PDF of {len(pages)} pages", "as many empty pages", MOST_PDF_TO_EMPTY, (pdf, empty)),
        compare(f"XLSX of {cells:,} cells", "the library alone", MOST_WORKBOOK, xlsx),
        compare(f"ODS of {cells:,} cells", "the library alone", MOST_WORKBOOK, ods),
    ]
    if not all(held):
        raise SystemExit("A ratio is over what it may be")


def compare(name: str, base: str, most: float, times: Sequence[Sequence[float]]) -> bool:
    """Print how long a job takes beside its baseline, and say whether the ratio is within its bound."""
    taken, based = times
    ratio = median(a / b for a, b in zip(taken, based, strict=True))
    ours, theirs = (f"{median(each) * 1000:.0f} ms" for each in times)
    print(f"{name}: {ours}, {base} {theirs}; ratio {ratio:.2f}, at most {most}")
    return ratio <= most


def measure(*jobs: Callable[[], object]) -> list[list[float]]:
    """Give the seconds of the processor that each job took, round by round; the jobs take turns."""
    for job in jobs:
        job()
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(ROUNDS):
        for job, taken in zip(jobs, times, strict=True):
            start = process_time()
            job()
            taken.append(process_time() - start)
    return times


def make_together(questionnaire: Questionnaire) -> Together:
    """Make a round in which organisations answer every question with a level or don't know, and write notes."""
    return Together(
        partnership_id=UUID(int=1),
        partnership="Upper Harrow Vale",
        round_id=UUID(int=2),
        round="Autumn round",
        opens_at=CLOSES - timedelta(days=30),
        closes_at=CLOSES,
        sign_off=SignOff.NOBODY,
        questionnaire_hash=questionnaire.hash,
        targets={},
        partners=tuple(
            Partner(
                organisation_id=UUID(int=10 + place),
                name=f"Organisation {place + 1}",
                assessment_id=UUID(int=100 + place),
                status=AssessmentStatus.SUBMITTED,
                submission=1,
                submitted_at=CLOSES,
                answers=make_answers(questionnaire, place),
            )
            for place in range(ORGANISATIONS)
        ),
        agreed={},
    )


def make_answers(questionnaire: Questionnaire, shift: int) -> dict[str, Answer]:
    answers = {}
    for place, question in enumerate(questionnaire.questions):
        levels = questionnaire.scale_of(question).levels
        chosen = (place * (shift + 1) + shift) % (len(levels) + 1)
        choice = levels[chosen].id if chosen < len(levels) else DONT_KNOW
        answers[question.id] = Answer(choice, note=NOTE * (1 + chosen))
    return answers


def make_actions(questionnaire: Questionnaire) -> tuple[ActionRow, ...]:
    return tuple(
        ActionRow(
            enabler,
            question.id,
            "Write it down",
            "Organisation 1",
            "Somebody",
            date(2027, 3, 31),
            "planned",
            "",
            NOTE,
            NOTE,
        )
        for question, enabler in zip(questionnaire.questions, questionnaire.enablers_asked, strict=True)
    )


def make_pdf(catalogue: Catalogue, report: PartnershipReport) -> bytes:
    framework = report.questionnaire.framework.id
    full = FullReport(report, {}, (), (), {report.together.round_id: report.questionnaire}, {}, {})
    beside = Beside(catalogue.learning_of(framework), catalogue.barriers_of(framework), catalogue.trust_of(framework))
    return as_pdf.render_partnership(make_partnership_view(full, Shows.INDIVIDUAL, beside, (), CLOSES))


def read_pages(pdf: bytes) -> list[str]:
    """Give the words of each page."""
    from pypdf import PdfReader  # noqa: PLC0415 - to make the plain one only

    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def make_plain_pdf(pages: Sequence[str]) -> bytes:
    """Write pages that have nothing but what every page of a report has, its margins and its foot, and these words."""
    import typst  # noqa: PLC0415 - as the rendering does

    template = files("app.renderings").joinpath("report.typ").read_text(encoding="utf-8")
    source = template[: template.index(END_OF_PAGE_SETTING)] + "#view.pages.join(pagebreak())\n"
    view = {"title": "Plain", "subject": "Plain", "source": "Plain", "language": "en", "pages": list(pages)}
    pdf = typst.compile(
        source.encode(),
        format="pdf",
        sys_inputs={"view": json.dumps(view)},
        pdf_standards=as_pdf.STANDARD,
        ignore_system_fonts=True,
    )
    return bytes(pdf)


def make_plain_xlsx(shape: Sequence[tuple[int, int]]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - as the rendering does

    output = io.BytesIO()
    workbook = xlsxwriter.Workbook(output, {"in_memory": True})
    for width, height in shape:
        worksheet = workbook.add_worksheet()
        for line in range(height + 1):
            for place in range(width):
                worksheet.write_number(line, place, 1)
    workbook.close()
    return output.getvalue()


def make_plain_ods(shape: Sequence[tuple[int, int]]) -> bytes:
    from stream_write_ods import stream_write_ods  # noqa: PLC0415 - as the rendering does

    tables = ((f"Sheet {place}", ["1"] * width, [[1] * width] * height) for place, (width, height) in enumerate(shape))
    return b"".join(stream_write_ods(tables))


if __name__ == "__main__":
    run()
