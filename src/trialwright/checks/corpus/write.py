"""A survey as files: findings as CSV and Parquet, refusals, and the page of rates in both languages.

Findings are appended as they come; the Parquet file is streamed from the CSV, so neither is ever held whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from trialwright.checks.corpus.page import LANGUAGES, render_rates
from trialwright.checks.corpus.run import survey_corpus
from trialwright.checks.corpus.tally import COLUMNS, REFUSAL_COLUMNS, Tally

FINDINGS, PARQUET, REFUSED = "findings.csv", "findings.parquet", "refused.csv"
PAGES = {"en": "rates.html", "fa": "rates.fa.html"}
_ROW_GROUP = 50_000


def write_survey(paths: Iterable[Path], folder: Path, *, today: date, jobs: int | None = 1) -> Tally:
    """Check a corpus and write what was found into a folder that is there; give the counts.

    Without polars there is no Parquet file. Phones and e-mail addresses are left out, as out of every review that is passed on.
    """
    total = Tally()
    with (folder / FINDINGS).open("w", encoding="utf-8") as findings, (folder / REFUSED).open("w", encoding="utf-8") as refused:
        findings.write(",".join(COLUMNS) + "\n")
        refused.write(",".join(REFUSAL_COLUMNS) + "\n")
        for part in survey_corpus(paths, today=today, jobs=jobs):
            total.add(part.tally)
            findings.write(part.findings)
            refused.write(part.refusals)
    if find_spec("polars") is not None:
        _write_parquet(folder)
    for language in LANGUAGES:
        (folder / PAGES[language]).write_text(render_rates(total, language, today=today), encoding="utf-8")
    return total


def _write_parquet(folder: Path) -> None:
    import polars  # not in the base installation

    types = {name: polars.Int32 if name == "places" else polars.String for name in COLUMNS}
    table = polars.scan_csv(folder / FINDINGS, schema=types, low_memory=True).with_columns(polars.col(polars.String).fill_null(""))
    table.sink_parquet(folder / PARQUET, row_group_size=_ROW_GROUP, maintain_order=True)
