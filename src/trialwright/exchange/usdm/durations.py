"""Lengths of time as ISO 8601 durations, and back."""

import re
from datetime import timedelta

_ISO = re.compile(
    r"P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)
_DAYS = (365.25, 30.4375, 7.0, 1.0, 1 / 24, 1 / 1440, 1 / 86400)


def write_duration(time: timedelta) -> str:
    """A length of whole days as days, any other as hours."""
    time = abs(time)
    days = time / timedelta(days=1)
    return f"P{days:g}D" if days == int(days) else f"PT{time / timedelta(hours=1):.10g}H"


def read_duration(text: str) -> timedelta | None:
    """A duration; a year counts 365.25 days and a month 30.4375. None where it is none."""
    match = _ISO.fullmatch(text.strip()) if text.strip()[:1] == "P" and len(text) < 40 else None  # no duration is longer
    if match is None or not any(match.groups()):
        return None
    days = sum(float(amount) * size for amount, size in zip(match.groups(), _DAYS, strict=True) if amount)
    return timedelta(seconds=round(days * 86_400)) if days < 40_000 else None


def duration_words(time: timedelta) -> str:
    days = time / timedelta(days=1)
    return f"{days:g} days" if days == int(days) else f"{time / timedelta(hours=1):g} hours"
