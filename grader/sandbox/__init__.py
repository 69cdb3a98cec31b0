"""The parent's end of the worker process: start it, talk to it under deadlines, end it, say how well it was kept apart."""
