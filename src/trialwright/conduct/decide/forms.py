"""Forms: values read and checked, corrections with their reason, windows, and collections judged before their protein is seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from trialwright.conduct import commands as cmd
from trialwright.conduct import events as ev
from trialwright.conduct.blinding import shows_form
from trialwright.conduct.checking import find_broken_checks
from trialwright.conduct.collections import assess_collection
from trialwright.conduct.commands import Entered, RecordForm, participant_stream
from trialwright.conduct.decision import Accepted, Decision, Reason, Recorded, accept, reason, refuse, refuse_all
from trialwright.conduct.people import Person
from trialwright.conduct.proposals import find_unexplained, proposals_for
from trialwright.conduct.schedule import anchor_date, applies, window_of
from trialwright.conduct.sentences import all_of, any_of, phrase, word, words
from trialwright.conduct.states import FormState, ParticipantState, States
from trialwright.conduct.values import parse_value
from trialwright.study.model import Encounter, Form, Study
from trialwright.terms.sentences import Text


@dataclass(frozen=True, kw_only=True)
class Saving:
    """One save: the command with the form, visit and earlier state that it is about."""

    command: RecordForm
    participant: ParticipantState
    study: Study
    form: Form
    encounter: Encounter
    before: FormState | None
    role: str

    @property
    def moves_date(self) -> bool:
        return self.before is not None and self.before.collected_on != self.command.collected_on

    @property
    def is_explained(self) -> bool:
        """A reason of dots and spaces is none (ALCOA: attributable, legible)."""
        return any(character.isalnum() for character in self.command.reason)


def decide_form(command: RecordForm, states: States, by: Person, study: Study, now: datetime) -> Decision:
    """Save a form whole, or say for every item what stands in the way. Only new and changed items become an event."""
    form, encounter = study.forms.get(command.form), study.encounter(command.encounter)
    if form is None or encounter is None or command.form not in encounter.forms:
        return refuse("form.unknown", form=command.form, encounter=encounter.label if encounter else command.encounter)
    stop = _wrong_role(form, encounter, study, by)
    if stop is not None:  # alone: the other reasons speak of a form that this role does not see
        return refuse_all([stop])
    participant = states.participant(command.participant)
    before = participant.form(command.encounter, command.form, command.repeat)
    saving = Saving(
        command=command, participant=participant, study=study, form=form, encounter=encounter, before=before, role=by.role
    )
    stops = _find_stops(saving, now)
    return refuse_all(stops) if stops else _save(saving)


def _find_stops(saving: Saving, now: datetime) -> list[Reason]:
    found = [
        _no_consent(saving, now),
        _wrong_arm(saving),
        _in_future(saving.command.collected_on, now),
        _too_early(saving),
        _after_withdrawal(saving),
        _wrong_repeat(saving),
        _item_twice(saving),
        _conflict(saving),
    ]
    return [one for one in found if one is not None]


def _save(saving: Saving) -> Decision:
    parsed = _parse(saving)
    if isinstance(parsed, list):
        return refuse_all(parsed)
    known = saving.before.values if saving.before else {}
    changed = tuple(value for value in parsed if not _same(known.get(value.item), value))
    if not changed and not saving.moves_date:
        return Accepted(events=()) if saving.before else refuse("form.empty", form=saving.form.label)
    values = {**known, **{value.item: value for value in changed}}
    broken = find_broken_checks(saving.study, saving.form, saving.participant, values, saving.command)
    hard = [check.reason() for check in broken if check.check.severity == "hard"]
    if hard:
        return refuse_all(hard)
    corrections = tuple(value.item for value in changed if value.item in known)
    outside = _outside_window(saving)
    soft = [check for check in broken if check.check.severity == "soft"]
    differing = _differing(saving, values, frozenset(value.item for value in changed))
    unexplained = _unexplained(saving, corrections, [*(check.reason() for check in soft), *differing], outside)
    if unexplained:
        return refuse_all(unexplained)
    accepted = (*(check.check.id for check in soft), *(one.rule for one in differing))
    return _events(saving, changed, corrections, accepted, outside)


def _differing(saving: Saving, values: Mapping[str, ev.ValueEntered], changed: frozenset[str]) -> list[Reason]:
    """Answers that are not what results say, and name no cause."""
    on, form = saving.command.collected_on, saving.form
    proposals = proposals_for(saving.study, saving.participant, saving.encounter, form, on=on, role=saving.role)
    return find_unexplained(proposals, form, saving.study, values, changed)


def _events(
    saving: Saving,
    changed: tuple[ev.ValueEntered, ...],
    corrections: tuple[str, ...],
    accepted: tuple[str, ...],
    outside: Reason | None,
) -> Accepted:
    command = saving.command
    saved = ev.FormSaved(
        encounter=command.encounter,
        form=command.form,
        repeat=command.repeat,
        collected_on=command.collected_on,
        values=changed,
        corrections=corrections,
        reason=command.reason,
        checks_accepted=accepted,
    )
    events: list[ev.Event] = [saved]
    if outside is not None:
        words_of_it = f"{outside.found.en}: {command.reason}"
        late = ev.DeviationRecorded(on=command.collected_on, kind="visit_window", description=words_of_it)
        if late not in saving.participant.deviations:  # one late visit is one deviation, however many forms it has
            events.append(late)
    return Accepted(events=tuple(Recorded(stream=participant_stream(command.participant), event=e) for e in events))


def _parse(saving: Saving) -> tuple[ev.ValueEntered, ...] | list[Reason]:
    read = [_parse_one(entered, saving) for entered in saving.command.values]
    wrong = [one for one in read if isinstance(one, Reason)]
    return wrong or tuple(one for one in read if isinstance(one, ev.ValueEntered))


def _parse_one(entered: Entered, saving: Saving) -> ev.ValueEntered | Reason:
    item = saving.form.item(entered.item)
    if item is None:
        return reason("form.item", item=entered.item, form=saving.form.label)
    collection = saving.form.collection
    judged = saving.before is not None and saving.before.judgement is not None
    if collection and entered.item in collection.opens and not judged:
        return reason("collection.not_judged", item=item.label)
    return parse_value(item, entered)


def _same(before: ev.ValueEntered | None, after: ev.ValueEntered) -> bool:
    return before is not None and (before.raw, before.unit, before.missing_code) == (after.raw, after.unit, after.missing_code)


def _wrong_role(form: Form, encounter: Encounter, study: Study, by: Person) -> Reason | None:
    if by.role not in form.roles:
        return reason("form.role", role=word("role", by.role), form=form.label, roles=any_of(words("role", form.roles)))
    if not shows_form(study, by.role, encounter.id, form.id):
        return reason("form.blinded", role=word("role", by.role), encounter=encounter.label)
    return None


def _no_consent(saving: Saving, now: datetime) -> Reason | None:
    """Data count from the first consent; a later version signed anew does not take earlier data away."""
    first, day = saving.participant.first_consent, saving.command.collected_on
    if first is not None and first.signed_at.astimezone(now.tzinfo).date() <= day:
        return None
    return reason("form.consent", day=day)


def _wrong_arm(saving: Saving) -> Reason | None:
    if applies(saving.encounter, saving.participant):
        return None
    arm = saving.participant.arm
    shown = saving.study.arm(arm).label if arm else phrase("no_arm")
    planned = any_of(saving.study.arm(one).label for one in saving.encounter.arms)
    return reason("form.arm", encounter=saving.encounter.label, arm=shown, arms=planned)


def _in_future(collected_on: date, now: datetime) -> Reason | None:
    return None if collected_on <= now.date() else reason("form.future", day=collected_on, today=now.date())


def _too_early(saving: Saving) -> Reason | None:
    """A visit counted from allocation or infusion has no data before either has happened."""
    if anchor_date(saving.encounter, saving.participant) is not None:
        return None
    return reason("form.too_early", encounter=saving.encounter.label, anchor=word("anchor", saving.encounter.anchor))


def _after_withdrawal(saving: Saving) -> Reason | None:
    withdrawal, day = saving.participant.withdrawal, saving.command.collected_on
    if withdrawal is None or withdrawal.extent == "intervention" or day <= withdrawal.on:
        return None
    return reason("form.withdrawn", day=day, withdrawn=withdrawal.on)


def _wrong_repeat(saving: Saving) -> Reason | None:
    command = saving.command
    if command.repeat == 1:
        return None
    if saving.form.repeats and command.repeat > 1 and saving.participant.form(command.encounter, command.form, command.repeat - 1):
        return None
    return reason("form.repeat", repeat=command.repeat, form=saving.form.label)


def _item_twice(saving: Saving) -> Reason | None:
    items = [entered.item for entered in saving.command.values]
    twice = sorted({item for item in items if items.count(item) > 1})
    return reason("form.twice", items=_labels(saving.form, twice)) if twice else None


def _conflict(saving: Saving) -> Reason | None:
    """Somebody saved the form meanwhile: both values are shown, nothing is lost and nothing is overwritten."""
    command, before = saving.command, saving.before
    version = before.version if before else 0
    if command.read_version == version:
        return None
    theirs = {item: value.raw or value.missing_code for item, value in (before.values if before else {}).items()}
    differing = [
        phrase("both_values", item=_label(saving.form, one.item), saved=theirs[one.item], yours=one.raw or one.missing_code)
        for one in command.values
        if one.item in theirs and theirs[one.item] != (one.raw or one.missing_code)
    ]
    both = all_of(differing) if differing else phrase("other_items")
    return reason("form.conflict", version=version, both=both, read=command.read_version)


def _outside_window(saving: Saving) -> Reason | None:
    """A date outside the visit's window, when it is new: at the first save, or when a correction moves it there."""
    window, on = window_of(saving.encounter, saving.participant), saving.command.collected_on
    if window is None or window.holds(on) or (saving.before is not None and not saving.moves_date):
        return None
    days = window.days_off(on)
    off = phrase("days_late" if days > 0 else "days_early", days=abs(days))
    return reason("form.window", encounter=saving.encounter.label, day=on, off=off, opens=window.opens, closes=window.closes)


