"""Serving: settings for the demonstration, a socket of our own, and a server that stops when it is told."""

import logging
import socket
from collections.abc import Sequence
from contextlib import closing
from typing import Final

import typer
import uvicorn
from fastapi import FastAPI

from app.domain.errors import EnablersError
from app.main import create_app, open_database
from app.settings import Settings, read_settings

DEMONSTRATION_DATABASE: Final = "sqlite:///var/demonstration.db"
STOP_WITHIN_SECONDS: Final = 10


class AddressError(EnablersError):
    """An address that cannot be listened on."""


def serve(host: str, port: int, *, demo: bool) -> None:
    """Serve until told to stop; raises `EnablersError` where the service cannot start."""
    with _listen(host, port) as listening:
        settings = _demonstration_settings() if demo else read_settings()
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{listening.getsockname()[1]}"
        if not settings.public_url:
            settings = settings.model_copy(update={"public_url": address})
        if demo and _is_new(settings):
            typer.echo("Preparing the demonstration: invented places, people and answers ...")
        app = create_app(settings, with_worker=settings.worker)
        logging.basicConfig(format="%(message)s", level=logging.WARNING)
        logging.getLogger("enablers").setLevel(logging.INFO)
        typer.echo(f"Serving on {address} (stop with Ctrl+C)")
        uvicorn.Server(make_config(app, settings.proxy_list)).run(sockets=[listening])


def make_config(app: FastAPI, proxies: Sequence[str]) -> uvicorn.Config:
    """Say how the server runs. Only `proxies` are believed about where a request comes from, and whether over HTTPS."""
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
        timeout_keep_alive=15,
    )


def _listen(host: str, port: int) -> socket.socket:
    """Take the port first: whoever cannot have it should know at once, and port 0 has a number to print."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise AddressError(f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port") from None


def _demonstration_settings() -> Settings:
    """Take the environment's settings, but for what makes a demonstration."""
    settings = read_settings(demonstration=True)
    changes = {
        "database_url": DEMONSTRATION_DATABASE,
        "secure_cookies": False,  # it is served over plain HTTP on this machine
    }
    return settings.model_copy(
        update={name: value for name, value in changes.items() if name not in settings.model_fields_set}
    )


def _is_new(settings: Settings) -> bool:
    with closing(open_database(settings)) as database:
        return database.is_missing()
