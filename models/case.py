"""A hypothetical case: who, when, where, what is asked, and what is on record.

Every fact may be left out or written `unknown`. What a fact left out means (unknown, presumed,
implied) is said in `rules/facts.yaml`, not here; so are the words a fact may take.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from typing_extensions import TypeAliasType

from models.base import (
    UNKNOWN,
    MaybeWhole,
    MaybeYesNo,
    Model,
    Text,
    Word,
    Words,
)
from models.dates import PartialDate
from models.policy import CountyPolicy


def _maybe_date(value: Any) -> Any:
    return UNKNOWN if value is None or value == UNKNOWN else PartialDate.parse(value)


MaybeDate = TypeAliasType(
    "MaybeDate",
    Annotated[
        PartialDate | Literal["unknown"],
        BeforeValidator(
            _maybe_date, json_schema_input_type=PartialDate | Literal["unknown"] | None
        ),
    ],
)
Evidence = Literal["court_record", "rap_sheet", "ice_statement"]


class Section(Model):
    """A part of a case; yields its stated facts by name."""

    def stated(self) -> dict[str, Any]:
        """Facts given in the file, `unknown` among them; lists as tuples."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Agency(Section):
    kind: Word | None = None
    charter_city: MaybeYesNo | None = None
    county: Word | None = None


class Request(Section):
    kind: Words | None = Field(
        default=None, description="hold, notification, transfer, interview …"
    )
    form: Word | None = None
    by: Word | None = None
    date: MaybeDate | None = None
    information: Words | None = None
    information_public: MaybeYesNo | None = None
    specific_person: MaybeYesNo | None = None
    juvenile_information: MaybeYesNo | None = None
    juvenile_court_order: MaybeYesNo | None = None
    through_clets: MaybeYesNo | None = None
    truth_notice_given: MaybeYesNo | None = None
    immigration_enforcement: MaybeYesNo | None = Field(
        default=None, description="does the recipient perform immigration enforcement functions"
    )


class Person(Section):
    registrant: Word | None = Field(default=None, description="current, former or never")
    release_date_public: MaybeYesNo | None = None
    registration_required: MaybeYesNo | None = None
    us_citizen: MaybeYesNo | None = None
    victim_or_witness: MaybeYesNo | None = None
    hate_crime: MaybeYesNo | None = None
    removed_after_aggravated_felony: MaybeYesNo | None = None
    detected_in_unrelated_activity: MaybeYesNo | None = None
    suspected_of: Word | None = None
    only_improper_entry: MaybeYesNo | None = None
    visa_certification: MaybeYesNo | None = None
    disclosure_permitted_by_state_law: MaybeYesNo | None = None
    consent_form_given: MaybeYesNo | None = None
    interview_consent: MaybeYesNo | None = None
    in_custody: MaybeYesNo | None = None
    street_gang_member: MaybeYesNo | None = None
    released_under_reform: MaybeYesNo | None = None


class Act(Section):
    """What the act itself is, apart from its name."""

    immigration_purpose: MaybeYesNo | None = None
    inquiry_to_federal: MaybeYesNo | None = None
    firearm_inquiry: MaybeYesNo | None = None
    civil_interview: MaybeYesNo | None = None
    task_force_work: MaybeYesNo | None = None
    task_force_for_immigration: MaybeYesNo | None = None
    duties_unrelated: MaybeYesNo | None = None
    ongoing_commitment: MaybeYesNo | None = None
    space_exclusive: MaybeYesNo | None = None
    city_or_county_facility: MaybeYesNo | None = None
    housing_allowed: MaybeYesNo | None = None
    keeps_peace_only: MaybeYesNo | None = None


class Handover(Section):
    place: Word | None = None
    agent_present: MaybeYesNo | None = None
    deputy_escorts: MaybeYesNo | None = None
    facilitated: MaybeYesNo | None = None


