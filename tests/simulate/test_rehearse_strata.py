"""A trial with a stratum, and one by minimisation, rehearsed to the end and analysed over what each could have drawn."""

from math import comb, prod
from pathlib import Path

import pytest

from trialwright.analysis.analyse import analyse
from trialwright.conduct.home import open_home
from trialwright.conduct.queries import find_collected
from trialwright.simulate.rehearse import rehearse
from trialwright.study.allocation_procedures import Minimisation, PermutedBlocks
from trialwright.study.folder import load_study
from trialwright.study.model import Study
from trialwright.study.read import read_study
from trialwright.study.stratification import MinimisedList, StratifiedLists

LUPUS = load_study(Path(__file__).parents[2] / "studies" / "IRCT2016090729747N1")
STUDY_FILE = "protocol/1.0/study.toml"
AGE = """
[[stratum]]
id = "age"
label = { en = "Age", fa = "سن" }
levels = [
  { id = "younger", label = { en = "Under 32 years", fa = "زیر ۳۲ سال" }, rule = "age_years < 32.0" },
  { id = "older", label = { en = "From 32 years", fa = "از ۳۲ سال" }, rule = "age_years >= 32.0" },
]
"""
PEOPLE = 6


def by_age(method: str) -> Study:
    files = {path: text for path, text in LUPUS.files.items() if not path.startswith("library/")}
    text = (
        files[STUDY_FILE].replace("sample_size = 20", f"sample_size = {PEOPLE}").replace("planned = 10", f"planned = {PEOPLE // 2}")
    )
    text = text.replace('method = "permuted_blocks"', f'method = "{method}"\nstratified_by = ["age"]', 1)
    return read_study(files | {STUDY_FILE: text + AGE}, records=LUPUS.records)


def lists_begun(sizes: tuple[int, ...], slots: int) -> int:
    """By hand: a whole block of n has n over n/2 lists; of one left after k slots, every beginning that still leaves it level."""
    counts = []
    for size in sizes:
        used = min(size, slots)
        slots -= used
        half = size // 2
        counts.append(sum(comb(used, ones) for ones in range(max(0, used - half), min(used, half) + 1)))
    return prod(counts)


@pytest.mark.parametrize("method", ["permuted_blocks", "minimisation"])
def test_a_trial_by_strata_is_rehearsed_and_analysed_over_its_own_lists(tmp_path: Path, method: str):
    study = by_age(method)
    assert rehearse(study, seed=3, out=tmp_path).allocated == PEOPLE
    home = open_home(tmp_path)
    trial = home.trial(study.id)
    told, allocation = trial.procedure(), trial.allocation()
    collected = find_collected(trial)
    ages = [profile for (profile,) in allocation.profiles]
    assert {"younger", "older"} == set(ages)
    results = analyse(study, collected, rng_seed=1, block_sizes=trial.block_sizes(), procedure=told)
    home.close()
    definition = results.primary.test.p.definition
    if method == "permuted_blocks":
        assert isinstance(told, StratifiedLists)
        sizes = {name: law.sizes for name, law in told.procedures.items() if isinstance(law, PermutedBlocks)}
        every = prod(lists_begun(sizes[f"age {level}"], ages.count(level)) for level in ("younger", "older"))
        assert f"all {every:,} combinations of the strata's lists" in definition.en
        assert f"همهٔ {every} ترکیب فهرست‌های طبقه‌ها" in definition.fa
    else:
        assert isinstance(told, MinimisedList)
        assert isinstance(told.procedure, Minimisation)
        assert list(told.profiles.values()) == [(age,) for age in ages]
        assert f"all {2**PEOPLE} lists of minimisation over 1 factors" in definition.en  # a coin that is never sure
