"""A record carried into another registry's form, with a remark on everything that did not arrive as it stood."""

from __future__ import annotations

from typing import Protocol

from trialwright.registry.carry import ctgov_json, irct, prs, who
from trialwright.registry.carry.carried import Carried, Remark, carried_as_json
from trialwright.registry.carry.source import Source
from trialwright.registry.forms import write_record
from trialwright.registry.record import Record


class Target(Protocol):
    """What a module of a form to write offers."""

    ID: str
    NAME: str

    def write(self, source: Source) -> Carried: ...


TARGETS: dict[str, Target] = {one.ID: one for one in (irct, ctgov_json, prs, who)}


def carry(record: Record, to: str, *, public: bool = False) -> Carried:
    """Write a record in another form.

    `public` leaves out persons' phones and e-mails, with a remark on each. A record that is in the form already is given
    as its own bytes. Raises: KeyError for a form that is not among `TARGETS`.
    """
    target = TARGETS[to]
    if record.form == _OWN.get(to) and not public:
        paths = tuple(one.path for one in record.fields)
        return Carried(form=to, data=write_record(record), kept=paths, remarks=())
    return target.write(Source(record=record, public=public))


_OWN = {"ctgov": "ctgov-json", "ictrp": "who-xml", "irct": "irct-update"}

__all__ = ["TARGETS", "Carried", "Remark", "carried_as_json", "carry"]
