"""A ClinicalTrials.gov record of 2 MB is read in under a second, as JSON and classic XML; the library's `json.loads` beside.

The second size shows the cost as the record grows tenfold.
"""

import json

from printed.figure import print_limit, print_peer, timed

from trialwright.registry import read_record

SIZES_MB = (0.2, 2.0)


def invented(size_mb: float) -> bytes:
    """A record whose results fill it, with about 80 characters a value, as in the records of finished trials."""
    words = "An invented value of an invented measure, as the reports of such trials explain it to those who read them. " * 2
    row = {"groupId": "OG000", "value": "12.4", "spread": "3.1", "comment": words}
    rows = [row] * round(size_mb * 1_000_000 / len(json.dumps(row, indent=1)))
    protocol = {"identificationModule": {"nctId": "NCT09990001", "briefTitle": "Invented cells"}}
    content = {"protocolSection": protocol, "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": rows}}}
    return json.dumps(content, indent=1).encode()


def as_classic(data: bytes) -> bytes:
    """The same values as the classic XML."""
    rows = json.loads(data)["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    inside = "".join(f"<row>{''.join(f'<{name}>{value}</{name}>' for name, value in one.items())}</row>\n" for one in rows)
    head = "<clinical_study><id_info><nct_id>NCT09990001</nct_id></id_info><clinical_results>"
    return f"{head}{inside}</clinical_results></clinical_study>".encode()


def main() -> None:
    for size in SIZES_MB:
        data = invented(size)
        said = f"ClinicalTrials.gov, {len(data) / 1e6:.1f} MB"
        mine = timed(lambda d=data: read_record(d))
        print_limit(f"{said}, JSON", mine, "s", 1.0)
        print_peer(f"{said}, JSON", mine, "s", timed(lambda d=data: json.loads(d)), "json.loads, which forgets every place")
        classic = as_classic(data)
        print_limit(
            f"the same values as classic XML, {len(classic) / 1e6:.1f} MB", timed(lambda d=classic: read_record(d)), "s", 1.0
        )


if __name__ == "__main__":
    main()
