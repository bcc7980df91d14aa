"""Who acts, and what they may do where: one table. A refusal to see looks the same as nothing there.

Rules come in pairs: `check` raises a sentence for a person, `can` asks the same for a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.errors import NotAllowedError, NotFoundError


class Role(StrEnum):
    """What a person is, in an organisation, in a partnership or centrally."""

    CONTRIBUTOR = "contributor"
    LEAD = "lead"
    CERTIFIER = "certifier"
    COORDINATOR = "coordinator"
    CENTRAL_ANALYST = "central-analyst"
    CENTRAL_ADMINISTRATOR = "central-administrator"
    API_CLIENT = "api-client"


class Reach(StrEnum):
    """Where a role holds."""

    ORGANISATION = "organisation"
    PARTNERSHIP = "partnership"
    EVERYWHERE = "everywhere"


REACH: Final[Mapping[Role, Reach]] = {
    Role.CONTRIBUTOR: Reach.ORGANISATION,
    Role.LEAD: Reach.ORGANISATION,
    Role.CERTIFIER: Reach.ORGANISATION,
    Role.COORDINATOR: Reach.PARTNERSHIP,
    Role.CENTRAL_ANALYST: Reach.EVERYWHERE,
    Role.CENTRAL_ADMINISTRATOR: Reach.EVERYWHERE,
    Role.API_CLIENT: Reach.EVERYWHERE,
}


class Deed(StrEnum):
    """What may be done."""

    SEE_ASSESSMENT = "see-assessment"
    """Read an organisation's answers, notes, evidence, comments and gap report, and comment inside it."""
    ANSWER_GIVEN = "answer-given"
    """Answer the sections that were given to oneself."""
    ANSWER = "answer"
    """Start an assessment, and answer all of it."""
    DELEGATE = "delegate"
    """Give sections to colleagues."""
    SUBMIT = "submit"
    SIGN_OFF = "sign-off"
    """Sign off what was submitted, or request changes."""
    MANAGE_COLLEAGUES = "manage-colleagues"
    """Invite people into an organisation, and withdraw their roles."""
    FOLLOW_PARTNERSHIP = "follow-partnership"
    """See who has come how far in a partnership; nobody's answers."""
    MANAGE_PARTNERSHIP = "manage-partnership"
    """Invite organisations and their people into a partnership, and note who leaves or is replaced."""
    REOPEN = "reopen"
    """Reopen an assessment with a reason, and permit late entry."""
    SEE_TOGETHER = "see-together"
    """Read the partnership report with every partner's answers, once it is open to oneself: see `together`."""
    AGREE = "agree"
    """Run the meeting of a partnership, and record what it agreed."""
    PLAN = "plan"
    """Plan actions and asks of government, and change them."""
    SHARE_REPORT = "share-report"
    """Make a link by which somebody outside reads the partnership report, and end it."""
    SEE_EXCHANGE = "see-exchange"
    """Read what a partnership offers to other partnerships, asks of them, and is proposed."""
    EXCHANGE = "exchange"
    """Offer help to other partnerships, ask them for it, and say yes or no to what is proposed."""
    FOLLOW_ROUNDS = "follow-rounds"
    """See how far all partnerships have come, and whom to ask; nobody's answers."""
    REMIND_ROUND = "remind-round"
    """Remind everybody who has not finished in a round."""
    READ_RELEASES = "read-releases"
    """Read what all partnerships of a round said together, once it is published."""
    RELEASE = "release"
    """Build, audit, approve and withdraw such a release."""
    SET_UP = "set-up"
    """Set up areas, organisations, partnerships, rounds, central people and the service's own texts."""
    READ_AUDIT = "read-audit"


