"""The English sentences of errors on the user's own machine, by id, with named parameters.

Ids are added, never renamed, and a template keeps the names of its parameters.
"""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    # the connection to a server
    "server_unreachable": "No server responds at {address}. Check the address, and that the server is running.",
    "server_timeout": "{address} did not respond in time. Try again later.",
    "connection_lost": "The connection to {address} was lost ({kind}). Try again.",
    "client_closed": "This client was closed.",
    "not_an_ocrdesk_server": (
        "{address} sent a response that is not a valid {kind}. Check that it is an ocrdesk server."
    ),
    "http_status": "The server responded with {status}.",
    # the local server
    "no_local_server_on_windows": (
        "Windows cannot run the local server. Run one in WSL or in a container, and connect to its address."
    ),
    "local_server_not_installed": ("The local server is not installed (missing: {part}). Get it with: {remedy}"),
    "local_server_not_started": "The local server could not start: {reason} (its log: {log})",
    "local_server_left_no_reason": "it gave no reason.",
    "local_server_silent": "The local server did not respond within {limit} s. See {log}.",
    "local_server_still_stopping": "The local server in {folder} does not stop. See {log}.",
    "local_server_does_not_end": "The local server (process {pid}) does not stop. See {log}.",
    "local_server_gone": "The local server has ended unexpectedly. Try again: it is started again then.",
    "local_server_cannot_save": (
        "The local server cannot save its data in {folder}, so it accepts no work. Make room on the disk that holds "
        "this folder, and check that you can write to it; then try again."
    ),
    "local_server_part_missing": (
        "A part of the local server does not respond. It is started again if it has ended, so try again in a moment. "
        "If that does not help, {log} has the reason."
    ),
    "local_server_data_unusable": (
        "The local server cannot open its list of jobs in {folder}: {reason}. If this happens again, rename this "
        "folder; the server then starts with an empty list. Your own files are not changed by that."
    ),
    "local_server_run_by_serve": (
        "This server was started with `ocrdesk serve` (process {pid}). Stop it there, with Ctrl-C."
    ),
    "local_server_already_running": (
        "An ocrdesk server already uses {folder}: process {pid} at {url}. Use that one, stop it first, or choose "
        "another folder with --data-dir."
    ),
    "local_server_already_starting": (
        "An ocrdesk server that is starting or stopping already uses {folder}. Wait a moment, or choose another "
        "folder with --data-dir."
    ),
    "local_server_not_ready": (
        "The server was not ready within {limit} s. The log lines before this one have the details."
    ),
    "local_server_part_ended": (
        "The {part} ended while starting (exit code {exit_code}). The log lines before this one have the details."
    ),
    "valkey_missing": ("No Valkey or Redis server was found. Get one with: {remedy} (or apt-get install redis-server)"),
    "port_unusable": "Cannot listen on {host} port {port}: {reason}. Choose another with --port.",
    "folder_of_other_user": "{folder} belongs to another user. Choose another folder with --data-dir.",
    "folder_unusable": "{folder} cannot be used: {reason}. Choose another with --data-dir.",
    "folder_writable_by_others": (
        "Other users can write to {folder}. Forbid it (chmod go-w), or choose another folder with --data-dir."
    ),
    "folder_path_too_long": (
        "The path {folder} is too long for sockets in it. Set XDG_RUNTIME_DIR to a private folder with a short path."
    ),
    "run_folder_of_others": (
        "{folder}, which is for sockets, belongs to other users, or they can write to it. Remove it, or set "
        "XDG_RUNTIME_DIR to a private folder of your own."
    ),
    "file_unusable": ("{file} cannot be used: {reason}. Move it away, or choose another folder with --data-dir."),
    "local_server_token_missing": (
        "The local server runs, but its file {file} cannot be read. Stop the server (process {pid}) and try again."
    ),
    "folder_is_link": "{folder} is a symbolic link. Remove it, or set XDG_RUNTIME_DIR.",
    "folder_disk_full": (
        "There is no room left on the device that holds {folder} ({free} MB are free). Make room there, or choose "
        "another folder with --data-dir."
    ),
    # languages of this machine
    "languages_need_worker": (
        "This installation does not recognise text itself: its languages are those of the server it connects to. "
        "For recognition on this machine: {remedy}"
    ),
    "languages_not_listed": "The worker cannot list its languages: {reason}",
    "language_worker_timeout": "The worker does not respond. Run `ocrdesk doctor` to find out why.",
    "language_file_name": "{path}: a language's file is named after it, for example {example}. Rename it.",
    "language_file_unreadable": "{path} cannot be read: {reason}.",
    "language_file_unusable": "{path} cannot be used: {reason}.",
    "language_data_invalid": "The data for {name} cannot be used: {reason}.",
    "tesseract_rejects_data": "Tesseract cannot use it",
    "not_traineddata": "it is not a traineddata file",
    "traineddata_incomplete": "its end is missing",
    "traineddata_lacks_parts": "it lacks {missing}, so Tesseract 5 cannot use it",
    "language_file_not_ours": "{file} exists and was not added by ocrdesk. Replace it with --force.",
    "language_file_changed": "{file} was changed since it was added. Delete it yourself if you no longer need it.",
    "language_of_system": (
        "{name} belongs to the system ({file}) and was not added by ocrdesk. Remove it with: {remedy}"
    ),
    "language_bundled": "{name} is part of ocrdesk's packages ({file}) and cannot be removed.",
    "language_not_added": "{file} was not added by ocrdesk. Delete it yourself if you no longer need it.",
    "language_not_installed": "{name} is not installed.",
    "languages_busy": "Another ocrdesk is adding languages to {folder}. Try again later.",
    "languages_folder_unwritable": (
        "{folder} cannot be written to: {reason}. Fix that, or choose another folder with --data-dir "
        "(OCRDESK_DATA_DIR)."
    ),
    "languages_disk_full": (
        "There is not enough room in {folder}. Free some space and try again, or choose another folder with "
        "--data-dir (OCRDESK_DATA_DIR)."
    ),
    # the language mirror
    "mirror_address_invalid": (
        "The address of the language mirror, {mirror}, cannot be used: it must begin with http:// or https:// and "
        "name a folder."
    ),
    "mirror_unreachable": (
        "The language mirror {mirror} cannot be reached, or the connection was lost: {reason}. Try again later."
    ),
    "mirror_status": "The language mirror {mirror} responds with {status}. Try again later.",
    "mirror_lacks_file": "The language mirror {mirror} has no {file} (it responds with {status}).",
    "mirror_lacks_index": (
        "The language mirror {mirror} has no {file} (it responds with {status}). Create it with `ocrdesk languages "
        "index FOLDER`."
    ),
    "mirror_index_too_large": "The index of the language mirror {mirror} is too large to be one.",
    "mirror_index_invalid": (
        "The index of the language mirror {mirror} cannot be used: {reason}. Create it again with `ocrdesk "
        "languages index FOLDER`."
    ),
    "mirror_file_differs": (
        "The language mirror {mirror} sends a {file} that differs from its index (another SHA-256). Try again; if "
        "that does not help, its index must be created again."
    ),
    "mirror_file_too_large": (
        "The language mirror {mirror} sends a {file} that is larger than its index says. Its index must be created "
        "again."
    ),
    "mirror_cannot_resume": "The language mirror {mirror} does not resume {file}. Try again.",
    "mirror_interrupted": (
        "The download of {file} from the language mirror {mirror} was interrupted at {done} of {size} bytes. Try again."
    ),
    "mirror_lacks_language": "The language mirror {mirror} no longer has {name}.",
    # the library
    "library_disk_full": "There is no room left on the disk, so nothing is added to the library. Make room there.",
    "library_locked": (
        "Another window or program is using the library. What is missing is added when it is free again; searches work "
        "then, too."
    ),
    "library_file_damaged": (
        "The library's file {file} is damaged. Move it away to start again; texts still on the server are added again."
    ),
    "library_file_unusable": (
        "The library's file {file} cannot be used. Check that you can read and write it, or move it away."
    ),
    "library_folder_unusable": "The library's folder cannot be used: {reason}.",
    "library_newer": "A newer ocrdesk created this library. Use that version, or move the library's file away.",
    "library_without_search": (
        "The library cannot be used: this Python's SQLite has no full-text search (FTS5). Install a Python whose "
        "SQLite has it, for example the one from python.org."
    ),
    "library_failed": "The library cannot be used: {reason}.",
}
