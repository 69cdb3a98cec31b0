"""The simulation of a cluster, where its answer is known."""

from benchmarks.scale import simulated


def test_workers_that_are_never_kept_waiting_share_the_work():
    assert simulated([1.0] * 12, 4, 0.0) == 3.0


def test_who_hands_out_bounds_the_run():
    assert simulated([1.0] * 10, 1000, 0.5) == 10 * 0.5 + 1.0


def test_the_last_submission_may_keep_one_worker_busy_alone():
    assert simulated([1.0, 1.0, 5.0], 2, 0.0) == 6.0
