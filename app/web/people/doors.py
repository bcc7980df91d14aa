"""Every page about people, invitations and partnerships, for the app to take in one."""

from app.web import invitations
from app.web.partnership import inviting, partnerships
from app.web.people import colleagues, everybody, importing
from app.web.routing import gather

router = gather(invitations, colleagues, everybody, importing, partnerships, inviting)
