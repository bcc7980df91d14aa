"""For central teams: how far rounds have come, and the set-up from areas to rounds."""

from fastapi import APIRouter

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

router = APIRouter()
for _part in (
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
):
    router.include_router(_part.router)
