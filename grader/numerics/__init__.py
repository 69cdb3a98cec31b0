"""Numbers: how far rounding may take a right answer, and where an answer leaves that bound."""
