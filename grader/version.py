"""The version of the grader, which every report carries."""

VERSION = "0.1.0"
