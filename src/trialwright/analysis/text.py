"""Results as text for a terminal: the flow, intercurrent events with what was done, each answer with its definition and with how
often its method errs at this size, responders, harms and what is missing."""

from collections.abc import Sequence

from trialwright.analysis.methods.result import Interval, NotEstimable, Test
from trialwright.analysis.results import (
    EndpointResult,
    Primary,
    Reliability,
    ResponseResult,
    Results,
    Secondary,
    Support,
    events_once,
)
from trialwright.terms.sentences import Text

WORDS = {
    "flow": Text(en="Participants", fa="شرکت‌کنندگان"),
    "unbounded": Text(en="no limit", fa="بی‌کران"),
    "screened": Text(en="screened", fa="غربال‌شده"),
    "failures": Text(en="screen failures", fa="واجد شرایط نبودند"),
    "allocated": Text(en="allocated", fa="تخصیص‌یافته"),
    "received": Text(en="received as allocated", fa="دریافت مطابق تخصیص"),
    "withdrawn": Text(en="withdrawn", fa="انصراف"),
    "analysed": Text(en="with a primary value", fa="دارای مقدار پیامد اصلی"),
    "primary": Text(en="Primary analysis", fa="تحلیل اصلی"),
    "secondary": Text(en="Other endpoints, not adjusted for their number", fa="پیامدهای دیگر، بدون تعدیل برای تعدادشان"),
    "probability": Text(en="chance of the larger value in the experimental arm", fa="احتمال مقدار بزرگ‌تر در بازوی مداخله"),
    "ratio": Text(en="ratio", fa="نسبت"),
    "difference": Text(en="difference", fa="تفاوت"),
    "events": Text(en="Intercurrent events and what was done", fa="رویدادهای میانی و آنچه دربارهٔ آن‌ها انجام شد"),
    "none": Text(en="none", fa="هیچ"),
    "times": Text(en="time to response", fa="زمان تا پاسخ"),
    "by_day": Text(en="with a response by day", fa="با پاسخ تا روز"),
    "failed_first": Text(en="failed first", fa="پیش از آن ناموفق"),
    "relapsed": Text(en="relapsed", fa="عود"),
    "lasting": Text(en="without relapse at day", fa="بدون عود در روز"),
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
    sections = (_flow, _events, _primary, _secondary, _endpoints, _responses, _safety, _missing)
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
    unbounded = WORDS["unbounded"].in_language(language)
    low, high = (unbounded if limit is None else f"{limit:.3g}" for limit in (found.low, found.high))
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
    lines += _errs(primary.reliability, language, "  ")
    lines += [f"  {note.in_language(language)}" for note in primary.notes]
    lines.append(f"  {_word('beside', language)}:")
    return [*lines, *(line for support in primary.supports for line in _support(support, language, "    "))]


def _support(support: Support, language: str, indent: str) -> list[str]:
    """A test with its interval, its definition and how often it errs."""
    lines = [f"{indent}{support.label.in_language(language)}: {shown_test(support.test, language)}"]
    if support.estimate is not None:
        scale = f" ({_word(support.scale, language)})" if support.scale else ""
        lines.append(f"{indent}  {shown_interval(support.estimate, language)}{scale}")
    if isinstance(support.test, Test):
        lines.append(f"{indent}  {support.test.p.definition.in_language(language)}")
    return [*lines, *_errs(support.reliability, language, indent + "  "), *_noted(support.notes, language, indent + "  ")]


def _errs(found: Sequence[Reliability], language: str, indent: str) -> list[str]:
    return [f"{indent}{one.statement.in_language(language)}" for one in found]


def _noted(notes: Sequence[Text], language: str, indent: str) -> list[str]:
    return [f"{indent}{note.in_language(language)}" for note in notes]


def _events(results: Results, language: str) -> list[str]:
    """Each participant's events once, with what was done for which endpoints."""
    lines = [_word("events", language)]
    labels = {endpoint.id: endpoint.label.in_language(language) for endpoint in results.endpoints}
    for one, endpoints in events_once(results):
        label, source = one.label.in_language(language), one.source.in_language(language)
        lines.append(f"  {one.participant}: {label}, {one.on} ({source})")
        for done, named in endpoints:
            lines.append(f"    {', '.join(labels[endpoint] for endpoint in named)}: {done.in_language(language)}")
    return lines if results.intercurrent else [f"{lines[0]}: {_word('none', language)}"]


def _secondary(results: Results, language: str) -> list[str]:
    return [_word("secondary", language), *(line for one in results.secondary for line in _compared(one, language))]


def _compared(one: Secondary, language: str) -> list[str]:
    scale = f"{_word(one.effect_scale, language)}{f', {one.unit}' if one.unit else ''}"
    lines = [f"  {one.label.in_language(language)}, {one.encounter_label.in_language(language)} ({scale})"]
    lines += [line for support in one.analyses for line in _support(support, language, "    ")]
    return [*lines, *_noted(one.notes, language, "    ")]


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
            if not isinstance(arm.any_posterior, NotEstimable):
                lines.append(f"      {arm.any_posterior.statement.in_language(language)}")
            lines += _errs(arm.reliability, language, "      ")
        lines += [*_response_tests(response, language), *_response_times(response, results, language)]
    return lines


def _response_tests(response: ResponseResult, language: str) -> list[str]:
    lines = []
    for one in response.comparisons:
        lines.append(f"    {one.label.in_language(language)}: {shown_test(one.test, language)}")
        lines.append(f"      {_word('difference', language)} {shown_interval(one.difference, language)}")
        if not isinstance(one.belief, NotEstimable):
            lines.append(f"      {one.belief.statement.in_language(language)}")
        if isinstance(one.test, Test):
            lines.append(f"      {one.test.p.definition.in_language(language)}")
        lines += _errs(one.reliability, language, "      ")
    return lines


def _response_times(response: ResponseResult, results: Results, language: str) -> list[str]:
    lines = []
    if response.times.test is not None:
        lines.append(f"    {_word('times', language)}: {shown_test(response.times.test, language)}")
    for arm in response.times.arms:
        lines.append(
            f"    {results.arms[arm.arm].in_language(language)}, {_word('by_day', language)} {arm.day}: "
            f"{shown_interval(arm.incidence, language)}; {_word('failed_first', language)} {arm.competing}"
        )
        lines.append(
            f"      {_word('relapsed', language)} {arm.relapsed}/{arm.responded}; {_word('lasting', language)} {arm.relapse_day}: "
            f"{shown_interval(arm.without_relapse, language)}"
        )
        lines += _errs(arm.reliability, language, "      ")
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
