"""Every worker has an empty folder of its own, whatever the ones before it did to theirs; nothing of them is left."""

from pathlib import Path

import pytest

from tests.sandbox.students import relu, run, tell


@pytest.fixture(params=["zygote", "spawned"])
def own(request):
    """A launcher that a test may wreck."""
    return request.getfixturevalue(request.param)


def test_every_worker_has_an_empty_folder_of_its_own(own):
    source = relu(forward=tell("os.listdir('.')") + "; open('left.txt', 'w').close()")

    told = [run(own, source, calls=1).told for _ in range(2)]

    assert told == ["[]", "[]"]
    assert not Path("left.txt").exists()


@pytest.mark.parametrize(
    "vandalism",
    [
        "import shutil; shutil.rmtree(os.path.dirname(os.getcwd()))",
        "for n in range(200): os.makedirs(f'../{os.getpid() + n}', exist_ok=True)",
    ],
    ids=["removed", "names taken"],
)
def test_a_student_who_wrecks_the_folder_of_the_launcher_stops_nobody(vandalism, own):
    run(own, relu(forward=vandalism), calls=1)

    assert run(own, relu(), calls=1).kinds == [("ok", "ok")]


def test_nothing_of_a_launcher_is_left_in_the_temporary_folder(own):
    run(own, relu(forward="os.makedirs('a/b'); open('a/b/c', 'w').close()"), calls=1)
    folder = Path(own._home)

    own.close()

    assert not folder.exists()


@pytest.mark.slow
def test_folders_nested_beyond_recursion_are_removed_too(own):
    run(own, relu(forward="for _ in range(1500): os.mkdir('d'); os.chdir('d')"), calls=1)
    folder = Path(own._home)

    own.close()

    assert not folder.exists()
