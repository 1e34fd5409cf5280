"""The facts of a case as sentences, for the record: what was stated, item by item."""

from __future__ import annotations

from collections.abc import Iterator

from values_act.answer import Answer
from values_act.readers import words
from values_act.records import Record


def facts_stated(answer: Answer) -> Iterator[str]:
    """One sentence for the case and one for each item: every stated fact."""
    for record in answer.facts.records():
        facts = "; ".join(_facts(answer, record))
        title = "the case" if record.subject == "case" else words.item_title(answer.program, record)
        yield f"{title}: {facts}" if facts else title


def _facts(answer: Answer, record: Record) -> Iterator[str]:
    specs = answer.program.vocabulary.by_subject[record.subject]
    lists: dict[str, list[str]] = {}
    for name in sorted(record.stated):
        spec = specs[name]
        if spec.list_name:
            found = lists.setdefault(spec.list_name, [])
            if record.values[name] is True:
                found.append(spec.member or "")
        else:
            yield f"{name} {words.actual(spec, record.values[name])}"
    for name, members in lists.items():
        yield f"{name}: {', '.join(members) or 'none'}"
