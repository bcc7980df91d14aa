"""Reports from files: no server, no database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from app import catalogue
from app.catalogue import CatalogueError, Fault
from app.catalogue.answer_files import load_answers_file
from app.catalogue.faults import WHOLE_FILE, shown
from app.cli.choices import ReportForm
from app.domain.assessment import Answer
from app.domain.gaps import GapReport, make_gap_report
from app.domain.learning import LearningLibrary
from app.domain.partnership import make_partnership_report
from app.domain.questionnaire import Questionnaire
from app.renderings import files
from app.renderings.files import Form
from app.renderings.view import ReportView, make_report_view
from app.renderings.words import join

FILE_FORMS: Final = {
    ReportForm.TEXT: Form.TEXT,
    ReportForm.JSON: Form.JSON,
    ReportForm.CSV: Form.CSV,
    ReportForm.PDF: Form.PDF,
}
MOST_NAMED: Final = 3
"""Organisations that the title of a partnership’s report names."""


def make_report(folder: Path, named: str, answers: Sequence[Path], form: ReportForm) -> bytes:
    """Make the report of one answers file, or of a partnership's, in a form; raises `EnablersError`."""
    questionnaire, learning = catalogue.get_questionnaire(named, folder)
    organisations = _load_answers(answers, questionnaire)
    if len(organisations) == 1:
        report = make_gap_report(questionnaire, next(iter(organisations.values())))
    else:
        report = make_partnership_report(questionnaire, organisations)
    return _render(report, organisations, learning, form)


def _load_answers(paths: Sequence[Path], questionnaire: Questionnaire) -> dict[str, Mapping[str, Answer]]:
    """Load every file, by the organisation it is named after; all faults of all files in one go."""
    organisations: dict[str, Mapping[str, Answer]] = {}
    faults: list[Fault] = []
    named: set[str] = set()
    for file in paths:
        if file.stem in named:
            words = f"is a second file for the organisation {shown(file.stem)}; name each file after one"
            faults.append(Fault(str(file), *WHOLE_FILE, words))
            continue
        named.add(file.stem)
        try:
            organisations[file.stem] = load_answers_file(file, questionnaire)
        except CatalogueError as error:
            faults.extend(error.faults)
    if faults:
        raise CatalogueError(faults)
    return organisations


def _render(
    report: GapReport,
    organisations: Mapping[str, Mapping[str, Answer]],
    learning: LearningLibrary | None,
    form: ReportForm,
) -> bytes:
    def view() -> ReportView:
        return _make_view(report, organisations, learning)

    if form is ReportForm.HTML:
        from app.web.standalone import render

        return render(view()).encode()
    return files.render(FILE_FORMS[form], report, view)


def _make_view(
    report: GapReport, organisations: Mapping[str, Mapping[str, Answer]], learning: LearningLibrary | None
) -> ReportView:
    names = list(organisations)
    if len(names) == 1:
        return make_report_view(report, subject=names[0], learning=learning, answers=organisations[names[0]])
    subject = join(names) if len(names) <= MOST_NAMED else f"{len(names)} organisations"
    return make_report_view(report, subject=subject, learning=learning, organisations=organisations)
