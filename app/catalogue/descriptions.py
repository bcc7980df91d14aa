"""What each key of each kind of file means: for editors (JSON Schema), and for the sentence about a missing key."""

from collections.abc import Mapping
from typing import Final

from app.domain.barriers import BarrierKind, Barriers, EnablerBarriers
from app.domain.learning import LearningLibrary, LearningPoint, Resource, Source
from app.domain.mirror import Mirror, MirrorPair, PairSide
from app.domain.questionnaire import (
    Band,
    ChecklistItem,
    Condition,
    Enabler,
    EvidenceKind,
    Framework,
    Level,
    Part,
    Question,
    Questionnaire,
    Rules,
    Scale,
    Section,
)
from app.domain.trust_question import TrustLevel, TrustQuestion, TrustSubject

AN_ID = "small letters, digits and hyphens, such as sharing-information"
SCHEMA = "the version of the file’s form, always 1"

DESCRIPTIONS: Final[Mapping[type[Part], Mapping[str, str]]] = {
    Framework: {
        "schema": SCHEMA,
        "id": f"the id of the framework, the same as its folder’s name: {AN_ID}",
        "title": "what the framework is called",
        "enablers": "the list of enablers, in the order reports show them",
        "scales": "the list of scales that questions are answered on",
        "bands": "the list of bands that scores fall into, lowest first",
        "rules": "the numbers of the scoring rule",
        "checklist": "the checklist items that questions serve",
        "evidence": "the kinds of evidence that may show an answer",
    },
    Enabler: {
        "id": f"an id that never changes: {AN_ID}",
        "title": "what the enabler is called",
        "summary": "what it means to have it, in a sentence",
        "barrier": "what stands in the way where it is missing",
    },
    Scale: {
        "id": f"an id that never changes: {AN_ID}",
        "levels": "at least two levels, points strictly rising",
    },
    Level: {
        "id": f"an id that never changes: {AN_ID}",
        "points": "a number, above that of the level before",
        "label": "what the level is called",
    },
    Band: {
        "id": f"an id that never changes: {AN_ID}",
        "from": "the lowest score of the band, 0 to 100; the first band is from 0",
        "label": "what the band is called",
        "barrier": "true where an enabler in this band is named a barrier",
        "meaning": "what a score in this band says",
    },
    Rules: {
        "default_target": "the target of a question without one, a score from 0 to 100",
        "full_coverage": "the coverage from which a score is full, in per cent",
        "provisional_coverage": "the coverage from which a score is shown as provisional, in per cent",
        "critical_below": "the score under which a critical question caps its enabler, 0 to 100",
        "critical_cap": "the id of the best band an enabler so capped can be in",
        "dont_know_finding": "the share of don’t knows over which it is a finding, in per cent",
        "minimum_organisations": "the organisations a partnership’s question score needs, a whole number from 1",
    },
    ChecklistItem: {
        "id": "a short name, such as L1",
        "audience": "who is asked: local-partner or department",
        "text": "the checklist item in words",
    },
    EvidenceKind: {
        "id": f"an id that never changes: {AN_ID}",
        "label": "what this kind of evidence is called",
    },
    Questionnaire: {
        "schema": SCHEMA,
        "framework": "the id in the framework.yaml beside this file",
        "id": f"the id of the questionnaire, the same in all its versions: {AN_ID}",
        "version": "the version, a whole number from 1; raise it to change what is published",
        "title": "what the questionnaire is called",
        "summary": "what people should know before they start",
        "audience": "who is asked: local-partner or department",
        "sections": "the list of sections, in the order people see them",
    },
    Section: {
        "id": f"an id, unique in the questionnaire: {AN_ID}",
        "enabler": "the id of the enabler that its questions are about",
        "title": "what the section is called",
        "questions": "the list of questions, in the order people see them",
    },
    Question: {
        "id": f"an id that never changes, unique in the questionnaire: {AN_ID}",
        "meaning": "a whole number from 1, raised when the sense of the question changes",
        "text": "the question in words",
        "hint": "help with answering it",
        "serves": "the checklist items it serves, such as [L1, L2]",
        "scale": "the id of the scale it is answered on",
        "weight": "a number, zero or more",
        "critical": "true where a low score caps the enabler",
        "target": "the id of the level to reach",
        "not_applicable": "false where the question applies to everyone",
        "descriptors": "for each level of the scale, the fact that shows it",
        "evidence": "the kinds of evidence that would show it",
        "when": "ask only where an earlier question was answered at a level or above",
    },
    Condition: {
        "question": "the id of an earlier question",
        "at_least": "the id of a level of that question’s scale",
    },
    LearningLibrary: {
        "schema": SCHEMA,
        "framework": "the id in the framework.yaml beside this file",
        "resources": "the list of things outside that help",
        "points": "the list of learning points",
    },
    Resource: {
        "id": f"an id, unique among resources: {AN_ID}",
        "name": "what the resource is called",
        "link": "its web address, starting with https://",
        "run_by": "who runs it",
        "helps_with": "what it helps with",
        "enablers": "the ids of the enablers it helps with",
        "status": "current, ended or unknown",
        "last_checked": "the date somebody last looked, such as 2026-11-30",
        "note": "what to know before using it; needed where it has ended",
        "successor": "the id of the resource that took its place",
    },
    LearningPoint: {
        "id": f"an id, unique among points: {AN_ID}",
        "enabler": "the id of the enabler it is about",
        "bands": "the ids of the bands of a score it helps in",
        "questions": "the ids of the questions it is for; leave it out where it is for all of the enabler",
        "text": "what to do, in words",
        "source": "where it comes from",
        "resources": "the ids of the resources that help with it",
    },
    Barriers: {
        "schema": SCHEMA,
        "framework": "the id in the framework.yaml beside this file",
        "enablers": "for each enabler of the framework, what is asked about its gaps",
    },
    EnablerBarriers: {
        "enabler": "the id of the enabler",
        "question": "what people are asked about a gap of this enabler, in words",
        "kinds": "the list of kinds of thing that may stand in the way: at least two, at most eight",
    },
    BarrierKind: {
        "id": f"an id that never changes, unique in the file: {AN_ID}",
        "label": "what the kind is called",
        "hint": "how to recognise it, and tell it from the others",
        "next_step": "what to do next where this stands in the way",
        "resources": "the ids of the resources in learning.yaml that help with it",
    },
    TrustQuestion: {
        "schema": SCHEMA,
        "framework": "the id in the framework.yaml beside this file",
        "enabler": "the id of the enabler that the question belongs to",
        "title": "what its page is called",
        "text": "the question in words",
        "hint": "help with answering it",
        "levels": "four levels, the least trust first; those that rely on the other stand last",
        "subjects": "what is rated beside the partners of a partnership",
    },
    TrustLevel: {
        "id": f"an id that never changes: {AN_ID}",
        "label": "what the level is called",
        "relies": "true where whoever says this relies on the other",
    },
    TrustSubject: {
        "id": f"an id that never changes: {AN_ID}",
        "label": "what it is called",
    },
    Mirror: {
        "schema": SCHEMA,
        "framework": "the id in the framework.yaml beside this file",
        "pairs": "the list of pairs: a question for local partners beside one for departments",
    },
    MirrorPair: {
        "id": f"an id that never changes: {AN_ID}",
        "about": "what both questions are about, in plain words",
        "local": "the side of local partners",
        "departments": "the side of departments",
    },
    PairSide: {
        "questionnaire": "the id of a questionnaire beside this file that asks this side",
        "question": "the id of a question of it",
    },
    Source: {
        "name": "what the source is called",
        "link": "its web address, starting with https://",
    },
}
"""Model -> key as written in a file -> what to write there."""
