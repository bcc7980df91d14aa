"""Where people and invitations are: of an organisation, of a partnership, and all of them in the set-up."""

from typing import Final
from uuid import UUID

from app.domain.inviting import Within
from app.web import paths

IN_ORGANISATION: Final = "/organisations/{organisation_id}"
IN_PARTNERSHIP: Final = "/partnerships/{partnership_id}"
ACCEPT: Final = "/invitations/{token}"
ORGANISATIONS: Final = paths.ORGANISATIONS
PARTNERSHIPS: Final = paths.PARTNERSHIPS
SET_UP_INVITATIONS: Final = f"{paths.SET_UP}/invitations"


def people(within: Within) -> str:
    """Who has a role, and who is invited."""
    return f"{_base(within)}/people"


def invite(within: Within) -> str:
    """Where somebody is invited."""
    return f"{people(within)}/invite"


def import_people(within: Within) -> str:
    """Where many are invited from a file."""
    return f"{people(within)}/import"


def withdraw_role(within: Within, membership_id: UUID) -> str:
    """Where a role is taken away."""
    return f"{people(within)}/{membership_id}/withdraw"


def invitation(within: Within, invitation_id: UUID) -> str:
    """One invitation that waits."""
    return f"{_base(within)}/invitations/{invitation_id}"


def partnership(partnership_id: UUID) -> str:
    """One partnership, for its coordinators."""
    return f"{PARTNERSHIPS}/{partnership_id}"


def invite_organisation(partnership_id: UUID) -> str:
    """Where an organisation is invited into a partnership."""
    return f"{partnership(partnership_id)}/invite-organisation"


def organisation(partnership_id: UUID, organisation_id: UUID) -> str:
    """One organisation of a partnership: who is there to answer."""
    return f"{partnership(partnership_id)}/organisations/{organisation_id}"


def invite_lead(partnership_id: UUID, organisation_id: UUID) -> str:
    """Where a lead of an organisation is invited by its partnership."""
    return f"{organisation(partnership_id, organisation_id)}/invite"


def send_all_again(partnership_id: UUID) -> str:
    """Where all that wait in a partnership are sent their invitation again."""
    return f"{partnership(partnership_id)}/invitations/send-again"


def remind(partnership_id: UUID, round_id: UUID, organisation_id: UUID) -> str:
    """Where an organisation is reminded of its assessment."""
    return f"{partnership(partnership_id)}/rounds/{round_id}/organisations/{organisation_id}/remind"


def _base(within: Within) -> str:
    if within.organisation_id:
        return f"{ORGANISATIONS}/{within.organisation_id}"
    return partnership(within.partnership_id) if within.partnership_id else paths.SET_UP
