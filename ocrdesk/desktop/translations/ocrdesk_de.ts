<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>Open files</source>
        <translation>Dateien öffnen</translation>
    </message>
    <message>
        <source>PDFs and images ({endings})</source>
        <translation>PDFs und Bilder ({endings})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>1 page</source>
        <translation>1 Seite</translation>
    </message>
    <message>
        <source>{count} pages</source>
        <translation>{count} Seiten</translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>Wartet aufs Senden</translation>
    </message>
    <message>
        <source>Sending, {percent} %</source>
        <translation>Wird gesendet, {percent} %</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>Wird gesendet</translation>
    </message>
    <message>
        <source>Waiting for its turn</source>
        <translation>Wartet, bis es an der Reihe ist</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>This file was not taken</source>
        <translation>Diese Datei wurde nicht angenommen</translation>
    </message>
    <message>
        <source>This file could not be read</source>
        <translation>Diese Datei konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>Opening the file</source>
        <translation>Datei wird geöffnet</translation>
    </message>
    <message>
        <source>Reading 1 page</source>
        <translation>1 Seite wird gelesen</translation>
    </message>
    <message>
        <source>{done} of {count} pages</source>
        <translation>{done} von {count} Seiten</translation>
    </message>
    <message>
        <source>, {count} not readable</source>
        <translation>, {count} nicht lesbar</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {minutes} min left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>about {hours} h left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused, not sent yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused, {done} of {count} pages read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>{done} of {count} pages read</source>
        <translation>{done} von {count} Seiten gelesen</translation>
    </message>
    <message>
        <source>Finished, {pages}</source>
        <translation>Fertig, {pages}</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Not taken</source>
        <translation>Nicht angenommen</translation>
    </message>
    <message>
        <source>The folder is empty.</source>
        <translation>Der Ordner ist leer.</translation>
    </message>
    <message>
        <source>1 file added</source>
        <translation>1 Datei hinzugefügt</translation>
    </message>
    <message>
        <source>{count} files added</source>
        <translation>{count} Dateien hinzugefügt</translation>
    </message>
    <message>
        <source>{count} of other types skipped</source>
        <translation>{count} anderer Art übergangen</translation>
    </message>
    <message>
        <source>{count} folders could not be opened</source>
        <translation>{count} Ordner konnten nicht geöffnet werden</translation>
    </message>
    <message>
        <source>This server does not have all of the languages {languages}. Add what is missing, or choose others, in the settings under Languages; then send the file again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file is no longer there.</source>
        <translation>Die Datei ist nicht mehr da.</translation>
    </message>
    <message>
        <source>You may not read this file. Check its permissions.</source>
        <translation>Sie dürfen diese Datei nicht lesen. Prüfen Sie ihre Zugriffsrechte.</translation>
    </message>
    <message>
        <source>This is a folder. Open it as a folder.</source>
        <translation>Das ist ein Ordner. Öffnen Sie ihn als Ordner.</translation>
    </message>
    <message>
        <source>The file could not be read: {reason}.</source>
        <translation>Die Datei konnte nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>{name} is removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is added.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is added, but the engine has not taken it up. Stop it and start it again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is no address. It looks like https://ocr.example.org.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave name and password out of the address; the key has its own field.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave everything from ? or # on out of the address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key works, but it may not do this: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server asks for a key. Enter yours in the settings under Servers, or get one there under Keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key has expired. Register again in the settings under Keys, or ask the operator for a new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is wrong, or was revoked. Check it in the settings under Servers, or get another under Keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not trusted: {why}. Check the address, or tell the operator.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No secure connection can be made. If the server has no HTTPS, its address begins with http://</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no host named {host}. Check the address and your network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} does not answer. It may be off, or a firewall may be in between.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What answers there does not speak HTTP. Check the address and the port.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} cannot be reached: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{host} is there, but nothing listens on port {port}. Is the server running, is the port right?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server is at another address: {there}. Use that one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is an ocrdesk server, but it cannot work just now: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something answers at {host}, but it is no ocrdesk server. Check the address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It works, and asks for no key.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key works, but it may not send files: it lacks the scope submit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It works, and the key is right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take the last correction back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make the correction again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Next word to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the next word to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Previous word to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the previous word to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Accept the word</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The word is right as it is; on to the next one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Correct the word…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type the word as it should be</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Find…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in the whole document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>R&amp;eplace…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find and replace in the whole document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find ne&amp;xt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the next hit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find pre&amp;vious</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the previous hit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy pa&amp;ge</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the text of this page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pre&amp;vious page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the previous page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ne&amp;xt page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the next page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Go to page…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a page&apos;s number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page &amp;thumbnails</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show or hide the strip of pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the page larger</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the page smaller</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit &amp;width</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the page as wide as fits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fit p&amp;age</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the page as large as on paper</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Te&amp;xt only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the text of all pages without pictures</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for a keyring…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys are kept in your system&apos;s keyring, never in a file of ocrdesk.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No keyring was found, so a key is kept in memory until ocrdesk is closed, and has to be entered again then. On Linux, GNOME Keyring, KWallet or KeePassXC are keyrings.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keyring is locked or does not answer, so a key is kept in memory until ocrdesk is closed. Unlock the keyring and save the key again to have it kept.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AdminKeys</name>
    <message>
        <source>Everybody&apos;s keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show older</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optional</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Manage keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In 30 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In 90 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In a year</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whom it is for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Begins with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished">Zustand</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Requests</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expired</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Say whom or what the key is for.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose what the key may do.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke the key of {name}? It works no more from this moment on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key of {name} is revoked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not connected just now. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>AppearancePane</name>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished">Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ConflictNotice</name>
    <message>
        <source>Changed by somebody else</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep &amp;mine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take &amp;theirs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else changed a line that you corrected (page {pages}). Yours is not saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Somebody else changed {count} lines that you corrected (pages {pages}). Yours are not saved.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Corrections</name>
    <message>
        <source>{name}: corrections cannot be kept on this computer until they are saved: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Corrections kept on this computer cannot be read: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is no longer there: its {count} corrected lines could not be saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: corrections could not be saved and are kept on this computer: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DropOverlay</name>
    <message>
        <source>Drop to read these files</source>
        <translation>Loslassen, um diese Dateien zu lesen</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>No jobs yet</source>
        <translation>Noch keine Aufträge</translation>
    </message>
    <message>
        <source>Drawing of a page being read</source>
        <translation>Zeichnung einer Seite, die gelesen wird</translation>
    </message>
    <message>
        <source>Drop files or folders here</source>
        <translation>Dateien oder Ordner hier ablegen</translation>
    </message>
    <message>
        <source> or GIF</source>
        <translation> oder GIF</translation>
    </message>
    <message>
        <source>Or paste them with {keys}. Their text appears here, page by page.
{kinds}.</source>
        <translation>Oder mit {keys} einfügen. Ihr Text erscheint hier, Seite für Seite.
{kinds}.</translation>
    </message>
    <message>
        <source>Everything is read on this computer.</source>
        <translation>Alles wird auf diesem Computer gelesen.</translation>
    </message>
    <message>
        <source>Files go to your server.</source>
        <translation>Die Dateien gehen an Ihren Server.</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>Dateien öffnen…</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>Ordner öffnen…</translation>
    </message>
