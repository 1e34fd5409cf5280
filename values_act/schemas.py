"""JSON Schemas of the file formats; a case's words are those of `rules/facts.yaml`."""

from __future__ import annotations

from typing import Any

from models.base import UNKNOWN, Model
from models.case import InmateCase
from models.decision import Decision
from models.flips import Flips
from models.law import FactBook, Law, Subject
from models.policy import County, CountyPolicy
from models.proof import Proof
from models.property import Property
from models.scenario import Scenario
from values_act.vocabulary import FactSpec, Vocabulary

MODELS: dict[str, type[Model]] = {
    "case": InmateCase,
    "law": Law,
    "policy": CountyPolicy,
    "county": County,
    "facts": FactBook,
    "scenario": Scenario,
    "decision": Decision,
    "flip": Flips,
    "property": Property,
    "proof": Proof,
}
ANSWERS = frozenset({"decision", "flip", "proof"})  # written by the program, never read
_PARTS: dict[str, tuple[Subject, str]] = {
    "Agency": ("case", "agency."),
    "Request": ("case", "request."),
    "Person": ("case", "person."),
    "Act": ("case", "act."),
    "Handover": ("case", "handover."),
    "Conviction": ("conviction", ""),
    "Charge": ("charge", ""),
    "Warrant": ("warrant", ""),
}


def schema_of(name: str, vocabulary: Vocabulary) -> dict[str, Any]:
    """The schema of a format, with the words and questions of the facts where it holds a case."""
    schema = MODELS[name].model_json_schema(
        mode="serialization" if name in ANSWERS else "validation"
    )
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for part, (subject, prefix) in _PARTS.items():
        for field, body in schema.get("$defs", {}).get(part, {}).get("properties", {}).items():
            _enrich(body, vocabulary, subject, f"{prefix}{field}")
    return schema


def _enrich(body: dict[str, Any], vocabulary: Vocabulary, subject: Subject, name: str) -> None:
    members = vocabulary.lists.get((subject, name))
    if members:
        words = {"enum": list(members)}
        body.pop("anyOf", None)
        body["anyOf"] = [
            {"type": "array", "items": words},
            words,
            {"const": UNKNOWN},
            {"type": "null"},
        ]
        return
    spec: FactSpec | None = vocabulary.get(subject, name)
    if spec is None:
        return
    if spec.words:
        body.pop("anyOf", None)
        body["enum"] = [*spec.words, UNKNOWN, None]
    if spec.question:
        body["description"] = spec.question
