"""The core: the rule and nothing else. Pure, standard library and Pydantic only; no I/O, no clock, no framework.

`questionnaire` what is asked -> `assessment` what is answered -> `scoring` -> `gaps` -> a `GapReport`.
`partnership` puts several organisations into one report of the same kind.
"""