MAY: Final[Mapping[Role, frozenset[Deed]]] = {
    Role.CONTRIBUTOR: frozenset({Deed.SEE_ASSESSMENT, Deed.ANSWER_GIVEN, Deed.SEE_TOGETHER}),
    Role.LEAD: frozenset(
        {
            Deed.SEE_ASSESSMENT,
            Deed.ANSWER_GIVEN,
            Deed.ANSWER,
            Deed.DELEGATE,
            Deed.SUBMIT,
            Deed.MANAGE_COLLEAGUES,
            Deed.SEE_TOGETHER,
            Deed.PLAN,
            Deed.SEE_EXCHANGE,
        }
    ),
    Role.CERTIFIER: frozenset({Deed.SEE_ASSESSMENT, Deed.SIGN_OFF, Deed.SEE_TOGETHER}),
    Role.COORDINATOR: frozenset(
        {
            Deed.FOLLOW_PARTNERSHIP,
            Deed.MANAGE_PARTNERSHIP,
            Deed.REOPEN,
            Deed.SEE_TOGETHER,
            Deed.AGREE,
            Deed.PLAN,
            Deed.SHARE_REPORT,
            Deed.SEE_EXCHANGE,
            Deed.EXCHANGE,
        }
    ),
    Role.CENTRAL_ANALYST: frozenset({Deed.FOLLOW_ROUNDS, Deed.READ_RELEASES}),
    Role.CENTRAL_ADMINISTRATOR: frozenset(
        {
            Deed.FOLLOW_PARTNERSHIP,
            Deed.MANAGE_PARTNERSHIP,
            Deed.MANAGE_COLLEAGUES,
            Deed.REOPEN,
            Deed.FOLLOW_ROUNDS,
            Deed.REMIND_ROUND,
            Deed.READ_RELEASES,
            Deed.RELEASE,
            Deed.SET_UP,
            Deed.READ_AUDIT,
        }
    ),
    Role.API_CLIENT: frozenset(),  # reads by the scopes of its token, and no page
}
"""The table: what each role may do, as far as it reaches. What is not in it is refused."""

HIDDEN_FROM: Final[Mapping[Deed, Deed]] = {
    Deed.SEE_ASSESSMENT: Deed.SEE_ASSESSMENT,
    Deed.ANSWER_GIVEN: Deed.SEE_ASSESSMENT,
    Deed.ANSWER: Deed.SEE_ASSESSMENT,
    Deed.DELEGATE: Deed.SEE_ASSESSMENT,
    Deed.SUBMIT: Deed.SEE_ASSESSMENT,
    Deed.SIGN_OFF: Deed.SEE_ASSESSMENT,
    Deed.MANAGE_COLLEAGUES: Deed.SEE_ASSESSMENT,
    Deed.FOLLOW_PARTNERSHIP: Deed.FOLLOW_PARTNERSHIP,
    Deed.MANAGE_PARTNERSHIP: Deed.FOLLOW_PARTNERSHIP,
    Deed.REOPEN: Deed.FOLLOW_PARTNERSHIP,
    Deed.SEE_TOGETHER: Deed.SEE_TOGETHER,
    Deed.AGREE: Deed.SEE_TOGETHER,
    Deed.PLAN: Deed.SEE_TOGETHER,
    Deed.SHARE_REPORT: Deed.SEE_TOGETHER,
    Deed.SEE_EXCHANGE: Deed.SEE_TOGETHER,
    Deed.EXCHANGE: Deed.SEE_TOGETHER,
}
"""Whoever may not do the second somewhere learns nothing of the first there: to them, nothing is there."""