</context>
<context>
    <name>EngineForm</name>
    <message>
        <source>Local engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One a core ({cores})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Let others in the network use it, with a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Apply</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everybody is asked for a key: make keys for others under Keys. What is sent is not encrypted, so share only in a network that you trust. Others can use it while ocrdesk is open here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Workers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting anew…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It does not run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It runs, at {url}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It runs at {url}, started with “ocrdesk serve”; it is stopped and set up there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Others reach it at {where}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Export {count} files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: the file&apos;s name, {number}: its place in this export, {date}: today</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Join the lines of a paragraph</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Leave out headers, footers and page numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Replace files that are there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Format:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>F&amp;older:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation type="unfinished">Ordner öffnen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview of the name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Buttons</source>
        <translation type="unfinished">Schaltflächen</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no {{{field}}}: use {{name}}, {{number}} or {{date}}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} files are written.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not written: {name}: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… and {count} more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder cannot be written to: {reason}. Choose another.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find and replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find in the document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace with</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Match case</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole words only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Previous hit (Shift+F3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Next hit (F3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace &amp;all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace this hit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace all hits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 hit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} hits</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hits</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not connected just now. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The text could not be searched: {reason}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FlatToolBar</name>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Zwischenraum</translation>
    </message>
</context>
<context>
    <name>FreshKey</name>
    <message>
        <source>New key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Message</source>
        <translation type="unfinished">Meldung</translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A key that begins with {prefix}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is in the clipboard. It cannot be shown again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HitsModel</name>
    <message>
        <source>Page {number} of {count}, {day}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobActions</name>
    <message>
        <source>&amp;Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to t&amp;op</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Move to &amp;bottom</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try all again that failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Select all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Filter the list</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobControl</name>
    <message>
        <source>{name}: the server has not kept this file. Open it again to read it once more.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobsPanel</name>
    <message>
        <source>Jobs and their filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter by state</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished</source>
        <translation type="unfinished">Fertig</translation>
    </message>
    <message>
        <source>With trouble</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>JobsView</name>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
</context>
<context>
    <name>KeysPane</name>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For the server at {host}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine on this computer lets this program in without a key. Keys are for others: they need one when the engine is shared on the network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at once</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>after 1 hour</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>after 1 day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>after 7 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The old key ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>May</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last used</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Used for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Get a key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Your name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Register</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The server gives you a key at once and keeps the address with it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not connected just now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You have no key here, and this server lets you in without one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set by the operator</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Never</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>; the one before it on {when}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{requests} requests, {pages} pages, {amount}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>send files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>read results</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>manage everybody&apos;s keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enter your e-mail address and your name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registering…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is your key. The window uses it from now on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace your key by a new one? The old one ends {when}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other programs that use it are shut out then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not connected just now. Try again in a moment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is your new key. The window uses it from now on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The old one ends {when}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke your key? It works no more, for no program, and cannot be brought back. Your jobs on this server can then no longer be seen; the server deletes them by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is revoked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The keyring does not answer and may still have it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key for {name}. Copy it now and hand it over: it is shown only this once.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LanguagesPane</name>
    <message>
        <source>Languages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add from file…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages of this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Language mirror</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages come from a mirror, a web folder that somebody you trust made with “ocrdesk languages index”, or from files named as fra.traineddata.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Send the files again that were not taken</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages that this computer reads.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages that the server at {host} reads. Its operator adds and removes them.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not connected just now, so the server&apos;s languages are not known.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>added here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in a folder of yours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>comes with ocrdesk</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the system&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>can be added, {size} MB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add a language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages (*.traineddata)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {name}? It can be added again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 file is sent again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} files are sent again.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LibraryFilters</name>
    <message>
        <source>Search</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search in everything that was read</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All words must be on the page. Put &quot;words in a row&quot; between quotation marks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Any time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last 365 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All servers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LibraryPlace</name>
    <message>
        <source>&amp;Library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search in everything that was read (Ctrl+L)</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LibraryView</name>
    <message>
        <source>Library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Library settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search and what it found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stored document</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text</source>
        <translation type="unfinished">Text</translation>
    </message>
    <message>
        <source>Found and text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} documents</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The best {count} pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 page</source>
        <translation type="unfinished">1 Seite</translation>
    </message>
    <message>
        <source>{count} pages</source>
        <translation type="unfinished">{count} Seiten</translation>
    </message>
    <message>
        <source>The library is switched off: nothing that is read is kept. Its settings switch it on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is here yet. What is read is kept here, and can be searched when it is read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was found. Try fewer words, or other filters.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete the stored text of {name}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleting…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>ocrdesk</source>
        <translation>ocrdesk</translation>
    </message>
    <message>
        <source>List and text</source>
        <translation>Liste und Text</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>Inhalt</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Job</source>
        <translation>&amp;Auftrag</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Export</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Manners</name>
    <message>
        <source>1 file was read</source>
        <translation>1 Datei wurde gelesen</translation>
    </message>
    <message>
        <source>{count} files were read</source>
        <translation>{count} Dateien wurden gelesen</translation>
    </message>
    <message>
        <source>1 could not be read</source>
        <translation>1 konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>{failed} could not be read</source>
        <translation>{failed} konnten nicht gelesen werden</translation>
    </message>
