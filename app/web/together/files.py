"""The partnership report as a file, for those it is open to."""

from uuid import UUID

from fastapi.responses import Response

from app.dependencies import ActorDep, DatabaseDep
from app.domain.partnership_report import Shows
from app.renderings.partnership_files import PartnershipForm
from app.services import together
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.readings import ViewQuery
from app.web.together.report_views import WriterDep

router = make_router()


@router.get(addresses.REPORT_FILE)
def report_file(
    database: DatabaseDep,
    writer: WriterDep,
    actor: ActorDep,
    partnership_id: UUID,
    round_id: UUID,
    form: PartnershipForm,
    view: ViewQuery = Shows.INDIVIDUAL,
) -> Response:
    """People of the partnership: the partnership report as a file, once it is open to them."""
    full = together.get_full(database, writer.catalogue, actor, partnership_id, round_id, writer.now)
    return writer.make_file(full, form, view)
