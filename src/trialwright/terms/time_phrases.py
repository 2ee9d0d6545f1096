"""The words of time frames made plain before they are read: digits, hyphens, short forms, halves, Persian plurals.

What is no time point is taken out here: a 24-hour urine collection, a rate per day, an age, the width of a window.
"""

from __future__ import annotations

import re

from trialwright.terms.digits import ascii_digits

_TOKEN = re.compile(r"\d{1,4}(?:\.\d{1,3})?(?:st|nd|rd|th)?(?![\d.]*\d)|[^\W\d_]+|\S")
_COLLECTION = re.compile(
    r"(\d{1,3})[ -]{0,2}(?:hours?|hrs?|h)\b[ -]{0,2}(?=urin|protein|album|collect|excret|ambulat|holter|recall|creat)"
)
_PERSIAN_COLLECTION = re.compile(r"(\d{1,3}) ساعته")
_RATE = re.compile(r"/ ?(?:24 ?h\w*|day|d|hour|hr|h|min|minute|week|month|year)\b|\bper (?:day|hour|week|month|year)\b")
_AGE = re.compile(r"\b(?:ages?|aged)\b[^.;()]{0,40}?\b(?:years?|months?)\b|\b\d+ years? old\b|\byears? of age\b")
_SERIES_WORDS = re.compile(r"\b(?:once|twice|times) (?:a|an|per)\b")
_WINDOW = re.compile(r"(\d) ?(?:\+/-|\+-|±|\+) ?\d+")
_WINDOW_APART = re.compile(r"\( ?(?:\+/-|\+-|±) ?\d+(?:\.\d+)? ?[^\W\d_]{0,12} ?\)")
_TENS = re.compile(r"\b(twenty|thirty)-(?=[a-z])|\b(بیست|سی) و (?=(?:یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه)\b)")
_JOINED = re.compile(r"(\d)-(?=[^\W\d_])")
_SHORT_DAY = re.compile(r"(?<![\w-])(?<!vitamin )(?<!Vitamin )([DW])(\d{1,3})(?![\w-])")
_SHORT_MONTH = re.compile(r"(?<![\w/-])M(\d{1,2})(?![\w-])")
_SHORT_AFTER = re.compile(r"(?<![\w.])(\d{1,3})d(?!\w)")
_SHORT_NAMES = {"D": "day", "W": "week"}
_HALF = re.compile(r"\b(one|two|three|\d{1,2}) and a half\b|\bhalf an? (?=hour|day|week|month|year)")
_HALVES = {"one": "1.5", "two": "2.5", "three": "3.5"}
_PERSIAN_PLURAL = re.compile(r"(ساعت|روز|هفته|ماه|سال) ?(?:های|ها)\b")
_PERSIAN_SERIES = re.compile(r"\b(روزی|هفته ای|ماهی|سالی) ?(?:یک ?|1 ?)(?:بار|مرتبه|نوبت)")
_PERSIAN_STEPS = {"روزی": "روزانه", "هفته ای": "هفتگی", "ماهی": "ماهانه", "سالی": "سالانه"}


def tokens_of_time(text: str) -> list[str]:
    """Give the words, numbers and marks of a time frame, without what is no time point."""
    plain = _RATE.sub(" . ", _PERSIAN_COLLECTION.sub(" . ", _COLLECTION.sub(" . ", _AGE.sub(" . ", _normal(text)))))
    return _TOKEN.findall(_SERIES_WORDS.sub("every", plain))


def hours_of_collections(text: str) -> tuple[str, ...]:
    """Give the lengths of collections and recordings in hours, as printed: the 24 of a 24-hour urine."""
    plain = _normal(text)
    return tuple(dict.fromkeys([*_COLLECTION.findall(plain), *_PERSIAN_COLLECTION.findall(plain)]))


def _normal(text: str) -> str:
    plain = _spelt_out(ascii_digits(text)).lower().replace("\u200c", " ").replace("‑", "-").replace("–", "-")
    plain = _WINDOW.sub(r"\1", _WINDOW_APART.sub(" ", plain.replace("هٔ", "ه").replace("ۀ", "ه")))
    plain = _JOINED.sub(r"\1 ", _PERSIAN_PLURAL.sub(r"\1", plain))
    plain = _PERSIAN_SERIES.sub(lambda found: _PERSIAN_STEPS[found[1]], _HALF.sub(_half, plain))
    return _TENS.sub(lambda found: f"{found[1] or found[2]} ", plain.replace("up to", "until").replace("every other", "every 2"))


def _spelt_out(text: str) -> str:
    """Write D7 as day 7 and W4 as week 4. M3 and 3d could be other things: they are read where there are two of them."""
    plain = _SHORT_DAY.sub(lambda found: f"{_SHORT_NAMES[found[1]]} {found[2]}", text)
    if len(_SHORT_MONTH.findall(plain)) > 1:
        plain = _SHORT_MONTH.sub(r"month \1", plain)
    if len(_SHORT_AFTER.findall(plain)) > 1:
        plain = _SHORT_AFTER.sub(r"\1 days", plain)
    return plain


def _half(found: re.Match[str]) -> str:
    whole = found[1]
    return "half " if whole is None else _HALVES.get(whole, f"{whole}.5")
