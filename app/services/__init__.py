"""One function per thing a person does: load, decide, save. No HTTP, no SQL, no route.

Each opens its own unit of work and has committed when it returns. By what they are about:

getting in       signing_in, sessions, tokens, limiting, accounts; holding (what was typed as a session ended)
people           inviting, inviting_files, accepting, people (roles), joining (organisations)
setting up       setting_up/
an assessment    assessing, sharing, carrying (the last round's answers), evidence with checking_files and
                 checking_packages, life (what comes after submitting), reporting,
                 typing_barriers (what stands in the way of a gap)
following        following (one partnership: who has come how far), overseeing (a round as it runs, for central teams)
together         together (the partnership report), meeting, over_time (beside earlier rounds), sharing_reports (links
                 to it for somebody outside)
the plan         planning (the board), drafting (making and changing actions), progressing (notes), asks (for
                 departments), action_letters
learning         exchange (offers and asks), proposing (what goes together), consenting (a yes on both sides),
                 marking (what helped), exchange_letters
all together     releasing/ (loading, building, approving and withdrawing, reading releases), where_am_i (a partnership
                 beside one)
mail, the clock  mailing, letters, telling, reading_mail; working/
keeping          auditing, reading_audit, verifying, outside; privacy, retention, texts
other systems    api_clients (who they are), pulling (what they read), answering (many answers at once), writing_once
                 (what they send again), looking_up (partnerships, rounds, organisations, areas),
                 other_systems (as people see them), clients_by_command
operating        maintaining, readiness, demonstration/
"""

from app.store.database import Database, DatabaseUnavailableError

__all__ = ["Database", "DatabaseUnavailableError"]
