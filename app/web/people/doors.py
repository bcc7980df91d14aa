"""Every page about people, invitations and partnerships, for the app to take in one."""

from fastapi import APIRouter

from app.web import invitations
from app.web.partnership import inviting, partnerships
from app.web.people import colleagues, everybody, importing

router = APIRouter()
for door in (invitations, colleagues, everybody, importing, partnerships, inviting):
    router.include_router(door.router)
