"""A case as the text of a file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import yaml

from models.case import InmateCase
from models.dates import parse_day
from values_act.questions import Raw


class _Dumper(yaml.SafeDumper):
    """Writes each value where it stands: our reader takes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # the base class calls it so
        return True


def in_file_order(raw: Raw) -> Raw:
    """The same case, its keys in the order of the format."""
    return {name: raw[name] for name in InmateCase.model_fields if name in raw}


def case_yaml(raw: Raw, notes: Iterable[str] = ()) -> str:
    """The case as YAML, with a note a line at its head."""
    head = ["# A hypothetical case, as the replies to `values-act ask` made it.", *(
        f"# {note}" for note in notes
    )]  # fmt: skip
    body = yaml.dump(
        _plain(in_file_order(raw)), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000
    )
    return "\n".join([*head, body])


def _plain(value: Any) -> Any:
    """The value with days as dates, so that they are written without quotes."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return _day(value) if isinstance(value, str) else value


def _day(text: str) -> date | str:
    try:
        return parse_day(text)
    except ValueError:
        return text
