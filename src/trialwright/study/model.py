"""A trial as frozen data: what every other room reads.

One `Study` is one protocol version with the consent versions and safety reference that go with it. It is built by `read_study`
from the TOML of a study folder, or from the bytes that an approval event kept, never by hand in a program. The nouns are those of
CDISC USDM (arm, epoch, encounter, activity, objective, endpoint, estimand, eligibility criterion); an endpoint is executable here,
where USDM's is a sentence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from trialwright.study.capture import Collection, Concept, Derivation, EditCheck, Form, Item, ItemKind, ProposalRule, RepeatRule
from trialwright.study.facts import NO_BASIS, Basis, Choice, Proof
from trialwright.study.outcomes import (
    AnalysisPlan,
    Baseline,
    Endpoint,
    EndpointLevel,
    Estimand,
    IntercurrentEvent,
    PrimaryAnalysis,
    RegisteredOutcome,
    ResponseUse,
    Strategy,
)
from trialwright.study.safety import ExpectedReaction, Laboratory, ReferenceRange, SafetyPlan, SafetyReference
from trialwright.study.treatment import (
    AllocationMethod,
    AllocationRule,
    Arm,
    Dose,
    Drug,
    Intervention,
    PermittedChange,
    PriorTherapy,
    Regimen,
    Rescue,
    ScreeningRule,
    Stratum,
    StratumLevel,
    Washout,
)
from trialwright.terms.sentences import Text

__all__ = [
    "AllocationMethod",
    "AllocationRule",
    "AnalysisPlan",
    "AnchorKind",
    "Arm",
    "Baseline",
    "Basis",
    "Choice",
    "Collection",
    "Concept",
    "Consent",
    "Criterion",
    "Derivation",
    "Dose",
    "Drug",
    "EditCheck",
    "Encounter",
    "Endpoint",
    "EndpointLevel",
    "Epoch",
    "Estimand",
    "ExpectedReaction",
    "Form",
    "IntercurrentEvent",
    "Intervention",
    "Item",
    "ItemKind",
    "Laboratory",
    "PermittedChange",
    "PrimaryAnalysis",
    "PriorTherapy",
    "Proof",
    "ProposalRule",
    "PublishedDocument",
    "PublishedFact",
    "ReferenceRange",
    "Regimen",
    "RegisteredOutcome",
    "RepeatRule",
    "Rescue",
    "ResponseUse",
    "SafetyPlan",
    "SafetyReference",
    "ScreeningRule",
    "Strategy",
    "Stratum",
    "StratumLevel",
    "Study",
    "Text",
    "Washout",
]

AnchorKind = Literal["screening", "allocation", "infusion"]


@dataclass(frozen=True, kw_only=True)
class Epoch:
    id: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Encounter:
    """A planned contact with a participant (on screens: visit).

    Units: `target` is the time from `anchor`, `before` and `after` the window around it. Day 0 is the day of the anchor. Where the
    anchor is an infusion, `dose` is its number. `recall` is how far back forms that ask of a past time look at this visit, where
    that is shorter than the form's own.
    """

    id: str
    label: Text
    epoch: str
    anchor: AnchorKind
    target: timedelta
    before: timedelta
    after: timedelta
    forms: tuple[str, ...]
    arms: tuple[str, ...] = ()
    dose: int = 1
    recall: timedelta | None = None
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """An eligibility criterion: a `rule` (CEL) over the values of the first epoch, the investigator's own answers among them.

    `rule` is true when the criterion's words hold of the person: an inclusion must hold, an exclusion must not.
    """

    id: str
    kind: Literal["inclusion", "exclusion"]
    text: Text
    rule: str
    proof: tuple[Proof, ...] = ()
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A consent form, approved on its own. `protocols` names the protocol versions that it is for; empty means all."""

    version: str
    label: Text
    approved_on: date
    text: Text
    guardian_below_age: int | None = None
    protocols: tuple[str, ...] = ()
    basis: Basis = NO_BASIS


@dataclass(frozen=True, kw_only=True)
class PublishedFact:
    """One element of one document about this trial, with the sentence or cell that it rests on.

    Where both sides are numbers or times the program compares them. Where they are words, `verdict` against the registered words
    is a reader's, with `because`.
    """

    element: str
    value: str
    sentence: str
    verdict: Literal["", "same", "differs"] = ""
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class PublishedDocument:
    """What was presented or published. `evidence` says why it belongs to this registration; `read` how much of it was seen."""

    id: str
    title: str
    kind: Literal["conference_abstract", "paper_abstract", "full_text", "public_listing"]
    citation: str
    evidence: str
    read: Literal["abstract", "full_text", "listing", "not_obtained"]
    facts: tuple[PublishedFact, ...]


