"""What an intercurrent event does to the values of hand-made participants, strategy by strategy, each number worked by hand."""

from dataclasses import replace
from datetime import date, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from trialwright.analysis.analyse import analyse
from trialwright.analysis.methods.result import NotEstimable
from trialwright.analysis.plain_json import to_json
from trialwright.analysis.text import render_results_text
from trialwright.datasets.adice import derive_adice, unseen_events
from trialwright.study.model import IntercurrentEvent
from trialwright.terms.sentences import Text

_spec = spec_from_file_location("trial_builder", Path(__file__).parents[1] / "datasets" / "trial_builder.py")
builder = module_from_spec(_spec)
_spec.loader.exec_module(builder)

MONTH_6 = {"A": 0.5, "B": 0.6, "E": 0.4, "C": 2.0, "D": 1.1, "F": 0.9}
"""Protein at month 6; everybody has 1 g at baseline, so it is the ratio to baseline too. A, B, E have cells; C, D, F have not."""


def six(*, strategies=None, month_6=MONTH_6, **enrolled):
    """Three against three in one block of six, everybody seen at months 1, 3 and 6."""
    trial = builder.TrialBuilder(with_strategies(builder.lupus_study(), strategies or {}))
    for slot, (name, later) in enumerate(month_6.items(), start=1):
        trial.enrol(name, "cells" if name in "ABE" else "control", slot, **enrolled.get(name, {}))
        for visit, grams in (("baseline_1", 1), ("baseline_2", 1), ("month_1", 0.7), ("month_3", 0.8), ("month_6", later)):
            trial.jug(name, visit, f"{grams:.2f}")
    return trial


def with_strategies(study, strategies):
    def changed(endpoint):
        events = tuple(
            replace(event, strategy=strategies.get(event.id, event.strategy)) for event in endpoint.estimand.intercurrent_events
        )
        return replace(endpoint, estimand=replace(endpoint.estimand, intercurrent_events=events))

    return replace(study, endpoints=tuple(changed(endpoint) for endpoint in study.endpoints))


def analysed(trial):
    return analyse(trial.study, trial.collect(), rng_seed=1, block_sizes=[len(trial.participants)])


def seen(results, name):
    return next(row for row in results.primary.individuals if row.participant == name)


def handled(results, name, event, endpoint="proteinuria"):
    return next(h for h in results.intercurrent if (h.participant, h.event, h.endpoint) == (name, event, endpoint))


def gone_after(trial, name, *visits):
    trial.values = [v for v in trial.values if (v.participant, v.encounter) not in {(name, visit) for visit in visits}]


def test_without_an_event_the_means_are_compared_as_planned():
    results = analysed(six())
    assert {row.fate for row in results.primary.individuals} == {"as_collected"}
    assert isinstance(results.primary.estimate, NotEstimable), "a baseline that does not vary cannot be adjusted for"
    assert results.intercurrent == ()


def test_whoever_died_is_ranked_last_and_the_test_is_over_the_same_lists():
    """C dies. Ranks of the ratios: E .4 is 1, A .5 is 2, B .6 is 3, F .9 is 4, D 1.1 is 5, C is 6: the treated have 1 + 2 + 3, the
    least sum of 20 lists, and its mirror image the greatest, so p = 2/20. The nine ratios treated/control in order: three with C
    (no size), 4/11, 4/9, 5/11, 6/11, 5/9, 6/9. Their median, the fifth, is 4/9; the widest rank interval, level 1 - 2/20, goes
    from one with C, which has no size, to 6/9."""
    trial = six()
    trial.event("C", "sepsis", 5, days=180)
    gone_after(trial, "C", "month_6")
    primary = analysed(trial).primary
    assert seen(analysed(trial), "C").fate == "worst"
    assert (primary.test.p.value, primary.test.participants) == (pytest.approx(2 / 20), 6)
    assert primary.estimate.estimate == pytest.approx(4 / 9, rel=1e-9)
    assert primary.estimate.low is None
    assert primary.estimate.high == pytest.approx(6 / 9, rel=1e-9)
    assert primary.estimate.level == pytest.approx(0.9)
    assert any("1 of 6 participants have the worst outcome" in note.en and "(C)" in note.en for note in primary.notes)


def test_a_death_among_the_treated_counts_against_the_treatment():
    """A dies: ranks E 1, B 2, F 3, D 4, C 5, A 6; the treated have 9 of an expected 10.5. Sums as far from it: 20 lists less those
    with a sum of 10 or 11, of which there are 3 each (1+3+6, 1+4+5, 2+3+5 and their complements): p = 14/20."""
    trial = six()
    trial.event("A", "infection", 5, days=150)
    gone_after(trial, "A", "month_6")
    assert analysed(trial).primary.test.p.value == pytest.approx(14 / 20)


