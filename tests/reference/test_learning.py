"""What optimisers, training and nearest neighbours promise beyond their agreement with torch."""

import numpy as np
import pytest

from grader import casebank
from reference import ShapeError, catalogue, spirals
from reference.classifiers import knn
from reference.learning import adam, sgd, training


def test_in_every_case_of_the_bank_the_loss_falls():
    spec = catalogue()["training"]

    for seed in range(5):
        bank = casebank.draw(spec, casebank.readings(spec, {})[:1], seed)
        for answer in bank.answers[0]:
            losses = answer.values["out"].value
            assert losses[-1] < losses[0]


def test_the_bound_of_a_training_holds_for_gradients_that_are_rounded_otherwise():
    spec = catalogue()["training"]
    bank = casebank.draw(spec, casebank.readings(spec, {})[:1], 0)

    for case, answer in zip(bank.cases, bank.answers[0], strict=True):
        given = {**case.arrays, **case.options}
        moved = {**given, "W1": np.nextafter(given["W1"], np.inf), "b2": np.nextafter(given["b2"], -np.inf)}
        out, units = answer.values["out"].value, answer.values["out"].units
        error = np.abs(training.forward(**moved)[0] - training.forward(**given)[0])
        assert (error < 0.25 * np.finfo(case.dtype).eps * units).all()
        assert (units < 1e5 * out).all()


def test_the_data_set_is_the_same_every_time_and_spirals_outwards():
    sizes = {"P": 12, "K": 3}

    points, classes = spirals.points(sizes), spirals.classes(sizes)

    assert classes.tolist() == [0, 1, 2] * 4
    np.testing.assert_array_equal(points, spirals.points(sizes))
    radii = np.hypot(*points.T)
    assert (np.diff(radii[classes == 0]) > 0).all()
    assert points[3].tolist() == [0.19, 0.26]


def test_the_first_step_of_adam_is_as_long_as_its_rate():
    w, dw = np.zeros((1, 3)), np.array([[[4.0, -1e-3, 7e5]]])

    (out, m, v), _ = adam.forward(w, dw, learning_rate=0.25)

    np.testing.assert_allclose(out, [[-0.25, 0.25, -0.25]], rtol=1e-4)
    np.testing.assert_allclose(m, 0.1 * dw[0])
    np.testing.assert_allclose(v, 0.001 * dw[0] ** 2)


def test_of_several_classes_with_as_many_votes_the_smallest_is_elected():
    x, x_train = np.zeros((1, 1)), np.array([[3.0], [4.0], [5.0], [6.0]])

    (out, labels), _ = knn.forward(x, x_train, np.array([2, 1, 1, 2]), np.array([[1.0, 2.0, 3.0, 4.0]]), k=4)

    assert out.tolist() == [[3, 4, 5, 6]]
    assert labels.tolist() == [1]


def test_what_does_not_fit_is_refused():
    with pytest.raises(ShapeError, match=r"sgd: the gradients \(2, 3\) must be a sequence"):
        sgd.forward(np.zeros((2, 3)), np.zeros((2, 3)))
    with pytest.raises(ShapeError, match=r"k = 5"):
        knn.forward(np.zeros((1, 2)), np.zeros((3, 2)), np.zeros(3, int), np.zeros((1, 3)), k=5)
    with pytest.raises(ShapeError, match=r"must be \(N, D\) and \(D, K\)"):
        catalogue()["svm_classifier"].forward(np.zeros((2, 3)), np.zeros(2, int), np.zeros((4, 2)))
