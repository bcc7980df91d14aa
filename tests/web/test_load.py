"""Many at once, few connections to the database: nobody waits for ever."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.request import Request, urlopen

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.main import create_app
from app.settings import Settings
from app.web import paths
from tests.databases import sqlite_database
from tests.people import NOW, make_world, start_assessment
from tests.servers import running_server
from tests.sign_ins import sign_in

AT_ONCE = 128
POOL = 5


def test_128_people_share_five_database_connections(
    sqlite_template: Path, tmp_path: Path, questionnaires: Catalogue
) -> None:
    with sqlite_database(sqlite_template, tmp_path) as database:
        world = make_world(database, questionnaires.get("local-partners", 1))
        key = start_assessment(database, questionnaires, world)
        cookie = f"{SESSION_COOKIE}={sign_in(database, world.officer.person_id)}"
        url = database.url.render_as_string(hide_password=False)
        app = create_app(Settings(database_url=url, database_pool_size=POOL, secure_cookies=False))
        app.state.clock = lambda: NOW
        with running_server(app) as address:
            request = Request(address + paths.question(key, "shared-picture"), headers={"Cookie": cookie})  # noqa: S310

            def fetch(_: int) -> int:
                with urlopen(request, timeout=30) as response:  # noqa: S310 - the server above
                    response.read()
                    return int(response.status)

            with ThreadPoolExecutor(AT_ONCE) as pool:
                assert list(pool.map(fetch, range(2 * AT_ONCE))) == [200] * 2 * AT_ONCE
