"""From a case to its facts: stated, looked up in the catalogue, implied, presumed or unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from models.base import UNKNOWN
from models.case import InmateCase, Offending, Section
from models.dates import PartialDate
from models.law import Subject
from values_act.catalogue import Catalogue, Entry
from values_act.errors import InputError, did_you_mean
from values_act.kleene import holds
from values_act.narrow import ContradictionError, narrow
from values_act.records import Facts, Record, Supposed, Variant
from values_act.vocabulary import (
    EARLIEST,
    FactSpec,
    Open,
    Span,
    Value,
    Values,
    Vocabulary,
    is_known,
)

LISTS: Mapping[Subject, str] = {
    "conviction": "convictions",
    "charge": "charges",
    "warrant": "warrants",
}
# looked-up facts on the grade, not relied on where a stated grade overrides the catalogue
_GRADED = frozenset({"offense_grade", "wobbler", "serious", "violent"})
EITHER = " or "  # between grades that an offense had in different forms
_NO_FACTS = frozenset({"offense", "override", "evidence", "california_equivalent"})
# Catalogue confidences from weakest to the first that counts as read; others are read.
_WEAK = (
    "memory_uncertain",
    "memory",
    "partial",
    "partial_cjis_agrees",
    "by description: compiler judgement",
)


def read_facts(case: InmateCase, vocabulary: Vocabulary, catalogue: Catalogue) -> Facts:
    """Type and complete every fact of a case.

    Raises:
        InputError: a word that no fact takes, a conviction after the day of the act, facts that
            contradict each other, a grade that the offense cannot have.
    """
    reader = _Reader(vocabulary, catalogue, case.as_of.first)
    facts = Facts(case.as_of.first, reader.case(case), [])
    for subject, name in LISTS.items():
        items = getattr(case, name)
        if items == UNKNOWN:
            facts.open_lists += (subject,)
            facts.items.append(reader.phantom(subject))
            continue
        if name not in case.model_fields_set:
            facts.empty_lists += (subject,)
        facts.items.extend(reader.item(subject, n, item) for n, item in enumerate(items, 1))
    return facts


class _Reader:
    def __init__(self, vocabulary: Vocabulary, catalogue: Catalogue, day: date) -> None:
        self.vocabulary = vocabulary
        self.catalogue = catalogue
        self.day = day

    # ------------------------------------------------------------ one record
    def case(self, case: InmateCase) -> Record:
        given: dict[str, Any] = {}
        for prefix in ("agency", "request", "person", "act", "handover"):
            part: Section = getattr(case, prefix)
            given |= {f"{prefix}.{name}": value for name, value in part.stated().items()}
        given.pop("agency.county", None)
        record = self._record("case", 0, given, "the case")
        self._check_dates(record, "the case")
        return record

    def phantom(self, subject: Subject) -> Record:
        values = dict(self.vocabulary.unknowns(subject, self.day))
        return Record(subject, 0, values, phantom=True)

    def item(self, subject: Subject, number: int, item: Section) -> Record:
        where = f"{LISTS[subject]}[{number}]"
        stated = item.stated()
        given = {name: value for name, value in stated.items() if name not in _NO_FACTS}
        entries: tuple[Entry, ...] = ()
        warnings: list[str] = []
        if isinstance(item, Offending):
            entries = self._look_up(item, given, where, warnings)
        record = self._record(subject, number, given, where, entries, stated)
        evidence = stated.get("evidence")
        if evidence not in (None, "court_record"):
            words = str(evidence).replace("_", " ")
            warnings.append(f"{record.name} rests on a {words}; confirm it in the court record")
        record.warnings = tuple(warnings)
        record.title = str(stated.get("offense") or "")
        event = given.get("event")
        record.event = None if event == UNKNOWN else event
        self._check_dates(record, where)
        return record

    def _look_up(
        self, item: Offending, given: dict[str, Any], where: str, warnings: list[str]
    ) -> tuple[Entry, ...]:
        asked = item.california_equivalent or item.offense
        if asked is None or asked == UNKNOWN:
            return ()
        match = self.catalogue.find(asked)
        if match.enhancements:
            raise InputError(f"{where}: offense `{asked}`: {match.enhancements[0]}")
        for name in ("attempt", "conspiracy", "solicitation"):
            if getattr(match, name):
                given.setdefault(name, True)
        if not match.entries:
            near = f"; near it: {', '.join(match.suggestions)}" if match.suggestions else ""
            warnings.append(
                f"{where}: offense `{asked}` is not in the catalogue: its facts are unknown{near}"
            )
        elif item.california_equivalent is None and match.jurisdiction:
            given.setdefault("jurisdiction", match.jurisdiction)
        return match.entries

    def _record(
        self,
        subject: Subject,
        number: int,
        given: Mapping[str, Any],
        where: str,
        entries: Sequence[Entry] = (),
        raw: Mapping[str, Any] | None = None,
    ) -> Record:
        specs = self.vocabulary.by_subject[subject]
        values = self._stated(subject, given, specs, where)
        stated = frozenset(name for name, value in values.items() if is_known(value) or
                           specs[name].type == "date")  # fmt: skip
        variants = tuple(variant_of(entry, specs, self._done_on(values)) for entry in entries)
        known = dict(values)
        dropped = frozenset[str]()
        if len(variants) > 1:
            variants = self._fitting(variants, values, specs) or variants
        try:
            supposed = self._fill(values, variants, specs, dropped)
        except ContradictionError as error:
            weak = any(_weakest("offense_grade", [entry]) for entry in entries)
            if not variants or not ((raw or {}).get("override") or weak):
                offense = f"`{(raw or {}).get('offense')}`: " if variants else ""
                hint = "; correct it, or say why in `override`" if variants else ""
                raise InputError(f"{where}: {offense}{error}{hint}") from None
            # the stated facts win, and what the catalogue has on the grade is not relied on
            dropped = _GRADED
            values = dict(known)
            try:
                supposed = self._fill(values, variants, specs, dropped)
            except ContradictionError as second:
                raise InputError(f"{where}: {second}") from None
        unsure = {
            name: weakest
            for name in dict.fromkeys(n for v in variants for n in v.values)
            if name not in known and name not in dropped
            for weakest in [_weakest(name, entries)]
            if weakest
        }
        open_variants = tuple(
            Variant(
                v.cite, v.title, {k: x for k, x in v.values.items() if k not in dropped | stated}
            )
            for v in variants
        )
        return Record(
            subject, number, values, stated, supposed,
            open_variants if len(open_variants) > 1 else (), unsure,
            implicable=self.vocabulary.may_imply(subject) - known.keys(),
        )  # fmt: skip

    def _done_on(self, values: Values) -> Value:
        """The day by which the catalogue tells what an offense was; any, if it is left out."""
        every = Span(min(EARLIEST, self.day.toordinal()), self.day.toordinal())
        return values.get("date", values.get("offense_date", every))

    # ------------------------------------------------------------ stated facts
    def _stated(
        self, subject: Subject, given: Mapping[str, Any], specs: Mapping[str, FactSpec], where: str
    ) -> Values:
        values: Values = {}
        for name, value in given.items():
            members = self.vocabulary.lists.get((subject, name))
            if members is not None:
                if value in (UNKNOWN, (UNKNOWN,), None):
                    continue
                for word in value:
                    if word not in members:
                        raise InputError(
                            f"{where}: `{word}` is not one of {', '.join(members)} "
                            f"for {name}{did_you_mean(word, members)}"
                        )
                values |= {f"{name}.{member}": member in value for member in members}
                continue
            spec = specs.get(name)
            if spec is None:
                raise InputError(f"{where}: `{name}` is a field of the case but no fact of the law")
            values[name] = self._typed(spec, value, where)
        return values

    def _typed(self, spec: FactSpec, value: Any, where: str) -> Value:
        if value == UNKNOWN or value is None:
            return spec.unknown(self.day)
        if isinstance(value, PartialDate):
            low, high = value.first.toordinal(), value.last.toordinal()
            return low if low == high else Span(low, high)
        if spec.type == "word" and spec.words and value not in spec.words:
            raise InputError(
                f"{where}: `{value}` is not one of {', '.join(spec.words)} for {spec.name}"
                f"{did_you_mean(value, spec.words)}"
            )
        return value  # type: ignore[no-any-return]  # typed by the case model already

    def _check_dates(self, record: Record, where: str) -> None:
        """A date lies on or before the day of the act; a partial one is cut there."""
        limit = self.day.toordinal()
        for name, spec in self.vocabulary.by_subject[record.subject].items():
            value = record.values.get(name)
            if spec.type != "date" or value is None:
                continue
            low = value.low if isinstance(value, Span) else int(str(value))
            if low > limit:
                raise InputError(
                    f"{where}: {spec.label} `{date.fromordinal(low)}` is after the day of the act, "
                    f"{self.day}"
                )
            if isinstance(value, Span) and value.high > limit:
                record.values[name] = limit if low == limit else Span(low, limit)

    # ------------------------------------------------------------ catalogue
    def _fitting(
        self, variants: tuple[Variant, ...], values: Values, specs: Mapping[str, FactSpec]
    ) -> tuple[Variant, ...]:
        """Variants that the stated facts allow."""
        fits = []
        for variant in variants:
            try:
                self._fill(dict(values), (variant,), specs, frozenset())
            except ContradictionError:
                continue
            fits.append(variant)
        return tuple(fits)

    def _fill(
        self,
        values: Values,
        variants: Sequence[Variant],
        specs: Mapping[str, FactSpec],
        dropped: frozenset[str],
    ) -> tuple[Supposed, ...]:
        """Complete stated facts, in place: looked up, presumed, implied, else unknown.

        Raises:
            ContradictionError: no case may have these facts together.
        """
        for name, value in _merged(variants, specs, self.day).items():
            if name not in dropped:
                values.setdefault(name, value)
        supposed = self._complete(specs, values)
        narrow(self.vocabulary, next(iter(specs.values())).subject, values)
        return supposed

    # ------------------------------------------------------------ facts left out
    def _complete(self, specs: Mapping[str, FactSpec], values: Values) -> tuple[Supposed, ...]:
        subject = next(iter(specs.values())).subject
        supposed: list[Supposed] = []
        for spec in self.vocabulary.presumable[subject]:
            if spec.name not in values and spec.presumed:
                value, because = spec.presumed.value, spec.presumed.because
                values[spec.name] = value
                supposed.append(Supposed(spec.name, value, because, True))
        unknown = self.vocabulary.unknowns(subject, self.day)
        left_out = unknown.keys() - values.keys()
        for name in left_out:
            values[name] = unknown[name]
        for _ in range(2):  # an implied fact may imply another one
            for spec in self.vocabulary.implicable[subject]:
                told = spec.name in left_out or (spec.list_name and values[spec.name] is False)
                if not told or values[spec.name] is True:
                    continue
                for implied in spec.implied:
                    if holds(implied.when, values) is True:
                        values[spec.name] = implied.value
                        supposed.append(Supposed(spec.name, implied.value, implied.because, False))
                        left_out.discard(spec.name)
                        break
        return tuple(supposed)


def variant_of(entry: Entry, specs: Mapping[str, FactSpec], day: Value) -> Variant:
    """A catalogue row as facts, with the grade that the offense had on the day."""
    values: Values = {}
    for name, value in entry.facts.items():
        if isinstance(value, tuple):
            members = [s for s in specs.values() if s.list_name == name]
            values |= {spec.name: spec.member in value for spec in members}
        elif name in specs:
            values[name] = value
    changed, before = entry.row.get("changed_on"), entry.row.get("grade_before")
    if changed and before:
        limit = date.fromisoformat(changed).toordinal()
        low, high = (day.low, day.high) if isinstance(day, Span) else (int(str(day)),) * 2
        if low < limit:
            grades = before.split(EITHER) + ([] if high < limit else [str(values["offense_grade"])])
            # that it is on a list of felonies is said of it as it is now
            for name in _GRADED & values.keys():
                if values[name] != "no":
                    del values[name]
            several = tuple(dict.fromkeys(grades))
            values["offense_grade"] = several[0] if len(several) == 1 else Open(several)
    return Variant(entry.cite, entry.title, values)


def _merged(
    variants: Sequence[Variant], specs: Mapping[str, FactSpec], day: date
) -> dict[str, Value]:
    """Looked-up facts over all variants: known where they agree, else open over their values."""
    if len(variants) == 1:
        return dict(variants[0].values)
    names = dict.fromkeys(name for variant in variants for name in variant.values)
    merged: dict[str, Value] = {}
    for name in names:
        found = dict.fromkeys(
            choice
            for variant in variants
            if name in variant.values
            for choice in _choices(variant.values[name])
        )
        if any(name not in variant.values for variant in variants):
            merged[name] = specs[name].unknown(day)
        elif len(found) == 1:
            merged[name] = next(iter(found))
        else:
            merged[name] = Open(tuple(found))  # type: ignore[arg-type]  # catalogue values are plain
    return merged


def _choices(value: Value) -> tuple[Value, ...]:
    return value.choices if isinstance(value, Open) else (value,)


def _weakest(name: str, entries: Sequence[Entry]) -> str | None:
    """The weakest confidence of a looked-up fact, if any entry's was not read in a source."""
    found = [entry.confidence.get(name, "") for entry in entries]
    return next((word for word in _WEAK if word in found), None)