</context>
<context>
    <name>MannersPane</name>
    <message>
        <source>Behaviour</source>
        <translation>Verhalten</translation>
    </message>
    <message>
        <source>Show an &amp;icon in the system tray</source>
        <translation>&amp;Symbol in der Symbolleiste des Systems zeigen</translation>
    </message>
    <message>
        <source>&amp;Stay in the tray when the window is closed</source>
        <translation>Beim Schließen des Fensters dort &amp;weiterlaufen</translation>
    </message>
    <message>
        <source>Show a &amp;message when all files are read and the window is not in front</source>
        <translation>&amp;Melden, wenn alle Dateien gelesen sind und das Fenster nicht vorn ist</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>Sprache des Fensters</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>&amp;Language of the window:</source>
        <translation>S&amp;prache des Fensters:</translation>
    </message>
    <message>
        <source>The window has the new language after its next start.</source>
        <translation>Das Fenster hat die neue Sprache nach dem nächsten Start.</translation>
    </message>
    <message>
        <source>This desktop has no tray, so there is no icon now.</source>
        <translation>Diese Arbeitsumgebung hat keine solche Leiste, daher gibt es jetzt kein Symbol.</translation>
    </message>
</context>
<context>
    <name>NewJobs</name>
    <message>
        <source>New jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages of new jobs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Automatic: Tesseract, and a second reader for what it doubts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tesseract</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tesseract as a program of its own</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The neural reader alone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep a PDF&apos;s good text, read the rest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read every page anew</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take a PDF&apos;s own text only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Engine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>PDF pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tick the languages of your files, the most important one first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Find each page&apos;s language (auto)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (not on this server)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Each page&apos;s language is found among those that are there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New jobs are read as {languages}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Message</source>
        <translation type="unfinished">Meldung</translation>
    </message>
