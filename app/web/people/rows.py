"""People and invitations as rows of a page."""

from datetime import datetime

from app.domain.access import Actor, Role
from app.domain.inviting import ROLE_HINTS, ROLE_NAMES, Invitation, Member, Within
from app.domain.times import date_words
from app.web.pages import Link
from app.web.people import addresses
from app.web.people.pages import PersonRow, RoleChoice


def member_row(member: Member, within: Within, *, can_withdraw: bool = True) -> PersonRow:
    """Show one role of somebody."""
    path = addresses.withdraw_role(within, member.id)
    return PersonRow(
        name=member.name,
        address=member.email,
        role=role_words(member.grant.role),
        detail="",
        action=Link("Withdraw", path) if can_withdraw else None,
    )


def invitation_row(invitation: Invitation, within: Within, now: datetime) -> PersonRow:
    """Show one invitation that waits."""
    return PersonRow(
        name=invitation.name or invitation.email,
        address=invitation.email if invitation.name else "",
        role=role_words(invitation.grant.role),
        detail=end_words(invitation, now),
        action=Link("Change", addresses.invitation(within, invitation.id)),
    )


def role_words(role: Role) -> str:
    """Name a role as the beginning of a line."""
    name = ROLE_NAMES[role]
    return name[:1].upper() + name[1:]


def end_words(invitation: Invitation, now: datetime) -> str:
    """Say until when an invitation can be accepted."""
    if invitation.expires_at <= now:
        return f"Ran out on {date_words(invitation.expires_at)}"
    return f"Can be accepted until {date_words(invitation.expires_at)}"


def role_choices(roles: tuple[Role, ...], chosen: str) -> tuple[RoleChoice, ...]:
    """Give roles to choose from."""
    return tuple(
        RoleChoice(value=role.value, text=role_words(role), hint=ROLE_HINTS[role], checked=role.value == chosen)
        for role in roles
    )


def consequences(member: Member, actor: Actor) -> tuple[str, ...]:
    """Say what happens when a role is taken away."""
    is_own = member.person_id == actor.person_id
    they, them, their = ("You", "you", "Your") if is_own else ("They", "them", "Their")
    words = [f"{they} lose this role at once, on every device, and any waiting invitation to it ends."]
    match member.grant.role:
        case Role.CONTRIBUTOR | Role.LEAD:
            words.append(f"{their} answers, notes and comments stay. Sections given to {them} are given to nobody.")
        case Role.CERTIFIER:
            words.append(f"What {they.lower()} have signed off stays signed off.")
        case Role.COORDINATOR:
            words.append("The partnership and its organisations stay as they are.")
        case _:
            words.append(f"What {they.lower()} have set up stays.")
    if is_own:
        words.append("You cannot give it back to yourself.")
    return tuple(words)
