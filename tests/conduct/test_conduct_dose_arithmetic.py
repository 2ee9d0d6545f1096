"""One arithmetic for the dose: ordered, judged at the bedside, and judged again in the analysis."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from trialwright.conduct.decide.infusion import endotoxin_rate
from trialwright.conduct.events import BagFilled
from trialwright.conduct.states import BagState
from trialwright.datasets.adsl import is_outside_tolerance
from trialwright.datasets.collected import CollectedInfusion

from .desk import study_of

LUPUS = study_of("IRCT2016090729747N1")
DOSE = next(i.dose for i in LUPUS.interventions if i.dose is not None)


def bag(*, endotoxin: str) -> BagState:
    filled = BagFilled(
        bag="B-1",
        participant="LN-001-R",
        volume_ml=Decimal(50),
        million_per_ml=Decimal("2.5"),
        viability_percent=Decimal(90),
        endotoxin_eu_ml=Decimal(endotoxin),
    )
    return BagState(filled=filled)


def test_a_rate_on_the_edge_is_rounded_up_against_the_limit():
    """By hand: 1.001 EU/mL x 50 mL / 10 kg / 1 h = 5.005, 5.01 half up; half to even would make it 5.00 and pass it."""
    hour = replace(DOSE, infusion_minutes=60)
    assert endotoxin_rate(bag(endotoxin="1.001"), Decimal(10), hour) == Decimal("5.01")


def test_a_load_that_no_measure_takes_meets_no_limit():
    assert endotoxin_rate(bag(endotoxin="20000"), Decimal(10), DOSE) > DOSE.endotoxin_limit_eu_kg_h


def test_the_weight_counts_up_to_its_maximum_and_halves_go_up():
    """By hand: 2 million/kg x 60.025 kg = 120.05, 120.1 half up; above 100 kg the weight counts as 100."""
    assert DOSE.planned_million(Decimal("60.025")) == Decimal("120.1")
    assert DOSE.planned_million(Decimal(130)) == Decimal("200.0")


@given(weight=st.decimals(10, 140, places=1), share=st.decimals("-0.1", "0.1", places=4))
def test_what_the_bedside_let_through_is_no_deviation_in_the_analysis(weight: Decimal, share: Decimal):
    planned = DOSE.planned_million(weight)
    cells = planned * (1 + share)
    assert abs(cells - planned) * 100 <= planned * DOSE.tolerance_percent  # the gate's line, on the unrounded number
    infusion = CollectedInfusion(
        participant="LN-001-R",
        lot="L-1",
        bag="B-1",
        donor="D-1",
        started_at=datetime(2017, 8, 1, tzinfo=UTC),
        ended_at=None,
        weight_kg=str(weight),
        viable_cells_million=str(cells.quantize(Decimal("0.1"))),
        dose_million_per_kg="2.00",
        volume_left_ml="",
    )
    assert not is_outside_tolerance(LUPUS.arm("cells"), LUPUS, infusion)
