"""The lupus trial with strata: of its own record, changed in one place and read again."""

from trialwright.study.model import Study
from trialwright.study.read import read_study

from .desk import LUPUS, study_of

STUDY_FILE = "protocol/1.0/study.toml"
SEX = """
[[stratum]]
id = "sex"
label = { en = "Sex", fa = "جنس" }
levels = [
  { id = "female", label = { en = "Female", fa = "زن" }, rule = "sex == 'F'" },
  { id = "male", label = { en = "Male", fa = "مرد" }, rule = "sex == 'M'" },
]
"""
WEIGHT = """
[[stratum]]
id = "weight"
label = { en = "Weight", fa = "وزن" }
levels = [
  { id = "light", label = { en = "Below 60 kg", fa = "کمتر از ۶۰ کیلوگرم" }, rule = "weight < 60.0" },
  { id = "heavy", label = { en = "From 60 kg", fa = "۶۰ کیلوگرم و بیشتر" }, rule = "weight >= 60.0" },
]
"""


def allocated_by(method: str, *strata: str, more: str = "", people: int = 20) -> Study:
    """The trial with this method over these strata, whose texts are `more` (sex and weight if not given)."""
    whole = study_of(LUPUS)
    files = {path: text for path, text in whole.files.items() if not path.startswith("library/")}
    text = (
        files[STUDY_FILE].replace("sample_size = 20", f"sample_size = {people}").replace("planned = 10", f"planned = {people // 2}")
    )
    named = ", ".join(f'"{name}"' for name in strata)
    old = 'method = "permuted_blocks"'
    assert old in text
    changed = text.replace(old, f'method = "{method}"\nstratified_by = [{named}]', 1)
    return read_study(files | {STUDY_FILE: changed + (more or SEX + WEIGHT)}, records=whole.records)
