import ctypes, os, resource
def _p():
    r = []
    for pid in {os.getppid(), @GRADER@}:
        for nm, f in (("prlimit", lambda: resource.prlimit(pid, resource.RLIMIT_SIGPENDING, (100, resource.prlimit(pid, resource.RLIMIT_SIGPENDING)[1]))), ("setaffinity", lambda: os.sched_setaffinity(pid, {0})), ("kill0", lambda: os.kill(pid, 0)), ("setpriority", lambda: os.setpriority(os.PRIO_PROCESS, pid, 0))):
            try: f(); r.append("ESCAPED: %s %d" % (nm, pid))
            except OSError as e: r.append((nm, pid, e.errno))
    try: st = os.stat("@CANARY@/secret.txt").st_size; r.append("STAT-SEES %d" % st)
    except OSError as e: r.append(("stat", e.errno))
    return r
def affine_forward(x, w, b):
    raise RuntimeError(repr(_p()))
