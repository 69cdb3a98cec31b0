"""How a worker process begins: the very functions, run in forks of this process, so that coverage sees them too."""

import io
import os
import socket
import sys
from pathlib import Path

import numpy as np
import parso
import pytest

from grader.worker import main, wire
from tests.worker.children import FORKS, MEMORY_MB, in_child, status_of, told
from tests.worker.parent import Parent

pytestmark = FORKS


def test_bootstrap_leaves_numpy_and_nothing_to_import_from_the_grader(monkeypatch, forgotten):
    monkeypatch.setattr(sys, "path", ["/somewhere"])
    monkeypatch.delitem(sys.modules, "grader.casebank", raising=False)

    main.bootstrap(str(Path(main.__file__).parents[1]), str(Path(np.__file__).parents[1]), str(Path(parso.__file__).parent), "")

    assert sys.path == ["/somewhere"]
    assert {"numpy.linalg", "numpy.random", "grader.worker.serve"} <= set(sys.modules)
    with pytest.raises(ModuleNotFoundError):
        __import__("grader.casebank")


def test_a_spawned_worker_connects_back_with_its_token_and_prints_utf_8():
    read, write = os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def begin():
            sys.stdin = io.TextIOWrapper(io.BytesIO(b"secret\n"))
            sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(write, "w"), encoding="ascii")
            main.spawn(server.getsockname()[1], MEMORY_MB)

        pid = in_child(begin)
        peer, _ = server.accept()
    os.close(write)

    with peer, os.fdopen(read, "rb") as output:
        token = peer.recv(6)
        told(Parent(peer), "print('한글 \\ud800')")
        peer.shutdown(socket.SHUT_WR)
        printed = output.read().decode()

    assert (token, printed.rpartition(wire.PAGE.decode())[2], status_of(pid)) == (b"secret", "한글 ?\n", 0)
