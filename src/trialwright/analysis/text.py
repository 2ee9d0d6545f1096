"""Results as text for a terminal: the flow, the primary answer with its definition, responders, harms and what is missing."""

from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.analysis.results import EndpointResult, Primary, Results
from trialwright.terms.sentences import Text

WORDS = {
    "flow": Text(en="Participants", fa="شرکت‌کنندگان"),
    "screened": Text(en="screened", fa="غربال‌شده"),
    "failures": Text(en="screen failures", fa="واجد شرایط نبودند"),
    "allocated": Text(en="allocated", fa="تخصیص‌یافته"),
    "received": Text(en="received as allocated", fa="دریافت مطابق تخصیص"),
    "withdrawn": Text(en="withdrawn", fa="انصراف"),
    "analysed": Text(en="with a primary value", fa="دارای مقدار پیامد اصلی"),
    "primary": Text(en="Primary analysis", fa="تحلیل اصلی"),
    "beside": Text(en="Beside it", fa="در کنار آن"),
    "endpoints": Text(en="Endpoints: median (range), observed of expected", fa="پیامدها: میانه (دامنه)، مشاهده‌شده از مورد انتظار"),
    "responses": Text(en="Responders", fa="پاسخ‌دهندگان"),
    "complete": Text(en="complete", fa="کامل"),
    "either": Text(en="complete or partial", fa="کامل یا نسبی"),
    "undecided": Text(en="undecided", fa="تعیین‌نشده"),
    "safety": Text(en="Adverse events after treatment began", fa="عوارض نامطلوب پس از شروع درمان"),
    "with_event": Text(en="participants with an event", fa="شرکت‌کنندگان دارای عارضه"),
    "serious": Text(en="with a serious one", fa="دارای عارضهٔ جدی"),
    "missing": Text(en="Missing values", fa="مقادیر ناموجود"),
    "interval": Text(en="interval", fa="بازهٔ اطمینان"),
}


def render_results_text(results: Results, language: str = "en") -> str:
    """The results in the order in which a reader asks."""
    sections = (_flow, _primary, _endpoints, _responses, _safety, _missing)
    lines = [f"{results.study} {results.protocol_version}"]
    for section in sections:
        lines += ["", *section(results, language)]
    lines += ["", *(note.in_language(language) for note in results.notes)]
    return "\n".join(lines) + "\n"


def shown_interval(found: Interval | NotEstimable | None, language: str = "en") -> str:
    """An estimate with its limits and true level, or the reason for having none."""
    if found is None:
        return "-"
    if isinstance(found, NotEstimable):
        return found.reason.in_language(language)
    low, high = ("-∞" if found.low is None else f"{found.low:.3g}", "∞" if found.high is None else f"{found.high:.3g}")
    return f"{found.estimate:.3g} ({found.level:.4g} {WORDS['interval'].in_language(language)} {low} – {high})"


def shown_test(found: Test | NotEstimable | None, language: str = "en") -> str:
    """A p value with its sampling error where it has one, or the reason for having none."""
    if found is None:
        return "-"
    if isinstance(found, NotEstimable):
        return found.reason.in_language(language)
    error = f" ± {found.p.monte_carlo_error:.2g}" if found.p.monte_carlo_error is not None else ""
    return f"p = {found.p.value:.4g}{error}, n = {found.participants}"


def _flow(results: Results, language: str) -> list[str]:
    flow = results.disposition
    lines = [_word("flow", language)]
    lines.append(
        f"  {_word('screened', language)} {flow.screened}, {_word('failures', language)} {flow.screen_failures}, "
        f"{_word('allocated', language)} {flow.allocated}"
    )
    for arm in flow.arms:
        counts = {"allocated": arm.allocated, "received": arm.received, "withdrawn": arm.withdrawn, "analysed": arm.analysed}
        shown = ", ".join(f"{_word(name, language)} {count}" for name, count in counts.items())
        lines.append(f"  {arm.label.in_language(language)}: {shown}")
    return lines


def _primary(results: Results, language: str) -> list[str]:
    primary: Primary = results.primary
    what = f"{primary.label.in_language(language)}, {primary.encounter_label.in_language(language)} ({primary.effect_scale})"
    lines = [f"{_word('primary', language)}: {what}", f"  {shown_interval(primary.estimate, language)}"]
    lines.append(f"  {shown_test(primary.test, language)}")
    if isinstance(primary.test, Test):
        lines.append(f"  {primary.test.p.definition.in_language(language)}")
    if isinstance(primary.estimate, Interval):
        lines.append(f"  {primary.estimate.definition.in_language(language)}")
    lines += [f"  {note.in_language(language)}" for note in primary.notes]
    lines.append(f"  {_word('beside', language)}:")
    for support in primary.supports:
        lines.append(f"    {support.label.in_language(language)}: {shown_test(support.test, language)}")
        if support.estimate is not None:
            lines.append(f"      {shown_interval(support.estimate, language)}")
    return lines


def _endpoints(results: Results, language: str) -> list[str]:
    return [_word("endpoints", language), *(line for e in results.endpoints for line in _endpoint(e, results, language))]


def _endpoint(endpoint: EndpointResult, results: Results, language: str) -> list[str]:
    lines = [f"  {endpoint.label.in_language(language)}{f' ({endpoint.unit})' if endpoint.unit else ''}"]
    for summary in endpoint.summaries:
        value = "-" if summary.median is None else f"{summary.median} ({summary.minimum} – {summary.maximum})"
        arm = results.arms[summary.arm].in_language(language)
        lines.append(f"    {summary.encounter_label.in_language(language)}, {arm}: {value}, {summary.observed}/{summary.expected}")
    return lines


def _responses(results: Results, language: str) -> list[str]:
    lines = [_word("responses", language)]
    for response in results.responses:
        lines.append(f"  {response.label.in_language(language)}, {response.by_label.in_language(language)}")
        for arm in response.arms:
            either = arm.complete + arm.partial
            lines.append(
                f"    {results.arms[arm.arm].in_language(language)}: {_word('complete', language)} "
                f"{arm.complete}/{arm.participants} "
                f"{_percent(arm.complete_interval)}; {_word('either', language)} {either}/{arm.participants} "
                f"{_percent(arm.any_interval)}; {_word('undecided', language)} {arm.undecided}"
            )
    return lines


def _safety(results: Results, language: str) -> list[str]:
    safety = results.safety
    lines = [f"{_word('safety', language)} (CTCAE {safety.ctcae})"]
    for arm in safety.arms:
        lines.append(
            f"  {results.arms[arm.arm].in_language(language)}: {_word('with_event', language)} "
            f"{arm.with_event}/{arm.participants}; "
            f"{_word('serious', language)} {arm.with_serious}/{arm.participants} {_percent(arm.serious_interval)}"
        )
        worst = [(t, max(g for g, n in t.by_worst_grade.items() if n)) for t in safety.terms if t.arm == arm.arm]
        lines += [f"    {t.label.in_language(language)}: {t.participants} ({t.events}), ≤ {grade}" for t, grade in worst]
    return lines


def _missing(results: Results, language: str) -> list[str]:
    lines = [f"{_word('missing', language)}: {len(results.missing)}"]
    lines += [f"  {m.endpoint}, {m.encounter}, {m.participant}: {m.reason.in_language(language)}" for m in results.missing]
    return lines


def _percent(found: Interval | NotEstimable) -> str:
    if isinstance(found, NotEstimable):
        return "(-)"
    return f"({found.low or 0:.0%} – {1 if found.high is None else found.high:.0%})"


def _word(name: str, language: str) -> str:
    return WORDS[name].in_language(language)
