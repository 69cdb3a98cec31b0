"""Right layers in the spelling of a convention, whose text is sent to a worker that grades a net again.

One file goes at a time: each is NumPy alone and imports nothing of the grader, whose reference no worker may hold.
"""
