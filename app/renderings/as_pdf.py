"""The report as a PDF for a board: tagged (PDF/UA-1), with title, language and page numbers, always the same bytes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from importlib.resources import files
from typing import Any, Final

from app.renderings.partnership_view import PartnershipView
from app.renderings.shapes import GapView, ReportView

STANDARD: Final = "ua-1"


def render(view: ReportView) -> bytes:
    """Write the report of one organisation, or of a partnership from files, as a PDF.

    The typefaces that come with typst draw Latin, Greek, Cyrillic, Hebrew and Arabic. Where a text needs more, those of
    the machine help; what none can draw is a box on paper, and still itself to a screen reader. That is no PDF/UA-1 any
    more, though tagged like the others.
    """
    return _compile({"view": _plain(view)})


def render_partnership(view: PartnershipView) -> bytes:
    """Write the report of a partnership as a PDF, with what was agreed and what is planned first."""
    beside = {
        "round": view.round,
        "together": asdict(view.together),
        "barriers": {**asdict(view.barriers)},
        "trust": asdict(view.trust) if view.trust else None,
        "plan": [asdict(row) | {"id": str(row.id)} for row in view.plan],
        "finished": [asdict(row) | {"id": str(row.id)} for row in view.finished],
    }
    return _compile({"view": _plain(_without_question_workings(view.report)), "beside": beside})


def _without_question_workings(view: ReportView) -> ReportView:
    """Leave out what a board does not read, and what would take a third of the time to pass on."""

    def cut(gap: GapView) -> GapView:
        return replace(gap, working=replace(gap.working, steps=()))

    strengths = tuple(
        replace(group, items=tuple(replace(item, working=replace(item.working, steps=())) for item in group.items))
        for group in view.strengths
    )
    return replace(
        view,
        first_gaps=tuple(map(cut, view.first_gaps)),
        other_gaps=tuple(map(cut, view.other_gaps)),
        strengths=strengths,
    )


def _compile(data: Mapping[str, Any]) -> bytes:
    import typst  # noqa: PLC0415 - 40 MB that only a PDF needs

    template = files(__package__).joinpath("report.typ").read_bytes()
    inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in data.items()}
    try:
        pdf = typst.compile(template, format="pdf", sys_inputs=inputs, pdf_standards=STANDARD, ignore_system_fonts=True)
    except typst.TypstError:
        pdf = typst.compile(template, format="pdf", sys_inputs=inputs)
    return bytes(pdf)


def _plain(view: ReportView) -> dict[str, Any]:
    return {**asdict(view), "has_provisional": view.has_provisional}