ONLY: Final[Mapping[Deed, str]] = {
    Deed.ANSWER_GIVEN: "Only a contributor or lead of the organisation can answer",
    Deed.ANSWER: "Only a lead of the organisation can answer sections that were not given to them",
    Deed.DELEGATE: "Only a lead of the organisation can give sections to colleagues",
    Deed.SUBMIT: "Only a lead of the organisation can submit",
    Deed.SIGN_OFF: "Only a certifier of the organisation can sign off or request changes",
    Deed.MANAGE_COLLEAGUES: "Only a lead of the organisation or a central administrator can invite colleagues",
    Deed.MANAGE_PARTNERSHIP: "Only a coordinator of the partnership or a central administrator "
    "can invite organisations",
    Deed.REOPEN: "Only a coordinator of the partnership or a central administrator can reopen an assessment "
    "or permit late entry",
    Deed.AGREE: "Only a coordinator of the partnership can run its meeting",
    Deed.PLAN: "Only a coordinator of the partnership or a lead of one of its organisations can plan actions",
    Deed.SHARE_REPORT: "Only a coordinator of the partnership can share its report",
    Deed.SEE_EXCHANGE: "Only a coordinator of the partnership or a lead of one of its organisations can see what it "
    "exchanges with others",
    Deed.EXCHANGE: "Only a coordinator of the partnership can offer help to others, or ask for it",
    Deed.FOLLOW_ROUNDS: "Only central teams can follow rounds",
    Deed.REMIND_ROUND: "Only central administrators can remind everybody in a round",
    Deed.READ_RELEASES: "Only central teams can read what all partnerships said together",
    Deed.RELEASE: "Only central administrators can release what all partnerships said together",
    Deed.SET_UP: "Only central administrators can set up the service",
    Deed.READ_AUDIT: "Only central administrators can read the audit",
}
"""What somebody is told who knows of the place, and may not do this there."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role, and where it holds."""

    role: Role
    organisation_id: UUID | None = None
    partnership_id: UUID | None = None

    def covers(self, organisation_id: UUID | None, partnership_id: UUID | None) -> bool:
        """Say whether it holds at a place: an organisation, a partnership, or both together."""
        match REACH[self.role]:
            case Reach.ORGANISATION:
                return organisation_id is not None and self.organisation_id == organisation_id
            case Reach.PARTNERSHIP:
                return partnership_id is not None and self.partnership_id == partnership_id
            case Reach.EVERYWHERE:
                return True


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, with their roles as they are at this moment."""

    person_id: UUID
    name: str
    grants: frozenset[Grant]
    signed_in_by: str = field(default="", compare=False, repr=False)
    """The digest of the session that says so; empty for whoever is not signed in on a device."""
    client_id: UUID | None = field(default=None, compare=False, repr=False)
    """The API client that acts on their behalf; `None` where they act themselves."""

    def list_organisations(self, deed: Deed) -> frozenset[UUID]:
        """Give the organisations where a role of an organisation allows a deed."""
        return frozenset(g.organisation_id for g in self.grants if deed in MAY[g.role] and g.organisation_id)

    def list_partnerships(self, deed: Deed) -> frozenset[UUID]:
        """Give the partnerships where a role of a partnership allows a deed."""
        return frozenset(g.partnership_id for g in self.grants if deed in MAY[g.role] and g.partnership_id)


def can(actor: Actor, deed: Deed, *, organisation_id: UUID | None = None, partnership_id: UUID | None = None) -> bool:
    """Say whether one of the actor's roles allows a deed at a place."""
    return any(deed in MAY[grant.role] and grant.covers(organisation_id, partnership_id) for grant in actor.grants)


def check(actor: Actor, deed: Deed, *, organisation_id: UUID | None = None, partnership_id: UUID | None = None) -> None:
    """Raise `NotFoundError` where the actor may not know of the place, `NotAllowedError` where they may not do this."""
    if can(actor, deed, organisation_id=organisation_id, partnership_id=partnership_id):
        return
    needed = HIDDEN_FROM.get(deed)
    if needed and not can(actor, needed, organisation_id=organisation_id, partnership_id=partnership_id):
        raise NotFoundError("There is no such page")
    raise NotAllowedError(ONLY[deed])


def can_anywhere(actor: Actor, deed: Deed) -> bool:
    """Say whether the actor may do this somewhere: what the navigation asks."""
    return any(deed in MAY[grant.role] for grant in actor.grants)


def can_answer(actor: Actor, organisation_id: UUID, given_to: UUID | None) -> bool:
    """Say whether the actor may answer a section that was given to somebody, or to nobody."""
    return can(actor, Deed.ANSWER, organisation_id=organisation_id) or (
        given_to == actor.person_id and can(actor, Deed.ANSWER_GIVEN, organisation_id=organisation_id)
    )


def check_answer(actor: Actor, organisation_id: UUID, given_to: UUID | None) -> None:
    """Raise unless the actor may answer a section that was given to somebody, or to nobody."""
    if not can_answer(actor, organisation_id, given_to):
        check(actor, Deed.ANSWER, organisation_id=organisation_id)
