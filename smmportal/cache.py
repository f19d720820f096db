import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache that forgets instead of failing, so that every page still answers when Redis is away."""

    def _forgive(self, method, instead, *args, **kwargs):
        try:
            return method(*args, **kwargs)
        except RedisError as error:
            log.warning("cache is away", extra={"error": type(error).__name__})
            return instead

    def get(self, key, default=None, version=None):
        return self._forgive(super().get, default, key, default, version)

    def set(self, key, value, timeout=300, version=None):
        return self._forgive(super().set, None, key, value, timeout, version)

    def add(self, key, value, timeout=300, version=None):
        return self._forgive(super().add, True, key, value, timeout, version)

    def touch(self, key, timeout=300, version=None):
        return self._forgive(super().touch, False, key, timeout, version)

    def delete(self, key, version=None):
        return self._forgive(super().delete, False, key, version)

    def incr(self, key, delta=1, version=None):
        return self._forgive(super().incr, delta, key, delta, version)

    def has_key(self, key, version=None):
        return self._forgive(super().has_key, False, key, version)

    def get_many(self, keys, version=None):
        return self._forgive(super().get_many, {}, keys, version)

    def set_many(self, data, timeout=300, version=None):
        return self._forgive(super().set_many, [], data, timeout, version)

    def delete_many(self, keys, version=None):
        return self._forgive(super().delete_many, None, keys, version)
