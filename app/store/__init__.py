"""The store: SQLAlchemy lives here and nowhere else.

`database` opens units of work, `models` are the tables, and the other modules are plain functions per noun that take a
session. They neither decide nor commit.
"""
