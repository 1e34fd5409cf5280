"""A case as the text of a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import yaml

from models.case import Charge, Conviction, InmateCase, Section, Warrant
from models.dates import parse_day
from values_act.questions import Raw

_ITEMS: Mapping[str, type[Section]] = {
    "convictions": Conviction,
    "charges": Charge,
    "warrants": Warrant,
}


class _Dumper(yaml.SafeDumper):
    """Writes each value where it stands, for our reader takes no aliases; indents items."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # the base class calls it so
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def in_file_order(raw: Raw) -> Raw:
    """The same case, its keys in the order of the format, and no section without a fact."""
    found: Raw = {}
    for name, field in InmateCase.model_fields.items():
        value = raw.get(name)
        if name in _ITEMS and isinstance(value, (list, tuple)):
            found[name] = [_ordered(item, _ITEMS[name]) for item in value]
        elif isinstance(field.default, Section) and value:
            found[name] = _ordered(value, type(field.default))
        elif name in raw and value != {}:
            found[name] = value
    return found


def _ordered(values: Raw, model: type[Section]) -> Raw:
    return {name: values[name] for name in model.model_fields if name in values}


def case_yaml(raw: Raw, notes: Iterable[str] = ()) -> str:
    """The case as YAML, with a note a line at its head."""
    head = "# A hypothetical case, as the replies to `values-act ask` made it.\n"
    body = yaml.dump(
        _plain(in_file_order(raw)), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000
    )
    return "".join([head, *(f"# {note}\n" for note in notes), body])


class _AsRead(_Dumper):
    """Writes text as our reader takes it: without quotes, unless it would be read as nothing."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # so the base class has it
        first: [(tag, pattern) for tag, pattern in found if tag == "tag:yaml.org,2002:null"]
        for first, found in yaml.SafeDumper.yaml_implicit_resolvers.items()
    }


def as_read(data: Any) -> str:
    """The values of a file that our reader has read, as a file that it reads as the same."""
    return yaml.dump(data, Dumper=_AsRead, sort_keys=False, allow_unicode=True, width=1000)


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
