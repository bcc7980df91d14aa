"""Inviting people from the terminal: how the first administrator gets in, and many at once."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.choices import InvitedRole
from app.domain.access import Role
from app.domain.errors import EnablersError

if TYPE_CHECKING:  # a command imports what it needs when it runs
    from app.services import Database
    from app.settings import Settings

NO_ADDRESS = "The service may run elsewhere: set ENABLERS_PUBLIC_URL, or change the address."


class PeopleFileError(EnablersError):
    """A file of people with faults."""


def invite(
    email: Annotated[str, typer.Argument(help="The address the invitation goes to.")],
    role: Annotated[InvitedRole, typer.Option(help="The role that is offered.")],
    organisation: Annotated[
        str, typer.Option(help="The organisation, by name: of a contributor, lead, certifier.")
    ] = "",
    partnership: Annotated[str, typer.Option(help="The partnership, by name: of a coordinator.")] = "",
    name: Annotated[str, typer.Option(help="What you call them; they can change it.")] = "",
) -> None:
    """Invite somebody to a role, and print the link. Makes the tables of a new database first."""
    from app.domain.inviting import ROLE_NAMES, make_offer
    from app.services import inviting, people
    from app.services.inviting import Outcome
    from app.services.tokens import TokenKeys

    with opened(makes=True) as (settings, database):
        organisation_id, partnership_id = people.find_place(database, organisation, partnership)
        offer = make_offer(email, name, Role(role), organisation_id, partnership_id)
        keys = TokenKeys(settings.secret_list)
        invited = inviting.invite_by_command(database, offer, datetime.now(UTC), keys)
    role_name = ROLE_NAMES[offer.grant.role]
    if invited.outcome is Outcome.HAS_ROLE:
        typer.echo(f"{offer.email} is {role_name} already. Nothing was sent.")
        return
    typer.echo(f"{offer.email} is invited as {role_name}. This link works once, within 14 days:")
    typer.echo(f"{_address(settings)}{invited.path}")
    if not settings.public_url:
        typer.echo(NO_ADDRESS, err=True)


def list_people() -> None:
    """List everybody with a role, and every invitation that is not accepted yet."""
    from app.domain.inviting import ROLE_NAMES
    from app.domain.times import moment_words
    from app.domain.values import one_line
    from app.services import people

    with opened() as (_, database):
        members, invitations = people.list_all(database)
    for member in members:
        parts = (member.email, member.name, ROLE_NAMES[member.grant.role], member.place)
        typer.echo("  ".join(one_line(part) for part in parts if part))
    for invitation in invitations:
        parts = (invitation.email, invitation.name, ROLE_NAMES[invitation.grant.role], invitation.place)
        until = f"invited, until {moment_words(invitation.expires_at)}"
        typer.echo("  ".join([*(one_line(part) for part in parts if part), until]))
    if not members and not invitations:
        typer.echo("Nobody yet. Invite the first: enablers people invite EMAIL --role central-administrator")


def withdraw(
    email: Annotated[str, typer.Argument(help="The address of the person.")],
    role: Annotated[InvitedRole | None, typer.Option(help="The role to withdraw; without it, all of them.")] = None,
) -> None:
    """Withdraw the roles of somebody, and what they are invited to, at once."""
    from app.domain.inviting import ROLE_NAMES
    from app.renderings.words import join
    from app.services import people

    with opened() as (_, database):
        withdrawn = people.withdraw_by_command(database, email, Role(role) if role else None, datetime.now(UTC))
    roles = join([ROLE_NAMES[each.grant.role] + (f" for {each.place}" if each.place else "") for each in withdrawn])
    typer.echo(f"Withdrawn: {roles}." if roles else "Withdrawn: invitations only.")


def import_people(
    file: Annotated[Path, typer.Argument(readable=False, help="A CSV file: email,role,organisation,partnership,name.")],
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Send the invitation again to those who have not accepted.")
    ] = False,
) -> None:
    """Invite everybody of a CSV file; or, where it has any fault, nobody."""
    from app.services import inviting_files
    from app.services.setting_up.tables import Faulty
    from app.services.tokens import TokenKeys

    data = file.read_bytes()
    with opened() as (settings, database):
        keys = TokenKeys(settings.secret_list)
        result = inviting_files.import_by_command(database, data, datetime.now(UTC), keys, again=again)
    if isinstance(result, Faulty):
        raise PeopleFileError("\n".join(f"{file}:{fault}" for fault in result.faults))
    typer.echo(f"{result.invited} invited, {result.sent_again} sent again, {result.had_role} had the role already.")
    if result.left_alone:
        typer.echo(f"{result.left_alone} were invited before; nothing was sent to them (--again sends it again).")


def _address(settings: "Settings") -> str:
    from app.cli.working import LOCAL_ADDRESS

    return settings.public_url or LOCAL_ADDRESS


@contextmanager
def opened(*, makes: bool = False) -> "Iterator[tuple[Settings, Database]]":
    """Open the database that is there; or make it, as whoever is invited first comes before any server."""
    from app.main import open_database, open_outside
    from app.services import maintaining
    from app.settings import read_settings

    settings = read_settings()
    with closing(open_database(settings)) as database:
        if makes:
            maintaining.prepare(database, open_outside(settings, database), datetime.now(UTC))
        maintaining.check_there(database)
        maintaining.check_revision(database)
        yield settings, database
