"""What a worker locks itself into before student code runs: files by Landlock, system calls by seccomp, amounts by rlimits.

`prepare` runs once, in the zygote; `enter` runs in every forked worker. Linux only; elsewhere the tier is `PROCESS`.
"""

from grader.worker.jail.enter import Jail, Tier, enter, prepare
from grader.worker.jail.unloaded import UnloadedError

__all__ = ["Jail", "Tier", "UnloadedError", "enter", "prepare"]
