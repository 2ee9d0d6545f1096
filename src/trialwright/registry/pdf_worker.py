"""A process of its own that takes the text out of a PDF: a broken file may cost it its life, not that of who asks.

It is started as a script with the PDF on its standard input, limits its own memory and time before it loads a library, and
prints one JSON object: {"error": code} or {"pages", "pdfium", "pdftotext"} with the text of every page by each of two readers.
`pdftotext` is poppler's program; where it is not installed its text is null.
"""

import contextlib
import ctypes
import json
import shutil
import subprocess
import sys

MOST_PAGES = 100
MOST_CHARACTERS = 2_000_000
MEMORY_BYTES = 280 * 1024 * 1024
SECONDS = 6


def limit() -> None:
    """Limit this process and those it starts, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(data: bytes) -> dict[str, object]:
    """Read the PDF with both readers."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        return {"error": "encrypted" if "assword" in str(error) or "ecurity" in str(error) else "broken"}
    if len(document) > MOST_PAGES:
        return {"error": "pages", "pages": len(document)}
    pages: list[str] = []
    for number in range(len(document)):
        page = document[number].get_textpage()
        if page.count_chars() + sum(map(len, pages)) > MOST_CHARACTERS:
            return {"error": "long"}
        pages.append(page.get_text_bounded())
    return {"pages": len(document), "pdfium": pages, "pdftotext": by_poppler(data)}


def by_poppler(data: bytes) -> list[str] | None:
    """Give the text by poppler's program, or None where it is not installed or gives up."""
    program = shutil.which("pdftotext")
    if program is None:
        return None
    command = [program, "-q", "-enc", "UTF-8", "-l", str(MOST_PAGES), "-", "-"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=True)  # noqa: S603  # a fixed command
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", errors="replace")[:MOST_CHARACTERS].split("\f")[:-1]


def main() -> None:
    limit()
    try:
        found = read(sys.stdin.buffer.read())
    except (MemoryError, ctypes.ArgumentError):
        found = {"error": "memory"}
    sys.stdout.write(json.dumps(found, ensure_ascii=True))


if __name__ == "__main__":
    main()
