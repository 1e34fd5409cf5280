"""Sentences on what would change an outcome: neutral, each fact by its label in `facts.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from values_act.flips import ITEM, Added, Change, FlipSet
from values_act.program import Program
from values_act.readers import words
from values_act.records import OFFENSE, Facts, Record
from values_act.vocabulary import LARGEST, FactSpec, Open, Span, Value, is_known, merged

WOULD = {
    "required": "It would be required",
    "permitted": "It would be permitted",
    "prohibited": "It would be prohibited",
    "not_regulated": "The law asked about would not govern it",
    "undetermined": "It would be undetermined",
}
NAMED = 3  # citations named of many
TOLD = ("attempt", "conspiracy", "solicitation")  # what a citation tells besides the offense
_VERB = re.compile(r"(?P<head>.+?) (?P<verb>is|are|was|were) (?P<tail>.+)")
_CLAUSE = re.compile(r"\b(?:that|which|who|but|must|not)\b")
_MIXED = re.compile(r"\b(?:but|must|not)\b")
_SEVERAL = re.compile(r"\b(?:and|or|only)\b")
_SUPPOSED = {"is": "were", "are": "were", "was": "had been", "were": "had been"}


def sentence(program: Program, facts: Facts, flipset: FlipSet) -> str:
    """A set of changes to a case, with these facts under this program, as one sentence."""
    teller = _Teller(program, facts)
    parts = [
        *teller.changes(flipset.changes),
        *(added_words(program, added) for added in flipset.added),
    ]
    return f"{WOULD[flipset.outcome]} if {_all(parts)}."


def change_words(program: Program, facts: Facts, change: Change, among: tuple[Change, ...]) -> str:
    """One change as a clause; `among` are all that are made together."""
    teller = _Teller(program, facts, among)
    return teller.new([change]) if teller.is_new(change) else teller.one(change)


def added_words(program: Program, added: Added) -> str:
    """An item that would have to be there, with an example of it, as a clause."""
    like = _example(program, added)
    meets = f"there were also a {added.subject} that meets: {added.rule.title} ({added.rule.cite})"
    return f"{meets}, such as {like}" if like else meets


def _example(program: Program, added: Added) -> str:
    values = {name: value for name, value in added.example.items() if name != OFFENSE}
    title = str(added.example.get(OFFENSE, ""))
    return _rest(program, Record(added.subject, 1, values, title=title))


def plain(spec: FactSpec | None, value: Value) -> str:
    """A value as a case file has it, for programs; a span as `A to B`."""
    if isinstance(value, Open):
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Span):
        low, high = (plain(spec, bound) for bound in value)
        if spec is not None and spec.type == "number" and value.high >= LARGEST:
            return f"{low} or more"
        return low if low == high else f"{low} to {high}"
    if spec is not None and spec.type == "date":
        return date.fromordinal(int(value)).isoformat()
    return str(value)


# ---------------------------------------------------------------- values


def values_words(spec: FactSpec, change: Change, day: date) -> str:
    """What a word, a number or a date may be instead: `2011-07-17 or later`."""
    if spec.type in ("date", "number"):
        return _any(words.stretch(spec, span, day) for span in merged(change.values))
    others = set(spec.words) - {change.was}
    if len(change.values) > 1 and is_known(change.was) and set(change.values) == others:
        return f"anything other than {_said(spec, change.was)}"
    return _any(_said(spec, value) for value in change.values)


def _said(spec: FactSpec, value: Value) -> str:
    """A value in words; in quotes where the label is no noun that it could follow as it is."""
    said = words.actual(spec, value)
    return said if spec.type != "word" or spec.label.startswith("the ") else f'"{said}"'


def _offenses(values: Sequence[Value]) -> str:
    named = [str(value) for value in values[:NAMED]]
    more = len(values) - len(named)
    return _any([*named, f"{more} other{'s' if more > 1 else ''}"] if more else named)


# ---------------------------------------------------------------- clauses


@dataclass(slots=True)
class _Teller:
    """Tells changes one after the other, and names an item in full only once."""

    program: Program
    facts: Facts
    among: tuple[Change, ...] = ()
    named: set[str] = field(default_factory=set)

    def changes(self, changes: tuple[Change, ...]) -> Iterator[str]:
        self.among = changes
        new: dict[str, list[Change]] = {}
        for change in changes:
            if self.is_new(change):
                new.setdefault(change.record.name, []).append(change)
            else:
                yield self.one(change)
        for group in new.values():
            yield self.new(group)

    def is_new(self, change: Change) -> bool:
        """Whether a change is of an item that the case does not have."""
        record = change.record
        known = sum(item.subject == record.subject for item in self.facts.items)
        return record.subject != "case" and record.number > known

    def new(self, changes: list[Change]) -> str:
        """A new item by its facts: `there were also a charge where the stage is ...`."""
        record = changes[0].record
        also = f"there were also a {record.subject}"
        facts = [self._clause(one, "") for one in changes if one.fact != ITEM]
        title = _rest(self.program, record) if len(facts) < len(changes) else ""
        also = f"{also}: {title}" if title else also
        return f"{also} where {_all(facts)}" if facts else also

    def one(self, change: Change) -> str:
        record = change.record
        if record.subject == "case":
            return self._clause(change, None)
        rest = "" if record.name in self.named else _rest(self.program, record)
        self.named.add(record.name)
        return self._clause(change, rest)

    def _clause(self, change: Change, rest: str | None) -> str:
        """A change as a clause; `rest` is what is known of an item, None for the case."""
        new = self.is_new(change)
        be = "is" if new else "were"
        name = change.record.name
        item = "" if new or rest is None else f" ({name}: {rest})" if rest else f" ({name})"
        spec = self.program.vocabulary.get(change.record.subject, change.fact)
        if spec is None:
            noun = "offense" if change.fact == OFFENSE else change.fact
            return f"the {noun}{item} {be} {_offenses(change.values)}{self._as_now(change)}"
        if spec.type == "yes_no":
            truth = change.values[0] is True
            if spec.list_name:
                return f"{_list(spec)}{item} {_including(truth, new)} {spec.member_label}"
            own = None if new or rest is None else f"{name} ({rest})" if rest else name
            return _yes_no(spec.label, truth, be, own, item)
        said = values_words(spec, change, self.facts.day)
        if not new:
            title = "" if rest is None else _rest(self.program, change.record)
            said += _instead(spec, change, said, title)
        return f"{spec.label}{item} {be} {said}"

    def _as_now(self, change: Change) -> str:
        """What stays true of an item whose offense is another, though the section told it."""
        values, specs = change.record.values, self.program.vocabulary.by_subject
        changed = {other.fact for other in self.among}
        kept = [
            specs[change.record.subject][name].label
            for name in TOLD
            if values.get(name) is True and name not in changed
        ]
        return f" (as now, {' and '.join(kept)})" if kept else ""


def _yes_no(label: str, truth: bool, be: str, own: str | None, item: str) -> str:
    """A yes/no fact from its label; the label is quoted where turning it round is not safe."""
    found = _VERB.fullmatch(label)
    involved = found and (_CLAUSE.search(found["head"]) or _MIXED.search(found["tail"]))
    if not found or involved or (not truth and _SEVERAL.search(found["tail"])):
        return f'"{label}"{item} {be} {"true" if truth else "not true"}'
    verb = found["verb"] if be == "is" else _SUPPOSED[found["verb"]]
    if not truth:
        verb = "had not been" if verb == "had been" else f"{verb} not"
    if found["head"] == "it" and own is not None:
        return f"{own} {verb} {found['tail']}"
    return f"{found['head']} {verb} {found['tail']}{item}"


def _list(spec: FactSpec) -> str:
    return spec.label.removesuffix(f": {spec.member_label}")


def _including(truth: bool, new: bool) -> str:
    if new:
        return "includes" if truth else "does not include"
    return "included" if truth else "did not include"


def _instead(spec: FactSpec, change: Change, said: str, title: str) -> str:
    """What the fact is now, where neither the item's title nor the values tell it."""
    if not is_known(change.was):
        return ""
    now = words.actual(spec, change.was)
    bare = now.removeprefix("a ").removeprefix("an ")
    told = (title and bare in title) or now in said
    return "" if told and spec.type != "number" else f" instead of {_said(spec, change.was)}"


def _rest(program: Program, record: Record) -> str:
    """What is known of an item, without its number."""
    return words.item_title(program, record).removeprefix(record.name).removeprefix(": ")


def _any(parts: Iterable[str]) -> str:
    *most, last = parts
    return f"{', '.join(most)} or {last}" if most else last


def _all(parts: Sequence[str]) -> str:
    if len(parts) <= 2:
        return " and ".join(parts)
    return f"{'; '.join(parts[:-1])}; and {parts[-1]}"
