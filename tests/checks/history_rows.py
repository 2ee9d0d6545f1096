"""A row of WHO's export, as it would be for the lupus record."""

from trialwright.registry import Row, read_row


def row_of(record):
    """The columns that WHO's export has, with the words of a record of the Iranian registry."""
    outcomes = ";".join(
        f"{one.title.text}. Timepoint: {one.time_frame.text}. Method of measurement: {one.method.text}."
        for one in record.outcomes
        if one.level == "primary"
    )
    cells = {
        "TrialID": record.identifier,
        "Last Refreshed on": "20 February 2020",
        "Public title": record.words("titles.public"),
        "Scientific title": record.words("titles.scientific") + " " * 40,
        "Primary sponsor": record.words("sponsors.1.name"),
        "Date registration": str(record.date_at("dates.registration")),
        "Source Register": "IRCT",
        "Recruitment Status": "Not recruiting",
        "Inclusion gender": "Both",
        "Inclusion agemin": "no limit",
        "Inclusion agemax": "no limit",
        "Date enrollement": str(record.start.date),
        "Target size": record.words("design.sample_size.target"),
        "Study design": "Randomization: Randomized, Blinding: Not blinded, Placebo: Not used, Assignment: Parallel, "
        "Purpose: Treatment.",
        "Phase": record.words("design.phase"),
        "Inclusion Criteria": record.words("eligibility.text"),
        "Condition": record.words("conditions.1.description") + ".",
        "Intervention": " ".join(
            f"Intervention {number}: {one.description.text}" for number, one in enumerate(record.arms, start=1)
        ),
        "Primary outcome": outcomes,
        "Contact Affiliation": record.words("contacts.general.organisation"),
    }
    return read_row(Row(name="export.csv", form="ictrp-csv", number=2, cells=tuple(cells.items())))
