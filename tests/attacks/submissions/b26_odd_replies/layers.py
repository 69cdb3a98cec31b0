import sys
import numpy as np
wire = sys.modules['grader.worker.wire']
frame = sys._getframe()
while 'channel' not in frame.f_locals: frame = frame.f_back
channel = frame.f_locals['channel']
def stage(number, values, **more):
    buffers = []
    described = wire.pack(values, buffers)
    channel.send(7, {'call': number, 'part': 'forward', 'values': described, 'failure': None, 'mutated': [], 'warnings': [], **more}, buffers)
channel.send(5, {'part': 'forward', 'failure': None})  # from here on this file is the runtime
hostile = '\x1b[2J<script>alert(1)</script>\u202e\ud800\x00=HYPERLINK("x")' * 100
replies = [dict(failure={'kind': 'exception', 'text': hostile, 'trace': hostile}), dict(failure={'kind': 'memory', 'text': ''}), dict(mutated=[hostile] * 50, warnings=[hostile] * 50), dict(mutated={'a': 1}, warnings=7), dict(mutated=[[[]]], warnings=[None, {}]), dict(failure={'kind': 'exit', 'text': hostile}), dict(failure={'kind': 'returned', 'text': hostile, 'trace': 5})]
while True:
    frame = channel.receive()
    for n, call in enumerate(frame.meta['calls']): stage(n, {}, **replies[n % len(replies)])
    channel.send(8, {})
def affine_forward(x, w, b):
    return x @ w + b, None
