"""What `enablers` can do, one function a command."""

import os
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.choices import FileKind, ReportForm
from app.cli.people import import_people, invite, list_people, withdraw
from app.cli.privacy import apply_retention, audit, erase, export
from app.cli.releases import releases
from app.cli.set_up import areas, indicators, neighbours, organisations, partnerships, rounds
from app.cli.tokens import tokens
from app.cli.working import work
from app.domain.errors import EnablersError
from app.domain.values import one_line

command = typer.Typer(
    name="enablers",
    help="The reform enablers self-assessment: serve it, check questionnaires, make gap reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
questionnaires = typer.Typer(help="The questionnaire files.", no_args_is_help=True)
database = typer.Typer(help="The database.", no_args_is_help=True)
command.add_typer(questionnaires, name="questionnaires")
command.add_typer(database, name="database")
people = typer.Typer(help="People, and what is kept about them.", no_args_is_help=True)
command.add_typer(people, name="people")
command.add_typer(audit, name="audit")
command.add_typer(areas, name="areas")
command.add_typer(indicators, name="indicators")
command.add_typer(neighbours, name="neighbours")
command.add_typer(organisations, name="organisations")
command.add_typer(partnerships, name="partnerships")
command.add_typer(rounds, name="rounds")
command.add_typer(releases, name="releases")
command.add_typer(tokens, name="tokens")
people.command("invite")(invite)
people.command("list")(list_people)
people.command("withdraw")(withdraw)
people.command("import")(import_people)
people.command("export")(export)
people.command("erase")(erase)
command.command("retention")(apply_retention)
command.command("work")(work)


def main() -> None:
    """Run the command; a fault is told on stderr, one a line, and the exit status is 1."""
    try:
        command()
    except EnablersError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except BrokenPipeError:  # whoever read the output has had enough
        _drop_output()
        sys.exit(1)
    except OSError as error:  # what no command foresaw, with the file where there is one
        _drop_output()
        where = "The output" if error.filename is None else one_line(str(error.filename))
        typer.echo(f"{where} cannot be read or written ({error.strerror})", err=True)
        sys.exit(1)


@command.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on; 0 for any that is free.")] = 8000,
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Serve a demonstration with invented places.")] = False,
) -> None:
    """Serve the service over HTTP."""
    from app.cli.serving import serve as run

    run(host, port, demo=demo)


@questionnaires.command("check")
def check_questionnaires(
    paths: Annotated[
        list[Path] | None, typer.Argument(readable=False, help="Files or folders; without any, the shipped ones.")
    ] = None,
) -> None:
    """Check questionnaire files, and list every fault of every file."""
    from app.catalogue import CatalogueError, find_faults

    faults = find_faults(paths or [_folder()])
    if faults:
        raise CatalogueError(faults)
    _print("No faults.")


@questionnaires.command("list")
def list_questionnaires() -> None:
    """List every version of every questionnaire."""
    from app.catalogue import load

    for entry in load(_folder()).entries:
        questionnaire = entry.questionnaire
        _print(
            f"{questionnaire.id}@{questionnaire.version}  {entry.status:9}  {len(questionnaire.questions):3} questions"
            f"  {questionnaire.hash[:19]}  {questionnaire.title}"
        )


@questionnaires.command("schema")
def print_schema(
    kind: Annotated[FileKind, typer.Argument(help="The kind of file.")] = FileKind.QUESTIONNAIRE,
    write: Annotated[
        Path | None, typer.Option(readable=False, help="Write the schemas of all kinds into this folder instead.")
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of file, for completion in an editor."""
    import json

    from app.catalogue.schemas import make_schema, write_schemas

    if write is not None:
        try:
            write_schemas(write)
        except OSError as error:
            raise _unwritable(write, error) from None
        _print(f"Written to {write}.")
    else:
        _print(json.dumps(make_schema(kind), indent=2, ensure_ascii=False))


@questionnaires.command("publish")
def publish_questionnaire(
    path: Annotated[Path, typer.Argument(readable=False, help="The questionnaire file.")],
) -> None:
    """Freeze a version: from now on the file may not change."""
    from app.catalogue.publishing import publish

    publication = publish(path, datetime.now(UTC).date())
    published = publication.questionnaire
    deed = "Published" if publication.is_new else f"Was published on {publication.published} with the same content:"
    _print(f"{deed} {published.id}@{published.version} {published.hash}, kept in {publication.path}")


@command.command()
def report(
    questionnaire: Annotated[str, typer.Argument(help="The id of a questionnaire, or the path of its file.")],
    answers: Annotated[
        list[Path], typer.Argument(readable=False, help="Answers files: one, or one for each organisation.")
    ],
    form: Annotated[ReportForm, typer.Option("--format", help="The form of the report.")] = ReportForm.TEXT,
    output: Annotated[
        Path | None, typer.Option(readable=False, help="The file to write; without it, standard output.")
    ] = None,
) -> None:
    """Report the gaps of one organisation, or of a partnership. Needs no server and no database."""
    from app.cli.reporting import make_report

    data = make_report(_folder(), questionnaire, answers, form)
    if output is None:
        _print(data, new_line=False)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise _unwritable(output, error) from None


@database.command("upgrade")
def upgrade_database() -> None:
    """Make the tables, or bring them to this version."""
    from app.cli.maintaining import upgrade

    _print(upgrade())


@database.command("check")
def check_database() -> None:
    """Check that the database answers, and has the tables of this version."""
    from app.cli.maintaining import check

    _print(check())


@database.command("recompute")
def recompute_database() -> None:
    """Score every submitted assessment anew, and compare with what was frozen. Changes nothing."""
    from app.cli.maintaining import recompute

    _print(recompute())


@command.command()
def diagnostics() -> None:
    """Print what an operator needs to know of this installation."""
    from app.cli.maintaining import diagnose

    _print(diagnose())


def _folder() -> Path:
    from app.settings import read_settings

    return read_settings().questionnaires


def _print(content: str | bytes, *, new_line: bool = True) -> None:
    """Write to standard output; raises where it takes nothing, as a report that nobody got is no success."""
    if sys.stdout is None:  # what Python makes of an output that the shell has closed
        raise EnablersError("Standard output is closed; leave it open, or send it to a file")
    typer.echo(content, nl=new_line)


def _drop_output() -> None:
    """Send what is left of the output nowhere: Python would try once more when it ends, and complain."""
    with suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unwritable(path: Path, error: OSError) -> EnablersError:
    where = path if error.filename is None else str(error.filename)
    return EnablersError(f"{one_line(str(where))}:1: cannot be written ({error.strerror}); name another path")
