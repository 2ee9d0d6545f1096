"""Hostile files by name, and a measure of reading them: as a script it prints what became of each, in how long and how large.

`python -m tests.registry.hostile FOLDER unguarded` reads two of them as a reader without guards does: the positive control.
"""

import io
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.registry import twins

from trialwright.registry import RecordError, read_many, read_record, write_record

MEGA = 1024 * 1024
JSON_HEAD = b'{"protocolSection": {"identificationModule": {"nctId": "NCT09990001"}, "x": '
XML_HEAD = b"<clinical_study><id_info><nct_id>NCT09990001</nct_id></id_info>"
PAGE_HEAD = b"<!DOCTYPE html><html>IRCT<h3>General information</h3><h3>Primary outcomes</h3>"
PRINT_HEAD = b"IRCT\n\nGeneral information\n\nPrimary outcomes\n\n"
LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'>" + b"".join(b"<!ENTITY a%d '%s'>" % (n, b"&a;" * 10) for n in range(9)) + b"]>"


def json_with(value: bytes) -> bytes:
    return JSON_HEAD + value + b"}}"


def xml_with(value: bytes, head: bytes = b"") -> bytes:
    return head + XML_HEAD + value + b"</clinical_study>"


def pdf_of(pages: int) -> bytes:
    """A PDF of many empty pages, written by hand."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(pages))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids)]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * pages
    return assembled(objects)


def assembled(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, table)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, trailer, start)
    return bytes(out)


def bomb_in_a_pdf() -> bytes:
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b"BT (a) Tj ET\n" * 80_000) for _ in range(300)) + packer.flush()
    content = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>"
    return assembled([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page, content])


def locked_pdf() -> bytes:
    lock = b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"01" * 32, b"02" * 32)
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", b"<</Type/Page/Parent 2 0 R>>", lock]
    return assembled(objects, b"/Encrypt 4 0 R/ID[<01><01>]")


def zip_bomb() -> bytes:
    out = io.BytesIO()
    archive = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("xl/workbook.xml", "w") as member:
        for _ in range(400):
            member.write(b"0" * MEGA)
    return out.getvalue()


def export_with(cell: str) -> bytes:
    return twins.as_export().replace(b"Invented University", cell.encode())


FILES: dict[str, Callable[[], bytes]] = {
    "json depth": lambda: json_with(b"[" * 100_000),
    "json huge number": lambda: json_with(b"9" * 5000),
    "json exponent": lambda: json_with(b"1e999"),
    "json nan": lambda: json_with(b"NaN"),
    "json same name": lambda: json_with(b'{"arm": 1, "arm": 2}'),
    "json open quote": lambda: json_with(b'"open'),
    "json nul": lambda: json_with(rb'"\u0000"'),
    "json half a character": lambda: json_with(rb'"\ud800"'),
    "json control": lambda: json_with(b'"\x01"'),
    "json many": lambda: json_with(b"[" + b"0," * 300_000 + b"0]"),
    "json many names": lambda: json_with(b"{" + b",".join(b'"%d":0' % n for n in range(200_000)) + b"}"),
    "json long text": lambda: json_with(b'"' + b"a" * (9 * MEGA) + b'"'),
    "json wide letters": lambda: json_with(b'"' + b"a" * (12 * MEGA) + "😀".encode() + b'"'),
    "json blanks": lambda: b" " * (20 * MEGA) + json_with(b"1"),
    "json long name": lambda: json_with(b'{"' + b"a" * 100_000 + b'": [' + b"0," * 90_000 + b"0]}"),
    "json as many as may be": lambda: json_with(b"[" + b",".join([b'"aaaaaaaaaaaaaaaaaa"'] * 99_000) + b"]"),
    "xml laughs": lambda: xml_with(b"<x>&a8;</x>", LAUGHS),
    "xml other file": lambda: xml_with(b"<x>&f;</x>", b"<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/hostname'>]>"),
    "xml outside type": lambda: xml_with(b"", b"<!DOCTYPE x SYSTEM 'http://localhost/x.dtd'>"),
    "xml parameter": lambda: xml_with(b"", b"<!DOCTYPE x [<!ENTITY % p 'a'>%p;]>"),
    "xml many declarations": lambda: xml_with(b"", b"<!DOCTYPE x [" + b"<!ELEMENT a (b)>" * 500_000 + b"]>"),
    "xml depth": lambda: xml_with(b"<a>" * 100_000),
    "xml not closed": lambda: xml_with(b"<a><b></a></b>"),
    "xml same attribute": lambda: xml_with(b"<a b='1' b='2'/>"),
    "xml nul by number": lambda: xml_with(b"<a>&#0;</a>"),
    "xml half a character": lambda: xml_with(b"<a>&#xD800;</a>"),
    "xml unknown entity": lambda: xml_with(b"<a>&nbsp;</a>"),
    "xml control": lambda: xml_with(b"<a>\x02</a>"),
    "xml comments": lambda: xml_with(b"<!---->" * 1_000_000),
    "xml open comments": lambda: xml_with(b"<!--" * 1_000_000),
    "xml references": lambda: xml_with(b"<a>" + b"&#65;" * 1_000_000 + b"</a>"),
    "xml many": lambda: xml_with(b"<a/>" * 1_000_000),
    "xml attributes": lambda: xml_with(b"<a" + b"".join(b" a%d='1'" % n for n in range(200_000)) + b"/>"),
    "xml blanks in a mark": lambda: xml_with(b"<a" + b" " * (6 * MEGA)),
    "xml other encoding": lambda: b"<?xml version='1.0' encoding='UTF-7'?>" + xml_with(b""),
    "xml as many as may be": lambda: xml_with(b"<x>aaaaaaaaaaaaaaaaaa</x>" * 49_000),
    "who laughs": lambda: twins.WHO.replace(b"<!ELEMENT trials (trial+)>", b"<!ENTITY a 'ha'>"),
    "page depth": lambda: PAGE_HEAD + b"<div>" * 100_000,
    "page marks": lambda: PAGE_HEAD + b"<b>" * 1_000_000,
    "page pieces": lambda: PAGE_HEAD + b"<p>a</p>" * 90_000,
    "page open marks": lambda: PAGE_HEAD + b"<a " * 1_000_000,
    "page open scripts": lambda: PAGE_HEAD + b"<script>" * 400_000,
    "page open comments": lambda: PAGE_HEAD + b"<!--" * 900_000,
    "page entities": lambda: PAGE_HEAD + b"<dt>Acronym</dt><dd>" + b"&amp;" * 700_000 + b"</dd>",
    "page large": lambda: PAGE_HEAD + b"a " * (4 * MEGA),
    "shell of scripts": lambda: b"<html>" + b"<script>" * 2_400,
    "print labels": lambda: PRINT_HEAD + b"Description\n" * 19_000,
    "print glue": lambda: PRINT_HEAD + b"**" * 490_000,
    "print inline": lambda: PRINT_HEAD + b"Registration date:" + b"* " * 490_000,
    "print lines": lambda: PRINT_HEAD + b"a\n" * 400_000,
    "print one line": lambda: PRINT_HEAD + b"a " * (4 * MEGA),
    "print long": lambda: PRINT_HEAD + (b"a" * 40 + b"\n") * 19_000,
    "print nul": lambda: PRINT_HEAD + b"\x00",
    "print control": lambda: PRINT_HEAD + b"\x1b[2J",
    "listing": lambda: b"Study Type\nMasking\n" + b"Time frame:\n" * 19_000,
    "listing places": lambda: b"Study Type\nMasking\nNONE\n" + b"a, " * 330_000,
    "utf-16": lambda: twins.as_print().decode().encode("utf-16"),
    "cp1256": lambda: twins.as_print(twins.PERSIAN).decode().encode("cp1256", errors="replace"),
    "half a letter": lambda: twins.as_print(twins.PERSIAN)[:-1] + b"\xd8",
    "over fifty": lambda: b"x" * (50 * MEGA + 1),
    "pdf broken": lambda: b"%PDF-1.7\n" + b"\x00\xff" * 5000,
    "pdf cut": lambda: twins.as_pdf()[:4000],
    "pdf locked": locked_pdf,
    "pdf pages": lambda: pdf_of(5000),
    "pdf bomb": bomb_in_a_pdf,
    "pdf large": lambda: b"%PDF-1.7\n" + b"a" * (21 * MEGA),
    "zip bomb": zip_bomb,
    "export open quote": lambda: twins.as_export() + b'"open,1\r\n',
    "export long cell": lambda: export_with("x" * 140_000),
    "export nul": lambda: export_with("a\x00b"),
    "export cp1256": lambda: twins.as_export() + "سلول".encode("cp1256"),
    "export semicolons": lambda: export_with(";" * 100_000),
}
LIKELY_EXPORTS = ("export", "zip")


def write_files(folder: Path) -> None:
    """Write every file, one after the other."""
    for name, make in FILES.items():
        (folder / name).write_bytes(make())


def seconds() -> float:
    """Give the seconds of computing so far, by this process and those it started: what else runs here does not count."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def peak_kb() -> int:
    """Give the most memory that this program held; the system's other count begins with what its parent held."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))


def outcomes(folder: Path) -> Iterator[tuple[str, str, float]]:
    """Read each file; give its name, what became of it, and the seconds."""
    for name in FILES:
        path = folder / name
        began = seconds()
        try:
            if name.startswith(LIKELY_EXPORTS):
                found = list(read_many(path))
                refused = next((one for one in found if isinstance(one, RecordError)), None)
                said = f"refused {refused.code}: {refused}" if refused else "read"
            else:
                data = path.read_bytes()
                said = "read" if write_record(read_record(data, name=name)) == data else "changed"
        except RecordError as error:
            said = f"refused {error.code}: {error}"
        data = b""
        yield name, said, seconds() - began


def unguarded(folder: Path) -> dict[str, object]:
    """Read as a reader without guards does."""
    with zipfile.ZipFile(folder / "zip bomb") as archive:
        size = len(archive.read("xl/workbook.xml"))
    try:
        json.loads((folder / "json depth").read_bytes())
    except RecursionError:
        return {"unpacked": size, "deep": "RecursionError"}
    return {"unpacked": size, "deep": "read"}


def main() -> None:
    folder, how = Path(sys.argv[1]), sys.argv[2:]
    found: object = unguarded(folder) if how else list(outcomes(folder))
    peak = max(peak_kb(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    sys.stdout.write(json.dumps({"found": found, "peak_mb": peak}))


if __name__ == "__main__":
    main()
