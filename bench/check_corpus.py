"""How quickly many records are checked and surveyed. Bar: 4,000 rows of WHO's export with every check in 10 s on 2 cores, 500 MB.

    python bench/check_corpus.py [ROWS]                      invented rows, in the columns and lengths of a real export
    python bench/check_corpus.py --corpus FILE [FILE...]     a real export; it is only read

Files are written too (CSV, Parquet, pages). Memory is that of all processes together, at n and at 10 n, because it must not grow
with the corpus; the ratio of the times tells whether the cost does. The load of the machine stands beside: on a busy one repeat.
"""

import argparse
import csv
import os
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from printed.figure import print_alone, print_limit

from trialwright.checks.corpus import write_survey
from trialwright.registry import Row, read_rows

BAR_SECONDS = 10.0
BAR_ROWS = 4_000
BAR_MEGABYTES = 500
PROCESSES = 2
TODAY = date(2020, 6, 1)
TENFOLD = 10

COLUMNS = [
    "TrialID",
    "Last Refreshed on",
    "Public title",
    "Scientific title",
    "Acronym",
    "Primary sponsor",
    "Date registration",
    "Date registration3",
    "Export date",
    "Source Register",
    "web address",
    "Recruitment Status",
    "other records",
    "Inclusion agemin",
    "Inclusion agemax",
    "Inclusion gender",
    "Date enrollement",
    "Target size",
    "Study type",
    "Study design",
    "Phase",
    "Countries",
    "Contact Firstname",
    "Contact Lastname",
    "Contact Address",
    "Contact Email",
    "Contact Tel",
    "Contact Affiliation",
    "Inclusion Criteria",
    "Exclusion Criteria",
    "Condition",
    "Intervention",
    "Primary outcome",
    "results date posted",
    "results date completed",
    "results url link",
    "Retrospective flag",
    "Bridging flag truefalse",
    "Bridged type",
    "results yes no",
]
CRITERIA = (
    "Inclusion criteria: aged 18 to 75 years; invented fever for 3 days or more; oxygen saturation under 93 %; consent given.<br>"
)
DESIGN = (
    "Randomization: Randomized, Blinding: Double blinded, Placebo: Used, Assignment: Parallel, Purpose: Treatment, "
    "Randomization description: blocks of 4 made by computer, in opaque envelopes, Blinding description: The physician "
    "and the participants do not know who receives which of the two identical bottles."
)
OUTCOME = "Change in invented fever. Timepoint: Baseline, day 3, 7 and 14. Method of measurement: Thermometer in the ear.;"
ARMS = (
    "Intervention 1: Intervention group: invented tablets, 200 mg twice daily for 7 days. "
    "Intervention 2: Control group: placebo tablets."
)
IRANIAN = {"Study design": DESIGN, "Primary outcome": OUTCOME * 3, "Intervention": ARMS, "Phase": "2020-03-02"}
OTHER = {
    "Study design": "Allocation: Randomized. Intervention model: Parallel Assignment. Masking: Double (Participant, Assessor).",
    "Primary outcome": "Time to recovery;Number of deaths by day 28;",
    "Intervention": "Drug: invented tablets;Drug: placebo",
    "Phase": "Phase 3",
}


def row(number: int) -> list[str]:
    """One invented trial: every third Iranian, every second registered after its start."""
    registered = date(2020, 1, 1) + timedelta(days=number % 120)
    start = registered + timedelta(days=20 if number % 2 else -20)
    cells = {
        "TrialID": f"IRCT20990101{number:06d}N1" if number % 3 == 0 else f"NCT{number:08d}",
        "Public title": "Efficacy and safety of invented tablets in an invented disease: trial " + str(number),
        "Scientific title": "Efficacy and safety of invented tablets in an invented disease" + " " * 1900,
        "Primary sponsor": "Invented University of Medical Sciences",
        "Date registration": registered.isoformat(),
        "Date registration3": registered.strftime("%Y%m%d"),
        "Source Register": "IRCT" if number % 3 == 0 else "ClinicalTrials.gov",
        "Recruitment Status": "Recruiting",
        "Inclusion gender": "Both",
        "Date enrollement": start.isoformat() if number % 5 else start.strftime("%B %d, %Y"),
        "Target size": str(40 + number % 300) if number % 4 else "Experimental group:30;Control group:30;",
        "Study type": "Interventional",
        "Countries": "Iran (Islamic Republic of);Iraq",
        "Contact Firstname": "A. Person",
        "Contact Email": "person@example.org",
        "Contact Tel": "+98 21 0000 0000",
        "Inclusion Criteria": CRITERIA * 8,
        "Exclusion Criteria": "Exclusion criteria: pregnancy; renal failure with a clearance under 30 ml/min; allergy.<br>" * 6,
        "Condition": "Invented disease;U07.1",
        "Retrospective flag": "Yes" if number % 2 else "No",
        **(IRANIAN if number % 3 == 0 else OTHER),
    }
    return [cells.get(name, "") for name in COLUMNS]


