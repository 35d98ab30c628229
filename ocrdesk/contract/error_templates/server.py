"""The English sentences of errors that servers and workers report, by id, with named parameters.

Ids are added, never renamed, and a template keeps the names of its parameters.
"""

from __future__ import annotations

TEMPLATES: dict[str, str] = {
    # files and pages
    "encrypted_pdf": "This PDF is protected with a password. Enter its password and try again.",
    "wrong_password": "This password does not open the PDF. Check it and try again.",
    "signed_pdf": "A change makes the PDF's signature invalid. Allow it (invalidate_signatures) or use another format.",
    "pdf_is_signed": "This PDF is signed. The signature was not checked, and it does not cover this text.",
    "pdf_has_attachments": (
        "This PDF has {count} attached files, which were not read: {names}. Read them with the option attachments."
    ),
    "pdf_has_attachment": "An attached file was not read: {names}. Read it with the option attachments.",
    "pdf_attachments_unread": "These attached files could not be read: {names}. Save them and submit them.",
    "pdfa_impossible": "This PDF cannot become PDF/A: {reason}. Make it without the option pdfa.",
    "pdfa_reason_protected": "it is protected, which PDF/A does not allow; use the option unlock, too",
    "pdfa_reason_fonts": "these fonts are not embedded: {names}",
    "pdfa_reason_cmyk": "it has CMYK colours without a colour profile",
    "pdfa_reason_annotation": "an annotation of the kind {kind} is not allowed or has no appearance",
    "pdfa_reason_external": "it shows content of another file",
    "corrupt_file": (
        "This {kind} is damaged and cannot be opened. Get a fresh copy, or save it again with another program."
    ),
    "no_pages": "This file has no pages.",
    "pages_not_in_file_of_one": "This file has 1 page. None of {wanted} is in it. Choose other pages.",
    "pages_not_in_file": "This file has {count} pages. None of {wanted} is among them. Choose other pages.",
    "pages_left_out_of_one": "This file has 1 page, so these were left out: {missing}.",
    "pages_left_out": "This file has {count} pages, so these were left out: {missing}.",
    "too_many_pages": (
        "This file has {count} pages, but this server accepts at most {limit}. Split it, or raise MAX_PDF_PAGES."
    ),
    "image_too_large": (
        "This image has {width} x {height} pixels, but at most {limit} megapixels are supported. Scale it down and "
        "submit it again."
    ),
    "text_too_small": (
        "This page is so large that it is read from a reduced copy of {width} x {height} pixels, in which its text is "
        "too small. Cut it into parts and submit each of them."
    ),
    "decoder_missing": (
        "This worker cannot read {kind}, because its package {package} is missing or incomplete. Install {package} "
        "again, or save the image as PNG or JPEG and submit that."
    ),
    "out_of_memory": (
        "Reading this takes more than the {limit} MB that a worker may use. Scale the page down, or raise "
        "WORKER_MEMORY_MB."
    ),
    "worker_lacks_language": "The language {names} is not installed on this worker, which has {known}.",
    "worker_lacks_language_remedy": (
        "The language {names} is not installed on this worker, which has {known}. Add it with: {remedy}"
    ),
    "language_data_unusable": (
        "This worker cannot use its data for the language {names}: it is damaged, or made for another version of "
        "Tesseract. Get it again with: {remedy}"
    ),
    "rapid_lacks_script": "The engine rapid cannot read the script of {names}. Use the engine auto or tesseract.",
    "page_timeout": (
        "This page needed more than {limit} s of processing. Raise OCR_TIMEOUT_PER_PAGE, or scale the page down."
    ),
    "unit_stuck": (
        "This did not end within {limit} s, most of which it waited. Submit the file again. If it happens again, the "
        "server needs more processors or memory."
    ),
    "file_timeout": (
        "This file could not be opened with {limit} s of processing. It may be damaged: save it again with another "
        "program."
    ),
    "upload_lost": "The uploaded file is no longer in the server's storage. Submit it again.",
    "result_lost": "The result of this page is no longer in the server's storage. Submit the file again.",
    "text_layer_unusable": (
        "The text layer of this page cannot be used: {reason}. Submit it with mode=auto or mode=force to recognise it."
    ),
    "text_layer_missing": (
        "This page is an image without text of its own. Submit it with mode=auto or mode=force to recognise it."
    ),
    "engine_missing": "The engine {name} is not available on this worker. {reason}",
    "engine_failed": "The recognition engine failed on this page. Submit it again, or scale it.",
    "result_storage_full": "The server has no room left for the result. Free some space, then submit the file again.",
    "export_timeout": "Creating this file needed more than {limit} s of processing. Request fewer pages at a time.",
    "pdf_not_rewritable": (
        "This PDF is too damaged to add the text to it. Export the text in another format, or save the PDF with "
        "another program and submit that."
    ),
    "worker_internal": "Something went wrong inside ocrdesk; the worker's log has the details. Submit the file again.",
    "page_crashed": (
        "Reading this page crashed its process several times, so ocrdesk gave up. The file may be damaged: save or "
        "print it again with another program."
    ),
    "file_crashed": (
        "Opening this file crashed its process several times, so ocrdesk gave up. The file may be damaged: save or "
        "print it again with another program."
    ),
    "export_crashed": (
        "Creating this file crashed its process several times, so ocrdesk gave up. The original may be damaged: "
        "export the text in another format."
    ),
    "page_failed": "Page {numbers} of {count} could not be read. {reason}",
    "pages_failed": "Pages {numbers} of {count} could not be read. {reason}",
    # uploads and their options
    "upload_interrupted": "The upload ended before it was complete. Send it again.",
    "file_too_large": (
        "The file is larger than this server's limit of {limit} MB. Split it, save it smaller, or raise "
        "MAX_FILE_SIZE_MB."
    ),
    "multipart_missing": "Send the file as multipart/form-data in the field `file`, as curl -F file=@NAME does.",
    "multipart_malformed": "The multipart body is malformed: {reason}",
    "multipart_incomplete": "The multipart body ends before its closing boundary. Send it again.",
    "multipart_continues": "The multipart body goes on after its closing boundary. Send nothing after it.",
    "multipart_too_long": "The multipart body has more than {limit} bytes beside the file. Send nothing else with it.",
    "multipart_header_too_long": "A header of the multipart body is too long.",
    "file_missing": "The request contains no file. Send it in the field `file`: curl -F file=@NAME",
    "file_empty": "{name} is empty: it has 0 bytes.",
    "file_type_unsupported": (
        "{name} is not a supported file. Supported formats: {types}. The type is detected from the content, not the "
        "name. Save it as PDF, PNG or JPEG with the program that made it, and submit that."
    ),
    "file_in_other_field": "The file was sent in the field {name}. Send it in `file`: curl -F file=@NAME",
    "several_files": "The request contains two files. Send one file per request.",
    "form_too_many_fields": "The form has more than {limit} fields. Send fewer.",
    "form_field_too_long": "The field {name} is too long. Shorten it.",
    "unknown_option": "There is no option {name}. Options are: {known}.",
    "unknown_engine": "There is no engine {name} on this server. Engines are: {known}.",
    "unknown_mode": "There is no mode {name}. Modes are: {known}.",
    "unknown_format": "There is no format {name}. Formats are: {known}.",
    "auto_language_not_alone": (
        "languages: use {name} on its own. It finds the languages of each page among those installed."
    ),
    "server_lacks_language": "The language {names} is not installed on this server, which has {known}.",
    "server_lacks_language_remedy": (
        "The language {names} is not installed on this server, which has {known}. Add it there with: {remedy}"
    ),
    "option_pages_invalid": "pages: {reason}.",
    "page_range_invalid": "{text} is not a page range; write ranges like 1-3,7,10-",
    "page_range_out_of_order": "{text} is not a page range: pages count from 1, and the lower number comes first",
    "page_range_too_many": "at most {limit} ranges are supported",
    "idempotency_conflict": "Other content was submitted under this Idempotency-Key. Use a new key for a new upload.",
    # webhooks
    "webhook_secret_without_url": "webhook_secret was sent without a webhook_url. Send both, or neither.",
    "webhook_secret_invalid": "webhook_secret must be whsec_ followed by the base64 of 24 to 64 random bytes.",
    "webhook_url_too_long": "webhook_url is longer than {limit} characters. Shorten it.",
    "webhook_url_characters": (
        "webhook_url has characters that a URL must not contain. Encode them with %, and write an international "
        "host name in its xn-- form."
    ),
    "webhook_url_scheme": "webhook_url must begin with https:// or http://.",
    "webhook_url_credentials": "webhook_url must not contain a user name or password; deliveries are signed instead.",
    "webhook_url_fragment": "webhook_url must not have a fragment (#), which is never sent.",
    "webhook_url_brackets": "webhook_url has brackets around something that is not an IPv6 address.",
    "webhook_url_malformed": "webhook_url is malformed: its host or port cannot be read.",
    "webhook_url_port": "webhook_url has the port 0, which no server listens on.",
    "webhook_url_host": "webhook_url has no valid host name.",
    "webhook_url_number": "webhook_url has an address in an unusual form. Write it as four decimal numbers.",
    "webhook_url_private": (
        "webhook_url points to an address that is not public. The server's operator can allow it with "
        "WEBHOOK_ALLOWED_HOSTS."
    ),
    "job_has_no_webhook": "This job has no webhook. Set webhook_url when you submit a file.",
    "webhook_not_due": "This job has not ended, so there is nothing to deliver. Its webhook is called when it ends.",
    # keys and access
    "key_missing_or_wrong": (
        "The API key is missing or wrong. Send it in the header {header}, or as Authorization: Bearer KEY."
    ),
    "key_wrong_on_open_server": (
        "The API key is wrong. This server requires none: leave it out, or send a valid one in the header {header}, "
        "or as Authorization: Bearer KEY."
    ),
    "key_expired": (
        "The API key has expired. Register again, or ask the operator for a new one. Send it in the header "
        "{header}, or as Authorization: Bearer KEY."
    ),
    "key_with_scope_needed": (
        "This requires an API key with the scope {scope}. Send it in the header {header}, or as Authorization: "
        "Bearer KEY."
    ),
    "key_needed": (
        "This request is about an API key, but none was sent. Send it in the header {header}, or as Authorization: "
        "Bearer KEY."
    ),
    "scope_missing": (
        "This API key lacks the scope {scope}; it has {scopes}. Use a key that has it, or ask the operator for it."
    ),
    "metrics_token_needed": (
        "The metrics are protected. Send METRICS_TOKEN as `Authorization: Bearer TOKEN`, or a key with the scope admin."
    ),
    "metrics_off": "The metrics are switched off on this server. Set METRICS_ENABLED.",
    "registration_closed": "Registration is closed on this server. Ask its operator for a key.",
    "already_registered": (
        "This e-mail address already has a key. Use that key, or replace it at /auth/regenerate. If it is lost, ask "
        "the operator to revoke it, then register again."
    ),
    "email_without_at": "email: this is not an e-mail address. It must have an @-sign.",
    "email_invalid": "email: this is not an e-mail address. {reason}",
    "key_not_found": "There is no such key. Keys are removed a month after they end.",
    "keys_cursor_unknown": "after: there is no such key any more. Start again without it.",
    "key_is_local_token": (
        "This is the token of the local server, stored in its data folder. It cannot be changed or revoked here."
    ),
    "key_set_by_operator": "The operator has set this key in API_KEYS. It can only be changed or removed there.",
    "host_not_allowed": "This server does not respond to the name {host}. Add it to ALLOWED_HOSTS.",
    "origin_not_listed": (
        "Web pages of {origin} may not use this server. If they should, add {origin} to its setting CORS_ORIGINS."
    ),
    "origin_of_no_site": (
        "Web pages that belong to no site, such as files opened in a browser, may not use this server. Serve the "
        "page from a web server, and add its origin to CORS_ORIGINS."
    ),
    # jobs and results
    "job_not_found": "There is no such job. It may have expired, been deleted, or belong to another key.",
    "job_running": "The job is still {state}. Poll it, wait with ?wait=30, or follow its events.",
    "job_without_result": "The job has no result: it was {state}.",
    "job_failed": "The job has no result: {reason}",
    "record_unreadable": (
        "The server's record of this job is damaged or was stored by a newer version, so it cannot be read. Submit the "
        "file again, or tell the server's operator. The job can be deleted."
    ),
    "job_not_retriable": "The job is still {state}. Retry it when it has ended.",
    "nothing_to_retry": "Every page of this job was read: there is nothing to retry.",
    "upload_not_kept": "This needs the original file, which the server no longer keeps. Submit it again.",
    "result_incomplete": (
        "Part of this result is missing from the server's storage. The server checks this, and reads lost pages again "
        "if it still has the file. Ask again in {seconds} s."
    ),
    "page_not_read": "Page {number} was not read: the job was {state}.",
    "page_running": "Page {number} is still {state}. Ask again in a moment.",
    "page_not_found": "There is no page {number}: the file has {count}.",
    "page_not_selected": "There is no page {number}: this job reads {pages} of {count}.",
    "file_not_opened": "The file has not been opened yet. Ask again in a moment.",
    "export_running": "This file is still being created. Ask again in a moment, or wait with ?wait=30.",
    "export_needs_newer_workers": (
        "Some workers are of an older version, which cannot create {name} files. Ask again after the upgrade."
    ),
    "jobs_cursor_invalid": "cursor: use the `next_cursor` of the previous page.",
    "job_not_correctable": "Only a finished job can be corrected; this one is {state}.",
    "document_too_large": "This server accepts Documents of at most {limit} MB. Send fewer pages at a time.",
    "if_match_invalid": "If-Match must be the ETag of a result, as sent with its JSON format.",
    "revision_conflict": (
        "The result has changed since: it is at revision {revision}. Fetch it again, then correct that."
    ),
    "document_invalid": "This Document cannot be used: {reason}.",
    "document_of_other_job": "it belongs to the job {job_id}, not to this one",
    "document_page_unknown": "page {number} is not in the job, or appears twice",
    "document_page_unread": "page {number} was not read, so there is nothing to correct",
    "document_box_outside": "page {number}: the box {box} is not within {width} x {height}",
    # the service
    "queue_full": "The server is busy. Try again in about {seconds} s.",
    "rate_limited": "Too many requests. Limit: {limit}",
    "storage_full": "The server has no room for more files. Try again later, or tell its operator.",
    "no_worker_alive": (
        "No worker is alive. Jobs that wait: {jobs}. Start workers with `ocrdesk worker`, or look in their log for why "
        "they ended."
    ),
    "settings_differ": (
        "The workers have other values of {names} than the api. Give both the same values, then restart the workers."
    ),
    "shutting_down": (
        "This server process is stopping and accepted no work from this request. Send it again in a moment."
    ),
    "path_not_found": "There is nothing at {path}.",
    "method_not_allowed": "{path} does not support {method}.",
    "body_too_large": "The body is larger than the limit of {limit} bytes.",
    "http_chunks_too_small": "The body has too many tiny chunks. Send chunks of {size} bytes or more.",
    "http_malformed": ("This is not a valid HTTP request. Check what sends it."),
    "request_timed_out": (
        "The request did not arrive in time. Its headers must arrive within {seconds} s, and its body at {rate} "
        "bytes per second or more. Send it again over a better connection."
    ),
    "headers_too_large": (
        "The request has more than {count} headers, or more than {limit} bytes of them with its address. Send "
        "fewer or shorter ones."
    ),
    "too_many_connections": ("The server has no room for more connections. Close some, or try again in a moment."),
    "request_invalid": "The request is not valid. {problems}",
    "request_problem": "The request is not valid. {reason}.",
    "field_missing": "{field}: this is missing",
    "field_unknown": "{field}: there is no such field",
    "field_empty": "{field}: this must not be empty",
    "field_not_json": "{field}: this is not JSON",
    "field_not_text": "{field}: this must be text",
    "field_too_short": "{field}: this must have {limit} characters or more",
    "field_too_long": "{field}: this may have at most {limit} characters",
    "field_not_integer": "{field}: this must be a whole number",
    "field_not_number": "{field}: this must be a number",
    "field_not_boolean": "{field}: this must be true or false",
    "field_too_small": "{field}: this must be at least {limit}",
    "field_too_large": "{field}: this must be at most {limit}",
    "field_not_above": "{field}: this must be more than {limit}",
    "field_not_below": "{field}: this must be less than {limit}",
    "field_not_in_list": "{field}: this must be {known}",
    "field_not_time": "{field}: this must be a date and a time, such as {example}",
    "field_without_zone": "{field}: this must name its time zone, such as {example}",
    "field_not_list": "{field}: this must be a list",
    "field_list_too_short": "{field}: this must have {limit} entries or more",
    "field_list_too_long": "{field}: this may have at most {limit} entries",
    "field_not_object": "{field}: this must be an object with named fields",
    "field_rejected": "{field}: {reason}",
    "field_invalid": "{field}: this is not valid",
    "server_internal": "Something went wrong inside the server; its log has the details.",
    "server_internal_request": (
        "Something went wrong inside the server; its log has the details under the request id {request_id}."
    ),
    # reasons of the operating system, within other sentences
    "os_permission": "permission denied",
    "os_disk_full": "no space left on the device",
    "os_read_only": "the file system is read-only",
    "os_not_found": "no such file or folder",
    "os_exists": "a file of this name already exists",
    "os_is_folder": "it is a folder",
    "os_not_folder": "a part of the path is not a folder",
    "os_name_too_long": "the name is too long",
    "os_io": "the device reports an input/output error",
    "os_busy": "the device or file is in use",
    "os_too_many_open": "too many files are open",
    "os_address_in_use": "the address is already in use",
    "os_address_unknown": "this machine does not have that address",
    "os_refused": "the connection was refused",
    "os_timeout": "it took too long",
}
