from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from values_act.library import Library


@dataclass(frozen=True, slots=True)
class Side:
    """One of two versions of the law that are compared."""

    name: str
    library: Library
    law: str = "state"
    county: str | None = None
    readings: Mapping[str, str] = field(default_factory=dict)
    as_of: date | None = None
