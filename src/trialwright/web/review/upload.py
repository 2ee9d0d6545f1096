"""What was dropped or pasted, held in memory and never on disk, within a limit that is looked at before anything is read."""

from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext_noop as n

from trialwright.web.review.apart import ReviewError

MEGABYTE = 1024 * 1024
MOST_MEGABYTES, MOST_MEGABYTES_OF_A_VISITOR = 50, 5
_AROUND = 20_000  # bytes of the form around the file
_LONGEST_NAME = 80


class InMemory(MemoryFileUploadHandler):
    """Keep the file in memory whatever its size; `check_size` has refused what is too large."""

    def handle_raw_input(self, *arguments: object, **options: object) -> None:
        self.activated = True


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A record as it came. `name` is the file's own, or empty for pasted text."""

    data: bytes
    name: str


def most_megabytes(request: HttpRequest) -> int:
    """How much may be dropped: the largest record, or for a visitor more than any real one has."""
    return MOST_MEGABYTES if request.user.is_authenticated else MOST_MEGABYTES_OF_A_VISITOR


def check_size(request: HttpRequest) -> None:
    """Look at the announced size. Raises: ReviewError where it is beyond the limit; nothing was read then."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal() or int(announced) > most_megabytes(request) * MEGABYTE + _AROUND:
        raise ReviewError(n("The file is larger than one record may be here."), status=413)


def read_dropped(request: HttpRequest) -> Dropped:
    """Give the file, else the pasted text. Raises: ReviewError where there is neither, or the text is too long to paste."""
    try:
        pasted = request.POST.get("text", "")
    except RequestDataTooBig:
        raise ReviewError(n("The text is too long to be pasted. Save it as a file and choose that."), status=413) from None
    file = request.FILES.get("file")
    if file is not None:
        return Dropped(data=file.read(), name=(file.name or "")[-_LONGEST_NAME:])
    if not pasted.strip():
        raise ReviewError(n("Choose a file or paste the text of a record."), status=422)
    return Dropped(data=pasted.replace("\r\n", "\n").encode("utf-8"), name="")
