"""The English sentences of outages, and of work that is refused because it is too much, by id."""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    "redis_unavailable": (
        "The server cannot reach Redis, so it accepts no work. Try again in a moment. Its operator starts Redis, or "
        "corrects REDIS_URL."
    ),
    "redis_silent": (
        "Redis did not answer in time, so the server accepts no work. Try again in a moment. Its operator finds out "
        "what keeps Redis busy, for instance with SLOWLOG GET."
    ),
    "redis_full": (
        "Redis has no memory left, so the server accepts no work. Delete jobs that are no longer needed, or try "
        "again later. Its operator raises maxmemory, lowers RESULT_TTL, or sets STORAGE_URL to keep files outside "
        "Redis."
    ),
    "redis_read_only": (
        "Redis is a read-only replica, so the server accepts no work. Try again in a moment. Its operator lets "
        "REDIS_URL lead to the primary, or makes this one the primary with REPLICAOF NO ONE."
    ),
    "redis_cannot_save": (
        "Redis cannot save its data, so it refuses changes and the server accepts no work. Try again later. Its "
        "operator makes room on Redis's disk, or lets Redis write to its folder; the log of Redis says which."
    ),
    "redis_loading": (
        "Redis is loading its data after a start, so the server accepts no work yet. Try again in a moment."
    ),
    "redis_login": (
        "Redis refuses the server's login, so the server accepts no work. Try again later. Its operator corrects the "
        "user and the password in REDIS_URL."
    ),
    "redis_no_rights": (
        "The server's user of Redis lacks rights, so the server accepts no work. Try again later. Its operator "
        "allows it all commands on all keys: ACL SETUSER NAME ~* &* +@all"
    ),
    "redis_cluster_down": (
        "A part of the Redis cluster is unavailable, so the server accepts no work. Try again in a moment. Its "
        "operator repairs the cluster; CLUSTER INFO says what is missing."
    ),
    "redis_is_cluster": (
        "REDIS_URL names one node of a Redis cluster, so the server accepts no work. Try again later. Its operator "
        "writes it as redis+cluster://HOST:PORT, with several of the nodes."
    ),
    "redis_master_down": (
        "Redis is a replica that has lost its primary, so the server accepts no work. Try again in a moment. Its "
        "operator starts the primary, or lets REDIS_URL lead to it."
    ),
    "redis_busy": (
        "Redis is busy with a script, so the server accepts no work. Try again in a moment. Its operator can end the "
        "script with SCRIPT KILL."
    ),
    "redis_few_replicas": (
        "Redis has fewer replicas than it needs to accept changes, so the server accepts no work. Try again in a "
        "moment. Its operator starts the replicas, or lowers min-replicas-to-write."
    ),
    "redis_unconfirmed": (
        "Too few replicas of Redis confirm changes, so it is not certain that this one lasts. Try again in a moment. "
        "The server's operator starts the replicas, or lowers REDIS_REPLICAS."
    ),
    "redis_many_clients": (
        "Redis accepts no more connections, so the server accepts no work. Try again in a moment. Its operator "
        "raises maxclients."
    ),
    "caller_work_limit": (
        "Work of other callers waits, and yours has used {used} s of the workers' time in the last {window} minutes; "
        "the limit is {limit} s. Try again in about {seconds} s."
    ),
    "pdf_too_many_objects": (
        "This PDF has {count} objects, but at most {limit} are supported. Save it again with another program (print "
        "it to PDF), or split it, and submit that."
    ),
    "pdf_stream_too_large": (
        "A part of this PDF grows to more than {limit} MB when it is unpacked. Save it again with another program "
        "(print it to PDF), and submit that."
    ),
    "file_too_many_pages": (
        "This file has {count} pages, but at most {limit} are supported. Split it, and submit the parts."
    ),
    "storage_unavailable": (
        "The server cannot use its storage of files ({reason}), so it accepts no work. Try again later. Its operator "
        "checks that the folder or bucket in STORAGE_URL can be reached and written, or restarts the server to begin "
        "with a new one."
    ),
}
