"""Fill an empty home with every study of a folder, rehearsed up to today, and the stored pages that the site shows."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from trialwright.analysis.design import design
from trialwright.cli.faults import UsageError
from trialwright.compare.compare import compare
from trialwright.compare.strip import write_strip
from trialwright.conduct.home import open_home
from trialwright.conduct.queries import find_collected
from trialwright.report.design_document import gather_evidence, stored_design
from trialwright.report.study_documents.write import write_study_documents
from trialwright.simulate.rehearse import rehearse
from trialwright.study.folder import load_study
from trialwright.study.model import Study

SEED = 1
BEGUN, DONE = "demo-begun", "demo-filled"


def is_filled(home: Path) -> bool:
    """Whether a rehearsal was completed here before. What people entered since is kept."""
    return (home / DONE).exists()


def fill_demo(home: Path, studies: Path, *, now: datetime, say: Callable[[str], None]) -> None:
    """Rehearse every study of the folder into one home. A fill that broke off is begun again from nothing.

    Raises: UsageError when the home holds anything that is not an unfinished fill; StudyError for a broken study.
    """
    if (home / BEGUN).exists():
        shutil.rmtree(home)
    if home.exists() and any(home.iterdir()):
        raise UsageError(
            f"{home} holds something that is not a rehearsal of ours; give --home a new folder, nothing is overwritten."
        )
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / BEGUN).touch()
    for folder in sorted(path for path in studies.iterdir() if (path / "protocol").is_dir()):
        study = load_study(folder)
        say(f"{study.id}: {study.short_title.en}")
        rehearse(study, seed=SEED, out=home, until=now)
        store_pages(home, study, folder)
    (home / DONE).write_text(now.isoformat(), encoding="utf-8")
    (home / BEGUN).unlink()


def store_pages(home: Path, study: Study, folder: Path) -> None:
    """Store what the site shows and may not compute: the strip, what the design can show, documents, and the record itself."""
    stored = home / "site" / "stored" / study.id
    stored.mkdir(parents=True, exist_ok=True)
    opened = open_home(home)
    trial = opened.trial(study.id)
    write_strip(compare(study, collected=find_collected(trial), origin=trial.origin), stored)
    opened.close()
    page = stored_design(design(study, evidence=gather_evidence(study)))
    (stored / "design.json").write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    (stored / "documents").mkdir(exist_ok=True)
    write_study_documents(study, stored / "documents", language="en")
    write_study_documents(study, stored / "documents", language="fa")
    shutil.copytree(folder / "registered", stored / "registered", dirs_exist_ok=True)
