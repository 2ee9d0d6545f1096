"""The strata of a participant: judged at allocation from screening values, kept for ever, and compared with later corrections.

A value corrected after allocation moves nobody: the list or the minimisation has gone on from what was known then, and the analysis
counts lists by those levels. The difference is listed. Source: ICH E9 2.3.2 (strata are fixed before allocation).
"""

from collections.abc import Mapping
from datetime import date

from trialwright.conduct.current import current_values
from trialwright.conduct.decision import Reason, reason
from trialwright.conduct.eligibility import name_of, rule_names, screening_values
from trialwright.conduct.events import StratumJudged
from trialwright.conduct.sentences import all_of, phrase
from trialwright.conduct.states import ParticipantState
from trialwright.study.model import Study
from trialwright.study.rules import Value, compile_rule
from trialwright.study.stratification import Misplacement
from trialwright.study.treatment import Stratum, StratumLevel

Judged = tuple[tuple[StratumJudged, ...], list[Reason]]
SITE = "site"
"""The name by which a level's rule reads the site; it is not collected but known."""


def judge_strata(study: Study, participant: ParticipantState, on: date) -> Judged:
    """The level in each stratum that allocation goes by, at the age of that day; or why one cannot be told."""
    known = screening_values(study, current_values(study, participant), on) | {SITE: participant.site}
    judged: list[StratumJudged] = []
    against: list[Reason] = []
    for stratum in _allocated_by(study):
        found = _judge(study, stratum, known)
        if isinstance(found, StratumJudged):
            judged.append(found)
        else:
            against.append(found)
    return tuple(judged), against


def find_misplaced(study: Study, participant: ParticipantState) -> tuple[Misplacement, ...]:
    """The strata in which the participant would be placed otherwise today, on the values as they were corrected."""
    if not participant.strata or participant.eligible_on is None:
        return ()
    now = {one.stratum: one.level for one in judge_strata(study, participant, participant.eligible_on)[0]}
    strata = {stratum.id: stratum for stratum in study.strata}
    return tuple(
        Misplacement(
            participant=participant.id,
            stratum=strata[then.stratum].label,
            allocated=_level(strata[then.stratum], then.level).label,
            now=_level(strata[then.stratum], now[then.stratum]).label if then.stratum in now else None,
        )
        for then in participant.strata
        if then.stratum in strata and now.get(then.stratum) != then.level
    )


def _allocated_by(study: Study) -> tuple[Stratum, ...]:
    strata = {stratum.id: stratum for stratum in study.strata}
    return tuple(strata[name] for name in study.allocation.stratified_by)


def _level(stratum: Stratum, level_id: str) -> StratumLevel:
    return next(level for level in stratum.levels if level.id == level_id)


def _judge(study: Study, stratum: Stratum, known: Mapping[str, Value]) -> StratumJudged | Reason:
    """Exactly one level must hold and every other must be known not to: a guess here would send someone to another arm."""
    kinds = rule_names(study) | {SITE: "text"}
    rules = {level: compile_rule(level.rule, kinds) for level in stratum.levels}
    verdicts = {level: rule.evaluate(known) for level, rule in rules.items()}
    of, names = f"stratum.{stratum.id}", dict.fromkeys(name for rule in rules.values() for name in rule.names)
    if missing := dict.fromkeys(name for verdict in verdicts.values() for name in verdict.missing):
        return reason("stratum.undecided", of=of, stratum=stratum.label, missing=all_of(name_of(study, name) for name in missing))
    inputs = {name: str(known[name]) for name in names if known.get(name) is not None}
    held = [level for level, verdict in verdicts.items() if verdict.holds]
    if len(held) == 1:
        return StratumJudged(stratum=stratum.id, level=held[0].id, inputs=inputs)
    values = all_of(phrase("item_value", item=name_of(study, name), value=value) for name, value in inputs.items())
    if held:
        return reason("stratum.several", of=of, stratum=stratum.label, values=values, levels=all_of(x.label for x in held))
    return reason("stratum.none", of=of, stratum=stratum.label, values=values)
