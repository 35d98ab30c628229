"""The one table of Redis errors that mean an outage: what happened, what the operator does, when to try again.

A command that fails for one of these reasons succeeds later without a change, so callers wait or answer 503. Any other
error of Redis is a mistake of this program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from redis.exceptions import AuthenticationError, AuthenticationWrongNumberOfArgsError, AuthorizationError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from ocrdesk.backend.redis_servers.confirmed import NotConfirmedError
from ocrdesk.contract.error_messages import ErrorMessage, error_message

_IN_TRANSACTION = re.compile(r"discarded because of: -?(\w+)")
"""How EXEC quotes the error for which it refused the whole transaction."""
_IN_PIPELINE = " caused error: "
"""What redis-py writes between a command of a pipeline and its error."""
_NO_CLIENTS = "max number of clients reached"
_IN_SCRIPT = ("ACL failure in script", "The user executing the script can't run")
"""How Valkey and Redis begin NOPERM within a script."""


@dataclass(frozen=True, slots=True, eq=False)
class RedisProblem:
    """Why Redis does not do what it is asked for now."""

    reason: str
    """Short, for logs and metrics: `full`, `read-only`."""
    message: ErrorMessage
    """The sentence for people, with the operator's remedy."""
    retry_after_s: int
    is_refusal: bool = True
    """Redis answered, and did nothing. Otherwise it may have done it: there was no answer."""

    @property
    def message_id(self) -> str:
        return str(self.message.message_id)

    @property
    def is_full(self) -> bool:
        """Whether memory is the reason, so that deleting something helps."""
        return self is FULL


UNREACHABLE = RedisProblem("unreachable", error_message("redis_unavailable"), 2, is_refusal=False)
SILENT = RedisProblem("no answer", error_message("redis_silent"), 5, is_refusal=False)
FULL = RedisProblem("full", error_message("redis_full"), 60)
READ_ONLY = RedisProblem("read-only", error_message("redis_read_only"), 10)
CANNOT_SAVE = RedisProblem("cannot save", error_message("redis_cannot_save"), 30)
LOADING = RedisProblem("loading", error_message("redis_loading"), 5)
LOGIN = RedisProblem("login", error_message("redis_login"), 60)
NO_RIGHTS = RedisProblem("no rights", error_message("redis_no_rights"), 60)
CLUSTER_DOWN = RedisProblem("cluster down", error_message("redis_cluster_down"), 10)
CLUSTER = RedisProblem("cluster", error_message("redis_is_cluster"), 60)
MASTER_DOWN = RedisProblem("master down", error_message("redis_master_down"), 10)
BUSY = RedisProblem("busy", error_message("redis_busy"), 5)
FEW_REPLICAS = RedisProblem("few replicas", error_message("redis_few_replicas"), 10)
UNCONFIRMED = RedisProblem("unconfirmed", error_message("redis_unconfirmed"), 10, is_refusal=False)
UNDONE = RedisProblem("undone", error_message("redis_unavailable"), 2)
"""A transaction without a reason, as a proxy before Redis refuses it: redis-py raises a command's own error first."""
FULL_OF_CLIENTS = RedisProblem("too many clients", error_message("redis_many_clients"), 5)

PROBLEMS = {
    "OOM": FULL,
    "READONLY": READ_ONLY,
    "UNBLOCKED": READ_ONLY,
    "MISCONF": CANNOT_SAVE,
    "LOADING": LOADING,
    "NOAUTH": LOGIN,
    "WRONGPASS": LOGIN,
    "DENIED": LOGIN,
    "NOPERM": NO_RIGHTS,
    "CLUSTERDOWN": CLUSTER_DOWN,
    "MOVED": CLUSTER,
    "ASK": CLUSTER,
    "CROSSSLOT": CLUSTER,
    "TRYAGAIN": CLUSTER_DOWN,
    "MASTERDOWN": MASTER_DOWN,
    "BUSY": BUSY,
    "NOREPLICAS": FEW_REPLICAS,
    "EXECABORT": UNDONE,
}
"""By the word that begins an error reply of Redis."""
ALL_PROBLEMS = tuple(dict.fromkeys([UNREACHABLE, SILENT, *PROBLEMS.values(), UNCONFIRMED, FULL_OF_CLIENTS]))


def problem_of(error: BaseException | None) -> RedisProblem | None:
    """Return the outage that an error means; None for an error of another kind."""
    if not isinstance(error, RedisError):
        return None
    text = without_command(error)
    word = getattr(error, "status_code", None) or text.partition(" ")[0]
    if word == "EXECABORT" or text.startswith("Transaction discarded"):
        found = _IN_TRANSACTION.search(text)
        word = found[1] if found else "EXECABORT"
    if problem := PROBLEMS.get(word) or PROBLEMS.get(text.partition(" ")[0]):
        return problem
    if isinstance(error, (AuthenticationError, AuthorizationError, AuthenticationWrongNumberOfArgsError)):
        return LOGIN
    if text.startswith(_IN_SCRIPT):
        return NO_RIGHTS
    if _NO_CLIENTS in text:
        return FULL_OF_CLIENTS
    if isinstance(error, NotConfirmedError):
        return UNCONFIRMED
    if isinstance(error, RedisTimeoutError):
        return SILENT
    return UNREACHABLE if isinstance(error, RedisConnectionError) else None


def without_command(error: BaseException) -> str:
    """Return what Redis answered, without the command of a pipeline or transaction that redis-py quotes before it."""
    return str(error).rpartition(_IN_PIPELINE)[2]


def is_full(error: BaseException | None) -> bool:
    """Return whether an error means that Redis has no memory left."""
    return problem_of(error) is FULL
