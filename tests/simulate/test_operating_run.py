"""A simulation that is stopped, killed and gone on with: the bits are those of one that was never touched."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import joblib
import pytest

from trialwright.analysis.plain_json import to_json
from trialwright.simulate.blocks import BLOCK
from trialwright.simulate.operating import merge, simulate
from trialwright.simulate.scenario import ScenarioError
from trialwright.study.folder import load_study

STUDIES = Path(__file__).parents[2] / "studies"
FSGS = load_study(STUDIES / "NCT02382874")
ASKED = {"trials": 4 * BLOCK, "seed": 6, "scenario": "null"}


@pytest.fixture(scope="module")
def untouched():
    return to_json(simulate(FSGS, **ASKED))


def blocks_in(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("null.*.json")}


def test_a_killed_run_loses_only_the_block_it_was_at(tmp_path, untouched):
    """SIGKILL, which no program can answer, while blocks are being written; the same call then computes the rest."""
    folder = tmp_path / "run"
    command = [sys.executable, "-m", "trialwright.cli", "simulate", str(STUDIES / "NCT02382874"), "--scenario", "null"]
    options = ["--trials", str(20 * BLOCK), "--seed", "6", "--out", str(folder), "--workers", "2", "--progress"]
    with subprocess.Popen(
        command + options, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True, text=True
    ) as running:
        ends = time.monotonic() + 60
        while len(blocks_in(folder)) < 3 and time.monotonic() < ends:
            time.sleep(0.01)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    assert running.returncode == -signal.SIGKILL
    kept = blocks_in(folder)
    assert 3 <= len(kept) < 20
    assert all(json.loads((folder / name).read_text("utf-8"))["trials"] == BLOCK for name in kept)
    told: list[tuple[int, int]] = []
    again = simulate(FSGS, **{**ASKED, "trials": 20 * BLOCK}, out=folder, progress=lambda done, of: told.append((done, of)))
    assert told[0] == (len(kept), 20)  # what was kept is not computed again
    assert told[-1] == (20, 20)
    first_four = [t for t in again.tallies if t.block < 4]
    assert [to_json(t) for t in first_four] == [{"format": 1, **tally} for tally in untouched["tallies"]]


def test_a_second_call_reads_what_the_first_has_kept(tmp_path, untouched):
    assert to_json(simulate(FSGS, **ASKED, out=tmp_path)) == untouched
    (tmp_path / "null.samples.000002.json").unlink()
    (tmp_path / ".null.samples.000002.json.77").write_text('{"half', "utf-8")  # what a killed writer leaves behind
    told: list[tuple[int, int]] = []
    assert to_json(simulate(FSGS, **ASKED, out=tmp_path, progress=lambda done, of: told.append((done, of)))) == untouched
    assert told == [(3, 4), (4, 4)]


def test_shards_may_share_a_folder_and_the_whole_run_takes_it_up(tmp_path, untouched):
    parts = [simulate(FSGS, **ASKED, shard=(i, 3), out=tmp_path) for i in (3, 1, 2)]
    assert to_json(merge(FSGS, parts)) == untouched
    assert to_json(simulate(FSGS, **ASKED, out=tmp_path)) == untouched


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_any_engine_gives_the_same_bits(backend, untouched):
    with joblib.parallel_config(backend=backend, n_jobs=2):
        assert to_json(simulate(FSGS, **ASKED, workers=None)) == untouched


def test_the_folder_of_another_run_is_refused(tmp_path):
    simulate(FSGS, trials=5, seed=1, scenario="null", out=tmp_path / "a")
    with pytest.raises(ScenarioError, match=r"another run \(seed 1\)"):
        simulate(FSGS, trials=5, seed=2, scenario="null", out=tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(ScenarioError, match="holds no simulation"):
        simulate(FSGS, trials=5, seed=1, scenario="null", out=tmp_path / "b")
    (tmp_path / "a" / "null.samples.000000.json").write_text("[]", "utf-8")
    with pytest.raises(ScenarioError, match="no finished block"):
        simulate(FSGS, trials=5, seed=1, scenario="null", out=tmp_path / "a")


def test_time_left_is_told_only_where_it_is_asked_for(tmp_path):
    command = [sys.executable, "-m", "trialwright.cli", "simulate", str(STUDIES / "NCT02382874"), "--trials", "300", "--scenario"]
    silent, told = (
        subprocess.run([*command, "null", *more], capture_output=True, text=True, check=True) for more in ([], ["--progress"])
    )
    assert silent.stderr == ""
    assert "2 of 2 blocks" in told.stderr
    assert silent.stdout == told.stdout
