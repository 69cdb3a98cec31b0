"""Dropout that draws its own masks gives the answer for a given one, made of its own numbers."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.worker.conventions import CONVENTIONS, chance
from grader.worker.conventions.adapter import Unusable
from reference.layers import dropout
from tests.worker.conventions import cs231n_code, scratch_code
from tests.worker.examples import assert_right, example, play

X = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])
MASK = np.array([[1, 0, 0], [0, 1, 1]])


def drawn(make: Any, *, p: float = 0.3, x: np.ndarray = X) -> dict[str, Any]:
    """Return the values of a layer that makes a factor for each entry of an array of random numbers."""

    def run(given: np.ndarray, seed: int) -> tuple[np.ndarray, None]:
        del seed
        return given * make(np.random.rand(*given.shape)), None  # noqa: NPY002 - as students do

    return chance.forward(run, x.copy(), MASK, p)[0]


@pytest.mark.parametrize("kept", ["keeps with p", "keeps with 1 - p"])
def test_either_meaning_of_p_is_told_by_scale_and_share(kept):
    q = 0.3 if kept == "keeps with p" else 0.7

    values = drawn(lambda r: (r < q) / q)

    np.testing.assert_allclose(values["out"], X * MASK / q, rtol=1e-15)
    assert values["keep_rate"] == (0.3 if q == 0.3 else 1 - 0.3)


def test_a_probability_that_is_neither_is_told_as_it_is():
    values = drawn(lambda r: (r < 0.5) / 0.5)

    assert values["keep_rate"] == pytest.approx(0.5, abs=0.1)


def test_what_is_never_dropped_stays_and_is_wrong():
    values = drawn(np.ones_like)

    np.testing.assert_array_equal(values["out"], X)
    assert values["keep_rate"] == 1


def test_a_scale_that_differs_from_the_probability_shows_in_the_output():
    values = drawn(lambda r: (r < 0.3) / 0.7)

    np.testing.assert_allclose(values["out"], X * MASK / 0.7, rtol=1e-15)
    assert values["keep_rate"] == 0.3


@pytest.mark.parametrize("keeps", ["entries at least p", "entries below p"])
def test_both_generations_of_the_course_agree_with_their_readings(keeps):
    given = example("dropout")
    p_of = "dropped" if keeps == "entries at least p" else "kept"

    def forward(x, dropout_param):
        p = dropout_param["p"]
        np.random.seed(dropout_param["seed"])  # noqa: NPY002 - as students do
        random = np.random.rand(*x.shape)  # noqa: NPY002 - as students do
        mask = (random >= p) / (1 - p) if p_of == "dropped" else (random < p) / p
        return x * mask, (dropout_param, mask)

    code = SimpleNamespace(dropout_forward=forward, dropout_backward=cs231n_code.dropout_backward)
    (out, rate, tied), cache = dropout.forward(**given.arrays, **given.options, p_of=p_of)

    got = play("cs231n", "dropout", code, given)

    assert_right(got, {"out": out, "keep_rate": rate, "tied": tied, "dx": dropout.backward(given.dout, cache)[0]})


@pytest.mark.parametrize(
    ("make", "tied"),
    [
        (lambda r: r < 0.7, 0),
        (lambda r: r > 0.3, 0),
        (lambda r: np.random.default_rng(r[0, 0].view(np.uint64)).random(r.shape) < 0.7, 0),
        (lambda r: np.random.binomial(1, 0.7, r.shape), 0),  # noqa: NPY002 - as students do
        (lambda r: np.broadcast_to(r[:, :1] < 0.7, r.shape), 20),
        (lambda r: np.broadcast_to(r[:1] < 0.7, r.shape), 20),
        (lambda r: np.broadcast_to(r[0, 0] < 0.7, r.shape), 20),
        (lambda r: np.hstack([r[:, :-1], r[:, :1]]) < 0.7, 8),
    ],
    ids=["below q", "above p", "a generator", "binomial", "one a sample", "one row for all", "one for all", "the first column twice"],
)
def test_entries_that_share_a_draw_are_counted(make: Any, tied: int):
    x = np.arange(1.0, 21).reshape(4, 5)

    def run(given: np.ndarray, seed: int) -> tuple[np.ndarray, None]:
        del seed
        return given * make(np.random.rand(*given.shape)) / 0.7, None  # noqa: NPY002 - as students do

    values, _ = chance.forward(run, x, np.ones(x.shape), 0.3)

    assert values["tied"] == tied


@pytest.mark.parametrize("q", [0.02, 0.98])
def test_where_chance_may_tie_entries_none_are_counted(q: float):
    assert "tied" not in drawn(lambda r: r < q)


def test_an_input_of_zero_shows_its_mask_in_the_gradient():
    given = example("dropout")
    given.arrays["x"][...] = 0
    given.arrays["x"][0, 0] = 1
    _, cache = dropout.forward(**given.arrays, **given.options)

    got = play("cs231n", "dropout", cs231n_code, given)

    np.testing.assert_allclose(got["dx"], dropout.backward(given.dout, cache)[0], rtol=1e-15)


def test_an_input_of_zeros_alone_says_nothing_about_the_share():
    assert set(drawn(lambda r: (r < 0.3) / 0.3, x=np.zeros_like(X))) == {"out"}


def test_a_backward_with_a_mask_of_its_own_is_wrong():
    def backward(dout, cache):
        return dout * (np.random.default_rng(int(cache[0]["seed"]) + 99).random(dout.shape) > 0.3) / 0.7

    given = example("dropout")
    got = play("cs231n", "dropout", SimpleNamespace(dropout_forward=cs231n_code.dropout_forward, dropout_backward=backward), given)

    assert not np.allclose(got["dx"], given.right["dx"])


def test_test_mode_is_asked_once():
    seen = []

    def forward(x, dropout_param):
        seen.append(dropout_param)
        return x, None

    given = example("dropout", training=False)

    values, _ = CONVENTIONS["cs231n"]["dropout"].forward({"forward": forward}, given.arrays, given.options)

    np.testing.assert_array_equal(values["out"], given.right["out"])
    assert values["keep_rate"] == 1
    assert seen == [{"mode": "test", "p": 0.3, "seed": 0}]


@pytest.mark.parametrize("out", [np.ones(6), None, [1.0], np.ones((2, 3), int)])
def test_an_output_that_fits_no_mask_is_handed_on_as_it_is(out):
    values, draws = chance.forward(lambda x, seed: (out, None), X.copy(), MASK, 0.3)

    assert list(values) == ["out"]
    assert values["out"] is out
    with pytest.raises(Unusable, match="there is no mask to go by"):
        chance.backward(lambda dout, cache: dout, X.copy(), draws)


def test_a_gradient_that_fits_no_mask_is_handed_on_as_it_is():
    _, draws = chance.forward(lambda x, seed: (x, None), X.copy(), MASK, 0.3)

    assert chance.backward(lambda dout, cache: None, X.copy(), draws) is None


def test_the_same_seeds_give_the_same_values():
    one, other = (drawn(lambda r: (r < 0.4) / 0.4, p=0.4) for _ in range(2))

    np.testing.assert_array_equal(one["out"], other["out"])
    assert one["keep_rate"] == other["keep_rate"]


def test_the_books_dropout_scales_in_test_mode():
    class Dropout(scratch_code.Dropout):
        def forward(self, x, train_flg=True):
            if not train_flg:
                return x * (1.0 - self.dropout_ratio)
            self.mask = np.random.rand(*x.shape) > self.dropout_ratio  # noqa: NPY002 - as students do
            return x * self.mask

    given, tested = example("dropout"), example("dropout", training=False)
    adapter = CONVENTIONS["deep_learning_from_scratch"]["dropout"]

    got = play("deep_learning_from_scratch", "dropout", SimpleNamespace(Dropout=Dropout), given)
    values, _ = adapter.forward({"forward": Dropout}, tested.arrays, tested.options)

    (out, rate, tied), cache = dropout.forward(**given.arrays, **given.options, inverted=False)
    assert_right(got, {"out": out, "keep_rate": rate, "tied": tied, "dx": dropout.backward(given.dout, cache)[0]})
    np.testing.assert_allclose(values["out"], tested.arrays["x"] * 0.7, rtol=1e-15)
