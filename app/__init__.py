"""The map of the house.

    questionnaires/*.yaml -> Questionnaire -> answers -> Scores -> GapReport -> page, JSON, CSV, PDF, text
    one organisation's answers -> its gap report; those of a partnership -> its report, a meeting, a plan, other rounds
    all partnerships' answers -> contributions -> disclosure -> a release, frozen -> pages and files for central teams

cli, main        doors of the terminal, and the composition root that puts everything together
web, api         doors for people and for machines; middleware stands before both
dependencies     what a route may ask for
services         one function per thing a person does: load, decide, save
store            tables and SQL; nothing else knows SQLAlchemy
catalogue        questionnaire files, read strictly and published by hash
disclosure       what may be shown of many partnerships, and the proof that it gives nobody away
renderings       one report object, several forms
identity         signing in through a provider, where there is one
delivery         where mails go: a mail server, or the terminal
outgoing         messages to other systems, by HTTPS and to public addresses alone
domain           the core: the rule, pure
settings         from the environment; handed down by cli and main

Each line may import from those below it, never from those above.
"""