class Offending(Section):
    """What a conviction and a charge have in common: the offense and what is known of it."""

    offense: Word | None = Field(default=None, description="`PC 211`; looked up in the catalogue")
    grade: Word | None = Field(default=None, description="felony, misdemeanor or infraction")
    override: Text | None = Field(
        default=None, description="why a grade that the catalogue excludes is stated all the same"
    )
    findings: Words | None = Field(
        default=None, description="proved (on a charge: alleged); [] none"
    )
    jurisdiction: Word | None = None
    california_equivalent: Word | None = Field(default=None, description="a catalogue code")
    attempt: MaybeYesNo | None = None
    conspiracy: MaybeYesNo | None = None
    solicitation: MaybeYesNo | None = None
    offense_date: MaybeDate | None = None
    age_at_offense: MaybeWhole | None = None
    value_usd: MaybeWhole | None = None
    open_establishment: MaybeYesNo | None = None
    offender_trafficked: MaybeYesNo | None = None
    event: Word | None = None
    proposal_offense: MaybeYesNo | None = None
    evidence: Evidence | None = None
    # facts that the catalogue gives; stated here, they win over it
    offense_grade: Word | None = None
    serious: Word | None = None
    serious_when: Word | None = None
    violent: Word | None = None
    violent_when: Word | None = None
    listing: Word | None = None
    felony_only: Word | None = None
    sex_registrable: Word | None = None
    arson_registrable: Word | None = None
    prop47: Word | None = None
    prop47_when: Word | None = None
    prop47_law: Word | None = None
    wobbler: MaybeYesNo | None = None
    dui: MaybeYesNo | None = None
    deadly_weapon: MaybeYesNo | None = None
    assault: MaybeYesNo | None = None


class Conviction(Offending):
    date: MaybeDate | None = None
    disposition: Word | None = None
    sentence: Word | None = None
    sentence_months: MaybeWhole | None = None
    plea_date: MaybeDate | None = None
    sentencing_date: MaybeDate | None = None
    released_on: MaybeDate | None = None
    plea_entered: MaybeYesNo | None = None
    offense_707b: MaybeYesNo | None = None
    found_fit: MaybeYesNo | None = None
    adjudged_ward: MaybeYesNo | None = None
    prison_disqualifier: MaybeYesNo | None = None
    dismissed_1203_4: MaybeYesNo | None = None
    aggravated_felony: Word | None = None
    aggravated_when: Word | None = None
    own_conspiracy: MaybeYesNo | None = None
    loss_usd: MaybeWhole | None = None
    second_offense: MaybeYesNo | None = None
    commercial_advantage: MaybeYesNo | None = None
    family_only: MaybeYesNo | None = None


class Charge(Offending):
    stage: Word | None = None
    probable_cause: Word | None = None
    reduced_at_preliminary: MaybeYesNo | None = None
    diversion: MaybeYesNo | None = None
    domestic_violence: MaybeYesNo | None = None
    prison_disqualifier: MaybeYesNo | None = None


class Warrant(Section):
    issuer: Word | None = None
    crime: Word | None = None
    felony: MaybeYesNo | None = None
    outstanding: MaybeYesNo | None = None
    probable_cause: MaybeYesNo | None = None
    authorizes_arrest: MaybeYesNo | None = None
    names_person: MaybeYesNo | None = None
    form: Word | None = None
    identified_by_ice: MaybeYesNo | None = None
    in_ncic: MaybeYesNo | None = None
    entry_or_presence: MaybeYesNo | None = None
    evidence: Evidence | None = None


def _items(value: Any) -> Any:
    return UNKNOWN if value is None or value == UNKNOWN else value


MAX_ITEMS = 200
Convictions = Annotated[
    Annotated[tuple[Conviction, ...], Field(max_length=MAX_ITEMS)] | Literal["unknown"],
    BeforeValidator(_items, json_schema_input_type=list[Conviction] | Literal["unknown"] | None),
]
Charges = Annotated[
    Annotated[tuple[Charge, ...], Field(max_length=MAX_ITEMS)] | Literal["unknown"],
    BeforeValidator(_items, json_schema_input_type=list[Charge] | Literal["unknown"] | None),
]
Warrants = Annotated[
    Annotated[tuple[Warrant, ...], Field(max_length=MAX_ITEMS)] | Literal["unknown"],
    BeforeValidator(_items, json_schema_input_type=list[Warrant] | Literal["unknown"] | None),
]


class InmateCase(Section):
    """One hypothetical person, one act asked of one agency on one day."""

    title: Text | None = None
    as_of: PartialDate
    action: Word
    law: Word = "state"
    agency: Agency = Agency()
    request: Request = Request()
    person: Person = Person()
    act: Act = Act()
    handover: Handover = Handover()
    convictions: Convictions = ()
    charges: Charges = ()
    warrants: Warrants = ()
    readings: dict[str, Word] = Field(default_factory=dict)
    policy: CountyPolicy | None = Field(default=None, description="of a hypothetical county")

    @model_validator(mode="after")
    def _on_one_day(self) -> Self:
        if not self.as_of.exact:
            raise ValueError(f"as_of `{self.as_of}` is not one day; write it as 2025-07-17")
        return self
