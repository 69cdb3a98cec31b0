import socket
def _net():
    r = []
    for fam, typ, addr in ((socket.AF_UNIX, socket.SOCK_STREAM, "@CANARY@/local"), (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", @PORT@)), (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", @PORT@)), (socket.AF_UNIX, socket.SOCK_STREAM, "\0@ABSTRACT@")):
        try:
            s = socket.socket(fam, typ); s.settimeout(1); s.connect(addr); s.send(b"EXFIL"); r.append("ESCAPED: %r" % (addr,))
        except OSError as e: r.append((addr, repr(e)))
    return r
def affine_forward(x, w, b):
    raise RuntimeError(repr(_net()))
