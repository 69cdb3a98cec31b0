"""What went wrong is told in an order that does not change."""

from grader import messages


def test_arguments_written_into_are_listed_in_order():
    assert messages.mutates("forward", ["x"]).startswith("forward writes into its argument x, which")
    assert ("b, x" in messages.mutates("forward", ["x", "b"])) or ("b and x" in messages.mutates("forward", ["x", "b"]))
