"""Whether an item asks who a person is: such an item is never imported, because identities live apart from the study's data."""

import re
import tomllib
from functools import cache
from pathlib import Path

_WORDS = Path(__file__).with_name("identities.toml")


def asks_identity(variable: str, label: str) -> bool:
    """Tell by the variable's name or the label's words. It errs towards refusing: a person may add the item back by hand."""
    names, words = _known()
    return variable.lower() in names or bool(words.search(label))


@cache
def _known() -> tuple[frozenset[str], re.Pattern[str]]:
    groups = tomllib.loads(_WORDS.read_text(encoding="utf-8")).values()
    english = "|".join(rf"\b{re.escape(one)}\b" for group in groups for one in group["en"])
    persian = "|".join(re.escape(one) for group in groups for one in group["fa"])
    return frozenset(one for group in groups for one in group["variables"]), re.compile(f"{english}|{persian}", re.IGNORECASE)
