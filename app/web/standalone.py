"""The gap report as one HTML file that needs nothing else, made of the same parts as the page."""

from app.renderings.shapes import ReportView
from app.web.templating import get_environment


def render(view: ReportView) -> str:
    """Write the report as an HTML file."""
    return get_environment().get_template("report/file.html").render(report=view).lstrip()
