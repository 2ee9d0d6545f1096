"""A definition printed for a terminal: what a reader checks before approving it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from trialwright.study.describe import endpoint_sentence, window_days
from trialwright.study.lines import titled, wrapped
from trialwright.study.model import Encounter, Study
from trialwright.study.printed_more import laboratory_lines, reference_lines, regimen_lines, screening_lines


def render_study_text(study: Study, *, language: str = "en") -> str:
    """Print arms, dose, schedule of activities, criteria, endpoints, derivations, assumptions and open questions."""
    parts = (_head(study, language), _arms(study, language), regimen_lines(study, language), _schedule(study, language))
    more = (
        screening_lines(study, language),
        _criteria(study, language),
        _endpoints(study, language),
        _derivations(study, language),
        _analysis(study),
    )
    last = (laboratory_lines(study, language), reference_lines(study, language), _open(study))
    return "\n".join(line for part in (*parts, *more, *last) for line in part) + "\n"


def _head(study: Study, language: str) -> Iterator[str]:
    yield f"{study.id}  {study.short_title.in_language(language)}"
    yield from wrapped(study.title.in_language(language), "")
    kind = "rehearsal version: no real participant can be enrolled" if study.rehearsal_only else "for live use"
    yield f"Protocol {study.version} ({kind}); definition {study.digest[:12]}"


def _arms(study: Study, language: str) -> Iterator[str]:
    yield from titled(f"Arms ({study.sample_size} participants, {study.allocation.method.replace('_', ' ')})")
    for arm in study.arms:
        yield f"  {arm.id:<12} {arm.planned:>3}  {arm.label.in_language(language)}"
        product = study.cell_product(arm.id)
        if product and product.dose:
            dose = product.dose
            yield f"  {'':<12}      {dose.cells_per_kg:,} viable cells/kg ± {dose.tolerance_percent} %"
            limits = f"{dose.infusion_minutes} min, within {dose.thaw_limit_minutes} min of thaw"
            yield f"  {'':<12}      viability from {dose.minimum_viability_percent} %, {limits}"


def _schedule(study: Study, language: str) -> Iterator[str]:
    yield from titled("Schedule of activities (days from the anchor)")
    for number, encounter in enumerate(study.encounters, 1):
        yield f"  {number:>2}  {encounter.label.in_language(language):<20} {_when(encounter)}"
    yield ""
    yield f"  {'':<24}" + "".join(f"{number:>3}" for number in range(1, len(study.encounters) + 1))
    for form_id in study.forms:
        marks = "".join("  x" if form_id in encounter.forms else "  ." for encounter in study.encounters)
        yield f"  {form_id:<24}{marks}"


def _when(encounter: Encounter) -> str:
    target, opens, closes = window_days(encounter)
    if encounter.target % timedelta(days=1):
        return f"{target * 24:g} h ({opens * 24:g} to {closes * 24:g} h) after {encounter.anchor}"
    arms = f"; only {', '.join(encounter.arms)}" if encounter.arms else ""
    return f"{target:g} ({opens:g} to {closes:g}) after {encounter.anchor}{arms}"


def _criteria(study: Study, language: str) -> Iterator[str]:
    yield from titled("Eligibility")
    for criterion in study.criteria:
        yield from wrapped(f"{criterion.kind} {criterion.id}: {criterion.text.in_language(language)}")
        yield f"      {criterion.rule}"


def _endpoints(study: Study, language: str) -> Iterator[str]:
    yield from titled("Endpoints")
    for endpoint in study.endpoints:
        yield from wrapped(f"{endpoint.level} {endpoint.id} ({endpoint.outcome}; {endpoint.unit})")
        yield from wrapped(endpoint_sentence(study, endpoint).in_language(language), "      ")
        events = ", ".join(f"{e.id} ({e.strategy.replace('_', ' ')})" for e in endpoint.estimand.intercurrent_events)
        yield from wrapped(f"Intercurrent events: {events or 'none'}.", "      ")
    for outcome in study.outcomes:
        if outcome.dropped:
            yield from wrapped(f"{outcome.id} is not answered: {outcome.dropped}")


def _derivations(study: Study, language: str) -> Iterator[str]:
    yield from titled("Derivations")
    for derivation in study.derivations:
        inputs = (
            ", ".join(dict.fromkeys(derivation.inputs.values()))
            if len(derivation.inputs) < 8
            else f"{len(derivation.inputs)} items"
        )
        yield from wrapped(f"{derivation.id} [{derivation.unit}, {derivation.decimals} decimals] = {derivation.measure}({inputs})")


def _analysis(study: Study) -> Iterator[str]:
    primary = study.analysis.primary
    yield from titled("Primary analysis")
    sides = "two-sided" if primary.two_sided else "one-sided"
    yield from wrapped(
        f"{primary.endpoint} at {primary.encounter}, {primary.method} ({primary.transform} scale), alpha {primary.alpha}, {sides}"
    )
    for response in study.analysis.responses:
        yield f"  response by {response.definition}, up to {response.by}"


def _open(study: Study) -> Iterator[str]:
    yield from _facts("Assumed", ((what, basis.assumed) for what, basis in study.assumptions()))
    yield from _facts("Open questions", ((what, basis.question) for what, basis in study.open_questions()))


def _facts(title: str, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    listed = list(facts)
    yield from titled(f"{title} ({len(listed)})")
    for what, words in listed:
        yield from wrapped(f"{what}: {words}")
