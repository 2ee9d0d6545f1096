"""Fixtures that several rooms share.

`postgres_url` gives a private PostgreSQL cluster: made in a temporary folder, reached through a socket in that folder
alone, with durability as in production, and gone with the session.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code: timings are measured in bench/, never in a test.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

SETTINGS = """
listen_addresses = ''
max_connections = 60
shared_buffers = 32MB
max_wal_size = 128MB
min_wal_size = 32MB
"""


class Cluster(NamedTuple):
    """A running cluster; `psql` and its like are found in `binaries`."""

    binaries: Path
    folder: Path
    user: str

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the account that owns the cluster."""
        command = [str(self.binaries / program), *arguments]
        if os.geteuid() == 0:  # the server refuses to run as root
            command = ["runuser", "-u", self.user, "--", *command]
        done = subprocess.run(command, check=False, cwd="/", capture_output=True, text=True, timeout=200)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}{done.stderr}{self.log()}")

    def log(self) -> str:
        """Read the server's log, for the message of a failed start."""
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def start(self) -> None:
        """Start the server and wait for it."""
        options, log = f"-k {self.folder}", str(self.folder / "log")
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", log, "-o", options, "-w", "-t", "180", "start")

    def stop(self) -> None:
        """Stop the server at once."""
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def url(self, database: str) -> str:
        """Give the address of one of its databases."""
        return f"postgresql://{self.user}@/{database}?host={quote(str(self.folder), safe='')}"


def _find_binaries() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("initdb") or (versions and versions[-1])
    return Path(found).resolve().parent if found else None


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """Start a private cluster once a session."""
    binaries = _find_binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's programs are not installed, and CI must test on both databases")
        pytest.skip("NOT TESTED ON POSTGRESQL: its programs are not installed (Debian: apt install postgresql)")
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    folder = Path(tempfile.mkdtemp(prefix="twpg-", dir="/tmp"))  # short: a socket's path may have 107 characters
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    cluster = Cluster(binaries, folder, user)
    try:
        cluster.run("initdb", "-D", str(folder / "data"), "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        cluster.start()
        yield cluster
        cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def make_postgres_url(postgres_cluster: Cluster) -> Callable[[], str]:
    """Give a function that makes a new, empty database and returns its address."""

    def make() -> str:
        name = f"t{uuid4().hex}"
        with psycopg.connect(postgres_cluster.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return postgres_cluster.url(name)

    return make


@pytest.fixture
def postgres_url(make_postgres_url: Callable[[], str]) -> str:
    """Give the address of a new, empty PostgreSQL database."""
    return make_postgres_url()
