"""The core: the rule and nothing else. Pure, standard library and Pydantic only; no I/O, no clock, no framework.

`questionnaire` what is asked -> `assessment` what is answered -> `scoring` -> `gaps` -> a `GapReport`.
`partnership` puts several organisations into one report of the same kind.

Around it: `access` who may do what; `rounds`, `round_plans`, `set_up`, `areas`, `organisations` what is set up;
`indicators` figures about areas, `footprints` the areas of a partnership together, `association` whether two things go
together; `inviting` who is let in, `identity` by whose word; `records`, `loaded`, `sharing`, `carrying`, `evidence` an
assessment while it is worked on; `reminders`, `times`, `uk_time` the clock on the wall; `audit`, `erasing`,
`retention`, `texts` what is kept; `aggregate`, `releases` what all partnerships say together, `mirror` what is asked
from both sides.
"""
