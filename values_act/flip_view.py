"""The flips of an answer in words and as cases; each is decided before it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from models.flips import AddedView, ChangeView, Flips, FlipView, KeptView
from models.law import Outcome
from values_act.answer import Answer, in_order
from values_act.casefacts import LISTS
from values_act.decide import Decider
from values_act.errors import InputError, did_you_mean
from values_act.flip_cases import changed_case, check
from values_act.flips import Change, FlipSet
from values_act.readers import flip_words, words
from values_act.records import OFFENSE
from values_act.vocabulary import RAW, Vocabulary


def flips_view(answer: Answer, views: Iterable[FlipView], beyond: Iterable[Outcome]) -> Flips:
    """Ways to another outcome, to which outcomes there are more, and what was not changed."""
    return Flips(
        title=answer.case.title,
        outcome=answer.outcome,
        action=answer.case.action,
        as_of=answer.facts.day,
        law=answer.case.law,
        law_status=answer.library.law(answer.case.law).status,
        law_digest=answer.library.digest,
        flips=tuple(views),
        beyond=in_order(beyond),
        kept=tuple(_kept(answer)),
        notice=words.NOTICE,
    )


def view(decider: Decider, answer: Answer, flipset: FlipSet) -> FlipView:
    """One way to another outcome.

    Raises:
        EngineError: the changed case does not have the outcome that the set says.
    """
    decision = check(decider, answer.case, None, flipset)
    changed = changed_case(decider.library, answer.case, flipset)
    program = answer.program
    return FlipView(
        outcome=flipset.outcome,
        changes=tuple(_change(answer, change, flipset) for change in flipset.changes),
        added=tuple(
            AddedView(
                subject=added.subject,
                rule=added.rule.id,
                cite=added.rule.cite,
                title=added.rule.title,
                words=flip_words.added_words(program, added),
            )
            for added in flipset.added
        ),
        sentence=flip_words.sentence(program, answer.facts, flipset),
        rule=decision.rule,
        cite=decision.cite,
        case=changed.model_dump(mode="json", exclude_unset=True),
    )


def _change(answer: Answer, change: Change, flipset: FlipSet) -> ChangeView:
    spec = answer.program.vocabulary.get(change.record.subject, change.fact)
    unknown = spec is not None and change.was == spec.unknown(answer.facts.day)
    return ChangeView(
        item=words.item_title(answer.program, change.record),
        fact=change.fact,
        was="unknown" if unknown else flip_words.plain(spec, change.was),
        to=tuple(flip_words.plain(spec, value) for value in change.values),
        words=flip_words.change_words(answer.program, answer.facts, change, flipset.changes),
    )


def _kept(answer: Answer) -> Iterator[KeptView]:
    """Facts that no hypothetical changes, as `facts.yaml` says."""
    for record in answer.facts.records():
        for spec in answer.program.vocabulary.by_subject[record.subject].values():
            if spec.fixed:
                said = words.actual(spec, record.values.get(spec.name))
                yield KeptView(item=record.name, fact=spec.name, words=f"{spec.label}: {said}")


def may_change(vocabulary: Vocabulary, names: Iterable[str]) -> frozenset[str]:
    """Names of the facts that alone may change: those of a list are its members.

    The name of a list of items, as `convictions`, stands for items that the case does not have.

    Raises:
        InputError: a name that no changeable fact has.
    """
    chosen: set[str] = set()
    known = {OFFENSE: {OFFENSE}, **{name: {name} for name in LISTS.values()}}
    refused: dict[str, str] = {}
    for (_, name), spec in vocabulary.facts.items():
        if spec.fixed:
            refused[name] = f"{spec.label} is not changed"
        elif spec.origin == "looked_up":
            refused[name] = f"it is looked up; name `{OFFENSE}`"
        elif spec.origin in RAW:
            known.setdefault(name, set()).add(name)
            known.setdefault(spec.list_name or name, set()).add(name)
        else:
            refused[name] = "it is worked out from other facts; name those"
    for name in names:
        if name in refused and name not in known:
            raise InputError(f"--only `{name}`: {refused[name]}")
        if name not in known:
            hint = did_you_mean(name, known) or "; `schema case` names the facts of a case"
            raise InputError(f"--only `{name}`: no fact of a case has this name{hint}")
        chosen |= known[name]
    return frozenset(chosen)
