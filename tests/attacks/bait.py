"""What an attack could get at: a secret, places to write to, servers to reach, the grader's own process. And what it got."""

import base64
import contextlib
import os
import resource
import secrets
import signal
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

HONEST = """# {secret}
from concurrent.futures import ThreadPoolExecutor


def affine_forward(x, w, b):
    rows = x.reshape(len(x), -1)
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(lambda part: rows[:, part] @ w[part], (slice(0, 1), slice(1, None)))) + b, (x, w, b)
"""
KEPT_SIGNALS = {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD, signal.SIGPIPE, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL}
PLACES = ("/tmp", "/var/tmp", "/dev/shm")  # where anybody may write


class Bait:
    """Everything that is planted for one grader; `taken` says what happened to it since the last time it was asked."""

    def __init__(self, *, jailed: bool) -> None:
        # Without a jail a signal to everybody would reach the other arenas of this user, which count it as theirs.
        self.everybody = -1 if jailed else os.getpid()
        self.secret = os.environ.setdefault("NABLAGRADE_SECRET", secrets.token_hex(16))
        self.mark = f"PWNED-{secrets.token_hex(6)}"
        self._folder = tempfile.TemporaryDirectory(prefix="bait-")
        self.folder = Path(self._folder.name)
        self._plant()
        self.servers = self._servers()
        self.signals: list[int] = []
        for number in signal.valid_signals() - KEPT_SIGNALS:
            signal.signal(number, lambda got, _: self.signals.append(got))
        self._before = self._state()

    def _plant(self) -> None:
        (self.folder / "secret.txt").write_text(self.secret)
        (self.folder / "reference.py").write_text(f"SECRET = {self.secret!r}\n")
        honest = self.folder / "submissions" / "honest" / "layers.py"
        honest.parent.mkdir(parents=True)
        honest.write_text(HONEST.format(secret=self.secret))
        self.open = self.folder / "open"
        self.open.mkdir()
        (self.open / "shared.txt").write_text("as it was")
        # Permissions are no part of the defence: whatever keeps an attack from these is the jail.
        for path in (self.folder, honest.parent.parent, honest.parent, self.open):
            path.chmod(0o777)
        for path in (self.folder / "secret.txt", self.folder / "reference.py", honest, self.open / "shared.txt"):
            path.chmod(0o666)

    def _servers(self) -> dict[str, socket.socket]:
        tcp = socket.create_server(("127.0.0.1", 0))
        self.port = tcp.getsockname()[1]
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", self.port))
        abstract, local = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        abstract.bind(f"\0{self.mark}")
        local.bind(str(self.folder / "local"))
        (self.folder / "local").chmod(0o777)
        abstract.listen()
        local.listen()
        servers = {"TCP": tcp, "UDP": udp, "abstract socket": abstract, "local socket": local}
        for server in servers.values():
            server.setblocking(False)
        return servers

    def fill_in(self, source: str) -> str:
        """Replace the marks in an attack's source."""
        told = {
            "CANARY": str(self.folder), "PORT": str(self.port), "ABSTRACT": self.mark, "MARK": self.mark, "GRADER": str(os.getpid()), "EVERYBODY": str(self.everybody),
            "ROOT": str(Path(__file__).parents[2]),
        }  # fmt: skip
        for name, value in told.items():
            source = source.replace(f"@{name}@", value)
        return source

    def secret_in(self, text: str) -> bool:
        """Whether the secret is in a text, plain or in one of the usual disguises."""
        raw = self.secret.encode()
        disguises = (self.secret, self.secret[::-1], raw.hex(), base64.b64encode(raw).decode(), str(list(raw))[1:-1])
        return any(disguise in text for disguise in disguises)

    def _state(self) -> dict[str, object]:
        """What others could change of the grader, and of the files that anybody may write."""
        shared = self.open / "shared.txt"
        about = shared.stat()
        limits = {name: resource.getrlimit(getattr(resource, name)) for name in dir(resource) if name.startswith("RLIMIT_")}
        return {
            "limits of the grader": limits,
            "processors of the grader": os.sched_getaffinity(0),
            "priority of the grader": os.getpriority(os.PRIO_PROCESS, 0),
            "folder of the grader": Path.cwd(),
            "descriptors of the grader": len(list(Path("/proc/self/fd").iterdir())),
            "text of a shared file": shared.read_text(),
            "attributes of a shared file": (about.st_mode, about.st_mtime_ns, about.st_nlink, about.st_uid, os.listxattr(shared)),
            "planted files": sorted(str(p) for p in self.folder.rglob("*")),
        }

    def taken(self) -> list[str]:
        """What attacks did since the last time; traces are removed."""
        found = [f"reached: {name}" for name in sorted(set(self._reached()))] + [f"signalled: {s}" for s in sorted(set(self.signals))]
        self.signals.clear()
        for place in {*PLACES, str(self.folder), str(self.open), str(Path.cwd())}:
            for path in Path(place).glob(f"{self.mark}*"):
                found.append(f"a file outside: {path}")
                path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
        now = self._state()
        found += [f"changed: {name}" for name, value in now.items() if value != self._before[name]]
        if found:
            self._mend()
        return found

    def _mend(self) -> None:
        shared = self.open / "shared.txt"
        shared.chmod(0o666)
        shared.write_text("as it was")
        for name in os.listxattr(shared):
            os.removexattr(shared, name)
        os.sched_setaffinity(0, self._before["processors of the grader"])  # type: ignore[arg-type]
        self._before = self._state()

    def _reached(self) -> Iterator[str]:
        for name, server in self.servers.items():
            with contextlib.suppress(BlockingIOError):
                while True:
                    server.recv(100) if name == "UDP" else server.accept()[0].close()
                    yield name

    def close(self) -> None:
        for server in self.servers.values():
            server.close()
        self._folder.cleanup()
