"""The page of a design for every study, simulation included, without a cache. Bar: 20 s each on 2 cores."""

from pathlib import Path

from printed.figure import print_alone, print_limit, timed

from trialwright.analysis.design import design
from trialwright.report.design_document import gather_evidence, write_design
from trialwright.study.folder import load_study

STUDIES = Path(__file__).parents[1] / "studies"
BAR_SECONDS = 20.0


def main() -> None:
    """A process of its own is the first time; the parts are timed again on their own."""
    import subprocess
    import sys
    from tempfile import TemporaryDirectory

    for folder in sorted(STUDIES.iterdir()):
        command = [sys.executable, "-m", "trialwright.cli", "design", str(folder)]
        with TemporaryDirectory() as out:
            whole = [*command, "--out", out, "--language", "both"]
            taken = timed(lambda asked=whole: subprocess.run(asked, check=True, capture_output=True), times=1)  # noqa: S603  # our own command
            print_limit(f"design {folder.name}, HTML and PDF, two languages", taken, "s", BAR_SECONDS)
            study = load_study(folder)
            print_alone("  simulated for it", timed(lambda s=study: gather_evidence(s), times=1), "s")
            print_alone("  counted", timed(lambda s=study: design(s), times=1), "s")
            page = design(study)
            print_alone("  drawn and set, English", timed(lambda p=page: write_design(p, Path(out) / "again"), times=1), "s")


if __name__ == "__main__":
    main()
