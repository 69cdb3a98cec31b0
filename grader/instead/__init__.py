"""Right layers in the spelling of a convention. Their text is sent to a worker that grades a net again, one file at a time:
each is NumPy alone and imports nothing of the grader, whose reference no worker may hold.
"""
