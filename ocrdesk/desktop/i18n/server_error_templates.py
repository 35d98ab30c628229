"""The templates of a server's errors, as literals for the tool that collects the texts to translate."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

TEMPLATES: dict[str, object] = {
    # files and pages
    "encrypted_pdf": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This PDF is protected with a password. Enter its password and try again.",
    ),
    "wrong_password": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This password does not open the PDF. Check it and try again.",
    ),
    "signed_pdf": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "A change makes the PDF's signature invalid. Allow it (invalidate_signatures) or use another format.",
    ),
    "pdf_is_signed": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This PDF is signed. The signature was not checked, and it does not cover this text.",
    ),
    "pdf_has_attachments": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This PDF has {count} attached files, which were not read: {names}. Read them with the option attachments.",
    ),
    "pdf_has_attachment": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "An attached file was not read: {names}. Read it with the option attachments.",
    ),
    "pdf_attachments_unread": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "These attached files could not be read: {names}. Save them and submit them.",
    ),
    "pdfa_impossible": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This PDF cannot become PDF/A: {reason}. Make it without the option pdfa.",
    ),
    "pdfa_reason_protected": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "it is protected, which PDF/A does not allow; use the option unlock, too",
    ),
    "pdfa_reason_fonts": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "these fonts are not embedded: {names}",
    ),
    "pdfa_reason_cmyk": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "it has CMYK colours without a colour profile",
    ),
    "pdfa_reason_annotation": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "an annotation of the kind {kind} is not allowed or has no appearance",
    ),
    "pdfa_reason_external": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "it shows content of another file",
    ),
    "corrupt_file": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This {kind} is damaged and cannot be opened. Get a fresh copy, or save it again with another program.",
    ),
    "no_pages": QT_TRANSLATE_NOOP("ErrorMessages", "This file has no pages."),
    "pages_not_in_file_of_one": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This file has 1 page. None of {wanted} is in it. Choose other pages."
    ),
    "pages_not_in_file": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This file has {count} pages. None of {wanted} is among them. Choose other pages."
    ),
    "pages_left_out_of_one": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This file has 1 page, so these were left out: {missing}."
    ),
    "pages_left_out": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This file has {count} pages, so these were left out: {missing}."
    ),
    "too_many_pages": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This file has {count} pages, but this server accepts at most {limit}. Split it, or raise MAX_PDF_PAGES.",
    ),
    "image_too_large": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This image has {width} x {height} pixels, but at most {limit} megapixels are supported. Scale it down and "
        "submit it again.",
    ),
    "text_too_small": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This page is so large that it is read from a reduced copy of {width} x {height} pixels, in which its text is "
        "too small. Cut it into parts and submit each of them.",
    ),
    "decoder_missing": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This worker cannot read {kind}, because its package {package} is missing or incomplete. Install {package} "
        "again, or save the image as PNG or JPEG and submit that.",
    ),
    "out_of_memory": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "Reading this takes more than the {limit} MB that a worker may use. Scale the page down, or raise "
        "WORKER_MEMORY_MB.",
    ),
    "worker_lacks_language": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The language {names} is not installed on this worker, which has {known}."
    ),
    "worker_lacks_language_remedy": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The language {names} is not installed on this worker, which has {known}. Add it with: {remedy}",
    ),
    "language_data_unusable": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This worker cannot use its data for the language {names}: it is damaged, or made for another version of "
        "Tesseract. Get it again with: {remedy}",
    ),
    "rapid_lacks_script": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The engine rapid cannot read the script of {names}. Use the engine auto or tesseract."
    ),
    "page_timeout": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This page needed more than {limit} s of processing. Raise OCR_TIMEOUT_PER_PAGE, or scale the page down.",
    ),
    "unit_stuck": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This did not end within {limit} s, most of which it waited. Submit the file again. If it happens again, the "
        "server needs more processors or memory.",
    ),
    "file_timeout": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This file could not be opened with {limit} s of processing. It may be damaged: save it again with another "
        "program.",
    ),
    "upload_lost": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The uploaded file is no longer in the server's storage. Submit it again."
    ),
    "result_lost": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The result of this page is no longer in the server's storage. Submit the file again."
    ),
    "text_layer_unusable": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The text layer of this page cannot be used: {reason}. Submit it with mode=auto or mode=force to recognise it.",
    ),
    "text_layer_missing": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This page is an image without text of its own. Submit it with mode=auto or mode=force to recognise it.",
    ),
    "engine_missing": QT_TRANSLATE_NOOP("ErrorMessages", "The engine {name} is not available on this worker. {reason}"),
    "engine_failed": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The recognition engine failed on this page. Submit it again, or scale it."
    ),
    "result_storage_full": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The server has no room left for the result. Free some space, then submit the file again."
    ),
    "export_timeout": QT_TRANSLATE_NOOP(
        "ErrorMessages", "Creating this file needed more than {limit} s of processing. Request fewer pages at a time."
    ),
    "pdf_not_rewritable": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This PDF is too damaged to add the text to it. Export the text in another format, or save the PDF with "
        "another program and submit that.",
    ),
    "worker_internal": QT_TRANSLATE_NOOP(
        "ErrorMessages", "Something went wrong inside ocrdesk; the worker's log has the details. Submit the file again."
    ),
    "page_crashed": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "Reading this page crashed its process several times, so ocrdesk gave up. The file may be damaged: save or "
        "print it again with another program.",
    ),
    "file_crashed": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "Opening this file crashed its process several times, so ocrdesk gave up. The file may be damaged: save or "
        "print it again with another program.",
    ),
    "export_crashed": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "Creating this file crashed its process several times, so ocrdesk gave up. The original may be damaged: "
        "export the text in another format.",
    ),
    "page_failed": QT_TRANSLATE_NOOP("ErrorMessages", "Page {numbers} of {count} could not be read. {reason}"),
    "pages_failed": QT_TRANSLATE_NOOP("ErrorMessages", "Pages {numbers} of {count} could not be read. {reason}"),
    # uploads and their options
    "upload_interrupted": QT_TRANSLATE_NOOP("ErrorMessages", "The upload ended before it was complete. Send it again."),
    "file_too_large": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The file is larger than this server's limit of {limit} MB. Split it, save it smaller, or raise "
        "MAX_FILE_SIZE_MB.",
    ),
    "multipart_missing": QT_TRANSLATE_NOOP(
        "ErrorMessages", "Send the file as multipart/form-data in the field `file`, as curl -F file=@NAME does."
    ),
    "multipart_malformed": QT_TRANSLATE_NOOP("ErrorMessages", "The multipart body is malformed: {reason}"),
    "multipart_incomplete": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The multipart body ends before its closing boundary. Send it again."
    ),
    "multipart_continues": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The multipart body goes on after its closing boundary. Send nothing after it."
    ),
    "multipart_too_long": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The multipart body has more than {limit} bytes beside the file. Send nothing else with it.",
    ),
    "multipart_header_too_long": QT_TRANSLATE_NOOP("ErrorMessages", "A header of the multipart body is too long."),
    "file_missing": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The request contains no file. Send it in the field `file`: curl -F file=@NAME"
    ),
    "file_empty": QT_TRANSLATE_NOOP("ErrorMessages", "{name} is empty: it has 0 bytes."),
    "file_type_unsupported": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "{name} is not a supported file. Supported formats: {types}. The type is detected from the content, not the "
        "name. Save it as PDF, PNG or JPEG with the program that made it, and submit that.",
    ),
    "file_in_other_field": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The file was sent in the field {name}. Send it in `file`: curl -F file=@NAME"
    ),
    "several_files": QT_TRANSLATE_NOOP("ErrorMessages", "The request contains two files. Send one file per request."),
    "form_too_many_fields": QT_TRANSLATE_NOOP("ErrorMessages", "The form has more than {limit} fields. Send fewer."),
    "form_field_too_long": QT_TRANSLATE_NOOP("ErrorMessages", "The field {name} is too long. Shorten it."),
    "unknown_option": QT_TRANSLATE_NOOP("ErrorMessages", "There is no option {name}. Options are: {known}."),
    "unknown_engine": QT_TRANSLATE_NOOP(
        "ErrorMessages", "There is no engine {name} on this server. Engines are: {known}."
    ),
    "unknown_mode": QT_TRANSLATE_NOOP("ErrorMessages", "There is no mode {name}. Modes are: {known}."),
    "unknown_format": QT_TRANSLATE_NOOP("ErrorMessages", "There is no format {name}. Formats are: {known}."),
    "auto_language_not_alone": QT_TRANSLATE_NOOP(
        "ErrorMessages", "languages: use {name} on its own. It finds the languages of each page among those installed."
    ),
    "server_lacks_language": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The language {names} is not installed on this server, which has {known}."
    ),
    "server_lacks_language_remedy": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The language {names} is not installed on this server, which has {known}. Add it there with: {remedy}",
    ),
    "option_pages_invalid": QT_TRANSLATE_NOOP("ErrorMessages", "pages: {reason}."),
    "page_range_invalid": QT_TRANSLATE_NOOP("ErrorMessages", "{text} is not a page range; write ranges like 1-3,7,10-"),
    "page_range_out_of_order": QT_TRANSLATE_NOOP(
        "ErrorMessages", "{text} is not a page range: pages count from 1, and the lower number comes first"
    ),
    "page_range_too_many": QT_TRANSLATE_NOOP("ErrorMessages", "at most {limit} ranges are supported"),
    "idempotency_conflict": QT_TRANSLATE_NOOP(
        "ErrorMessages", "Other content was submitted under this Idempotency-Key. Use a new key for a new upload."
    ),
    # webhooks
    "webhook_secret_without_url": QT_TRANSLATE_NOOP(
        "ErrorMessages", "webhook_secret was sent without a webhook_url. Send both, or neither."
    ),
    "webhook_secret_invalid": QT_TRANSLATE_NOOP(
        "ErrorMessages", "webhook_secret must be whsec_ followed by the base64 of 24 to 64 random bytes."
    ),
    "webhook_url_too_long": QT_TRANSLATE_NOOP(
        "ErrorMessages", "webhook_url is longer than {limit} characters. Shorten it."
    ),
    "webhook_url_characters": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "webhook_url has characters that a URL must not contain. Encode them with %, and write an international "
        "host name in its xn-- form.",
    ),
    "webhook_url_scheme": QT_TRANSLATE_NOOP("ErrorMessages", "webhook_url must begin with https:// or http://."),
    "webhook_url_credentials": QT_TRANSLATE_NOOP(
        "ErrorMessages", "webhook_url must not contain a user name or password; deliveries are signed instead."
    ),
    "webhook_url_fragment": QT_TRANSLATE_NOOP(
        "ErrorMessages", "webhook_url must not have a fragment (#), which is never sent."
    ),
    "webhook_url_brackets": QT_TRANSLATE_NOOP(
        "ErrorMessages", "webhook_url has brackets around something that is not an IPv6 address."
    ),
    "webhook_url_malformed": QT_TRANSLATE_NOOP(
        "ErrorMessages", "webhook_url is malformed: its host or port cannot be read."
    ),
    "webhook_url_port": QT_TRANSLATE_NOOP("ErrorMessages", "webhook_url has the port 0, which no server listens on."),
    "webhook_url_host": QT_TRANSLATE_NOOP("ErrorMessages", "webhook_url has no valid host name."),
    "webhook_url_number": QT_TRANSLATE_NOOP(
        "ErrorMessages", "webhook_url has an address in an unusual form. Write it as four decimal numbers."
    ),
    "webhook_url_private": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "webhook_url points to an address that is not public. The server's operator can allow it with "
        "WEBHOOK_ALLOWED_HOSTS.",
    ),
    "job_has_no_webhook": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This job has no webhook. Set webhook_url when you submit a file."
    ),
    "webhook_not_due": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This job has not ended, so there is nothing to deliver. Its webhook is called when it ends."
    ),
    # keys and access
    "key_missing_or_wrong": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The API key is missing or wrong. Send it in the header {header}, or as Authorization: Bearer KEY.",
    ),
    "key_wrong_on_open_server": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The API key is wrong. This server requires none: leave it out, or send a valid one in the header {header}, "
        "or as Authorization: Bearer KEY.",
    ),
    "key_expired": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The API key has expired. Register again, or ask the operator for a new one. Send it in the header "
        "{header}, or as Authorization: Bearer KEY.",
    ),
    "key_with_scope_needed": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This requires an API key with the scope {scope}. Send it in the header {header}, or as Authorization: "
        "Bearer KEY.",
    ),
    "key_needed": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This request is about an API key, but none was sent. Send it in the header {header}, or as Authorization: "
        "Bearer KEY.",
    ),
    "scope_missing": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This API key lacks the scope {scope}; it has {scopes}. Use a key that has it, or ask the operator for it.",
    ),
    "metrics_token_needed": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The metrics are protected. Send METRICS_TOKEN as `Authorization: Bearer TOKEN`, or a key with the scope "
        "admin.",
    ),
    "metrics_off": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The metrics are switched off on this server. Set METRICS_ENABLED."
    ),
    "registration_closed": QT_TRANSLATE_NOOP(
        "ErrorMessages", "Registration is closed on this server. Ask its operator for a key."
    ),
    "already_registered": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This e-mail address already has a key. Use that key, or replace it at /auth/regenerate. If it is lost, ask "
        "the operator to revoke it, then register again.",
    ),
    "email_without_at": QT_TRANSLATE_NOOP(
        "ErrorMessages", "email: this is not an e-mail address. It must have an @-sign."
    ),
    "email_invalid": QT_TRANSLATE_NOOP("ErrorMessages", "email: this is not an e-mail address. {reason}"),
    "key_not_found": QT_TRANSLATE_NOOP(
        "ErrorMessages", "There is no such key. Keys are removed a month after they end."
    ),
    "keys_cursor_unknown": QT_TRANSLATE_NOOP(
        "ErrorMessages", "after: there is no such key any more. Start again without it."
    ),
    "key_is_local_token": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This is the token of the local server, stored in its data folder. It cannot be changed or revoked here.",
    ),
    "key_set_by_operator": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The operator has set this key in API_KEYS. It can only be changed or removed there."
    ),
    "host_not_allowed": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This server does not respond to the name {host}. Add it to ALLOWED_HOSTS."
    ),
    "origin_not_listed": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "Web pages of {origin} may not use this server. If they should, add {origin} to its setting CORS_ORIGINS.",
    ),
    "origin_of_no_site": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "Web pages that belong to no site, such as files opened in a browser, may not use this server. Serve the "
        "page from a web server, and add its origin to CORS_ORIGINS.",
    ),
    # jobs and results
    "job_not_found": QT_TRANSLATE_NOOP(
        "ErrorMessages", "There is no such job. It may have expired, been deleted, or belong to another key."
    ),
    "job_running": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The job is still {state}. Poll it, wait with ?wait=30, or follow its events."
    ),
    "job_without_result": QT_TRANSLATE_NOOP("ErrorMessages", "The job has no result: it was {state}."),
    "job_failed": QT_TRANSLATE_NOOP("ErrorMessages", "The job has no result: {reason}"),
    "record_unreadable": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The server's record of this job is damaged or was stored by a newer version, so it cannot be read. Submit the "
        "file again, or tell the server's operator. The job can be deleted.",
    ),
    "job_not_retriable": QT_TRANSLATE_NOOP("ErrorMessages", "The job is still {state}. Retry it when it has ended."),
    "nothing_to_retry": QT_TRANSLATE_NOOP(
        "ErrorMessages", "Every page of this job was read: there is nothing to retry."
    ),
    "upload_not_kept": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This needs the original file, which the server no longer keeps. Submit it again."
    ),
    "result_incomplete": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "Part of this result is missing from the server's storage. The server checks this, and reads lost pages again "
        "if it still has the file. Ask again in {seconds} s.",
    ),
    "page_not_read": QT_TRANSLATE_NOOP("ErrorMessages", "Page {number} was not read: the job was {state}."),
    "page_running": QT_TRANSLATE_NOOP("ErrorMessages", "Page {number} is still {state}. Ask again in a moment."),
    "page_not_found": QT_TRANSLATE_NOOP("ErrorMessages", "There is no page {number}: the file has {count}."),
    "page_not_selected": QT_TRANSLATE_NOOP(
        "ErrorMessages", "There is no page {number}: this job reads {pages} of {count}."
    ),
    "file_not_opened": QT_TRANSLATE_NOOP("ErrorMessages", "The file has not been opened yet. Ask again in a moment."),
    "export_running": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This file is still being created. Ask again in a moment, or wait with ?wait=30."
    ),
    "export_needs_newer_workers": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "Some workers are of an older version, which cannot create {name} files. Ask again after the upgrade.",
    ),
    "jobs_cursor_invalid": QT_TRANSLATE_NOOP("ErrorMessages", "cursor: use the `next_cursor` of the previous page."),
    "job_not_correctable": QT_TRANSLATE_NOOP(
        "ErrorMessages", "Only a finished job can be corrected; this one is {state}."
    ),
    "document_too_large": QT_TRANSLATE_NOOP(
        "ErrorMessages", "This server accepts Documents of at most {limit} MB. Send fewer pages at a time."
    ),
    "if_match_invalid": QT_TRANSLATE_NOOP(
        "ErrorMessages", "If-Match must be the ETag of a result, as sent with its JSON format."
    ),
    "revision_conflict": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The result has changed since: it is at revision {revision}. Fetch it again, then correct that.",
    ),
    "document_invalid": QT_TRANSLATE_NOOP("ErrorMessages", "This Document cannot be used: {reason}."),
    "document_of_other_job": QT_TRANSLATE_NOOP("ErrorMessages", "it belongs to the job {job_id}, not to this one"),
    "document_page_unknown": QT_TRANSLATE_NOOP("ErrorMessages", "page {number} is not in the job, or appears twice"),
    "document_page_unread": QT_TRANSLATE_NOOP(
        "ErrorMessages", "page {number} was not read, so there is nothing to correct"
    ),
    "document_box_outside": QT_TRANSLATE_NOOP(
        "ErrorMessages", "page {number}: the box {box} is not within {width} x {height}"
    ),
    # the service
    "queue_full": QT_TRANSLATE_NOOP("ErrorMessages", "The server is busy. Try again in about {seconds} s."),
    "rate_limited": QT_TRANSLATE_NOOP("ErrorMessages", "Too many requests. Limit: {limit}"),
    "storage_full": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The server has no room for more files. Try again later, or tell its operator."
    ),
    "no_worker_alive": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "No worker is alive. Jobs that wait: {jobs}. Start workers with `ocrdesk worker`, or look in their log for why "
        "they ended.",
    ),
    "settings_differ": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The workers have other values of {names} than the api. Give both the same values, then restart the workers.",
    ),
    "shutting_down": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This server process is stopping and accepted no work from this request. Send it again in a moment.",
    ),
    "path_not_found": QT_TRANSLATE_NOOP("ErrorMessages", "There is nothing at {path}."),
    "method_not_allowed": QT_TRANSLATE_NOOP("ErrorMessages", "{path} does not support {method}."),
    "body_too_large": QT_TRANSLATE_NOOP("ErrorMessages", "The body is larger than the limit of {limit} bytes."),
    "http_chunks_too_small": QT_TRANSLATE_NOOP(
        "ErrorMessages", "The body has too many tiny chunks. Send chunks of {size} bytes or more."
    ),
    "http_malformed": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "This is not a valid HTTP request. Check what sends it.",
    ),
    "request_timed_out": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The request did not arrive in time. Its headers must arrive within {seconds} s, and its body at {rate} "
        "bytes per second or more. Send it again over a better connection.",
    ),
    "headers_too_large": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The request has more than {count} headers, or more than {limit} bytes of them with its address. Send "
        "fewer or shorter ones.",
    ),
    "too_many_connections": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "The server has no room for more connections. Close some, or try again in a moment.",
    ),
    "request_invalid": QT_TRANSLATE_NOOP("ErrorMessages", "The request is not valid. {problems}"),
    "request_problem": QT_TRANSLATE_NOOP("ErrorMessages", "The request is not valid. {reason}."),
    "field_missing": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this is missing"),
    "field_unknown": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: there is no such field"),
    "field_empty": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must not be empty"),
    "field_not_json": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this is not JSON"),
    "field_not_text": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be text"),
    "field_too_short": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must have {limit} characters or more"),
    "field_too_long": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this may have at most {limit} characters"),
    "field_not_integer": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be a whole number"),
    "field_not_number": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be a number"),
    "field_not_boolean": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be true or false"),
    "field_too_small": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be at least {limit}"),
    "field_too_large": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be at most {limit}"),
    "field_not_above": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be more than {limit}"),
    "field_not_below": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be less than {limit}"),
    "field_not_in_list": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be {known}"),
    "field_not_time": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be a date and a time, such as {example}"),
    "field_without_zone": QT_TRANSLATE_NOOP(
        "ErrorMessages", "{field}: this must name its time zone, such as {example}"
    ),
    "field_not_list": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be a list"),
    "field_list_too_short": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must have {limit} entries or more"),
    "field_list_too_long": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this may have at most {limit} entries"),
    "field_not_object": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this must be an object with named fields"),
    "field_rejected": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: {reason}"),
    "field_invalid": QT_TRANSLATE_NOOP("ErrorMessages", "{field}: this is not valid"),
    "server_internal": QT_TRANSLATE_NOOP(
        "ErrorMessages", "Something went wrong inside the server; its log has the details."
    ),
    "server_internal_request": QT_TRANSLATE_NOOP(
        "ErrorMessages",
        "Something went wrong inside the server; its log has the details under the request id {request_id}.",
    ),
}
