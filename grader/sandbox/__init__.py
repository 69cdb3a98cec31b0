"""The parent's end of the worker process: start it, talk to it under deadlines, end it, say how well it was kept apart.

A verdict is nothing of this folder's, nor is a task: calls go in, outcomes come out, and what a worker says of them is read and never believed.
"""
