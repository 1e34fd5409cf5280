"""Whether an answer is other than expected, without writing the decision out.

It finds what `scenarios.differences` finds in the decision, and makes only what is compared.
"""

from __future__ import annotations

from collections.abc import Iterator

from models.decision import Ground
from models.scenario import Expected
from values_act.answer import Answer
from values_act.grounds import bars_on, deciding_ids, opening
from values_act.reasons import duties_of, missing_in


def unlike(expect: Expected, answer: Answer) -> bool:
    """Whether anything that is expected is otherwise."""
    if answer.outcome != expect.outcome:
        return True
    return any(_lists(expect, answer)) or _ids_unlike(expect, answer)


def _lists(expect: Expected, answer: Answer) -> Iterator[bool]:
    settled = answer.settled
    if expect.possible_outcomes is not None:
        yield set(expect.possible_outcomes) != settled.outcomes
    if expect.policies is not None:
        yield set(expect.policies) != {r.rule.policy.id for r in answer.view.judgment.local}
    if expect.contested is not None:
        alone = {c.changes[0][0].id for c in settled.contested if len(c.changes) == 1}
        yield set(expect.contested) != alone
    if expect.duties is not None:
        yield set(expect.duties) != {duty.rule for duty in duties_of(answer)}
    if expect.missing is not None:
        yield set(expect.missing) != {missing.fact for missing in missing_in(answer)}


def _ids_unlike(expect: Expected, answer: Answer) -> bool:
    """Whether the ids that decide, or that close the act, are without the one expected."""
    if expect.rule is None and expect.barred_by is None:
        return False
    barred = tuple(bars_on(answer))
    bars = {bar.policy or bar.rule for bar in barred}
    if expect.barred_by is not None and expect.barred_by not in bars:
        return True
    grounds = tuple(
        Ground.model_construct(rule=rule.id, cite=rule.cite, title=rule.title, route="")
        for rule, _ in opening(answer)
    )
    deciding = {name for name, _ in deciding_ids(answer, grounds, barred)}
    return expect.rule is not None and expect.rule not in deciding
