import os, signal
told = []
def affine_forward(x, w, b):
    # a signal that nobody minds, except the grader of the test, who counts it
    for pid in (@EVERYBODY@, -@GRADER@, @GRADER@, os.getppid(), -os.getppid(), 1):
        try: os.kill(pid, signal.SIGWINCH); told.append('ESCAPED: signalled %d' % pid)
        except OSError as e: told.append((pid, e.errno))
    try: os.killpg(0, signal.SIGWINCH); told.append('ESCAPED: signalled group 0')
    except OSError as e: told.append((0, e.errno))
    raise RuntimeError(told)
