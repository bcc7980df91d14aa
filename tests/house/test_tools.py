"""The tests' own tools work: the other tests could not tell."""

import psycopg
from sqlalchemy import create_engine, text


def test_postgresql_starts_and_takes_a_table(postgresql_url: str) -> None:
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        connection.execute(text("create temporary table tried (word text)"))
        connection.execute(text("insert into tried values ('déjà')"))
        assert connection.execute(text("select word from tried")).scalar_one() == "déjà"
    engine.dispose()


def test_the_tests_database_is_their_own(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url) as connection:
        assert connection.info.dbname.startswith("enablers_test_")
