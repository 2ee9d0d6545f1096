"""Operating characteristics as text for a terminal, in both languages."""

from math import exp

from trialwright.simulate.operating import ArmCourse, EndpointOperating, Operating, Rate, ScenarioResult
from trialwright.terms.sentences import Text

WORDS = {
    "size": Text(en="finds an effect that is not there (size)", fa="اثری را که وجود ندارد نشان می‌دهد (اندازهٔ آزمون)"),
    "power": Text(en="finds the effect (power)", fa="اثر را نشان می‌دهد (توان)"),
    "judged": Text(en="miscollected jugs recognised and repeated", fa="جمع‌آوری‌های نادرست شناخته و تکرار می‌شوند"),
    "as_collected": Text(en="every jug counts, miscollected or not", fa="هر جمع‌آوری به حساب می‌آید، درست یا نادرست"),
    "samples": Text(en="samples of first-morning urine", fa="نمونه‌های ادرار اول صبح"),
    "rerandomisation": Text(en="re-randomisation", fa="بازتصادفی‌سازی"),
    "ancova": Text(en="analysis of covariance", fa="تحلیل کوواریانس"),
    "ancova_hc2": Text(en="analysis of covariance, HC2", fa="تحلیل کوواریانس، HC2"),
    "ancova_hc3": Text(en="analysis of covariance, HC3", fa="تحلیل کوواریانس، HC3"),
    "rank_sum": Text(en="change by ranks", fa="تغییر بر پایهٔ رتبه"),
    "signed_rank": Text(en="signed ranks", fa="رتبه‌های علامت‌دار"),
    "signed_rank_pratt": Text(en="signed ranks (Pratt)", fa="رتبه‌های علامت‌دار (پرت)"),
    "fisher": Text(en="Fisher", fa="فیشر"),
    "boschloo": Text(en="Boschloo", fa="بوشلو"),
    "coverage": Text(en="interval holds the truth", fa="بازه مقدار واقعی را دربر دارد"),
    "truth": Text(en="true effect; mean estimate", fa="اثر واقعی؛ میانگین برآوردها"),
    "analysed": Text(en="participants analysed, mean", fa="میانگین شرکت‌کنندگان تحلیل‌شده"),
    "failed": Text(en="trials without an estimate", fa="کارآزمایی‌های بدون برآورد"),
    "empty_arm": Text(en="an arm without a value", fa="بازویی بدون مقدار"),
    "too_few": Text(en="too few values", fa="مقدارهای بسیار کم"),
    "same_outcome": Text(en="the same value in everyone", fa="مقدار یکسان در همه"),
    "same_baseline": Text(en="no baseline to adjust for", fa="نبودِ مقدار پایه برای تعدیل"),
    "no_change": Text(en="no change in anyone", fa="بی‌تغییر بودن همه"),
    "response": Text(en="respond: complete; complete or partial", fa="پاسخ: کامل؛ کامل یا نسبی"),
    "complete": Text(en="complete", fa="کامل"),
    "any": Text(en="complete or partial", fa="کامل یا نسبی"),
    "course": Text(
        en="infused; withdrawn; rescued; relapsed; with a serious event; events a year",
        fa="تزریق‌شده؛ خارج‌شده؛ درمان نجات؛ عود؛ با رویداد جدی؛ رویداد در سال",
    ),
    "head": Text(en="simulated trials, seed", fa="کارآزمایی شبیه‌سازی‌شده، بذر"),
}


def render_operating_text(found: Operating, language: str = "en") -> str:
    """The results scenario by scenario, then the notes."""
    part = f" ({found.shard})" if found.shard else ""
    lines = [f"{found.study} {found.protocol_version}: {found.trials} {_word('head', language)} {found.seed}{part}"]
    for result in found.results:
        lines += ["", f"{result.label.in_language(language)} - {_word(result.collection, language)}"]
        lines += [f"  {line}" for endpoint in result.endpoints for line in _endpoint(endpoint, language)]
        lines += [f"  {line}" for line in _people(result, language)]
    lines += ["", *(note.in_language(language) for note in found.notes)]
    return "\n".join(lines) + "\n"


def _endpoint(found: EndpointOperating, language: str) -> list[str]:
    effects = f"{_effect(found, found.true_effect)}; {'-' if found.mean_estimate is None else _effect(found, found.mean_estimate)}"
    lines = [f"{found.endpoint}, {found.encounter}: {_word('truth', language)}: {effects}"]
    for result in found.methods:
        line = f"  {_word(result.method, language)}: {_word(found.question, language)}: {_rate(result.rejected)}"
        if result.coverage is not None:
            line += f"; {_word('coverage', language)}: {_rate(result.coverage)}"
        lines.append(line)
    lines.append(f"  {_word('analysed', language)}: {found.mean_analysed:.1f}")
    if found.failures:
        why = ", ".join(f"{_word(reason, language)} {count}" for reason, count in found.failures.items())
        lines.append(f"  {_word('failed', language)}: {why}")
    return lines


def _people(result: ScenarioResult, language: str) -> list[str]:
    responses = [
        f"{r.definition}, {r.arm}, {_word('response', language)}: {r.complete.value:.1%}; {r.any_response.value:.1%}"
        for r in result.responses
    ]
    tests = [
        f"{t.definition}, {_word(t.kind, language)}, {_word(t.method, language)}: {_rate(t.rejected)}"
        for t in result.response_tests
    ]
    return responses + tests + [_course(arm, language) for arm in result.arms]


def _course(arm: ArmCourse, language: str) -> str:
    shares = (arm.infused, arm.withdrawn, arm.rescued, arm.relapsed, arm.with_serious)
    return f"{arm.arm}, {_word('course', language)}: {'; '.join(f'{share:.0%}' for share in shares)}; {arm.events_per_year:.1f}"


def _word(name: str, language: str) -> str:
    return WORDS[name].in_language(language)


def _rate(rate: Rate) -> str:
    error = "" if rate.monte_carlo_error is None else f" ± {rate.monte_carlo_error:.1%}"
    return f"{rate.value:.1%}{error} ({rate.count}/{rate.of})"


def _effect(found: EndpointOperating, value: float) -> str:
    return f"× {exp(value):.2f}" if found.scale == "log" else f"{value:+.2f}"
