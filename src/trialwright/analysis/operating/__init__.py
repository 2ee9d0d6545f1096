"""How a method behaves at this very design: its true size and coverage, counted or simulated beforehand and printed beside it.

One file a study lies here, written by `python -m trialwright.simulate.measured STUDY` (`make operating`) with the seed, the number
of trials, the software and the command. A row speaks of a study only while the design is what was measured: arms, allocation,
endpoints and assumptions of simulation.toml; after an amendment of these there is no row until it is measured again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import rfc8785

from trialwright.study.model import Study
from trialwright.terms.sentences import Text

FORMAT = 1
_FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A share of trials. `error` is its Monte Carlo standard error; None where every case was counted (`trials` None too)."""

    value: float
    error: float | None
    trials: int | None


@dataclass(frozen=True, kw_only=True)
class OperatingRow:
    """One method at one design. `size`: how often it rejects at `alpha` without an effect; `coverage`: how often its interval of
    `confidence` holds the truth; None for what a method does not have. `not_estimable`: the share of trials it had no answer for.
    """

    method: str
    endpoint: str
    alpha: float
    confidence: float
    size: Measured | None
    coverage: Measured | None
    not_estimable: float
    situation: Text

    def sentence(self) -> Text:
        """The sentence that stands beside a result."""
        parts = []
        if self.size is not None:
            parts.append(
                Text(
                    en=f"without an effect it rejects at {self.alpha:g} in {_shown(self.size)} of trials",
                    fa=f"بدون اثر، در سطح {self.alpha:g} در {_shown(self.size)} کارآزمایی‌ها رد می‌کند",
                )
            )
        if self.coverage is not None:
            parts.append(
                Text(
                    en=f"its {self.confidence:.0%} interval holds the truth in {_shown(self.coverage)}",
                    fa=f"بازهٔ {self.confidence:.0%} آن در {_shown(self.coverage)} موارد مقدار واقعی را در بر دارد",
                )
            )
        return Text(
            en=f"At this design: {' and '.join(part.en for part in parts)} ({self.situation.en}).",
            fa=f"در همین طرح: {' و '.join(part.fa for part in parts)} ({self.situation.fa}).",
        )


def operating_of(method: str, study: Study, endpoint: str = "") -> OperatingRow | None:
    """The measured size and coverage of a method at this design; None where they were not measured for it.

    `endpoint` "" is the primary endpoint, or for methods of responders and events the only situation measured.
    """
    rows = _rows(study.id, design_digest(study))
    return rows.get((method, endpoint or study.analysis.primary.endpoint)) or rows.get((method, ""))


def operating_rows(study: Study) -> tuple[OperatingRow, ...]:
    """Every row of this design, in the order of its file."""
    return tuple(_rows(study.id, design_digest(study)).values())


def stored(study_id: str) -> Mapping[str, Any] | None:
    """The file of a study as it lies here; None where there is none."""
    path = _FOLDER / f"{study_id}.json"
    found: Mapping[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    return found


def design_digest(study: Study) -> str:
    """What the measurement rests on, as one SHA-256: a change of anything else (labels, forms, texts) leaves it as it is."""
    primary = study.analysis.primary
    design: dict[str, Any] = {
        "arms": [[arm.id, arm.kind, arm.planned] for arm in study.arms],
        "allocation": [study.allocation.method, dict(study.allocation.ratio), list(study.allocation.stratified_by)],
        "primary": [primary.endpoint, primary.encounter, primary.method, primary.transform, str(primary.alpha)],
        "confidence": str(study.analysis.confidence),
        "responses": [[use.definition, use.by] for use in study.analysis.responses],
        "endpoints": [[e.id, e.concept, list(e.encounters), e.change, e.decimals, _baseline(e.baseline)] for e in study.endpoints],
        "encounters": [[e.id, e.anchor, str(e.target), list(e.forms)] for e in study.encounters],
        "simulation": study.files.get(_simulation_file(study), ""),
    }
    return hashlib.sha256(rfc8785.dumps(design)).hexdigest()


def _simulation_file(study: Study) -> str:
    return next((path for path in sorted(study.files, reverse=True) if path.endswith("simulation.toml")), "")


def _baseline(baseline: Any) -> list[Any]:
    return [list(baseline.encounters), baseline.rule] if baseline is not None else []


@cache
def _rows(study_id: str, digest: str) -> dict[tuple[str, str], OperatingRow]:
    found = stored(study_id)
    if found is None or found["design"] != digest:
        return {}
    rows = (_row(found, row) for row in found["rows"])
    return {(row.method, row.endpoint): row for row in rows}


def _row(file: Mapping[str, Any], row: Mapping[str, Any]) -> OperatingRow:
    return OperatingRow(
        method=row["method"],
        endpoint=row["endpoint"],
        alpha=file["alpha"],
        confidence=file["confidence"],
        size=Measured(**row["size"]) if row["size"] else None,
        coverage=Measured(**row["coverage"]) if row["coverage"] else None,
        not_estimable=row["not_estimable"],
        situation=Text(**row["situation"]),
    )


def _shown(measured: Measured) -> str:
    return f"{measured.value:.1%}" if measured.error is None else f"{measured.value:.1%} ± {measured.error:.1%}"
