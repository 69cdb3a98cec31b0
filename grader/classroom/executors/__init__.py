"""Ways to grade many submissions. Each takes them one by one, as it has room, and gives every one back with its entry, in any order.

How a submission is graded they do not know: the terms say that. What becomes of an entry is `run`'s.
"""

from grader.classroom.executors.cluster import Cluster as Cluster
from grader.classroom.executors.executor import Executor as Executor
from grader.classroom.executors.processes import Processes as Processes
from grader.classroom.executors.processes import processes_that_fit as processes_that_fit
from grader.classroom.executors.serial import Serial as Serial
