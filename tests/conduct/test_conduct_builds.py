"""A build of an approved version changes words; whatever is fixed is refused at approval, by name."""

import pytest

from trialwright.conduct import commands as cmd
from trialwright.conduct.decision import Refusal
from trialwright.study.model import Study
from trialwright.study.read import read_study

from .conftest import open_trial
from .desk import Desk, pure_desk

PROTOCOL = "protocol/1.0/"


def built(study: Study, file: str, old: str, new: str, *, build: int = 1) -> Study:
    """The study with one text changed and the number of its build."""
    files = {path: text for path, text in study.files.items() if not path.startswith("library/")}
    assert old in files[PROTOCOL + file], old
    files[PROTOCOL + file] = files[PROTOCOL + file].replace(old, new, 1)
    head = PROTOCOL + "study.toml"
    files[head] = files[head].replace("sample_size =", f"build = {build}\nsample_size =", 1) if build else files[head]
    return read_study(files, records=study.records)


LABEL = ("study.toml", 'label = { en = "', 'label = { en = "The ')
FIXED = [
    (("eligibility.toml", "protein_24h > 1.0", "protein_24h > 1.5"), "criterion proteinuria"),
    (("study.toml", "weight_change_percent = ", "weight_change_percent = 1"), "Dose adipose_msc"),
    (("study.toml", 'method = "permuted_blocks"', 'method = "big_stick"'), "Allocation"),
]


def test_a_build_that_mends_a_label_is_approved_and_applies_from_then_on(store, lupus: Study):
    desk = Desk(open_trial(store, lupus), lupus).activate()
    mended = built(lupus, *LABEL)
    assert (mended.version, mended.protocol_version) == ("1.0+1", "1.0")
    assert desk.refused("investigator", cmd.ApproveProtocol(digest=mended.digest)) == ["protocol.digest"]  # not handed in yet
    desk.trial.propose(mended)
    assert desk.trial.study.digest == lupus.digest
    desk.do("investigator", cmd.ApproveProtocol(digest=mended.digest))
    assert desk.trial.study.digest == mended.digest
    assert desk.refused("investigator", cmd.ApproveProtocol(digest=mended.digest)) == ["protocol.approved"]
    desk.make_eligible()  # the site stays active: it is the same version


def test_other_files_under_a_number_that_was_given_are_refused(store, lupus: Study):
    desk = Desk(open_trial(store, lupus), lupus)
    desk.approve()
    desk.trial.propose(built(lupus, *LABEL, build=0))
    assert desk.refused("investigator", cmd.ApproveProtocol(digest=built(lupus, *LABEL, build=0).digest)) == ["protocol.build"]


@pytest.mark.parametrize(("edit", "words"), FIXED)
def test_a_build_that_changes_what_is_fixed_is_refused_by_name(lupus: Study, edit: tuple[str, str, str], words: str):
    desk = pure_desk(lupus)
    desk.approve()
    desk.trial.propose(built(lupus, *edit))
    answer = desk.send("investigator", cmd.ApproveProtocol(digest=desk.trial.study.digest))
    assert isinstance(answer, Refusal)
    assert answer.rule == "protocol.fixed"
    assert words in str(answer)
    assert "make it an amendment" in str(answer)
    assert "اصلاحیه" in answer.in_language("fa")