def test_a_value_measured_before_the_death_stands():
    """Month 6 is day 218 and its jug was collected then; a death on day 300 comes after it, and before month 12."""
    trial = six()
    trial.event("C", "sepsis", 5, days=300)
    results = analysed(trial)
    assert seen(results, "C").fate == "as_collected"
    assert handled(results, "C", "death").encounters == ("month_9", "month_12")
    reasons = {m.encounter: m.code for m in results.missing if (m.participant, m.endpoint) == ("C", "proteinuria")}
    assert (reasons["month_9"], reasons["week_1"]) == ("worst", "not_recorded")


def test_dialysis_told_at_a_visit_makes_the_value_of_that_visit_the_worst():
    trial = six()
    trial.form("D", "month_6", "medication", {"dialysis_or_transplant": "yes"})
    results = analysed(trial)
    assert (seen(results, "D").value, seen(results, "D").fate) == (None, "worst")
    event = handled(results, "D", "dialysis_or_transplant")
    assert event.on == trial.day("month_6")
    assert "Month 6" in event.source.en


@pytest.mark.parametrize(
    ("strategy", "fate", "value"),
    [
        ("treatment_policy", "as_collected", "2.00"),
        ("composite", "worst", None),
        ("hypothetical", "set_aside", None),
        ("while_on_treatment", "last_before", "0.80"),
    ],
)
def test_rescue_is_handled_as_the_estimand_says(strategy, fate, value):
    """Rescue is told at month 6; C then has 2.00 g, and 0.80 g at month 3."""
    trial = six(strategies={"rescue_immunosuppression": strategy})
    trial.form("C", "month_6", "medication", {"rescue_treatment": "yes"})
    results = analysed(trial)
    found = seen(results, "C")
    assert (found.fate, None if found.value is None else str(found.value)) == (fate, value)
    assert handled(results, "C", "rescue_immunosuppression").strategy == strategy
    listed = [m for m in results.missing if (m.participant, m.endpoint, m.encounter) == ("C", "proteinuria", "month_6")]
    assert bool(listed) == (value is None)
    assert all(m.code == fate and str(trial.day("month_6")) in m.reason.fa for m in listed)


def test_what_is_set_aside_is_not_filled_in():
    trial = six(strategies={"rescue_immunosuppression": "hypothetical"})
    trial.form("C", "month_6", "medication", {"rescue_treatment": "yes"})
    primary = analysed(trial).primary
    assert any("1 of 6 participants have no value" in note.en for note in primary.notes)
    assert sum(row.value is not None for row in primary.individuals) == 5


def test_a_principal_stratum_of_two_arms_is_refused_in_words():
    results = analysed(six(strategies={"rescue_immunosuppression": "principal_stratum"}))
    assert isinstance(results.primary.test, NotEstimable)
    assert "seen in one arm only" in results.primary.test.reason.en
    assert all(a.estimate == results.primary.test for s in results.secondary for a in s.analyses)


def test_the_earliest_event_decides():
    """Rescue (hypothetical) at month 3 comes before death (composite): the value without rescue is asked for, and is not known."""
    trial = six(strategies={"rescue_immunosuppression": "hypothetical"})
    trial.form("C", "month_3", "medication", {"rescue_treatment": "yes"})
    trial.event("C", "sepsis", 5, days=180)
    assert seen(analysed(trial), "C").fate == "set_aside"


def test_a_worst_outcome_needs_a_direction():
    """The child dies before hour 12, and an endpoint without a better direction has no worst."""
    trial = builder.TrialBuilder(builder.fsgs_study())
    for number in range(1, 4):
        trial.enrol(f"FS-{number}", "cells", number, born=(2015, 3))
        trial.samples(f"FS-{number}", "baseline", ["3.0"] * 3)
    trial.event("FS-1", "sepsis", 5, days=36)
    results = analyse(trial.study, trial.collect(), rng_seed=1)
    assert "set aside" in handled(results, "FS-1", "death", "il2").done.en
    assert "worst outcome" in handled(results, "FS-1", "death", "upcr").done.en


def test_one_arm_ranks_the_dead_last():
    """Five children, ratios .5, .6, .7, .8 and a death: signed ranks 4, 3, 2, 1 down and 5 up. Rank sum up 5 of 15; of the 32 sign
    patterns those with a sum of 6 to 9 are nearer to 7.5: 3 + 3 + 3 + 3 = 12, so p = 20/32."""
    trial = builder.TrialBuilder(builder.fsgs_study())
    for number, ratio in enumerate((0.5, 0.6, 0.7, 0.8, None), start=1):
        trial.enrol(f"FS-{number}", "cells", number, born=(2015, 3))
        trial.samples(f"FS-{number}", "baseline", ["1.0"] * 3)
        if ratio is not None:
            trial.samples(f"FS-{number}", "month_6", [f"{ratio}"] * 3)
    trial.event("FS-5", "sepsis", 5, days=100)
    primary = analyse(trial.study, trial.collect(), rng_seed=1).primary
    assert primary.test.p.value == pytest.approx(20 / 32)
    assert primary.estimate.high is None
    assert not any(support.id == "sign_flip" for support in primary.supports), "a worst outcome has no size to flip"


