"""For central teams: how far rounds have come, and the set-up from areas to rounds."""

from app.web.central import (
    areas,
    asking,
    home,
    imports,
    indicators,
    members,
    neighbours,
    organisations,
    partnerships,
    progress,
    rounds,
    taking_part,
    texts,
)
from app.web.routing import gather

router = gather(
    progress,
    asking,
    home,
    imports,
    areas,
    indicators,
    neighbours,
    organisations,
    partnerships,
    members,
    rounds,
    taking_part,
    texts,
)
