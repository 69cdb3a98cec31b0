"""Every attack at every tier: it wins no verdict, and in a jail it touches nothing and nobody."""

import pytest

from tests.attacks.catalogue import ATTACKS, SETTINGS, Setting, faults


@pytest.mark.slow
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_wins_nothing_and_hurts_nobody(attack: str, setting: Setting, arenas, request):
    helper = arenas.enter(setting)

    try:
        told = helper.fight(attack)
    except (EOFError, TimeoutError, BrokenPipeError):
        arenas.lose(setting)
        raise

    found = faults(attack, setting.tier, told)
    request.node.user_properties.append(("attacked", {**told, "setting": setting.name, "faults": found}))
    assert not found