@dataclass(frozen=True, kw_only=True)
class Study:
    """One approved or proposed version of a trial's definition.

    `digest` is the SHA-256 of `files` (path to text of every file that made it), so it names the build that an event was
    entered under. `permits` names the kinds of permit that a site must hold before it is activated. `rehearsal_only` versions
    carry open questions and can never enrol a real participant.
    """

    id: str
    registry: str
    prefix: str
    title: Text
    short_title: Text
    condition: Text
    protocol_version: str
    rehearsal_only: bool
    sample_size: int
    minimum_age_years: Decimal | None
    maximum_age_years: Decimal | None
    arms: tuple[Arm, ...]
    interventions: tuple[Intervention, ...]
    allocation: AllocationRule
    permits: tuple[str, ...]
    epochs: tuple[Epoch, ...]
    encounters: tuple[Encounter, ...]
    forms: Mapping[str, Form]
    derivations: tuple[Derivation, ...]
    criteria: tuple[Criterion, ...]
    endpoints: tuple[Endpoint, ...]
    analysis: AnalysisPlan
    safety: SafetyPlan
    consents: tuple[Consent, ...]
    simulation: Mapping[str, object]
    plain: Mapping[str, Text]
    published: tuple[PublishedDocument, ...]
    records: Mapping[str, bytes]
    files: Mapping[str, str]
    digest: str
    outcomes: tuple[RegisteredOutcome, ...] = ()
    build: int = 0
    strata: tuple[Stratum, ...] = ()
    screening: ScreeningRule | None = None
    prior_therapy: PriorTherapy | None = None
    washouts: tuple[Washout, ...] = ()
    safety_references: tuple[SafetyReference, ...] = ()
    laboratories: tuple[Laboratory, ...] = ()

    @property
    def version(self) -> str:
        """The protocol version with its build: `1.0`, or `1.0+3`."""
        return f"{self.protocol_version}+{self.build}" if self.build else self.protocol_version

    def arm(self, arm_id: str) -> Arm:
        return next(arm for arm in self.arms if arm.id == arm_id)

    def encounter(self, encounter_id: str) -> Encounter | None:
        return next((e for e in self.encounters if e.id == encounter_id), None)

    def intervention(self, intervention_id: str) -> Intervention:
        return next(i for i in self.interventions if i.id == intervention_id)

    def cell_product(self, arm_id: str) -> Intervention | None:
        """The cell product that an arm receives, None for a control arm."""
        given = (self.intervention(i) for i in self.arm(arm_id).interventions)
        return next((i for i in given if i.kind == "cell_product"), None)

    def open_questions(self) -> tuple[tuple[str, Basis], ...]:
        """Every fact whose question has no answer yet, as (what it is about, basis), in file order."""
        return tuple((what, basis) for what, basis in self.bases() if basis.is_open)

    def assumptions(self) -> tuple[tuple[str, Basis], ...]:
        return tuple((what, basis) for what, basis in self.bases() if basis.assumed)

    def bases(self) -> tuple[tuple[str, Basis], ...]:
        """Every fact's basis with the fact's name, for the pages and reports that must show them."""
        named = (*self._bases_of_treatment(), *self._bases_of_conduct(), *self._bases_of_results())
        return tuple((what, basis) for what, basis in named if basis != NO_BASIS)

    def _bases_of_treatment(self) -> Iterator[tuple[str, Basis]]:
        yield "allocation", self.allocation.basis
        yield "safety", self.safety.basis
        yield from ((f"arm {a.id}", a.basis) for a in self.arms)
        yield from ((f"intervention {i.id}", i.basis) for i in self.interventions)
        yield from ((f"dose of {i.id}", i.dose.basis) for i in self.interventions if i.dose)
        for regimen in (i.regimen for i in self.interventions if i.regimen):
            yield "regimen", regimen.basis
            yield from ((f"drug {d.id}", d.basis) for d in regimen.drugs)
            yield from ((f"permitted change {c.id}", c.basis) for c in regimen.changes)
            yield from ((f"rescue {r.id}", r.basis) for r in regimen.rescue)
        yield from ((f"stratum {s.id}", s.basis) for s in self.strata)

    def _bases_of_conduct(self) -> Iterator[tuple[str, Basis]]:
        if self.screening:
            yield "screening", self.screening.basis
        yield from ((f"encounter {e.id}", e.basis) for e in self.encounters)
        yield from ((f"criterion {c.id}", c.basis) for c in self.criteria)
        if self.prior_therapy:
            yield "prior therapy", self.prior_therapy.basis
        yield from ((f"washout {w.id}", w.basis) for w in self.washouts)
        yield from ((f"form {f.id}", f.basis) for f in self.forms.values())
        yield from ((f"item {f.id}.{i.id}", i.basis) for f in self.forms.values() for i in f.items)
        yield from ((f"derivation {d.id}", d.basis) for d in self.derivations)

    def _bases_of_results(self) -> Iterator[tuple[str, Basis]]:
        yield from ((f"endpoint {e.id}", e.basis) for e in self.endpoints)
        events = dict.fromkeys((x.id, x.basis) for e in self.endpoints for x in e.estimand.intercurrent_events)
        yield from ((f"intercurrent event {event_id}", basis) for event_id, basis in events)
        yield "primary analysis", self.analysis.primary.basis
        yield from ((f"response {r.definition}", r.basis) for r in self.analysis.responses)
        yield from ((f"consent {c.version}", c.basis) for c in self.consents)
        yield from ((f"safety reference {r.version}", r.basis) for r in self.safety_references)
        yield from ((f"laboratory {x.id}", x.basis) for x in self.laboratories)
