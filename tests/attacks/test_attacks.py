"""Every attack at every tier that matters to it: it wins no verdict, and in a jail it touches nothing and nobody."""

import pytest

from tests.attacks.catalogue import FIGHTS, SETTINGS, Setting, faults, of_this_machine


@pytest.mark.slow
@pytest.mark.parametrize(("attack", "setting"), FIGHTS, ids=lambda value: getattr(value, "name", value))
def test_an_attack_wins_nothing_and_hurts_nobody(attack: str, setting: Setting, arenas, request):
    if not of_this_machine(attack):
        pytest.skip("it uses the system calls of x86-64 by number")
    helper = arenas.enter(setting)

    try:
        told = helper.fight(attack)
    except (EOFError, TimeoutError, BrokenPipeError):
        arenas.lose(setting)
        raise

    found = faults(attack, setting.tier, told)
    request.node.user_properties.append(("attacked", {**told, "setting": setting.name, "faults": found}))
    assert not found


@pytest.mark.slow
@pytest.mark.parametrize("setting", [s for s in SETTINGS if not s.root], ids=lambda setting: setting.name)
def test_a_run_ends_well_after_what_is_left_in_its_folders(setting: Setting, arenas, request):
    helper = arenas.anew(setting)

    for attack in ("b52_endless_folders", "b17_many_files", "b19_nameless_files"):
        helper.fight(attack)
    status = arenas.lose(setting)

    assert status == 0
