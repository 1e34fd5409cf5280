"""What a file is: by where it lies in a copy of the law, else by the keys that it holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from models.base import Model
from models.case import InmateCase
from models.law import FactBook, Law
from models.policy import County, CountyPolicy
from models.scenario import Scenario

Kind = Literal["facts", "law", "county", "table", "policy", "case", "cases", "scenarios"]

FACTS, LAWS, COUNTIES, OFFENSES = "facts.yaml", "laws", "counties", "offenses"
TEXTS = frozenset({".yaml", ".yml", ".json"})
KINDS = (
    "a law, facts.yaml, a county, a table of offenses, a policy, a case, a list of cases or of "
    "scenarios"
)
_WHOLE: Mapping[Kind, type[Model]] = {
    "case": InmateCase,
    "policy": CountyPolicy,
    "county": County,
    "law": Law,
    "facts": FactBook,
}
_LISTED: Mapping[Kind, type[Model]] = {"scenarios": Scenario, "cases": InmateCase}


def copy_of(path: Path) -> Path | None:
    """The copy of the law that a file lies in: a folder with facts and laws."""
    whole = path.absolute()
    for number, folder in enumerate(whole.parents):
        if (folder / FACTS).is_file() and (folder / LAWS).is_dir():
            return path.parents[number] if number < len(path.parents) else folder
    return None


def kind_in_copy(root: Path, path: Path) -> Kind | None:
    """What a file of a copy of the law is to the program; None if it does not read it."""
    match path.absolute().relative_to(root.absolute()).parts:
        case (name,) if name == FACTS:
            return "facts"
        case (folder, *_, name) if folder == LAWS and name.endswith(".yaml"):
            return "law"
        case (folder, name) if folder == COUNTIES and name.endswith(".yaml"):
            return "county"
        case (folder, name) if folder == OFFENSES and name.endswith(".csv"):
            return "table"
    return None


def kind_of(data: Any) -> Kind | None:
    """What the values of a file outside of any copy of the law are; None if nothing we know."""
    if isinstance(data, Mapping):
        return _likest(data, _WHOLE)
    if isinstance(data, list) and data and isinstance(data[0], Mapping):
        return _likest(data[0], _LISTED)
    return None


def _likest(data: Mapping[str, Any], models: Mapping[Kind, type[Model]]) -> Kind | None:
    """The one kind of which most keys are, and more than half of all; so a typo is told as one."""
    known = {kind: len(data.keys() & model.model_fields.keys()) for kind, model in models.items()}
    most = max(known.values())
    best = [kind for kind, count in known.items() if count == most]
    return best[0] if len(best) == 1 and 2 * most > len(data) else None