</context>
<context>
    <name>OutActions</name>
    <message>
        <source>&amp;Export…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Write the selected results to files (Ctrl+E)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Join lines when copying</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageBar</name>
    <message>
        <source>Page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Page number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zoom: {percent} %</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageStrip</name>
    <message>
        <source>Pages</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageTextView</name>
    <message>
        <source>Text of the page</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Page picture</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <source>Note</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PaneDialog</name>
    <message>
        <source>Buttons</source>
        <translation>Schaltflächen</translation>
    </message>
</context>
<context>
    <name>PictureStore</name>
    <message>
        <source>The picture could not be kept in {folder}: {reason}.</source>
        <translation>Das Bild konnte nicht in {folder} abgelegt werden: {reason}.</translation>
    </message>
</context>
<context>
    <name>PrivacyPane</name>
    <message>
        <source>Privacy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>ocrdesk sends nothing to anybody but the server that you use, and counts nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files and texts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>API keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files are sent to {host} and kept there with their texts, a day long unless its operator decided otherwise. Removing a job from the list deletes it there at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies of the files and their texts lie in {folder} for a day after a job&apos;s end; removing a job from the list deletes them at once. Nothing leaves this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}: servers&apos; names and addresses, the window&apos;s size, choices made here; no keys.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages that you added are in {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The engine&apos;s log is {file}. It has no texts, file names or keys.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PurgeMenu</name>
    <message>
        <source>Library settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Keep recognised text in the library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Delete this document…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete what is &amp;older than…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete &amp;everything…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Library</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stored text is deleted for good. The files themselves, and jobs in the list, stay.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete stored text that is older than so many days:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete everything in the library?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RegionCapture</name>
    <message>
        <source>The screen gave no picture. Allow ocrdesk to record the screen in the system&apos;s settings.</source>
        <translation>Der Bildschirm lieferte kein Bild. Erlauben Sie ocrdesk in den Systemeinstellungen, den Bildschirm aufzunehmen.</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Bildschirm</translation>
    </message>
</context>
<context>
    <name>RegionReader</name>
    <message>
        <source>No part of the screen was chosen.</source>
        <translation>Es wurde kein Teil des Bildschirms gewählt.</translation>
    </message>
    <message>
        <source>The text is on the clipboard now.</source>
        <translation>Der Text ist jetzt in der Zwischenablage.</translation>
    </message>
    <message>
        <source>Reading the part of the screen…</source>
        <translation>Der Teil des Bildschirms wird gelesen…</translation>
    </message>
    <message>
        <source>the connection was lost; its text is in the list later on</source>
        <translation>die Verbindung ging verloren; der Text steht später in der Liste</translation>
    </message>
    <message>
        <source>No text was found in that part of the screen.</source>
        <translation>In diesem Teil des Bildschirms wurde kein Text gefunden.</translation>
    </message>
    <message>
        <source>The text is on the clipboard.</source>
        <translation>Der Text ist in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The text is ready. Come to the ocrdesk window, and it is on the clipboard.</source>
        <translation>Der Text ist fertig. Wechseln Sie zum Fenster von ocrdesk, dann ist er in der Zwischenablage.</translation>
    </message>
    <message>
        <source>The part of the screen could not be read: {reason}</source>
        <translation>Der Teil des Bildschirms konnte nicht gelesen werden: {reason}</translation>
    </message>
</context>
<context>
    <name>ReviewActions</name>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Page</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReviewPane</name>
    <message>
        <source>Review</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation type="unfinished">Wird geladen…</translation>
    </message>
    <message>
        <source>Picture and text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture of the page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Words of the page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This page could not be read: {reason}</source>
        <translation type="unfinished">Diese Seite konnte nicht gelesen werden: {reason}</translation>
    </message>
    <message>
        <source>No text on this page.</source>
        <translation type="unfinished">Kein Text auf dieser Seite.</translation>
    </message>
    <message>
        <source>Drawing the page…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accept</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Correct</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replaced in 1 line.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replaced in {count} lines.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ScreenPortal</name>
    <message>
        <source>There is no session bus here, so the screen cannot be read.</source>
        <translation>Hier gibt es keinen Sitzungsbus, daher kann der Bildschirm nicht gelesen werden.</translation>
    </message>
    <message>
        <source>This desktop has no portal for screenshots. Install xdg-desktop-portal and the part for your desktop (as xdg-desktop-portal-gnome, -kde or -wlr), then log in again.</source>
        <translation>Diese Arbeitsumgebung hat kein Portal für Bildschirmfotos. Installieren Sie xdg-desktop-portal und den Teil für Ihre Umgebung (etwa xdg-desktop-portal-gnome, -kde oder -wlr) und melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>The desktop&apos;s portal gave no picture: {reason}</source>
        <translation>Das Portal der Arbeitsumgebung lieferte kein Bild: {reason}</translation>
    </message>
    <message>
        <source>The desktop did not allow a picture of the screen. Allow screenshots for ocrdesk in the system&apos;s settings, and start it again from the window itself.</source>
        <translation>Die Arbeitsumgebung hat kein Bild des Bildschirms erlaubt. Erlauben Sie ocrdesk in den Systemeinstellungen Bildschirmfotos, und starten Sie es noch einmal aus dem Fenster selbst.</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ServerBadge</name>
    <message>
        <source>Servers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files are read on this computer and do not leave it. Press to use a server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent to {host}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files are sent to {host} and read there. Press to use another server.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server: {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Manage servers…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ServerForm</name>
    <message>
        <source>Server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forget key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>API key</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is one; type to replace it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>None</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving the key…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved; the key is in the keyring.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved. The key could not be put into a keyring: it is kept until ocrdesk is closed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The key is forgotten here. On the server it stays valid until it is revoked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ServerSwitch</name>
    <message>
        <source>This computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 file still goes to {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left} files still go to {name}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ServersPane</name>
    <message>
        <source>Servers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Add server…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use this server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Jobs are of one server at a time. Each server has a list of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (in use)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove {name} from the list? What the server has of yours stays there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that wait to be sent there ({left}) are given up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove server</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>{name}: not connected just now. Try again in a moment.</source>
        <translation>{name}: gerade nicht verbunden. Versuchen Sie es gleich noch einmal.</translation>
    </message>
</context>
<context>
    <name>SettingsDoor</name>
    <message>
        <source>&amp;Settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A language is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings of</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Servers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Languages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pane</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShortcutsPane</name>
    <message>
        <source>Shortcuts</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All as they come</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose an action, press its new keys, and set them. Without keys it has none.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Action</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Columns</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{keys} belongs to “{other}”. Take it from there, or press other keys.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StatusStrip</name>
    <message>
        <source>Status</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Last message</source>
        <translation>Letzte Meldung</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Mend it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connect</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Starting the local engine…</source>
        <translation>Das lokale Programm zum Lesen startet…</translation>
    </message>
    <message>
        <source>Connecting to the server…</source>
        <translation>Verbindung zum Server wird aufgebaut…</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>The connection was lost; trying again…</source>
        <translation>Die Verbindung ging verloren; neuer Versuch…</translation>
    </message>
    <message>
        <source>The local engine is stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The local engine could not start</source>
        <translation>Das lokale Programm zum Lesen konnte nicht starten</translation>
    </message>
    <message>
        <source>The server cannot be used</source>
        <translation>Der Server ist nicht zu benutzen</translation>
    </message>
</context>
<context>
    <name>StoredText</name>
    <message>
        <source>Stored text</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TextPane</name>
    <message>
        <source>Selected job</source>
        <translation>Gewählter Auftrag</translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation>Text kopieren</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>This file was not taken</source>
        <translation>Diese Datei wurde nicht angenommen</translation>
    </message>
    <message>
        <source>This file could not be read</source>
        <translation>Diese Datei konnte nicht gelesen werden</translation>
    </message>
    <message>
        <source>Select a file to read its text.</source>
        <translation>Wählen Sie eine Datei, um ihren Text zu lesen.</translation>
    </message>
    <message>
        <source>Cancelled before any page was read.</source>
        <translation>Abgebrochen, bevor eine Seite gelesen war.</translation>
    </message>
    <message>
        <source>No text was found.</source>
        <translation>Es wurde kein Text gefunden.</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen…</translation>
    </message>
    <message>
        <source>The text appears here, page by page.</source>
        <translation>Der Text erscheint hier, Seite für Seite.</translation>
    </message>
</context>
<context>
    <name>TextView</name>
    <message>
        <source>Recognised text</source>
        <translation>Erkannter Text</translation>
    </message>
    <message>
        <source>Page {number}</source>
        <translation>Seite {number}</translation>
    </message>
    <message>
        <source>This page could not be read: {reason}</source>
        <translation>Diese Seite konnte nicht gelesen werden: {reason}</translation>
    </message>
    <message>
        <source>No text on this page.</source>
        <translation>Kein Text auf dieser Seite.</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>&amp;Open ocrdesk</source>
        <translation>ocrdesk &amp;öffnen</translation>
    </message>
    <message>
        <source>Read a part of the &amp;screen</source>
        <translation>Teil des B&amp;ildschirms lesen</translation>
    </message>
    <message>
        <source>&amp;Pause watched folders</source>
        <translation>Überwachte Ordner &amp;anhalten</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
</context>
<context>
    <name>UnsentKeeper</name>
    <message>
        <source>The file is no longer there. It was moved, renamed or deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The list of unsent files could not be kept ({why}). Leave the window open until they are sent.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>UsageChart</name>
    <message>
        <source>Requests on each of the last days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not used in these days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{total} requests in {days} days, most on {date}: {most}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{date}: {requests} requests, {pages} pages</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WatchPane</name>
    <message>
        <source>Watched folders</source>
        <translation>Überwachte Ordner</translation>
    </message>
    <message>
        <source>&amp;Watch these folders, and read what is put into them</source>
        <translation>Diese Ordner &amp;überwachen und lesen, was hineingelegt wird</translation>
    </message>
    <message>
        <source>When adding, &amp;also read the files that are there already</source>
        <translation>Beim Hinzufügen &amp;auch die Dateien lesen, die schon da sind</translation>
    </message>
    <message>
        <source>A&amp;dd…</source>
        <translation>&amp;Hinzufügen…</translation>
    </message>
    <message>
        <source>Add a folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>Remove the selected folder</source>
        <translation>Den gewählten Ordner entfernen</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}. It is tried again by itself.</source>
        <translation>{path} kann nicht gelesen werden: {reason}. Es wird von selbst wieder versucht.</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
</context>
<context>
    <name>WaysIn</name>
    <message>
        <source>&amp;Paste</source>
        <translation>&amp;Einfügen</translation>
    </message>
    <message>
        <source>Read a part of the &amp;screen</source>
        <translation>Teil des B&amp;ildschirms lesen</translation>
    </message>
    <message>
        <source>&amp;Watched folders…</source>
        <translation>&amp;Überwachte Ordner…</translation>
    </message>
    <message>
        <source>&amp;Behaviour…</source>
        <translation>&amp;Verhalten…</translation>
    </message>
    <message>
        <source>There is no picture and no file on the clipboard.</source>
        <translation>In der Zwischenablage ist kein Bild und keine Datei.</translation>
    </message>
    <message>
        <source>There is no such file: {path}</source>
        <translation>Diese Datei gibt es nicht: {path}</translation>
    </message>
    <message>
        <source>Pasted</source>
        <translation>Eingefügt</translation>
    </message>
    <message>
        <source>1 file from a watched folder</source>
        <translation>1 Datei aus einem überwachten Ordner</translation>
    </message>
    <message>
        <source>{count} files from watched folders</source>
        <translation>{count} Dateien aus überwachten Ordnern</translation>
    </message>
</context>
<context>
    <name>WindowActions</name>
    <message>
        <source>&amp;Open files…</source>
        <translation>&amp;Dateien öffnen…</translation>
    </message>
    <message>
        <source>Choose files to read</source>
        <translation>Dateien zum Lesen wählen</translation>
    </message>
    <message>
        <source>Open &amp;folder…</source>
        <translation>&amp;Ordner öffnen…</translation>
    </message>
    <message>
        <source>Read all files in a folder</source>
        <translation>Alle Dateien eines Ordners lesen</translation>
    </message>
    <message>
        <source>&amp;Copy text</source>
        <translation>Text &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy the selected text, or all of it</source>
        <translation>Den markierten Text kopieren, oder allen</translation>
    </message>
    <message>
        <source>C&amp;ancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Stop reading the selected files</source>
        <translation>Die gewählten Dateien nicht weiterlesen</translation>
    </message>
    <message>
        <source>&amp;Remove from list</source>
        <translation>Aus der Liste &amp;entfernen</translation>
    </message>
    <message>
        <source>Remove the selected entries from the list and the server; files and library stay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
</context>
<context>
    <name>WordEditor</name>
    <message>
        <source>Put the word right</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The word on the page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Corrected word</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>WordsBar</name>
    <message>
        <source>Words to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{count} to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing to check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kept here until the server is back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved: changed by somebody else</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved; kept here</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_PagesModel</name>
    <message>
        <source>Page {number}</source>
        <translation type="unfinished">Seite {number}</translation>
    </message>
</context>
<context>
    <name>_Sheet</name>
    <message>
        <source>Choose a part of the screen</source>
        <translation>Einen Teil des Bildschirms wählen</translation>
    </message>
    <message>
        <source>Drag a rectangle over the text. Or move with the arrow keys and set two corners with Enter.</source>
        <translation>Ziehen Sie ein Rechteck über den Text. Oder bewegen Sie das Kreuz mit den Pfeiltasten und setzen Sie zwei Ecken mit der Eingabetaste.</translation>
    </message>
    <message>
        <source>Drag over the text to read.  Keyboard: arrows, Enter.  Leave: Esc</source>
        <translation>Über den Text ziehen.  Tastatur: Pfeile, Eingabe.  Verlassen: Esc</translation>
    </message>
</context>
</TS>
