"""For central teams: how far rounds have come, and the set-up of areas, organisations, partnerships and rounds."""

from fastapi import APIRouter

from app.web.central import (
    areas,
    home,
    imports,
    members,
    organisations,
    partnerships,
    progress,
    rounds,
    taking_part,
    texts,
)

router = APIRouter()
for _part in (progress, home, imports, areas, organisations, partnerships, members, rounds, taking_part, texts):
    router.include_router(_part.router)
