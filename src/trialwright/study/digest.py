"""The digest of a definition: SHA-256 over the RFC 8785 bytes of its files."""

import hashlib
from collections.abc import Mapping

import rfc8785

FORMAT = 1


def files_bytes(files: Mapping[str, str]) -> bytes:
    """Give the RFC 8785 bytes of path -> text."""
    return rfc8785.dumps({"format": FORMAT, "files": dict(files)})


def files_digest(files: Mapping[str, str]) -> str:
    """Give the SHA-256 of `files_bytes`, which names a build."""
    return hashlib.sha256(files_bytes(files)).hexdigest()
