"""What was drawn once and has not changed since: a small memory of this process, the least used forgotten first."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Values by a key that says everything they depend on, so that nothing here ever needs to be thrown out as old."""

    def __init__(self, at_most: int):
        self.at_most = at_most
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def forget(self) -> None:
        """Everything: the database behind the keys is another one."""
        with self._lock:
            self._values.clear()

    def put(self, key: Hashable, value: T) -> None:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self.at_most:
                self._values.popitem(last=False)
