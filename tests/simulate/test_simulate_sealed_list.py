"""A rehearsal's story knows the arms of the very list that its invented custodian seals, whatever procedure draws it."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from trialwright.conduct.allocation import SlotOpener
from trialwright.simulate.rehearse_opening import draw_arms, seal_list
from trialwright.study.folder import load_study

LUPUS = load_study(Path(__file__).parents[2] / "studies" / "IRCT2016090729747N1")
KEY = bytes(range(32))


@pytest.mark.parametrize("method", ["permuted_blocks", "big_stick", "maximal_procedure", "complete"])
def test_the_story_and_the_sealed_list_have_the_same_arms(method):
    study = replace(LUPUS, allocation=replace(LUPUS.allocation, method=method))
    arms = draw_arms(study, Random(5))
    sealed = seal_list(study, Random(5), key=KEY, nonces=Random(6).randbytes)
    assert sealed is not None
    assert tuple(SlotOpener(KEY).open(number, text).content for number, text in enumerate(sealed.sealed)) == tuple(arms)
    leads = [abs(2 * arms[:slots].count("cells") - slots) for slots in range(len(arms) + 1)]
    if method != "complete":
        assert max(leads) <= 3
    if method in {"permuted_blocks", "maximal_procedure"}:
        assert leads[-1] == 0
