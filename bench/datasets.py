"""Analysis datasets of a large trial: 300 participants and 60,000 laboratory rows. Limit 0.3 s for all four together."""

from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path

from printed.figure import print_alone, print_limit, timed

from trialwright.datasets.adae import derive_adae
from trialwright.datasets.adlb import derive_adlb
from trialwright.datasets.adrs import derive_adrs
from trialwright.datasets.adsl import derive_adsl
from trialwright.datasets.collected import Collected, CollectedCollection, CollectedParticipant, CollectedValue
from trialwright.datasets.index import build_index
from trialwright.study.folder import load_study
from trialwright.study.model import Encounter, Study

STUDY = Path(__file__).parents[1] / "studies" / "IRCT2016090729747N1"
PARTICIPANTS, LABORATORY_ROWS = 300, 60_000
ALLOCATED = datetime(2024, 1, 25, 9, tzinfo=UTC)


def collect(study: Study) -> Collected:
    """A trial in which everybody came to every visit, cut off at 60,000 laboratory values."""
    people = tuple(_participant(number, study) for number in range(PARTICIPANTS))
    laboratory = list(islice((v for e in study.encounters for p in people for v in _visit(study, p.id, e)), LABORATORY_ROWS))
    demographics = [value for p in people for value in _demographics(p.id)]
    jugs = {(v.participant, v.encounter) for v in laboratory if v.form == "urine_24h"}
    judged = tuple(
        CollectedCollection(participant=p, encounter=e, form="urine_24h", repeat=1, judgement="complete", reason="", position=0)
        for p, e in sorted(jugs)
    )
    return Collected(
        study=study.id,
        protocol_version=study.protocol_version,
        participants=people,
        values=tuple(demographics + laboratory),
        collections=judged,
        infusions=(),
        adverse_events=(),
        deviations=(),
    )


def _participant(number: int, study: Study) -> CollectedParticipant:
    return CollectedParticipant(
        id=f"P-{number:03d}-R",
        site="01",
        screened_on=date(2024, 1, 1),
        consented_on=date(2024, 1, 1),
        eligible_on=date(2024, 1, 20),
        allocated_at=ALLOCATED,
        slot=number,
        arm=study.arms[number % len(study.arms)].id,
    )


def _demographics(participant: str) -> list[CollectedValue]:
    known = {"sex": "F", "birth_year": "1990", "birth_month": "6"}
    return [_value(participant, "screening", "demographics", item, text, date(2024, 1, 1)) for item, text in known.items()]


def _visit(study: Study, participant: str, encounter: Encounter) -> list[CollectedValue]:
    on = ALLOCATED.date() + encounter.target
    items = [(form, item.concept) for form in encounter.forms for item in study.forms[form].items]
    laboratory = [
        (form, concept) for form, concept in items if concept.sdtm.startswith("LB.") and concept.kind in ("decimal", "integer")
    ]
    return [_value(participant, encounter.id, form, concept.id, str(concept.low or 1), on) for form, concept in laboratory]


def _value(participant: str, encounter: str, form: str, item: str, text: str, on: date) -> CollectedValue:
    return CollectedValue(
        participant=participant,
        encounter=encounter,
        form=form,
        repeat=1,
        item=item,
        raw=text,
        unit="",
        parsed=text,
        missing_code="",
        origin="site",
        collected_on=on,
        entered_at=datetime.combine(on, time(12), UTC),
        position=1,
    )


def main() -> None:
    study = load_study(STUDY)
    collected = collect(study)
    laboratory = derive_adlb(collected, study)

    def derive_all() -> None:
        index = build_index(collected, study)
        rows = derive_adlb(collected, study, index=index)
        derive_adsl(collected, study, laboratory=rows, index=index)
        derive_adrs(collected, study, laboratory=rows, index=index)
        derive_adae(collected, study, index=index)

    held = sum(value.form != "demographics" for value in collected.values)
    print_limit(f"ADSL, ADLB, ADRS, ADAE from {held:,} laboratory values", timed(derive_all), "s", 0.3)
    print_alone(
        f"  of it ADLB, {len(laboratory):,} rows with derived and missing", timed(lambda: derive_adlb(collected, study)), "s"
    )


if __name__ == "__main__":
    main()
