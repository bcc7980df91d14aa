"""Which operation can follow which, and where its parameters come from: OpenAPI links, for readers and tools."""

from collections.abc import Mapping
from typing import Any, Final

ID: Final = "$response.body#/id"
FIRST_ID: Final = "$response.body#/items/0/id"
SAME_PARTNERSHIP: Final = {"partnership_id": "$request.path.partnership_id"}
SAME_WEBHOOK: Final = {"webhook_id": "$request.path.webhook_id"}
_OF_ASSESSMENT: Final = (
    "read_assessment",
    "read_gap_report",
    "post_answers",
    "submit_assessment",
    "sign_off_assessment",
    "request_changes",
    "reopen_assessment",
)
_OF_WEBHOOK: Final = ("read_webhook", "ping_webhook", "list_deliveries", "end_webhook")

LINKS: Final[Mapping[str, Mapping[str, Mapping[str, str]]]] = {
    "list_questionnaires": {
        "read_newest": {"questionnaire_id": FIRST_ID},
        "read_version": {"questionnaire_id": FIRST_ID, "version": "$response.body#/items/0/version"},
    },
    "list_partnerships": {
        name: {"partnership_id": FIRST_ID}
        for name in ("read_partnership", "list_assessments", "start_assessment", "list_actions")
    },
    "list_rounds": {"read_round": {"round_id": FIRST_ID}},
    "list_assessments": {
        **{name: {**SAME_PARTNERSHIP, "assessment_id": FIRST_ID} for name in _OF_ASSESSMENT},
        "read_partnership_report": {**SAME_PARTNERSHIP, "round_id": "$response.body#/items/0/round"},
    },
    "start_assessment": {name: {**SAME_PARTNERSHIP, "assessment_id": ID} for name in _OF_ASSESSMENT},
    "read_assessment": {
        name: {**SAME_PARTNERSHIP, "assessment_id": "$request.path.assessment_id"} for name in _OF_ASSESSMENT[1:]
    },
    "list_results": {"list_results": {"cursor": "$response.body#/next_cursor"}},
    "list_releases": {"read_release": {"release_id": FIRST_ID}},
    "make_webhook": {name: {"webhook_id": ID} for name in _OF_WEBHOOK},
    "list_webhooks": {name: {"webhook_id": FIRST_ID} for name in _OF_WEBHOOK},
    "list_deliveries": {"replay_delivery": {**SAME_WEBHOOK, "delivery_id": FIRST_ID}},
}
"""Operation -> what can follow -> parameter -> where it comes from."""


def add_links(operation: dict[str, Any]) -> None:
    """Put links into the replies of an operation that say that all went well."""
    links = {
        name: {"operationId": name, "parameters": dict(parameters)}
        for name, parameters in LINKS.get(operation["operationId"], {}).items()
    }
    for status, reply in operation["responses"].items():
        if links and status.startswith("2"):
            reply["links"] = links
