"""The coach: reads a goal in Russian, English or both at once, and says what it relied on. Pure and offline.

`check(text, today)` is the whole of it; `known` adds what the project knows. What it is not sure of it
leaves empty: a question costs the person a minute, a wrong guess costs the trust.
"""

from projects.coach.criteria import Advice, Check, Criterion, Known, check
from projects.coach.reader import Change, Reading, read

__all__ = ["Advice", "Change", "Check", "Criterion", "Known", "Reading", "check", "read"]