def _unexplained(saving: Saving, corrections: tuple[str, ...], soft: list[Reason], outside: Reason | None) -> list[Reason]:
    """What needs a reason and has none."""
    if saving.is_explained:
        return []
    stops = list(soft)
    if outside is not None:
        stops.append(outside)
    if saving.moves_date and saving.before is not None:
        stops.append(reason("form.date_change", day=saving.command.collected_on, before=saving.before.collected_on))
    if corrections:
        stops.append(reason("form.correction", items=_labels(saving.form, corrections)))
    return stops


def _labels(form: Form, items: tuple[str, ...] | list[str]) -> Text:
    return all_of(_label(form, item) for item in items)


def _label(form: Form, item_id: str) -> Text | str:
    item = form.item(item_id)
    return item.label if item else item_id


def decide_judgement(command: cmd.JudgeCollection, states: States, by: Person, study: Study, now: datetime) -> Decision:
    """Judge a timed collection from hours, volume and creatinine, before its protein is known.

    Source: no outcome is chased; 30 % under-collection in lupus nephritis (Christopher-Stine 2004, J Rheumatol 31:1557).
    """
    participant = states.participant(command.participant)
    form = study.forms.get(command.form)
    saved = participant.form(command.encounter, command.form, command.repeat)
    if form is None or form.collection is None or saved is None:
        return refuse("collection.unknown")
    if saved.judgement is not None:
        return refuse("collection.judged", judgement=word("judgement", saved.judgement.judgement))
    assessment = assess_collection(study, participant, command.encounter, command.form, command.repeat)
    if assessment.reason is not None:
        return refuse_all([assessment.reason])
    against = command.judgement != assessment.suggested
    if against and not any(character.isalnum() for character in command.reason):
        said = word("judgement", command.judgement)
        return refuse("collection.reason", judgement=said, assessment=word("completeness", assessment.completeness))
    return accept(
        participant_stream(participant.id),
        ev.CollectionJudged(
            encounter=command.encounter,
            form=command.form,
            repeat=command.repeat,
            judgement=command.judgement,
            reason=command.reason,
            assessment=assessment.completeness,
            creatinine_mg_per_day=assessment.creatinine_mg_per_day,
            expected_mg_per_day=assessment.expected_mg_per_day,
            measure=assessment.measure,
        ),
    )
