"""The sentences of the page, from `words.toml`, and numbers written for each language: 6.25 % and ۶٫۲۵٪."""

import re
from math import floor, log10
from pathlib import Path

from trialwright.terms.digits import persian_digits
from trialwright.terms.sentences import Text, read_sentences

WORDS = Path(__file__).with_name("words.toml")
SMALLEST_P = 1e-6
_POINT = re.compile(r"(?<=[۰-۹])\.(?=[۰-۹])")


def say(code: str, **facts: Text | str) -> Text:
    """A sentence with its gaps filled, each by the words or digits of its language."""
    found = read_sentences(WORDS)[code]
    both = {name: fact if isinstance(fact, Text) else Text(en=fact, fa=fact) for name, fact in facts.items()}
    return Text(
        en=found.en.format(**{name: fact.en for name, fact in both.items()}),
        fa=found.fa.format(**{name: fact.fa for name, fact in both.items()}),
    )


def whole(value: float) -> Text:
    """A count; an expected count keeps one decimal."""
    return _both(f"{value:.1f}".removesuffix(".0"))


def percent(share: float, decimals: int = 0) -> Text:
    """A share of 1 as a percentage. A share that is not nothing is never printed as 0."""
    written = f"{share * 100:.{decimals}f}"
    if share and not float(written):
        written = f"<{10**-decimals:.{decimals}f}"
        return Text(en=f"{written}\u00a0%", fa=f"کمتر از {_persian(written[1:])}٪")
    return Text(en=f"{written}\u00a0%", fa=f"{_persian(written)}٪")


def of_hundred(share: float) -> Text:
    """A share of 1 as a number of a hundred people."""
    return _both(f"{share * 100:.0f}")


def decimal(value: float, decimals: int = 2) -> Text:
    return _both(f"{value:.{decimals}f}")


def p_value(value: float) -> Text:
    """To three significant digits; below a millionth only that."""
    if value < SMALLEST_P:
        return Text(en=f"<{SMALLEST_P:.6f}", fa=f"کمتر از {_persian(f'{SMALLEST_P:.6f}')}")
    written = significant(value, 3)
    return Text(en=_short(written.en), fa=_short(written.fa))


def significant(value: float, digits: int = 3) -> Text:
    """To so many significant digits, never with an exponent; whole numbers above them stay whole."""
    if not value:
        return _both("0")
    decimals = max(digits - 1 - floor(log10(abs(value))), 0)
    return _both(f"{value:.{decimals}f}")


def _short(written: str) -> str:
    """Without the zeros that end decimals, in either digits."""
    return written.rstrip("0۰").rstrip(".٫") if "." in written or "٫" in written else written


def _both(written: str) -> Text:
    return Text(en=written, fa=_persian(written))


def _persian(written: str) -> str:
    return _POINT.sub("٫", persian_digits(written))