def write_xml(path: Path, rows: Iterable[list[tuple[str, str]]]) -> None:
    """Write the same as the portal's XML."""
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<Trials_downloaded_from_ICTRP>\n')
        for cells in rows:
            inside = "".join(f"<{name.replace(' ', '_')}>{escape(text)}</{name.replace(' ', '_')}>" for name, text in cells)
            file.write(f"<Trial>{inside}</Trial>\n")
        file.write("</Trials_downloaded_from_ICTRP>\n")


def write_csv(path: Path, rows: Iterable[list[tuple[str, str]]]) -> None:
    """Write rows as the portal's CSV; the names of the first are the heading."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        for number, cells in enumerate(rows):
            if number == 0:
                writer.writerow([name for name, _ in cells])
            writer.writerow([text for _, text in cells])


def invented(rows: int) -> Iterator[list[tuple[str, str]]]:
    """Give so many invented trials."""
    for number in range(rows):
        yield list(zip(COLUMNS, row(number), strict=True))


def of_corpus(files: list[Path], times: int) -> Iterator[list[tuple[str, str]]]:
    """Give the rows of the first file, again and again."""
    for _ in range(times):
        yield from (list(one.cells) for one in read_rows(files[0]) if isinstance(one, Row))


def of_all_processes() -> tuple[float, float]:
    """The memory and the processor time so far of this process and all that it started. Units: MB, seconds.

    Pages that processes share are counted in each of them.
    """
    pages = ticks = 0
    for process in _family(os.getpid()):
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        pages += int(fields[21])
        ticks += sum(map(int, fields[11:15]))
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, ticks / os.sysconf("SC_CLK_TCK")


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        children = [one for thread in Path(f"/proc/{process}/task").iterdir() for one in (thread / "children").read_text().split()]
    except OSError:  # it ended meanwhile
        return
    for child in children:
        yield from _family(int(child))


@contextmanager
def most_megabytes() -> Iterator[list[float]]:
    """Watch memory while the block runs; the list holds the most that was seen."""
    seen, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.25):
            seen[0] = max(seen[0], of_all_processes()[0])

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a survey took. Units: seconds on the clock, seconds of all processors, MB."""

    seconds: float
    processor_seconds: float
    megabytes: float
    records: int


def survey(files: list[Path]) -> Cost:
    """Survey some files and write what was found."""
    with tempfile.TemporaryDirectory() as folder, most_megabytes() as seen:
        before, began = of_all_processes()[1], time.perf_counter()
        counted = write_survey(files, Path(folder), today=TODAY, jobs=PROCESSES)
        seconds, used = time.perf_counter() - began, of_all_processes()[1] - before
    if counted.refused:
        print(f"  {counted.refused} rows were refused, the first: {counted.refusals[0]}")
    return Cost(seconds=seconds, processor_seconds=used, megabytes=seen[0], records=counted.records.total())


def print_time(name: str, cost: Cost) -> None:
    """The time for 4,000 rows on the clock, and the work of all processors shared by two: the same on an idle machine."""
    share = BAR_ROWS / cost.records
    print_limit(f"{name}: {cost.records:,} rows, per {BAR_ROWS:,}", cost.seconds * share, "s", BAR_SECONDS)
    print_alone("  the same in processor time, shared by two", cost.processor_seconds * share / PROCESSES, "s")


def main(rows: int, corpus: list[Path]) -> None:
    """Measure the corpus itself, then tables of n and of 10 n rows."""
    print_alone("load of the machine, of the last minute", os.getloadavg()[0], "")
    if corpus:
        cost = survey(corpus)
        print_time(f"{len(corpus)} files", cost)
        print_limit("  memory of all processes", cost.megabytes, "MB", BAR_MEGABYTES)
    for form, write in (("CSV", write_csv), ("XML", write_xml)):
        with tempfile.TemporaryDirectory() as folder:
            small, large = Path(folder) / f"n.{form.lower()}", Path(folder) / f"10n.{form.lower()}"
            write(small, of_corpus(corpus, 1) if corpus else invented(rows))
            write(large, of_corpus(corpus, TENFOLD) if corpus else invented(rows * TENFOLD))
            few, many = survey([small]), survey([large])
        print_time(form, many)
        ratio = (many.processor_seconds / many.records) / (few.processor_seconds / few.records)
        print_alone(f"  cost of a row at {many.records:,} to that at {few.records:,}", ratio, "×")
        print_alone(f"  memory at {few.records:,} rows", few.megabytes, "MB")
        print_limit(f"  memory at {many.records:,} rows", many.megabytes, "MB", BAR_MEGABYTES)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="?", type=int, default=BAR_ROWS // TENFOLD)
    parser.add_argument("--corpus", nargs="+", type=Path, default=[])
    asked = parser.parse_args()
    main(asked.rows, asked.corpus)
