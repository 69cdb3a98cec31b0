"""A case as code is as short as it can be, and makes the arrays that it was."""

from grader.report.snippet import snippet


def test_whole_numbers_of_a_snippet_are_short_and_of_their_dtype() -> None:
    case = {"arrays": {"x": [[1.0, -2.0], [0.5, -0.0]], "y": [0, 1]}, "dtype": "float32"}

    assert snippet(case) == "x = np.array([[1, -2], [0.5, -0.0]], dtype=np.float32)\ny = np.array([0, 1])"