def test_a_median_between_a_worst_outcome_and_a_value_has_no_size():
    """Three children, ratios .5 and .6 and a death: six Walsh averages, three with the death. The median lies between ln .6 and one
    that has no size."""
    trial = builder.TrialBuilder(builder.fsgs_study())
    for number, ratio in enumerate((0.5, 0.6, None), start=1):
        trial.enrol(f"FS-{number}", "cells", number, born=(2015, 3))
        trial.samples(f"FS-{number}", "baseline", ["1.0"] * 3)
        if ratio is not None:
            trial.samples(f"FS-{number}", "month_6", [f"{ratio}"] * 3)
    trial.event("FS-3", "sepsis", 5, days=100)
    primary = analyse(trial.study, trial.collect(), rng_seed=1).primary
    assert isinstance(primary.estimate, NotEstimable)
    assert "only its rank is known" in primary.estimate.reason.en
    assert primary.test.participants == 3


def test_failure_is_no_response_whatever_earlier_visits_said():
    trial = six(month_6=dict.fromkeys(MONTH_6, 0.3))
    for name in MONTH_6:
        gone_after(trial, name, "month_3")
        trial.jug(name, "month_3", "0.30")
    before = {r.definition: r for r in analysed(trial).responses}["ranjbar_2022"]
    assert [arm.complete for arm in before.arms] == [3, 3]
    trial.event("A", "sepsis", 5, days=110)
    after = {r.definition: r for r in analysed(trial).responses}["ranjbar_2022"]
    assert [arm.complete for arm in after.arms] == [2, 3]
    (who,) = [one for one in after.individuals if one.participant == "A"]
    assert who.best == "none"
    assert "counts as failure" in who.reason.en


def test_events_are_found_in_what_was_collected():
    left = {"withdrawn_on": builder.ALLOCATED + timedelta(days=60), "withdrawal_reason": "moved"}
    trial = six(A={"infused": False}, D={"infused": True}, F=left)
    trial.infuse("B", cells="200")
    trial.infusions = [i for i in trial.infusions if i.viable_cells_million != "120" or i.participant != "B"]
    trial.infuse("E")
    for visit, dose in (("baseline_2", "10"), ("month_1", "10.0"), ("month_3", "20")):
        trial.form("C", visit, "medication", {"prednisone_equivalent": dose})
    trial.form("E", "month_3", "pregnancy", {"pregnancy_test": "positive"})
    found = {(row.usubjid, row.paramcd): row for row in derive_adice(trial.collect(), trial.study)}
    assert set(found) == {
        ("A", "never_infused"),
        ("B", "product_out_of_specification"),
        ("C", "background_change"),
        ("D", "control_given_cells"),
        ("E", "second_dose"),
        ("E", "pregnancy"),
        ("F", "withdrawal"),
    }
    assert found["C", "background_change"].astdt == trial.day("month_3"), "10 and 10.0 mg are one dose"
    assert found["A", "never_infused"].astdt == builder.ALLOCATED + timedelta(days=38), "day 35 and a window of 3 days"
    assert found["F", "withdrawal"].ady == 61


def test_nobody_is_called_never_infused_while_the_dose_may_still_come():
    trial = builder.TrialBuilder(builder.lupus_study())
    trial.enrol("A", "cells", 1, infused=False)
    trial.jug("A", "baseline_2", "1.0")
    assert derive_adice(trial.collect(), trial.study) == ()


def test_an_event_that_nothing_collected_can_show_is_named():
    study = builder.lupus_study()
    first = study.endpoints[0]
    event = IntercurrentEvent(id="moved_abroad", label=Text(en="Moved abroad", fa="مهاجرت"), strategy="hypothetical")
    estimand = replace(first.estimand, intercurrent_events=(*first.estimand.intercurrent_events, event))
    study = replace(study, endpoints=(replace(first, estimand=estimand), *study.endpoints[1:]))
    assert unseen_events(builder.lupus_study()) == ()
    assert unseen_events(study) == ("moved_abroad",)
    trial = builder.TrialBuilder(study)
    trial.enrol("A", "cells", 1)
    results = analyse(study, trial.collect(), rng_seed=1)
    assert any("Moved abroad" in note.en and "nobody was handled" in note.en for note in results.notes)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_was_done_is_printed_for_each_participant(language):
    trial = six()
    trial.event("C", "sepsis", 5, days=180)
    gone_after(trial, "C", "month_6")
    results = analysed(trial)
    text = render_results_text(results, language)
    assert handled(results, "C", "death").done.in_language(language) in text
    assert str(date(2024, 1, 25) + timedelta(days=180)) in text
    assert to_json(results)["intercurrent"][0]["done"][language] in text
