"""The platforms' stand-in: one local server that speaks their wire formats, for the demo and for tests.

`start_sandbox()` is the door. A platform is one module here (what it answers is a pure function) and one line in
`server.PLATFORMS`.
"""

from kpis.sandbox.platform import MISBEHAVIOURS
from kpis.sandbox.server import Sandbox, start_sandbox

__all__ = ["MISBEHAVIOURS", "Sandbox", "start_sandbox"]
