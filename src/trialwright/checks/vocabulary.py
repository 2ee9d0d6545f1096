"""Words that checks look for in outcomes, kept in one place so that two checks mean the same by them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from trialwright.terms.sentences import Text

_MEASURES = Path(__file__).with_name("measures.toml")

UP = r"increas\w*|ris(?:e|ing)|improv\w*|enhance\w*|elevat\w*|gain"
DOWN = r"decreas\w*|reduc\w*|lower\w*|fall|declin\w*|drop"
DIRECTION = re.compile(rf"\b(?P<up>{UP})\b|\b(?P<down>{DOWN})\b", re.IGNORECASE)
SAFETY_PROMISED = re.compile(r"\bsafety\b|\bsafe\b|\bside[- ]effects?\b|\btolerab\w+|ایمنی|عوارض", re.IGNORECASE)
SAFETY_MEASURED = re.compile(
    r"\badverse\b|\bsafety\b|\btoxicit\w+|\bcomplications?\b|\bside[- ]effects?\b|\btolerab\w+|\bmortality\b|\bdeaths?\b",
    re.IGNORECASE,
)
LABORATORY_SAFETY = re.compile(r"\bliver (?:enzymes?|functions?)\b|\b(?:alt|ast)\b", re.IGNORECASE)
GENERIC_METHOD = re.compile(
    r"(?:the |by |using )*(?:(?:para)?clinical|laboratory|lab|medical|physical|standard|routine)?(?:,? and,? [\w-]+)?"
    r" ?(?:tests?|testing|exam(?:ination)?s?|evaluations?|assessments?|measurements?|observations?|visits?|methods?)\.?",
    re.IGNORECASE,
)
METRIC = re.compile(
    r"\bchang\w+|\bdifferen\w+|\bincreas\w+|\bdecreas\w+|\breduc\w+|\bimprov\w+|\bproportion|\bpercent\w*|%"
    r"|\bnumber of|\bincidence|\bfrequency|\bmean\b|\bmedian\b|\btime to|\brates? of|\bvalue at|\bremission"
    r"|\bresponse\b|\brelapse|\bsurviv\w+|\bpresence|\boccurr\w+|\bcount\b|\bmortality|\badverse\b|\bside[- ]effects?"
    r"|\bduration\b|\bcomplications?\b|\blength of|\btime (?:until|from)\b|\bcomposite\b|\bneed (?:for|of)\b|\bdays (?:alive|free"
    r"|without|until|to)\b|-free days|\bperiod\b"
    r"|\bappearance\b|\bpositiv\w+|\bnegativ\w+|\bconversion\b|\brequir\w+|\bdischarge\b|\bcure\b|\brecovery\b"
    r"|\bany (?:one )?of\b|\bevents?\b|\brates?\b|\bratio\b|\brelative to baseline\b|\bcmax\b|\btmax\b|\bauc\b|\bhalf-?life\b"
    r"|\bplasma concentrations?\b|\bsteady state\b|\baverage\b|\bdichotom\w+|\bordinal\b|\babilit(?:y|ies) to\b|\bvolume of\b"
    r"|\bz-?scores?\b",
    re.IGNORECASE,
)
SCORED = re.compile(r"\bscores?\b|\bindex\b|\bscale\b|\bquestionnaire\b|\bsledai\b|\bvas\b", re.IGNORECASE)
GFR = re.compile(r"\be?gfr\b|\bglomerular filtration", re.IGNORECASE)
GFR_METHOD = re.compile(
    r"ckd-?epi|\bmdrd\b|schwartz|cockcroft|\bekfc\b|\bu25\b|\bckid\b|inulin|iohexol|iothalamate|dtpa|edta|equation|formula"
    r"|creatinine clearance|cystatin",
    re.IGNORECASE,
)
INTERLEUKIN_LIST = re.compile(r"\bil[- ]?\d+(?:\s*(?:,|and|/|&)\s*(?:il[- ]?)?\d+)+", re.IGNORECASE)
PRO_INFLAMMATORY = re.compile(
    r"\b(?:IL[- ]?(?:1|1b|1β|2|6|8|12|17|18|23)|TNF(?:[- ]?(?:α|a|alpha))?|IFN[- ]?(?:γ|g|gamma))(?!\d)\b", re.IGNORECASE
)
CELLS_IN_SERUM = re.compile(
    r"\bserum (?:levels?|concentrations?|amounts?)\b[^.;]{0,30}?"
    r"\b(?P<cells>t[- ]?regs?|(?:t|b|nk)[- ]?cells?|lymphocytes?|cd4|cd8|leu[ck]ocytes?|neutrophils?|platelets?)\b",
    re.IGNORECASE,
)
RANGE_THRESHOLD = re.compile(
    r"(?:[<>≤≥]|\b(?:less|lower|more|greater|higher) than|\b(?:below|under|above|over))\s*=?\s*"
    r"(?P<low>\d{1,9}(?:\.\d{1,4})?)\s*(?:to|-|–|or)\s*(?P<high>\d{1,9}(?:\.\d{1,4})?)\s*(?P<unit>[^\s.,;)]{0,20})",
    re.IGNORECASE,
)
ABSOLUTE_PROTEIN = re.compile(r"\d\s*(?:mg|g|gr|grams?)\s*(?:/|per|in a)\s*(?:day|24)", re.IGNORECASE)
SCALED_TO_SIZE = re.compile(r"/\s*m2|/\s*1\.73|m²|/\s*kg|per kg|ratio|mg/g|g/g|mg/mmol", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A thing that is measured, the words that name it, and the measures it is made of."""

    id: str
    name: Text
    pattern: re.Pattern[str]
    parts: tuple[str, ...]


@cache
def load_measures() -> dict[str, Measure]:
    """Load the known measures by id."""
    rows = tomllib.loads(_MEASURES.read_text(encoding="utf-8"))["measure"]
    return {
        row["id"]: Measure(
            id=row["id"],
            name=Text(**row["name"]),
            pattern=re.compile(row["pattern"], re.IGNORECASE),
            parts=tuple(row.get("parts", ())),
        )
        for row in rows
    }


@lru_cache(maxsize=4096)
def find_measures(text: str) -> tuple[str, ...]:
    """Give the ids of the measures a text names; creatinine as the means of a GFR is not one."""
    plain = re.sub(r"(?:albumin|protein)[ /-]*(?:to[- ])?creatinine", "proteinuria", text, flags=re.IGNORECASE)
    plain = re.sub(r"\b(?:complete\w*|adjusted|corrected|normali[sz]ed)\b[^.;]{0,30}\bcreatinine", " ", plain, flags=re.IGNORECASE)
    plain = re.sub(r"creatinine clearance", "GFR", plain, flags=re.IGNORECASE)
    found = [one.id for one in load_measures().values() if one.pattern.search(plain)]
    if "gfr" in found and GFR_METHOD.search(text):
        found = [one for one in found if one != "creatinine"]
    return tuple(found)


def named(ids: tuple[str, ...] | list[str]) -> Text:
    """Write the names of measures as a list in both languages."""
    names = [load_measures()[one].name for one in ids]
    return Text(en=", ".join(one.en for one in names), fa="، ".join(one.fa for one in names))
