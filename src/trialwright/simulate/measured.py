"""Measuring every shipped method at a design, and writing what was found where the analysis reads it.

    python -m trialwright.simulate.measured STUDY [--trials N] [--seed S]       (`make operating` does it for both studies)

Where every outcome can be counted, it is counted: proportions, tables of responders, rank tests without ties. The rest is simulated
in the study's scenario without an effect, miscollected jugs recognised: the primary analysis and what stands beside it over all
trials, slower methods over a tenth of them. Seed, trials, software and command are kept with the numbers.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from math import sqrt
from pathlib import Path
from typing import Any

import trialwright
from trialwright.analysis import operating as shelf
from trialwright.analysis.methods.hodges_lehmann import one_sample, two_sample
from trialwright.analysis.methods.outcome_tables import boschloo_table, fisher_table
from trialwright.analysis.methods.proportion import clopper_pearson, mid_p_interval, wilson
from trialwright.analysis.methods.result import Interval
from trialwright.analysis.methods.true_level import proportion_coverage, rank_sum_level, signed_rank_level, table_level
from trialwright.simulate.judges import EVERY_DESIGN, ONE_ARM, TWO_ARMS, Said
from trialwright.simulate.operating import MethodResult, Rate, ScenarioResult, collections_of, simulate
from trialwright.simulate.plan import Plan, read_plan
from trialwright.simulate.samples import draw_samples, find_truths
from trialwright.simulate.scenario import Scenario, ScenarioError, read_scenario, scenario_names
from trialwright.study.folder import find_study, load_study
from trialwright.study.model import Study
from trialwright.terms.sentences import Text

Row = dict[str, Any]
TRIALS, SEED, SHARE_OF_JUDGES = 20_000, 1, 10
MOST_TABLES = 400


def measure(study: Study, *, trials: int, seed: int, command: str = "", workers: int = 1) -> dict[str, Any]:
    """Measure every method at this design: the content of its file.

    Raises: ScenarioError where the study has no scenario without an effect, or cannot be simulated.
    """
    plan = read_plan(study)
    scenario = null_scenario(plan)
    collection = collections_of(plan)[0]
    found = simulate(study, trials=trials, seed=seed, scenario=scenario.name, workers=workers)
    counted = list(_counted(plan))
    known = {row["method"] for row in counted}
    rows = counted + list(_from_arrays(found.results[0], trials))
    rows += [row for row in _judged(plan, scenario, collection, -(-trials // SHARE_OF_JUDGES), seed) if row["method"] not in known]
    return {
        "format": shelf.FORMAT,
        "study": study.id,
        "design": shelf.design_digest(study),
        "software": f"trialwright {trialwright.__version__}",
        "software_digest": software_digest(),
        "command": command,
        "scenario": scenario.name,
        "collection": collection,
        "seed": seed,
        "trials": trials,
        "alpha": float(study.analysis.primary.alpha),
        "confidence": float(study.analysis.confidence),
        "rows": rows,
    }


def null_scenario(plan: Plan) -> Scenario:
    """The first scenario in which the treatment does nothing. Raises: ScenarioError where there is none."""
    scenarios = (read_scenario(plan.study, name) for name in scenario_names(plan.study))
    found = next((s for s in scenarios if s.is_null(plan.treated, plan.control)), None)
    if found is None:
        raise ScenarioError(
            f"{plan.study.id}: simulation.toml has no scenario without an effect; add one, so that size can be measured."
        )
    return found


def software_digest() -> str:
    """SHA-256 over the modules and tables that these numbers come from."""
    root = Path(trialwright.__file__).parent
    folders = ("analysis/methods", "measures", "simulate", "study")
    files = sorted(p for f in folders for p in (root / f).rglob("*") if p.suffix in (".py", ".toml") and "rehearse" not in p.name)
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.relative_to(root).as_posix()}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _from_arrays(result: ScenarioResult, trials: int) -> Iterator[Row]:
    """The primary analysis and what stands beside it, endpoint by endpoint."""
    for endpoint in result.endpoints:
        for method in endpoint.methods:
            yield _row(
                method.method,
                endpoint.endpoint,
                size=_share(method.rejected),
                coverage=_share(method.coverage) if method.coverage is not None else None,
                not_estimable=_failed(method, trials),
                situation=Text(
                    en=f"{endpoint.endpoint} at {endpoint.encounter}, simulated with people leaving and visits missed",
                    fa=f"{endpoint.endpoint} در {endpoint.encounter}، شبیه‌سازی با خروج افراد و ویزیت‌های انجام‌نشده",
                ),
            )


def _failed(method: MethodResult, trials: int) -> float:
    return method.not_estimable / trials


def _share(rate: Rate) -> Mapping[str, Any]:
    return {"value": rate.value, "error": rate.monte_carlo_error, "trials": rate.of}


def _judged(plan: Plan, scenario: Scenario, collection: str, trials: int, seed: int) -> Iterator[Row]:
    """The other methods, one trial at a time, with the functions of the analysis themselves."""
    judges = {**(TWO_ARMS if plan.control else ONE_ARM), **EVERY_DESIGN}
    truths = find_truths(plan, scenario, collection, seed)
    verdicts: dict[str, list[Said]] = {name: [] for name in judges}
    for sample in draw_samples(plan, scenario, collection, trials, seed):
        for name, judge in judges.items():
            verdicts[name].append(judge(sample, truths))
    situation = Text(en="simulated without an effect, with people leaving", fa="شبیه‌سازی بدون اثر، با خروج افراد")
    for name, answers in verdicts.items():
        rejected = [answer[0] if answer is not None else None for answer in answers]
        held = [answer[1] if answer is not None else None for answer in answers]
        has_test = any(one is not None for one in rejected)
        yield _row(
            name,
            "",
            size=_of([bool(one) for one in rejected]) if has_test else None,
            coverage=_of([one for one in held if one is not None]),
            not_estimable=sum(answer is None for answer in answers) / trials,
            situation=situation,
        )


def _of(answers: Sequence[bool]) -> Mapping[str, Any] | None:
    if not answers:
        return None
    value = sum(answers) / len(answers)
    return {"value": value, "error": sqrt(value * (1 - value) / len(answers)), "trials": len(answers)}


def _counted(plan: Plan) -> Iterator[Row]:
    """What can be counted over every outcome at these numbers of participants, everyone observed."""
    alpha, confidence = float(plan.study.analysis.primary.alpha), float(plan.study.analysis.confidence)
    n = next(arm.planned for arm in plan.study.arms if arm.id == plan.treated)
    m = plan.participants - n
    for name, method in (("clopper_pearson", clopper_pearson), ("wilson", wilson), ("mid_p", mid_p_interval)):
        found = proportion_coverage(method, n, confidence)
        yield _exact(name, coverage=found.lowest, words=_worst_rate(n, found.worst_rate))
    yield _exact("signed_rank_without_ties", size=signed_rank_level(plan.participants, alpha).true, words=_ranks(plan.participants))
    levels = one_sample([float(i) for i in range(plan.participants)], confidence)
    if isinstance(levels, Interval):
        yield _exact("hodges_lehmann_one_sample", coverage=levels.level, words=_ranks(plan.participants))
    if not m:
        return
    yield _exact("rank_sum_without_ties", size=rank_sum_level(n, m, alpha).true, words=_ranks(plan.participants))
    shifts = two_sample([float(i) for i in range(n)], [float(n + i) for i in range(m)], confidence)
    if isinstance(shifts, Interval):
        yield _exact("hodges_lehmann", coverage=shifts.level, words=_ranks(plan.participants))
    if (n + 1) * (m + 1) <= MOST_TABLES:
        for name, table in (("fisher", fisher_table), ("boschloo", boschloo_table)):
            yield _exact(name, size=table_level(table(n, m), alpha).true, words=_WORST_TABLE)


_WORST_TABLE = Text(en="counted over every table at the worst common rate", fa="شمارش همهٔ جدول‌ها در بدترین نرخ مشترک")


def _worst_rate(n: int, rate: float) -> Text:
    return Text(
        en=f"counted over every outcome of {n} at the worst rate, {rate:.1%}",
        fa=f"شمارش همهٔ پیامدهای {n} نفر در بدترین نرخ، {rate:.1%}",
    )


def _ranks(n: int) -> Text:
    return Text(en=f"counted for {n} observed participants without ties", fa=f"شمارش برای {n} شرکت‌کنندهٔ مشاهده‌شده بدون مقدار برابر")


def _exact(method: str, *, words: Text, size: float | None = None, coverage: float | None = None) -> Row:
    shares = [None if value is None else {"value": value, "error": None, "trials": None} for value in (size, coverage)]
    return _row(method, "", size=shares[0], coverage=shares[1], not_estimable=0.0, situation=words)


def _row(
    method: str,
    endpoint: str,
    *,
    size: Mapping[str, Any] | None,
    coverage: Mapping[str, Any] | None,
    not_estimable: float,
    situation: Text,
) -> Row:
    return {
        "method": method,
        "endpoint": endpoint,
        "size": size,
        "coverage": coverage,
        "not_estimable": not_estimable,
        "situation": {"en": situation.en, "fa": situation.fa},
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m trialwright.simulate.measured", description="Measure every method at a design."
    )
    parser.add_argument("study", help="a study folder, or an id under ./studies")
    parser.add_argument("--trials", type=partial(int), default=TRIALS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args(arguments)
    study = load_study(find_study(asked.study))
    command = f"python -m trialwright.simulate.measured {study.id} --trials {asked.trials} --seed {asked.seed}"
    content = measure(study, trials=asked.trials, seed=asked.seed, command=command, workers=asked.workers)
    path = Path(shelf.__file__).with_name(f"{study.id}.json")
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
