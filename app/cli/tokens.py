"""Tokens for other systems from the terminal."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.cli.people import opened

tokens = typer.Typer(help="Tokens for other systems.", no_args_is_help=True)


@tokens.command("create")
def create(
    name: Annotated[str, typer.Option(help="What the system is called.")],
    scope: Annotated[list[str], typer.Option(help="What it may do, such as results:read; once for each.")],
    days: Annotated[int, typer.Option(min=1, max=365, help="How long the token works.")] = 90,
    person: Annotated[str, typer.Option(help="The address of the person it acts for.")] = "",
) -> None:
    """Make an API client, and print its token alone."""
    from app.domain.times import moment_words
    from app.services import clients_by_command
    from app.services.clients_by_command import Order
    from app.services.tokens import TokenKeys

    with opened() as (settings, database):
        order = Order(name, tuple(scope), days, person)
        made, maker = clients_by_command.make(database, order, datetime.now(UTC), TokenKeys(settings.secret_list))
    typer.echo(f"It acts for {maker} until {moment_words(made.expires_at)}. The token is shown this once.", err=True)
    typer.echo(made.token)


@tokens.command("list")
def list_tokens() -> None:
    """List every API client with its tokens, by their last characters."""
    from app.domain.times import moment_words
    from app.domain.values import one_line
    from app.services import clients_by_command

    with opened() as (_, database):
        clients = clients_by_command.list_all(database)
    for client in clients:
        ended = f"  ended at {moment_words(client.revoked_at)}" if client.revoked_at else ""
        typer.echo(f"{client.id}  {one_line(client.name)}  of {one_line(client.maker)}  {client.scopes}{ended}")
        for token in client.tokens:
            used = f"last used at {moment_words(token.last_used_at)}" if token.last_used_at else "not used yet"
            end = token.revoked_at or token.expires_at
            until = "ended at" if end <= datetime.now(UTC) else "until"
            typer.echo(f"    …{token.hint}  {until} {moment_words(end)}, {used}")
    if not clients:
        typer.echo("There is none yet.")


@tokens.command("revoke")
def revoke(name: Annotated[str, typer.Argument(help="The name of the system, or its id.")]) -> None:
    """End an API client with all its tokens, at once."""
    from app.domain.values import one_line
    from app.services import clients_by_command

    with opened() as (_, database):
        client = clients_by_command.revoke(database, name, datetime.now(UTC))
    typer.echo(f"Ended: {one_line(client.name)}, of {one_line(client.maker)}.")
