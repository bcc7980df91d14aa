"""What an operator does for the audit and for people's data."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from app.domain.errors import EnablersError

if TYPE_CHECKING:  # a command imports what it needs when it runs
    from app.services import Database
    from app.services.outside import Outside
    from app.settings import Settings

audit = typer.Typer(help="The audit.", no_args_is_help=True)
PRIVATE: Final = 0o600


class AuditError(EnablersError):
    """The audit does not hold."""


@audit.command("verify")
def verify() -> None:
    """Compute every chain of the audit anew, and compare with what is kept outside the database. Changes nothing."""
    from app.renderings.words import count
    from app.services import verifying

    with _opened() as (_, database, outside):
        result = verifying.verify(database, outside)
    if result.faults:
        raise AuditError("\n".join(result.faults))
    typer.echo(
        f"{count(result.chains, 'chain')} with {count(result.entries, 'entry', 'entries')} hold, and agree with "
        f"{count(result.heads_outside, 'head')} kept outside the database. {count(result.erased, 'text')} were erased."
    )


@audit.command("head")
def keep_heads(
    *,
    restored: Annotated[
        bool, typer.Option("--restored", help="An older backup was restored: what was kept of later entries is void.")
    ] = False,
) -> None:
    """Keep the last hash of every chain outside the database."""
    from app.renderings.words import count
    from app.services import verifying

    keep = verifying.accept_heads if restored else verifying.write_heads
    with _opened() as (_, database, outside):
        kept = keep(database, outside, datetime.now(UTC))
    typer.echo(f"{count(kept, 'head')} kept in {outside.heads}.")


def export(
    email: Annotated[str, typer.Argument(help="The address of the person.")],
    output: Annotated[
        Path | None, typer.Option(readable=False, help="The file to write; without it, standard output.")
    ] = None,
) -> None:
    """Write everything that is kept about a person as JSON."""
    from app.services import privacy

    with _opened() as (_, database, _outside):
        pieces = privacy.export_of(database, email, datetime.now(UTC))
        if output is None:
            for piece in pieces:
                typer.echo(piece, nl=False)
            return
        with open(output, "w", encoding="utf-8", opener=_open_private) as file:
            file.writelines(pieces)
    typer.echo(f"Written to {output}.")


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def erase(
    email: Annotated[str, typer.Argument(help="The address of the person.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person for good: name, address, roles and what they wrote. Levels chosen and scores stay."""
    from app.services import privacy

    with _opened() as (_, database, outside):
        known = privacy.find_known(database, email)
        who = f"{known.name} <{known.email}>" if known.person_id else f"all that was sent to {known.email}"
        if not yes:
            typer.confirm(f"Erase {who} for good?", abort=True, err=True)
        erased = privacy.erase(database, outside, email, datetime.now(UTC))
    changed = ", ".join(f"{table} {number}" for table, number in sorted(erased.changed.items()))
    typer.echo(
        f"Erased. Rows changed or removed: {changed}. Kept in {outside.erasures}, to be done again after a restore."
    )
    if not erased.scrubbed:
        raise EnablersError(
            "Others were using the database file, so that parts of what was erased may still be in it, unused; "
            "run when it is quiet: enablers retention"
        )


def apply_retention(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only, and change nothing.")] = False,
) -> None:
    """Remove what has been kept for its time, and say how much of each kind."""
    from app.services import retention

    with _opened() as (settings, database, outside):
        keep = settings.demonstration
        now = datetime.now(UTC)
        if dry_run:
            counts = retention.count_due(database, now, keep_mail_texts=keep)
        else:
            counts = retention.apply(database, outside, now, keep_mail_texts=keep, always_scrub=True)
    for kind, number in counts.items():
        typer.echo(f"{kind}: {number} {'to be removed' if dry_run else 'removed'}")


@contextmanager
def _opened() -> "Iterator[tuple[Settings, Database, Outside]]":
    """Open the database that is there, and what is kept outside it."""
    from app.main import open_database, open_outside
    from app.services import maintaining
    from app.settings import read_settings

    settings = read_settings()
    with closing(open_database(settings)) as database:
        maintaining.check_there(database)
        maintaining.check_revision(database)
        yield settings, database, open_outside(settings, database)
