"""Laws: equations between calls, one file each, generic over the layers whose traits they rest on. The reference has no part in them.

A new law is a new file, its name in this list, and its two sentences in `messages.LAWS`.
"""

from grader.properties.laws import adjoint, linear_in_dout
from grader.properties.laws.law import Law

LAWS: tuple[Law, ...] = (adjoint.LAW, linear_in_dout.LAW)
