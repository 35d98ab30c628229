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
        <translation>Noch nicht gesendet</translation>
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
        <translation>In der Warteschlange</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
    <message>
        <source>This file was not accepted</source>
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
        <translation>noch weniger als eine Minute</translation>
    </message>
    <message>
        <source>about {minutes} min left</source>
        <translation>noch etwa {minutes} min</translation>
    </message>
    <message>
        <source>about {hours} h left</source>
        <translation>noch etwa {hours} h</translation>
    </message>
    <message>
        <source>Paused, not sent yet</source>
        <translation>Angehalten, noch nicht gesendet</translation>
    </message>
    <message>
        <source>Paused, {done} of {count} pages read</source>
        <translation>Angehalten, {done} von {count} Seiten gelesen</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
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
        <source>Not accepted</source>
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
        <translation>{count} mit anderem Dateityp übersprungen</translation>
    </message>
    <message>
        <source>{count} folders could not be opened</source>
        <translation>{count} Ordner konnten nicht geöffnet werden</translation>
    </message>
    <message>
        <source>This server does not have all of the languages {languages}. Add what is missing, or choose others, in the settings under Languages; then send the file again.</source>
        <translation>Dieser Server hat nicht alle der Sprachen {languages}. Fügen Sie in den Einstellungen unter „Sprachen“ hinzu, was fehlt, oder wählen Sie dort andere; senden Sie die Datei dann noch einmal.</translation>
    </message>
    <message>
        <source>The file is no longer there.</source>
        <translation>Die Datei ist nicht mehr da.</translation>
    </message>
    <message>
        <source>You do not have permission to read this file. Check its permissions.</source>
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
        <source>This is not an address. An address looks like https://ocr.example.org.</source>
        <translation>Das ist keine Adresse. Eine Adresse sieht etwa so aus: https://ocr.example.org.</translation>
    </message>
    <message>
        <source>Leave name and password out of the address; the key has its own field.</source>
        <translation>Lassen Sie Name und Passwort aus der Adresse weg; der Schlüssel hat sein eigenes Feld.</translation>
    </message>
    <message>
        <source>Leave out everything from ? or # onwards.</source>
        <translation>Lassen Sie in der Adresse alles ab ? oder # weg.</translation>
    </message>
    <message>
        <source>The key works, but does not allow this: {why}</source>
        <translation>Der Schlüssel gilt, erlaubt dies aber nicht: {why}</translation>
    </message>
    <message>
        <source>The server asks for a key. Enter yours in the settings under Servers, or get one there under Keys.</source>
        <translation>Der Server verlangt einen Schlüssel. Geben Sie Ihren in den Einstellungen unter „Server“ ein, oder holen Sie dort unter „Schlüssel“ einen.</translation>
    </message>
    <message>
        <source>The key has expired. Register again in the settings under Keys, or ask the operator for a new one.</source>
        <translation>Der Schlüssel ist abgelaufen. Registrieren Sie sich in den Einstellungen unter „Schlüssel“ neu, oder bitten Sie den Betreiber um einen neuen.</translation>
    </message>
    <message>
        <source>The key is wrong, or was revoked. Check it in the settings under Servers, or get another under Keys.</source>
        <translation>Der Schlüssel ist falsch oder wurde widerrufen. Prüfen Sie ihn in den Einstellungen unter „Server“, oder holen Sie unter „Schlüssel“ einen anderen.</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not trusted: {why}. Check the address, or ask the operator.</source>
        <translation>Dem Zertifikat des Servers wird nicht vertraut: {why}. Prüfen Sie die Adresse, oder fragen Sie den Betreiber.</translation>
    </message>
    <message>
        <source>No secure connection is possible. If the server has no HTTPS, its address begins with http://</source>
        <translation>Es ist keine sichere Verbindung möglich. Hat der Server kein HTTPS, beginnt seine Adresse mit http://</translation>
    </message>
    <message>
        <source>The server there does not speak HTTP. Check the address and the port.</source>
        <translation>Der Server dort spricht kein HTTP. Prüfen Sie die Adresse und den Port.</translation>
    </message>
    <message>
        <source>{host} is reachable, but nothing listens on port {port}. Check that the server runs and the port is right.</source>
        <translation>{host} ist erreichbar, aber auf Port {port} antwortet nichts. Prüfen Sie, ob der Server läuft und der Port stimmt.</translation>
    </message>
    <message>
        <source>This is an ocrdesk server, but it is not working at the moment: {why}</source>
        <translation>Das ist ein ocrdesk-Server, aber er arbeitet gerade nicht: {why}</translation>
    </message>
    <message>
        <source>Something answers at {host}, but it is not an ocrdesk server. Check the address.</source>
        <translation>Unter {host} antwortet etwas, aber es ist kein ocrdesk-Server. Prüfen Sie die Adresse.</translation>
    </message>
    <message>
        <source>The connection works; the server needs no key.</source>
        <translation>Die Verbindung steht; der Server verlangt keinen Schlüssel.</translation>
    </message>
    <message>
        <source>The key works, but cannot send files: it lacks the scope submit.</source>
        <translation>Der Schlüssel gilt, erlaubt aber nicht, Dateien zu senden: Ihm fehlt die Berechtigung submit.</translation>
    </message>
    <message>
        <source>The connection works, and the key is right.</source>
        <translation>Die Verbindung steht, und der Schlüssel stimmt.</translation>
    </message>
    <message>
        <source>There is no host named {host}. Check the address and your network.</source>
        <translation>Es gibt keinen Rechner namens {host}. Prüfen Sie die Adresse und Ihr Netz.</translation>
    </message>
    <message>
        <source>{host} does not respond. It may be off, or a firewall may be in between.</source>
        <translation>{host} antwortet nicht. Vielleicht ist er aus, oder eine Firewall ist dazwischen.</translation>
    </message>
    <message>
        <source>{host} cannot be reached: {why}.</source>
        <translation>{host} ist nicht zu erreichen: {why}.</translation>
    </message>
    <message>
        <source>The server is at another address: {there}. Use that one.</source>
        <translation>Der Server hat eine andere Adresse: {there}. Nehmen Sie diese.</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Next word to check</source>
        <translation>&amp;Nächstes Wort prüfen</translation>
    </message>
    <message>
        <source>Go to the next word to check</source>
        <translation>Zum nächsten zu prüfenden Wort gehen</translation>
    </message>
    <message>
        <source>&amp;Previous word to check</source>
        <translation>&amp;Voriges Wort prüfen</translation>
    </message>
    <message>
        <source>Go to the previous word to check</source>
        <translation>Zum vorigen zu prüfenden Wort gehen</translation>
    </message>
    <message>
        <source>&amp;Accept the word</source>
        <translation>Wort bes&amp;tätigen</translation>
    </message>
    <message>
        <source>&amp;Correct the word…</source>
        <translation>Wort &amp;korrigieren…</translation>
    </message>
    <message>
        <source>&amp;Find…</source>
        <translation>&amp;Suchen…</translation>
    </message>
    <message>
        <source>Find in the whole document</source>
        <translation>Im ganzen Dokument suchen</translation>
    </message>
    <message>
        <source>R&amp;eplace…</source>
        <translation>&amp;Ersetzen…</translation>
    </message>
    <message>
        <source>Find and replace in the whole document</source>
        <translation>Im ganzen Dokument suchen und ersetzen</translation>
    </message>
    <message>
        <source>Find ne&amp;xt</source>
        <translation>We&amp;itersuchen</translation>
    </message>
    <message>
        <source>Go to the next hit</source>
        <translation>Zum nächsten Treffer gehen</translation>
    </message>
    <message>
        <source>Find pre&amp;vious</source>
        <translation>Rückwärts su&amp;chen</translation>
    </message>
    <message>
        <source>Go to the previous hit</source>
        <translation>Zum vorigen Treffer gehen</translation>
    </message>
    <message>
        <source>Copy pa&amp;ge</source>
        <translation>Seite k&amp;opieren</translation>
    </message>
    <message>
        <source>Copy the text of this page</source>
        <translation>Den Text dieser Seite kopieren</translation>
    </message>
    <message>
        <source>Pre&amp;vious page</source>
        <translation>&amp;Vorige Seite</translation>
    </message>
    <message>
        <source>Go to the previous page</source>
        <translation>Zur vorigen Seite gehen</translation>
    </message>
    <message>
        <source>Ne&amp;xt page</source>
        <translation>&amp;Nächste Seite</translation>
    </message>
    <message>
        <source>Go to the next page</source>
        <translation>Zur nächsten Seite gehen</translation>
    </message>
    <message>
        <source>&amp;Go to page…</source>
        <translation>&amp;Gehe zu Seite…</translation>
    </message>
    <message>
        <source>Type a page&apos;s number</source>
        <translation>Die Nummer einer Seite eingeben</translation>
    </message>
    <message>
        <source>Page &amp;thumbnails</source>
        <translation>Seiten&amp;miniaturen</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>V&amp;ergrößern</translation>
    </message>
    <message>
        <source>Show the page larger</source>
        <translation>Die Seite größer zeigen</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Show the page smaller</source>
        <translation>Die Seite kleiner zeigen</translation>
    </message>
    <message>
        <source>Fit &amp;width</source>
        <translation>Seiten&amp;breite</translation>
    </message>
    <message>
        <source>Text on&amp;ly</source>
        <translation>Nur &amp;Text</translation>
    </message>
    <message>
        <source>Show the whole page</source>
        <translation>Die ganze Seite zeigen</translation>
    </message>
    <message>
        <source>Undo the last correction</source>
        <translation>Die letzte Korrektur rückgängig machen</translation>
    </message>
    <message>
        <source>Redo the correction</source>
        <translation>Die Korrektur wiederherstellen</translation>
    </message>
    <message>
        <source>Confirm the word, and go to the next one</source>
        <translation>Das Wort bestätigen und zum nächsten gehen</translation>
    </message>
    <message>
        <source>Type the correct word</source>
        <translation>Das richtige Wort eingeben</translation>
    </message>
    <message>
        <source>Un&amp;saved corrections…</source>
        <translation>Nicht &amp;gespeicherte Korrekturen…</translation>
    </message>
    <message>
        <source>Show corrections of results that the server no longer has</source>
        <translation>Korrekturen an Ergebnissen zeigen, die der Server nicht mehr hat</translation>
    </message>
    <message>
        <source>Show or hide the page thumbnails</source>
        <translation>Die Seitenminiaturen ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Fit the page to the width of the view</source>
        <translation>Die Seite an die Breite der Ansicht anpassen</translation>
    </message>
    <message>
        <source>&amp;Fit page</source>
        <translation>Ganze &amp;Seite</translation>
    </message>
    <message>
        <source>&amp;Actual size</source>
        <translation>&amp;Originalgröße</translation>
    </message>
    <message>
        <source>Show the page as large as on paper</source>
        <translation>Die Seite so groß wie auf Papier zeigen</translation>
    </message>
    <message>
        <source>Show the text of all pages without images</source>
        <translation>Den Text aller Seiten ohne Bilder zeigen</translation>
    </message>
    <message>
        <source>Looking for a keyring…</source>
        <translation>Schlüsselbund wird gesucht…</translation>
    </message>
    <message>
        <source>Keys are stored in your system&apos;s keyring, never in a file of ocrdesk.</source>
        <translation>Schlüssel werden im Schlüsselbund Ihres Systems gespeichert, nie in einer Datei von ocrdesk.</translation>
    </message>
    <message>
        <source>No keyring was found, so a key is kept in memory until ocrdesk is closed, and has to be entered again then. On Linux, install GNOME Keyring, KWallet or KeePassXC.</source>
        <translation>Es wurde kein Schlüsselbund gefunden. Daher bleibt ein Schlüssel im Arbeitsspeicher, bis ocrdesk geschlossen wird, und muss danach neu eingegeben werden. Installieren Sie unter Linux GNOME Keyring, KWallet oder KeePassXC.</translation>
    </message>
    <message>
        <source>The keyring is locked or does not respond, so a key is kept in memory until ocrdesk is closed. Unlock the keyring and save the key again to store it there.</source>
        <translation>Der Schlüsselbund ist gesperrt oder antwortet nicht. Daher bleibt ein Schlüssel im Arbeitsspeicher, bis ocrdesk geschlossen wird. Entsperren Sie den Schlüsselbund und speichern Sie den Schlüssel noch einmal, damit er dort abgelegt wird.</translation>
    </message>
    <message>
        <source>The keyring does not respond, so the key of this server could not be read. Unlock the keyring and try again, or enter the key in the settings.</source>
        <translation>Der Schlüsselbund antwortet nicht. Daher konnte der Schlüssel für diesen Server nicht gelesen werden. Entsperren Sie den Schlüsselbund und versuchen Sie es noch einmal, oder geben Sie den Schlüssel in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>The keyring is no longer available, so the key of this server could not be read. Enter it in the settings.</source>
        <translation>Der Schlüsselbund ist nicht mehr da. Daher konnte der Schlüssel für diesen Server nicht gelesen werden. Geben Sie ihn in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>The keyring is locked or refused access, so the key of this server could not be read. Unlock the keyring and try again, or enter the key in the settings.</source>
        <translation>Der Schlüsselbund ist gesperrt oder verweigert den Zugriff. Daher konnte der Schlüssel für diesen Server nicht gelesen werden. Entsperren Sie den Schlüsselbund und versuchen Sie es noch einmal, oder geben Sie den Schlüssel in den Einstellungen ein.</translation>
    </message>
    <message>
        <source>waiting for the keyring, which may ask for its password</source>
        <translation>wartet auf den Schlüsselbund, der vielleicht nach seinem Passwort fragt</translation>
    </message>
    <message>
        <source>{name} was removed.</source>
        <translation>{name} wurde entfernt.</translation>
    </message>
    <message>
        <source>{name} was added.</source>
        <translation>{name} wurde hinzugefügt.</translation>
    </message>
    <message>
        <source>{name} was added but is not loaded yet. Restart the local server.</source>
        <translation>{name} wurde hinzugefügt, ist aber noch nicht geladen. Starten Sie den lokalen Server neu.</translation>
    </message>
</context>
<context>
    <name>AdminKeys</name>
    <message>
        <source>All keys</source>
        <translation>Alle Schlüssel</translation>
    </message>
    <message>
        <source>Show older</source>
        <translation>Ältere zeigen</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>Widerrufen…</translation>
    </message>
    <message>
        <source>Optional</source>
        <translation>Optional</translation>
    </message>
    <message>
        <source>Send files</source>
        <translation>Dateien senden</translation>
    </message>
    <message>
        <source>Read results</source>
        <translation>Ergebnisse lesen</translation>
    </message>
    <message>
        <source>Manage keys</source>
        <translation>Schlüssel verwalten</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>In 30 days</source>
        <translation>In 30 Tagen</translation>
    </message>
    <message>
        <source>In 90 days</source>
        <translation>In 90 Tagen</translation>
    </message>
    <message>
        <source>In a year</source>
        <translation>In einem Jahr</translation>
    </message>
    <message>
        <source>Create key</source>
        <translation>Schlüssel erstellen</translation>
    </message>
    <message>
        <source>Name of the user</source>
        <translation>Name des Benutzers</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>Berechtigungen</translation>
    </message>
    <message>
        <source>Enter who or what the key is for.</source>
        <translation>Geben Sie an, für wen oder was der Schlüssel ist.</translation>
    </message>
    <message>
        <source>Choose at least one permission.</source>
        <translation>Wählen Sie mindestens eine Berechtigung.</translation>
    </message>
    <message>
        <source>Revoke the key of {name}? It stops working immediately.</source>
        <translation>Den Schlüssel von {name} widerrufen? Er gilt dann sofort nicht mehr.</translation>
    </message>
    <message>
        <source>The key of {name} was revoked.</source>
        <translation>Der Schlüssel von {name} wurde widerrufen.</translation>
    </message>
    <message>
        <source>Not connected. Try again in a moment.</source>
        <translation>Nicht verbunden. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>E-Mail-Adresse</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>Läuft ab</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-Mail</translation>
    </message>
    <message>
        <source>Begins with</source>
        <translation>Beginnt mit</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>Zuletzt verwendet</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>Anfragen</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>Gültig</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>Abgelaufen</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Revoke key</source>
        <translation>Schlüssel widerrufen</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>Widerrufen</translation>
    </message>
</context>
<context>
    <name>AppearancePane</name>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
</context>
<context>
    <name>BackgroundMode</name>
    <message>
        <source>The system tray has disappeared, so the window is open again.</source>
        <translation>Der Infobereich ist nicht mehr da, deshalb ist das Fenster wieder offen.</translation>
    </message>
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
    <name>BehaviourPane</name>
    <message>
        <source>Behaviour</source>
        <translation>Verhalten</translation>
    </message>
    <message>
        <source>Show an &amp;icon in the system tray</source>
        <translation>&amp;Symbol im Infobereich zeigen</translation>
    </message>
    <message>
        <source>&amp;Stay in the tray when the window is closed</source>
        <translation>Beim Schließen des Fensters im Infobereich &amp;weiterlaufen</translation>
    </message>
    <message>
        <source>Show a &amp;message when all files are read and the window is not in front</source>
        <translation>Eine &amp;Meldung zeigen, wenn alle Dateien gelesen sind und das Fenster nicht vorn ist</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>This desktop has no tray, so no icon is shown.</source>
        <translation>Diese Arbeitsumgebung hat keinen Infobereich, daher wird kein Symbol gezeigt.</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>Sprache des Fensters</translation>
    </message>
    <message>
        <source>The new language applies after the next start.</source>
        <translation>Die neue Sprache gilt nach dem nächsten Start.</translation>
    </message>
</context>
<context>
    <name>ConflictNotice</name>
    <message>
        <source>Changed by somebody else</source>
        <translation>Von jemand anderem geändert</translation>
    </message>
    <message>
        <source>Keep &amp;mine</source>
        <translation>&amp;Meine behalten</translation>
    </message>
    <message>
        <source>Use &amp;theirs</source>
        <translation>Die &amp;andere übernehmen</translation>
    </message>
    <message>
        <source>Somebody else changed a line that you corrected (page {pages}). Yours is not saved.</source>
        <translation>Jemand anders hat eine Zeile geändert, die Sie korrigiert haben (Seite {pages}). Ihre Korrektur ist nicht gespeichert.</translation>
    </message>
    <message>
        <source>Somebody else changed {count} lines that you corrected (pages {pages}). Yours are not saved.</source>
        <translation>Jemand anders hat {count} Zeilen geändert, die Sie korrigiert haben (Seiten {pages}). Ihre Korrekturen sind nicht gespeichert.</translation>
    </message>
</context>
<context>
    <name>Corrections</name>
    <message>
        <source>The server no longer has {name}. Your corrections are kept on this computer.</source>
        <translation>Der Server hat {name} nicht mehr. Ihre Korrekturen bleiben auf diesem Computer.</translation>
    </message>
    <message>
        <source>{name}: corrections could not be saved and are kept on this computer: {reason}</source>
        <translation>{name}: Korrekturen konnten nicht gespeichert werden und bleiben auf diesem Computer: {reason}</translation>
    </message>
</context>
<context>
    <name>DefaultOptionsForm</name>
    <message>
        <source>New jobs</source>
        <translation>Neue Aufträge</translation>
    </message>
    <message>
        <source>Languages of new jobs</source>
        <translation>Sprachen neuer Aufträge</translation>
    </message>
    <message>
        <source>Keep the usable text of a PDF, recognise the rest</source>
        <translation>Brauchbaren Text eines PDFs behalten, den Rest erkennen</translation>
    </message>
    <message>
        <source>Recognise every page</source>
        <translation>Jede Seite erkennen</translation>
    </message>
    <message>
        <source>Use a PDF&apos;s own text only</source>
        <translation>Nur den eigenen Text eines PDFs verwenden</translation>
    </message>
    <message>
        <source>Select the languages of your files, the most important one first.</source>
        <translation>Wählen Sie die Sprachen Ihrer Dateien, die wichtigste zuerst.</translation>
    </message>
    <message>
        <source>Automatic: Tesseract, and a neural engine for uncertain lines</source>
        <translation>Automatisch: Tesseract, dazu eine neuronale Engine für unsichere Zeilen</translation>
    </message>
    <message>
        <source>Tesseract as a separate program</source>
        <translation>Tesseract als eigenes Programm</translation>
    </message>
    <message>
        <source>The neural engine only</source>
        <translation>Nur die neuronale Engine</translation>
    </message>
    <message>
        <source>Detect each page&apos;s language (auto)</source>
        <translation>Sprache jeder Seite erkennen (auto)</translation>
    </message>
    <message>
        <source>Each page&apos;s language is detected among the installed ones.</source>
        <translation>Die Sprache jeder Seite wird unter den installierten erkannt.</translation>
    </message>
    <message>
        <source>New jobs are recognised as {languages}.</source>
        <translation>Neue Aufträge werden mit {languages} erkannt.</translation>
    </message>
    <message>
        <source>Tesseract</source>
        <translation>Tesseract</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Texterkennung</translation>
    </message>
    <message>
        <source>PDF pages</source>
        <translation>PDF-Seiten</translation>
    </message>
    <message>
        <source>{name} (not on this server)</source>
        <translation>{name} (nicht auf diesem Server)</translation>
    </message>
</context>
<context>
    <name>DocumentView</name>
    <message>
        <source>Stored document</source>
        <translation>Gespeichertes Dokument</translation>
    </message>
    <message>
        <source>Show in the list</source>
        <translation>In der Liste zeigen</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
</context>
<context>
    <name>DragAndCopy</name>
    <message>
        <source>Copy as f&amp;iles</source>
        <translation>Als &amp;Dateien kopieren</translation>
    </message>
    <message>
        <source>Copy the selected results as files, to paste them into a folder or an e-mail</source>
        <translation>Die ausgewählten Ergebnisse als Dateien kopieren, um sie in einen Ordner oder eine E-Mail einzufügen</translation>
    </message>
    <message>
        <source>Preparing the files…</source>
        <translation>Die Dateien werden vorbereitet…</translation>
    </message>
    <message>
        <source>Cannot get the files: {reason}</source>
        <translation>Die Dateien konnten nicht geladen werden: {reason}</translation>
    </message>
    <message>
        <source>{name} is ready. Drag it again.</source>
        <translation>{name} ist bereit. Ziehen Sie noch einmal.</translation>
    </message>
    <message>
        <source>{name}: copied when this window is in front.</source>
        <translation>{name}: wird kopiert, sobald dieses Fenster vorn ist.</translation>
    </message>
    <message>
        <source>There is no result yet.</source>
        <translation>Es gibt noch kein Ergebnis.</translation>
    </message>
    <message>
        <source>{name}: copied.</source>
        <translation>{name}: kopiert.</translation>
    </message>
    <message>
        <source>{count} files</source>
        <translation>{count} Dateien</translation>
    </message>
</context>
<context>
    <name>DragButton</name>
    <message>
        <source>Drag or copy the file</source>
        <translation>Datei herausziehen oder kopieren</translation>
    </message>
    <message>
        <source>Drag this to another program to get the result as a file. Click to copy the file.</source>
        <translation>Ziehen Sie dies in ein anderes Programm, um das Ergebnis dort als Datei zu erhalten. Ein Klick kopiert die Datei.</translation>
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
        <source>{types} or {last_type}</source>
        <translation>{types} oder {last_type}</translation>
    </message>
    <message>
        <source>Drop files or folders here</source>
        <translation>Dateien oder Ordner hier ablegen</translation>
    </message>
    <message>
        <source>Your list is being loaded…</source>
        <translation>Ihre Liste wird geladen …</translation>
    </message>
    <message>
        <source>Files are sent to your server.</source>
        <translation>Die Dateien werden an Ihren Server gesendet.</translation>
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
        <source>Open files…</source>
        <translation>Dateien öffnen…</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>Ordner öffnen…</translation>
    </message>
</context>
<context>
    <name>ErrorMessages</name>
    <message>
        <source>This PDF is protected with a password. Enter its password and try again.</source>
        <translation>Dieses PDF ist mit einem Passwort geschützt. Geben Sie das Passwort ein und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>This password does not open the PDF. Check it and try again.</source>
        <translation>Dieses Passwort öffnet das PDF nicht. Prüfen Sie es und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>These attached files could not be read: {names}. Save them and submit them.</source>
        <translation>Diese angehängten Dateien konnten nicht gelesen werden: {names}. Speichern Sie sie und senden Sie sie einzeln.</translation>
    </message>
    <message>
        <source>This PDF is signed. The signature was not checked, and it does not cover this text.</source>
        <translation>Dieses PDF ist unterschrieben. Die Unterschrift wurde nicht geprüft und gilt nicht für diesen Text.</translation>
    </message>
    <message>
        <source>This PDF has {count} attached files, which were not read: {names}. Read them with the option attachments.</source>
        <translation>Dieses PDF hat {count} angehängte Dateien, die nicht gelesen wurden: {names}. Mit der Option attachments werden sie gelesen.</translation>
    </message>
    <message>
        <source>An attached file was not read: {names}. Read it with the option attachments.</source>
        <translation>Eine angehängte Datei wurde nicht gelesen: {names}. Mit der Option attachments wird sie gelesen.</translation>
    </message>
    <message>
        <source>This PDF cannot become PDF/A: {reason}. Make it without the option pdfa.</source>
        <translation>Aus diesem PDF kann kein PDF/A werden: {reason}. Erstellen Sie es ohne die Option pdfa.</translation>
    </message>
    <message>
        <source>it is protected, which PDF/A does not allow; use the option unlock, too</source>
        <translation>es ist geschützt, was PDF/A nicht erlaubt; verwenden Sie auch die Option unlock</translation>
    </message>
    <message>
        <source>these fonts are not embedded: {names}</source>
        <translation>diese Schriften sind nicht eingebettet: {names}</translation>
    </message>
    <message>
        <source>it has CMYK colours without a colour profile</source>
        <translation>es hat CMYK-Farben ohne Farbprofil</translation>
    </message>
    <message>
        <source>an annotation of the kind {kind} is not allowed or has no appearance</source>
        <translation>eine Anmerkung der Art {kind} ist nicht erlaubt oder hat keine Darstellung</translation>
    </message>
    <message>
        <source>it shows content of another file</source>
        <translation>es zeigt den Inhalt einer anderen Datei</translation>
    </message>
    <message>
        <source>This {kind} is damaged and cannot be opened. Get a fresh copy, or save it again with another program.</source>
        <translation>Diese Datei ({kind}) ist beschädigt und lässt sich nicht öffnen. Besorgen Sie eine neue Kopie, oder speichern Sie sie mit einem anderen Programm neu.</translation>
    </message>
    <message>
        <source>This file has no pages.</source>
        <translation>Diese Datei hat keine Seiten.</translation>
    </message>
    <message>
        <source>This file has 1 page. None of {wanted} is in it. Choose other pages.</source>
        <translation>Diese Datei hat 1 Seite. Keine von {wanted} ist darunter. Wählen Sie andere Seiten.</translation>
    </message>
    <message>
        <source>This file has {count} pages. None of {wanted} is among them. Choose other pages.</source>
        <translation>Diese Datei hat {count} Seiten. Keine von {wanted} ist darunter. Wählen Sie andere Seiten.</translation>
    </message>
    <message>
        <source>This file has 1 page, so these were left out: {missing}.</source>
        <translation>Diese Datei hat 1 Seite. Nicht vorhanden und daher ausgelassen: {missing}.</translation>
    </message>
    <message>
        <source>This file has {count} pages, so these were left out: {missing}.</source>
        <translation>Diese Datei hat {count} Seiten. Nicht vorhanden und daher ausgelassen: {missing}.</translation>
    </message>
    <message>
        <source>This file has {count} pages, but this server accepts at most {limit}. Split it, or raise MAX_PDF_PAGES.</source>
        <translation>Diese Datei hat {count} Seiten, dieser Server nimmt aber höchstens {limit} an. Teilen Sie sie auf, oder erhöhen Sie MAX_PDF_PAGES.</translation>
    </message>
    <message>
        <source>This image has {width} x {height} pixels, but at most {limit} megapixels are supported. Scale it down and submit it again.</source>
        <translation>Dieses Bild hat {width} x {height} Pixel, möglich sind aber höchstens {limit} Megapixel. Verkleinern Sie es und senden Sie es noch einmal.</translation>
    </message>
    <message>
        <source>This page is so large that it is read from a reduced copy of {width} x {height} pixels, in which its text is too small. Cut it into parts and submit each of them.</source>
        <translation>Diese Seite ist so groß, dass sie aus einer verkleinerten Kopie von {width} x {height} Pixeln gelesen wird, in der ihr Text zu klein ist. Zerschneiden Sie sie und senden Sie jeden Teil einzeln.</translation>
    </message>
    <message>
        <source>This worker cannot read {kind}, because its package {package} is missing or incomplete. Install {package} again, or save the image as PNG or JPEG and submit that.</source>
        <translation>Dieser Worker kann {kind} nicht lesen, weil sein Paket {package} fehlt oder unvollständig ist. Installieren Sie {package} neu, oder speichern Sie das Bild als PNG oder JPEG und senden Sie das.</translation>
    </message>
    <message>
        <source>Reading this takes more than the {limit} MB that a worker may use. Scale the page down, or raise WORKER_MEMORY_MB.</source>
        <translation>Um dies zu lesen, wären mehr als die {limit} MB nötig, die ein Worker nutzen darf. Verkleinern Sie die Seite, oder erhöhen Sie WORKER_MEMORY_MB.</translation>
    </message>
    <message>
        <source>The language {names} is not installed on this worker, which has {known}.</source>
        <translation>Die Sprache {names} ist auf diesem Worker nicht installiert; er hat {known}.</translation>
    </message>
    <message>
        <source>The language {names} is not installed on this worker, which has {known}. Add it with: {remedy}</source>
        <translation>Die Sprache {names} ist auf diesem Worker nicht installiert; er hat {known}. Hinzufügen mit: {remedy}</translation>
    </message>
    <message>
        <source>This worker cannot use its data for the language {names}: it is damaged, or made for another version of Tesseract. Get it again with: {remedy}</source>
        <translation>Dieser Worker kann seine Daten für die Sprache {names} nicht verwenden: Sie sind beschädigt oder für eine andere Version von Tesseract erstellt. Neu holen mit: {remedy}</translation>
    </message>
    <message>
        <source>The engine rapid cannot read the script of {names}. Use the engine auto or tesseract.</source>
        <translation>Die Engine rapid kann die Schrift von {names} nicht lesen. Wählen Sie die Engine auto oder tesseract.</translation>
    </message>
    <message>
        <source>The uploaded file is no longer in the server&apos;s storage. Submit it again.</source>
        <translation>Die hochgeladene Datei ist nicht mehr auf dem Server. Senden Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The text layer of this page cannot be used: {reason}. Submit it with mode=auto or mode=force to recognise it.</source>
        <translation>Der eigene Text dieser Seite lässt sich nicht verwenden: {reason}. Senden Sie sie mit mode=auto oder mode=force, dann wird sie erkannt.</translation>
    </message>
    <message>
        <source>This page is an image without text of its own. Submit it with mode=auto or mode=force to recognise it.</source>
        <translation>Diese Seite ist ein Bild ohne eigenen Text. Senden Sie sie mit mode=auto oder mode=force, dann wird sie erkannt.</translation>
    </message>
    <message>
        <source>The engine {name} is not available on this worker. {reason}</source>
        <translation>Die Engine {name} ist auf diesem Worker nicht verfügbar. {reason}</translation>
    </message>
    <message>
        <source>The recognition engine failed on this page. Submit it again, or scale it.</source>
        <translation>Die Texterkennung ist an dieser Seite gescheitert. Senden Sie sie noch einmal, oder ändern Sie ihre Größe.</translation>
    </message>
    <message>
        <source>The server has no room left for the result. Free some space, then submit the file again.</source>
        <translation>Auf dem Server ist kein Platz mehr für das Ergebnis. Schaffen Sie Platz, und senden Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>This page needed more than {limit} s of processing. Raise OCR_TIMEOUT_PER_PAGE, or scale the page down.</source>
        <translation>Diese Seite brauchte mehr als {limit} s Rechenzeit. Erhöhen Sie OCR_TIMEOUT_PER_PAGE, oder verkleinern Sie die Seite.</translation>
    </message>
    <message>
        <source>A change makes the PDF&apos;s signature invalid. Allow it (invalidate_signatures) or use another format.</source>
        <translation>Eine Änderung macht die Unterschrift dieses PDFs ungültig. Erlauben Sie das (invalidate_signatures), oder wählen Sie ein anderes Format.</translation>
    </message>
    <message>
        <source>This did not end within {limit} s, most of which it waited. Submit the file again. If it happens again, the server needs more processors or memory.</source>
        <translation>Das war nach {limit} s nicht fertig und hat meist nur gewartet. Senden Sie die Datei noch einmal. Wenn es wieder geschieht, braucht der Server mehr Prozessoren oder Speicher.</translation>
    </message>
    <message>
        <source>This file could not be opened with {limit} s of processing. It may be damaged: save it again with another program.</source>
        <translation>Diese Datei konnte mit {limit} s Rechenzeit nicht geöffnet werden. Sie ist vielleicht beschädigt: Speichern Sie sie mit einem anderen Programm neu.</translation>
    </message>
    <message>
        <source>The result of this page is no longer in the server&apos;s storage. Submit the file again.</source>
        <translation>Das Ergebnis dieser Seite ist nicht mehr auf dem Server. Senden Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>Creating this file needed more than {limit} s of processing. Request fewer pages at a time.</source>
        <translation>Diese Datei zu erstellen brauchte mehr als {limit} s Rechenzeit. Fordern Sie weniger Seiten auf einmal an.</translation>
    </message>
    <message>
        <source>This PDF is too damaged to add the text to it. Export the text in another format, or save the PDF with another program and submit that.</source>
        <translation>Dieses PDF ist zu stark beschädigt, um den Text einzufügen. Exportieren Sie den Text in einem anderen Format, oder speichern Sie das PDF mit einem anderen Programm neu und senden Sie dieses.</translation>
    </message>
    <message>
        <source>Something went wrong inside ocrdesk; the worker&apos;s log has the details. Submit the file again.</source>
        <translation>In ocrdesk ist etwas schiefgegangen; das Protokoll des Workers enthält die Einzelheiten. Senden Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>Reading this page crashed its process several times, so ocrdesk gave up. The file may be damaged: save or print it again with another program.</source>
        <translation>Beim Lesen dieser Seite ist der Prozess mehrmals abgestürzt, daher hat ocrdesk aufgegeben. Vielleicht ist die Datei beschädigt: Speichern oder drucken Sie sie mit einem anderen Programm neu.</translation>
    </message>
    <message>
        <source>Opening this file crashed its process several times, so ocrdesk gave up. The file may be damaged: save or print it again with another program.</source>
        <translation>Beim Öffnen dieser Datei ist der Prozess mehrmals abgestürzt, daher hat ocrdesk aufgegeben. Vielleicht ist die Datei beschädigt: Speichern oder drucken Sie sie mit einem anderen Programm neu.</translation>
    </message>
    <message>
        <source>Creating this file crashed its process several times, so ocrdesk gave up. The original may be damaged: export the text in another format.</source>
        <translation>Beim Erstellen dieser Datei ist der Prozess mehrmals abgestürzt, daher hat ocrdesk aufgegeben. Vielleicht ist das Original beschädigt: Exportieren Sie den Text in einem anderen Format.</translation>
    </message>
    <message>
        <source>Page {numbers} of {count} could not be read. {reason}</source>
        <translation>Seite {numbers} von {count} konnte nicht gelesen werden. {reason}</translation>
    </message>
    <message>
        <source>Pages {numbers} of {count} could not be read. {reason}</source>
        <translation>Die Seiten {numbers} von {count} konnten nicht gelesen werden. {reason}</translation>
    </message>
    <message>
        <source>The upload ended before it was complete. Send it again.</source>
        <translation>Die Übertragung brach vorzeitig ab. Senden Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>The file is larger than this server&apos;s limit of {limit} MB. Split it, save it smaller, or raise MAX_FILE_SIZE_MB.</source>
        <translation>Die Datei ist größer als die {limit} MB, die dieser Server annimmt. Teilen Sie sie auf, speichern Sie sie kleiner, oder erhöhen Sie MAX_FILE_SIZE_MB.</translation>
    </message>
    <message>
        <source>Send the file as multipart/form-data in the field `file`, as curl -F file=@NAME does.</source>
        <translation>Senden Sie die Datei als multipart/form-data im Feld `file`, wie curl -F file=@NAME es tut.</translation>
    </message>
    <message>
        <source>The multipart body is malformed: {reason}</source>
        <translation>Der Multipart-Inhalt ist fehlerhaft: {reason}</translation>
    </message>
    <message>
        <source>The multipart body ends before its closing boundary. Send it again.</source>
        <translation>Der Multipart-Inhalt endet vor seiner abschließenden Boundary. Senden Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>The multipart body goes on after its closing boundary. Send nothing after it.</source>
        <translation>Der Multipart-Inhalt geht nach seiner abschließenden Boundary weiter. Senden Sie danach nichts.</translation>
    </message>
    <message>
        <source>The multipart body has more than {limit} bytes beside the file. Send nothing else with it.</source>
        <translation>Der Multipart-Inhalt hat neben der Datei mehr als {limit} Bytes. Senden Sie sonst nichts mit.</translation>
    </message>
    <message>
        <source>A header of the multipart body is too long.</source>
        <translation>Ein Header des Multipart-Inhalts ist zu lang.</translation>
    </message>
    <message>
        <source>The request contains no file. Send it in the field `file`: curl -F file=@NAME</source>
        <translation>Die Anfrage enthält keine Datei. Senden Sie sie im Feld `file`: curl -F file=@NAME</translation>
    </message>
    <message>
        <source>{name} is empty: it has 0 bytes.</source>
        <translation>{name} ist leer: 0 Bytes.</translation>
    </message>
    <message>
        <source>{name} is not a supported file. Supported formats: {types}. The type is detected from the content, not the name. Save it as PDF, PNG or JPEG with the program that made it, and submit that.</source>
        <translation>{name} ist keine unterstützte Datei. Unterstützte Formate: {types}. Das Format wird am Inhalt erkannt, nicht am Namen. Speichern Sie sie mit dem Programm, das sie erzeugt hat, als PDF, PNG oder JPEG, und senden Sie das.</translation>
    </message>
    <message>
        <source>The file was sent in the field {name}. Send it in `file`: curl -F file=@NAME</source>
        <translation>Die Datei wurde im Feld {name} gesendet. Senden Sie sie in `file`: curl -F file=@NAME</translation>
    </message>
    <message>
        <source>The request contains two files. Send one file per request.</source>
        <translation>Die Anfrage enthält zwei Dateien. Senden Sie eine Datei je Anfrage.</translation>
    </message>
    <message>
        <source>The form has more than {limit} fields. Send fewer.</source>
        <translation>Das Formular hat mehr als {limit} Felder. Senden Sie weniger.</translation>
    </message>
    <message>
        <source>The field {name} is too long. Shorten it.</source>
        <translation>Das Feld {name} ist zu lang. Kürzen Sie es.</translation>
    </message>
    <message>
        <source>There is no option {name}. Options are: {known}.</source>
        <translation>Eine Option {name} gibt es nicht. Optionen sind: {known}.</translation>
    </message>
    <message>
        <source>There is no engine {name} on this server. Engines are: {known}.</source>
        <translation>Eine Engine {name} gibt es auf diesem Server nicht. Engines sind: {known}.</translation>
    </message>
    <message>
        <source>There is no mode {name}. Modes are: {known}.</source>
        <translation>Einen Modus {name} gibt es nicht. Modi sind: {known}.</translation>
    </message>
    <message>
        <source>There is no format {name}. Formats are: {known}.</source>
        <translation>Ein Format {name} gibt es nicht. Formate sind: {known}.</translation>
    </message>
    <message>
        <source>languages: use {name} on its own. It finds the languages of each page among those installed.</source>
        <translation>languages: Verwenden Sie {name} allein. Es findet die Sprachen jeder Seite unter den installierten.</translation>
    </message>
    <message>
        <source>The language {names} is not installed on this server, which has {known}.</source>
        <translation>Die Sprache {names} ist auf diesem Server nicht installiert; er hat {known}.</translation>
    </message>
    <message>
        <source>The language {names} is not installed on this server, which has {known}. Add it there with: {remedy}</source>
        <translation>Die Sprache {names} ist auf diesem Server nicht installiert; er hat {known}. Dort hinzufügen mit: {remedy}</translation>
    </message>
    <message>
        <source>pages: {reason}.</source>
        <translation>pages: {reason}.</translation>
    </message>
    <message>
        <source>{text} is not a page range; write ranges like 1-3,7,10-</source>
        <translation>{text} ist kein Seitenbereich; schreiben Sie Bereiche wie 1-3,7,10-</translation>
    </message>
    <message>
        <source>{text} is not a page range: pages count from 1, and the lower number comes first</source>
        <translation>{text} ist kein Seitenbereich: Seiten werden ab 1 gezählt, und die kleinere Zahl steht vorn</translation>
    </message>
    <message>
        <source>at most {limit} ranges are supported</source>
        <translation>höchstens {limit} Bereiche sind möglich</translation>
    </message>
    <message>
        <source>Other content was submitted under this Idempotency-Key. Use a new key for a new upload.</source>
        <translation>Unter diesem Idempotency-Key wurde schon etwas anderes gesendet. Verwenden Sie für eine neue Übertragung einen neuen.</translation>
    </message>
    <message>
        <source>webhook_secret was sent without a webhook_url. Send both, or neither.</source>
        <translation>webhook_secret wurde ohne webhook_url gesendet. Senden Sie beide oder keines.</translation>
    </message>
    <message>
        <source>webhook_secret must be whsec_ followed by the base64 of 24 to 64 random bytes.</source>
        <translation>webhook_secret muss aus whsec_ und der Base64-Form von 24 bis 64 zufälligen Bytes bestehen.</translation>
    </message>
    <message>
        <source>webhook_url is longer than {limit} characters. Shorten it.</source>
        <translation>webhook_url ist länger als {limit} Zeichen. Kürzen Sie sie.</translation>
    </message>
    <message>
        <source>webhook_url has characters that a URL must not contain. Encode them with %, and write an international host name in its xn-- form.</source>
        <translation>webhook_url hat Zeichen, die eine URL nicht enthalten darf. Kodieren Sie sie mit %, und schreiben Sie einen internationalen Hostnamen in der Form xn--….</translation>
    </message>
    <message>
        <source>webhook_url must begin with https:// or http://.</source>
        <translation>webhook_url muss mit https:// oder http:// beginnen.</translation>
    </message>
    <message>
        <source>webhook_url must not contain a user name or password; deliveries are signed instead.</source>
        <translation>webhook_url darf weder Benutzernamen noch Passwort enthalten; Zustellungen werden stattdessen signiert.</translation>
    </message>
    <message>
        <source>webhook_url must not have a fragment (#), which is never sent.</source>
        <translation>webhook_url darf kein Fragment (#) haben; es wird nie gesendet.</translation>
    </message>
    <message>
        <source>webhook_url has brackets around something that is not an IPv6 address.</source>
        <translation>In webhook_url stehen Klammern um etwas, das keine IPv6-Adresse ist.</translation>
    </message>
    <message>
        <source>webhook_url is malformed: its host or port cannot be read.</source>
        <translation>webhook_url ist fehlerhaft: Host oder Port sind nicht lesbar.</translation>
    </message>
    <message>
        <source>webhook_url has the port 0, which no server listens on.</source>
        <translation>webhook_url hat den Port 0, auf dem kein Server antwortet.</translation>
    </message>
    <message>
        <source>webhook_url has no valid host name.</source>
        <translation>webhook_url hat keinen gültigen Hostnamen.</translation>
    </message>
    <message>
        <source>webhook_url has an address in an unusual form. Write it as four decimal numbers.</source>
        <translation>webhook_url hat eine Adresse in ungewöhnlicher Form. Schreiben Sie sie als vier Dezimalzahlen.</translation>
    </message>
    <message>
        <source>webhook_url points to an address that is not public. The server&apos;s operator can allow it with WEBHOOK_ALLOWED_HOSTS.</source>
        <translation>webhook_url zeigt auf eine Adresse, die nicht öffentlich ist. Der Betreiber des Servers kann sie mit WEBHOOK_ALLOWED_HOSTS erlauben.</translation>
    </message>
    <message>
        <source>This job has no webhook. Set webhook_url when you submit a file.</source>
        <translation>Dieser Auftrag hat keinen Webhook. Geben Sie beim Senden einer Datei webhook_url an.</translation>
    </message>
    <message>
        <source>This job has not ended, so there is nothing to deliver. Its webhook is called when it ends.</source>
        <translation>Dieser Auftrag ist noch nicht zu Ende, also gibt es nichts zuzustellen. Sein Webhook wird am Ende aufgerufen.</translation>
    </message>
    <message>
        <source>The API key is missing or wrong. Send it in the header {header}, or as Authorization: Bearer KEY.</source>
        <translation>Der API-Schlüssel fehlt oder ist falsch. Senden Sie ihn im Header {header} oder als Authorization: Bearer KEY.</translation>
    </message>
    <message>
        <source>The API key is wrong. This server requires none: leave it out, or send a valid one in the header {header}, or as Authorization: Bearer KEY.</source>
        <translation>Der API-Schlüssel ist falsch. Dieser Server verlangt keinen: Lassen Sie ihn weg, oder senden Sie einen gültigen im Header {header} oder als Authorization: Bearer KEY.</translation>
    </message>
    <message>
        <source>The API key has expired. Register again, or ask the operator for a new one. Send it in the header {header}, or as Authorization: Bearer KEY.</source>
        <translation>Der API-Schlüssel ist abgelaufen. Registrieren Sie sich neu, oder bitten Sie den Betreiber um einen neuen. Senden Sie ihn im Header {header} oder als Authorization: Bearer KEY.</translation>
    </message>
    <message>
        <source>This requires an API key with the scope {scope}. Send it in the header {header}, or as Authorization: Bearer KEY.</source>
        <translation>Dafür ist ein API-Schlüssel mit der Berechtigung {scope} nötig. Senden Sie ihn im Header {header} oder als Authorization: Bearer KEY.</translation>
    </message>
    <message>
        <source>This request is about an API key, but none was sent. Send it in the header {header}, or as Authorization: Bearer KEY.</source>
        <translation>In dieser Anfrage geht es um einen API-Schlüssel, es wurde aber keiner gesendet. Senden Sie ihn im Header {header} oder als Authorization: Bearer KEY.</translation>
    </message>
    <message>
        <source>This API key lacks the scope {scope}; it has {scopes}. Use a key that has it, or ask the operator for it.</source>
        <translation>Diesem API-Schlüssel fehlt die Berechtigung {scope}; er hat {scopes}. Verwenden Sie einen, der sie hat, oder fragen Sie den Betreiber.</translation>
    </message>
    <message>
        <source>The metrics are protected. Send METRICS_TOKEN as `Authorization: Bearer TOKEN`, or a key with the scope admin.</source>
        <translation>Die Metriken sind geschützt. Senden Sie METRICS_TOKEN als `Authorization: Bearer TOKEN` oder einen Schlüssel mit der Berechtigung admin.</translation>
    </message>
    <message>
        <source>The metrics are switched off on this server. Set METRICS_ENABLED.</source>
        <translation>Die Metriken sind auf diesem Server ausgeschaltet. Setzen Sie METRICS_ENABLED.</translation>
    </message>
    <message>
        <source>Registration is closed on this server. Ask its operator for a key.</source>
        <translation>Auf diesem Server kann man sich nicht registrieren. Bitten Sie den Betreiber um einen Schlüssel.</translation>
    </message>
    <message>
        <source>This e-mail address already has a key. Use that key, or replace it at /auth/regenerate. If it is lost, ask the operator to revoke it, then register again.</source>
        <translation>Zu dieser E-Mail-Adresse gibt es schon einen Schlüssel. Verwenden Sie ihn, oder ersetzen Sie ihn unter /auth/regenerate. Ist er verloren, lassen Sie ihn vom Betreiber widerrufen und registrieren Sie sich neu.</translation>
    </message>
    <message>
        <source>email: this is not an e-mail address. It must have an @-sign.</source>
        <translation>email: Das ist keine E-Mail-Adresse. Sie muss ein @-Zeichen haben.</translation>
    </message>
    <message>
        <source>email: this is not an e-mail address. {reason}</source>
        <translation>email: Das ist keine E-Mail-Adresse. {reason}</translation>
    </message>
    <message>
        <source>There is no such key. Keys are removed a month after they end.</source>
        <translation>Diesen Schlüssel gibt es nicht. Schlüssel werden einen Monat nach ihrem Ende gelöscht.</translation>
    </message>
    <message>
        <source>after: there is no such key any more. Start again without it.</source>
        <translation>after: Diesen Schlüssel gibt es nicht mehr. Beginnen Sie ohne ihn neu.</translation>
    </message>
    <message>
        <source>This is the token of the local server, stored in its data folder. It cannot be changed or revoked here.</source>
        <translation>Das ist das Token des lokalen Servers aus seinem Datenordner. Es lässt sich hier weder ändern noch widerrufen.</translation>
    </message>
    <message>
        <source>The operator has set this key in API_KEYS. It can only be changed or removed there.</source>
        <translation>Der Betreiber hat diesen Schlüssel in API_KEYS gesetzt. Er lässt sich nur dort ändern oder entfernen.</translation>
    </message>
    <message>
        <source>This server does not respond to the name {host}. Add it to ALLOWED_HOSTS.</source>
        <translation>Dieser Server antwortet nicht auf den Namen {host}. Fügen Sie ihn zu ALLOWED_HOSTS hinzu.</translation>
    </message>
    <message>
        <source>Web pages of {origin} may not use this server. If they should, add {origin} to its setting CORS_ORIGINS.</source>
        <translation>Webseiten von {origin} dürfen diesen Server nicht benutzen. Wenn sie es sollen, fügen Sie {origin} zu seiner Einstellung CORS_ORIGINS hinzu.</translation>
    </message>
    <message>
        <source>Web pages that belong to no site, such as files opened in a browser, may not use this server. Serve the page from a web server, and add its origin to CORS_ORIGINS.</source>
        <translation>Seiten ohne Website, etwa im Browser geöffnete Dateien, dürfen diesen Server nicht benutzen. Stellen Sie die Seite über einen Webserver bereit, und fügen Sie dessen Adresse zu CORS_ORIGINS hinzu.</translation>
    </message>
    <message>
        <source>There is no such job. It may have expired, been deleted, or belong to another key.</source>
        <translation>Diesen Auftrag gibt es nicht. Vielleicht ist er abgelaufen, gelöscht oder gehört zu einem anderen Schlüssel.</translation>
    </message>
    <message>
        <source>The job is still {state}. Poll it, wait with ?wait=30, or follow its events.</source>
        <translation>Der Auftrag ist noch nicht fertig ({state}). Fragen Sie ihn wieder ab, warten Sie mit ?wait=30, oder folgen Sie seinen Ereignissen.</translation>
    </message>
    <message>
        <source>The job has no result: it was {state}.</source>
        <translation>Der Auftrag hat kein Ergebnis ({state}).</translation>
    </message>
    <message>
        <source>The job has no result: {reason}</source>
        <translation>Der Auftrag hat kein Ergebnis: {reason}</translation>
    </message>
    <message>
        <source>The server&apos;s record of this job is damaged or was stored by a newer version, so it cannot be read. Submit the file again, or tell the server&apos;s operator. The job can be deleted.</source>
        <translation>Der Server kann seine Angaben zu diesem Auftrag nicht lesen: Sie sind beschädigt, oder eine neuere Version hat sie gespeichert. Senden Sie die Datei noch einmal, oder fragen Sie den Betreiber des Servers. Der Auftrag kann gelöscht werden.</translation>
    </message>
    <message>
        <source>The job is still {state}. Retry it when it has ended.</source>
        <translation>Der Auftrag ist noch nicht zu Ende ({state}). Wiederholen Sie ihn danach.</translation>
    </message>
    <message>
        <source>Every page of this job was read: there is nothing to retry.</source>
        <translation>Jede Seite dieses Auftrags wurde gelesen: Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source>This needs the original file, which the server no longer keeps. Submit it again.</source>
        <translation>Dazu ist die Originaldatei nötig, die der Server nicht mehr hat. Senden Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>Part of this result is missing from the server&apos;s storage. The server checks this, and reads lost pages again if it still has the file. Ask again in {seconds} s.</source>
        <translation>Ein Teil dieses Ergebnisses fehlt auf dem Server. Der Server prüft das und liest verlorene Seiten noch einmal, wenn er die Datei noch hat. Versuchen Sie es in {seconds} s wieder.</translation>
    </message>
    <message>
        <source>Page {number} was not read: the job was {state}.</source>
        <translation>Seite {number} wurde nicht gelesen ({state}).</translation>
    </message>
    <message>
        <source>Page {number} is still {state}. Ask again in a moment.</source>
        <translation>Seite {number} ist noch nicht fertig ({state}). Fragen Sie gleich noch einmal.</translation>
    </message>
    <message>
        <source>There is no page {number}: the file has {count}.</source>
        <translation>Eine Seite {number} gibt es nicht: Die Datei hat {count}.</translation>
    </message>
    <message>
        <source>There is no page {number}: this job reads {pages} of {count}.</source>
        <translation>Eine Seite {number} gibt es nicht: Dieser Auftrag liest {pages} von {count}.</translation>
    </message>
    <message>
        <source>The file has not been opened yet. Ask again in a moment.</source>
        <translation>Die Datei wurde noch nicht geöffnet. Fragen Sie gleich noch einmal.</translation>
    </message>
    <message>
        <source>This file is still being created. Ask again in a moment, or wait with ?wait=30.</source>
        <translation>Diese Datei wird noch erstellt. Fragen Sie gleich noch einmal, oder warten Sie mit ?wait=30.</translation>
    </message>
    <message>
        <source>Some workers are of an older version, which cannot create {name} files. Ask again after the upgrade.</source>
        <translation>Einige Worker haben eine ältere Version, die keine {name}-Dateien erstellen kann. Fragen Sie nach der Aktualisierung noch einmal.</translation>
    </message>
    <message>
        <source>cursor: use the `next_cursor` of the previous page.</source>
        <translation>cursor: Verwenden Sie `next_cursor` der vorigen Seite.</translation>
    </message>
    <message>
        <source>Only a finished job can be corrected; this one is {state}.</source>
        <translation>Nur ein fertiger Auftrag lässt sich korrigieren; dieser ist es nicht ({state}).</translation>
    </message>
    <message>
        <source>This server accepts Documents of at most {limit} MB. Send fewer pages at a time.</source>
        <translation>Dieser Server nimmt Dokumente bis {limit} MB an. Senden Sie weniger Seiten auf einmal.</translation>
    </message>
    <message>
        <source>If-Match must be the ETag of a result, as sent with its JSON format.</source>
        <translation>If-Match muss der ETag eines Ergebnisses sein, wie er mit dessen JSON-Format kommt.</translation>
    </message>
    <message>
        <source>The result has changed since: it is at revision {revision}. Fetch it again, then correct that.</source>
        <translation>Das Ergebnis hat sich inzwischen geändert: Es ist bei Revision {revision}. Laden Sie es neu, und korrigieren Sie das.</translation>
    </message>
    <message>
        <source>This Document cannot be used: {reason}.</source>
        <translation>Dieses Dokument lässt sich nicht verwenden: {reason}.</translation>
    </message>
    <message>
        <source>it belongs to the job {job_id}, not to this one</source>
        <translation>es gehört zum Auftrag {job_id}, nicht zu diesem</translation>
    </message>
    <message>
        <source>page {number} is not in the job, or appears twice</source>
        <translation>Seite {number} ist nicht im Auftrag oder kommt doppelt vor</translation>
    </message>
    <message>
        <source>page {number} was not read, so there is nothing to correct</source>
        <translation>Seite {number} wurde nicht gelesen, also gibt es nichts zu korrigieren</translation>
    </message>
    <message>
        <source>page {number}: the box {box} is not within {width} x {height}</source>
        <translation>Seite {number}: der Rahmen {box} liegt nicht innerhalb von {width} x {height}</translation>
    </message>
    <message>
        <source>The server is busy. Try again in about {seconds} s.</source>
        <translation>Der Server ist ausgelastet. Versuchen Sie es in etwa {seconds} s noch einmal.</translation>
    </message>
    <message>
        <source>Too many requests. Limit: {limit}</source>
        <translation>Zu viele Anfragen. Grenze: {limit}</translation>
    </message>
    <message>
        <source>The server has no room for more files. Try again later, or tell its operator.</source>
        <translation>Der Server hat keinen Platz für weitere Dateien. Versuchen Sie es später, oder sagen Sie es dem Betreiber.</translation>
    </message>
    <message>
        <source>The server cannot use its storage of files ({reason}), so it accepts no work. Try again later. Its operator checks that the folder or bucket in STORAGE_URL can be reached and written, or restarts the server to begin with a new one.</source>
        <translation>Der Server kann seinen Speicher für Dateien nicht verwenden ({reason}) und nimmt deshalb keine Arbeit an. Versuchen Sie es später erneut. Der Betreiber prüft, ob der Ordner oder Bucket in STORAGE_URL erreichbar und beschreibbar ist, oder startet den Server neu, um mit einem neuen zu beginnen.</translation>
    </message>
    <message>
        <source>No worker is alive. Jobs that wait: {jobs}. Start workers with `ocrdesk worker`, or look in their log for why they ended.</source>
        <translation>Es läuft kein Worker. Wartende Aufträge: {jobs}. Starten Sie Worker mit `ocrdesk worker`, oder sehen Sie in ihrem Protokoll nach, warum sie beendet wurden.</translation>
    </message>
    <message>
        <source>The workers have other values of {names} than the api. Give both the same values, then restart the workers.</source>
        <translation>Die Worker haben andere Werte für {names} als die API. Setzen Sie bei beiden dieselben Werte, und starten Sie dann die Worker neu.</translation>
    </message>
    <message>
        <source>This server process is stopping and accepted no work from this request. Send it again in a moment.</source>
        <translation>Dieser Serverprozess wird beendet und hat aus dieser Anfrage nichts angenommen. Senden Sie sie gleich noch einmal.</translation>
    </message>
    <message>
        <source>There is nothing at {path}.</source>
        <translation>Unter {path} gibt es nichts.</translation>
    </message>
    <message>
        <source>{path} does not support {method}.</source>
        <translation>{path} unterstützt {method} nicht.</translation>
    </message>
    <message>
        <source>The body is larger than the limit of {limit} bytes.</source>
        <translation>Der Inhalt ist größer als die erlaubten {limit} Bytes.</translation>
    </message>
    <message>
        <source>The body has too many tiny chunks. Send chunks of {size} bytes or more.</source>
        <translation>Der Inhalt besteht aus zu vielen winzigen Stücken. Senden Sie Stücke von {size} Bytes oder mehr.</translation>
    </message>
    <message>
        <source>This is not a valid HTTP request. Check what sends it.</source>
        <translation>Das ist keine gültige HTTP-Anfrage. Prüfen Sie, was sie sendet.</translation>
    </message>
    <message>
        <source>The request did not arrive in time. Its headers must arrive within {seconds} s, and its body at {rate} bytes per second or more. Send it again over a better connection.</source>
        <translation>Die Anfrage kam nicht rechtzeitig an. Ihre Header müssen innerhalb von {seconds} s ankommen, ihr Inhalt mit mindestens {rate} Byte pro Sekunde. Senden Sie sie über eine bessere Verbindung noch einmal.</translation>
    </message>
    <message>
        <source>The request has more than {count} headers, or more than {limit} bytes of them with its address. Send fewer or shorter ones.</source>
        <translation>Die Anfrage hat mehr als {count} Header, oder mit ihrer Adresse mehr als {limit} Byte davon. Senden Sie weniger oder kürzere.</translation>
    </message>
    <message>
        <source>The server has no room for more connections. Close some, or try again in a moment.</source>
        <translation>Der Server hat keinen Platz für weitere Verbindungen. Schließen Sie einige, oder versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>The request is not valid. {problems}</source>
        <translation>Die Anfrage ist nicht gültig. {problems}</translation>
    </message>
    <message>
        <source>The request is not valid. {reason}.</source>
        <translation>Die Anfrage ist ungültig. {reason}.</translation>
    </message>
    <message>
        <source>{field}: this is missing</source>
        <translation>{field}: Diese Angabe fehlt</translation>
    </message>
    <message>
        <source>{field}: there is no such field</source>
        <translation>{field}: Dieses Feld gibt es nicht</translation>
    </message>
    <message>
        <source>{field}: this must not be empty</source>
        <translation>{field}: Diese Angabe darf nicht leer sein</translation>
    </message>
    <message>
        <source>{field}: this is not JSON</source>
        <translation>{field}: Das ist kein JSON</translation>
    </message>
    <message>
        <source>{field}: this must be text</source>
        <translation>{field}: Das muss ein Text sein</translation>
    </message>
    <message>
        <source>{field}: this must have {limit} characters or more</source>
        <translation>{field}: Das muss mindestens {limit} Zeichen haben</translation>
    </message>
    <message>
        <source>{field}: this may have at most {limit} characters</source>
        <translation>{field}: Das darf höchstens {limit} Zeichen haben</translation>
    </message>
    <message>
        <source>{field}: this must be a whole number</source>
        <translation>{field}: Das muss eine ganze Zahl sein</translation>
    </message>
    <message>
        <source>{field}: this must be a number</source>
        <translation>{field}: Das muss eine Zahl sein</translation>
    </message>
    <message>
        <source>{field}: this must be true or false</source>
        <translation>{field}: Das muss true oder false sein</translation>
    </message>
    <message>
        <source>{field}: this must be at least {limit}</source>
        <translation>{field}: Das muss mindestens {limit} sein</translation>
    </message>
    <message>
        <source>{field}: this must be at most {limit}</source>
        <translation>{field}: Das darf höchstens {limit} sein</translation>
    </message>
    <message>
        <source>{field}: this must be more than {limit}</source>
        <translation>{field}: Das muss größer als {limit} sein</translation>
    </message>
    <message>
        <source>{field}: this must be less than {limit}</source>
        <translation>{field}: Das muss kleiner als {limit} sein</translation>
    </message>
    <message>
        <source>{field}: this must be {known}</source>
        <translation>{field}: Möglich sind nur {known}</translation>
    </message>
    <message>
        <source>{field}: this must be a date and a time, such as {example}</source>
        <translation>{field}: Das muss ein Datum mit Uhrzeit sein, zum Beispiel {example}</translation>
    </message>
    <message>
        <source>{field}: this must name its time zone, such as {example}</source>
        <translation>{field}: Hier fehlt die Zeitzone, zum Beispiel {example}</translation>
    </message>
    <message>
        <source>{field}: this must be a list</source>
        <translation>{field}: Das muss eine Liste sein</translation>
    </message>
    <message>
        <source>{field}: this must have {limit} entries or more</source>
        <translation>{field}: Das muss mindestens {limit} Einträge haben</translation>
    </message>
    <message>
        <source>{field}: this may have at most {limit} entries</source>
        <translation>{field}: Das darf höchstens {limit} Einträge haben</translation>
    </message>
    <message>
        <source>{field}: this must be an object with named fields</source>
        <translation>{field}: Das muss ein Objekt mit benannten Feldern sein</translation>
    </message>
    <message>
        <source>{field}: {reason}</source>
        <translation>{field}: {reason}</translation>
    </message>
    <message>
        <source>{field}: this is not valid</source>
        <translation>{field}: Das ist ungültig</translation>
    </message>
    <message>
        <source>Something went wrong inside the server; its log has the details.</source>
        <translation>Im Server ist etwas schiefgegangen; sein Protokoll enthält die Einzelheiten.</translation>
    </message>
    <message>
        <source>Something went wrong inside the server; its log has the details under the request id {request_id}.</source>
        <translation>Im Server ist etwas schiefgegangen; sein Protokoll enthält die Einzelheiten unter der Anfrage-ID {request_id}.</translation>
    </message>
    <message>
        <source>No server responds at {address}. Check the address, and that the server is running.</source>
        <translation>Unter {address} antwortet kein Server. Prüfen Sie die Adresse, und ob der Server läuft.</translation>
    </message>
    <message>
        <source>{address} did not respond in time. Try again later.</source>
        <translation>{address} hat nicht rechtzeitig geantwortet. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>The connection to {address} was lost ({kind}). Try again.</source>
        <translation>Die Verbindung zu {address} ist abgebrochen ({kind}). Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>This client was closed.</source>
        <translation>Diese Verbindung wurde geschlossen.</translation>
    </message>
    <message>
        <source>{address} sent a response that is not a valid {kind}. Check that it is an ocrdesk server.</source>
        <translation>{address} hat etwas geantwortet, das kein gültiges {kind} ist. Prüfen Sie, ob es ein ocrdesk-Server ist.</translation>
    </message>
    <message>
        <source>The server responded with {status}.</source>
        <translation>Der Server hat mit {status} geantwortet.</translation>
    </message>
    <message>
        <source>Windows cannot run the local server. Run one in WSL or in a container, and connect to its address.</source>
        <translation>Der lokale Server läuft nicht unter Windows. Starten Sie einen in WSL oder in einem Container, und verbinden Sie sich mit seiner Adresse.</translation>
    </message>
    <message>
        <source>The local server is not installed (missing: {part}). Get it with: {remedy}</source>
        <translation>Der lokale Server ist nicht installiert (es fehlt: {part}). Installieren mit: {remedy}</translation>
    </message>
    <message>
        <source>The local server could not start: {reason} (its log: {log})</source>
        <translation>Der lokale Server konnte nicht starten: {reason} (sein Protokoll: {log})</translation>
    </message>
    <message>
        <source>it gave no reason.</source>
        <translation>er nannte keinen Grund.</translation>
    </message>
    <message>
        <source>The local server did not respond within {limit} s. See {log}.</source>
        <translation>Der lokale Server hat in {limit} s nicht geantwortet. Siehe {log}.</translation>
    </message>
    <message>
        <source>The local server in {folder} does not stop. See {log}.</source>
        <translation>Der lokale Server in {folder} lässt sich nicht beenden. Siehe {log}.</translation>
    </message>
    <message>
        <source>The local server (process {pid}) does not stop. See {log}.</source>
        <translation>Der lokale Server (Prozess {pid}) lässt sich nicht beenden. Siehe {log}.</translation>
    </message>
    <message>
        <source>The local server has ended unexpectedly. Try again: it is started again then.</source>
        <translation>Der lokale Server wurde unerwartet beendet. Versuchen Sie es erneut: Er wird dann wieder gestartet.</translation>
    </message>
    <message>
        <source>The local server cannot save its data in {folder}, so it accepts no work. Make room on the disk that holds this folder, and check that you can write to it; then try again.</source>
        <translation>Der lokale Server kann seine Daten in {folder} nicht speichern und nimmt daher nichts an. Schaffen Sie Platz auf dem Datenträger mit diesem Ordner, und prüfen Sie, dass Sie in ihn schreiben dürfen; versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>A part of the local server does not respond. It is started again if it has ended, so try again in a moment. If that does not help, {log} has the reason.</source>
        <translation>Ein Teil des lokalen Servers antwortet nicht. Wenn er beendet wurde, wird er neu gestartet; versuchen Sie es daher gleich noch einmal. Wenn das nicht hilft, steht der Grund in {log}.</translation>
    </message>
    <message>
        <source>The local server cannot open its list of jobs in {folder}: {reason}. If this happens again, rename this folder; the server then starts with an empty list. Your own files are not changed by that.</source>
        <translation>Der lokale Server kann seine Liste der Aufträge in {folder} nicht öffnen: {reason}. Wenn das wieder geschieht, benennen Sie diesen Ordner um; der Server beginnt dann mit einer leeren Liste. Ihre eigenen Dateien bleiben dabei unverändert.</translation>
    </message>
    <message>
        <source>This server was started with `ocrdesk serve` (process {pid}). Stop it there, with Ctrl-C.</source>
        <translation>Dieser Server wurde mit `ocrdesk serve` gestartet (Prozess {pid}). Beenden Sie ihn dort mit Strg+C.</translation>
    </message>
    <message>
        <source>An ocrdesk server already uses {folder}: process {pid} at {url}. Use that one, stop it first, or choose another folder with --data-dir.</source>
        <translation>Ein ocrdesk-Server verwendet {folder} schon: Prozess {pid} unter {url}. Verwenden Sie diesen, beenden Sie ihn zuerst, oder wählen Sie mit --data-dir einen anderen Ordner.</translation>
    </message>
    <message>
        <source>An ocrdesk server that is starting or stopping already uses {folder}. Wait a moment, or choose another folder with --data-dir.</source>
        <translation>Ein ocrdesk-Server, der gerade startet oder endet, verwendet {folder} schon. Warten Sie einen Moment, oder wählen Sie mit --data-dir einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The server was not ready within {limit} s. The log lines before this one have the details.</source>
        <translation>Der Server war nach {limit} s nicht bereit. Die Protokollzeilen davor enthalten die Einzelheiten.</translation>
    </message>
    <message>
        <source>The {part} ended while starting (exit code {exit_code}). The log lines before this one have the details.</source>
        <translation>Der Prozess {part} endete beim Start (Exit-Code {exit_code}). Die Protokollzeilen davor enthalten die Einzelheiten.</translation>
    </message>
    <message>
        <source>No Valkey or Redis server was found. Get one with: {remedy} (or apt-get install redis-server)</source>
        <translation>Es wurde kein Valkey- oder Redis-Server gefunden. Installieren mit: {remedy} (oder apt-get install redis-server)</translation>
    </message>
    <message>
        <source>Cannot listen on {host} port {port}: {reason}. Choose another with --port.</source>
        <translation>Port {port} auf {host} lässt sich nicht öffnen: {reason}. Wählen Sie mit --port einen anderen.</translation>
    </message>
    <message>
        <source>{folder} belongs to another user. Choose another folder with --data-dir.</source>
        <translation>{folder} gehört einem anderen Benutzer. Wählen Sie mit --data-dir einen anderen Ordner.</translation>
    </message>
    <message>
        <source>{folder} cannot be used: {reason}. Choose another with --data-dir.</source>
        <translation>{folder} kann nicht verwendet werden: {reason}. Wählen Sie mit --data-dir einen anderen.</translation>
    </message>
    <message>
        <source>Other users can write to {folder}. Forbid it (chmod go-w), or choose another folder with --data-dir.</source>
        <translation>Andere Benutzer können in {folder} schreiben. Verbieten Sie das (chmod go-w), oder wählen Sie mit --data-dir einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The path {folder} is too long for sockets in it. Set XDG_RUNTIME_DIR to a private folder with a short path.</source>
        <translation>Der Pfad {folder} ist zu lang für Sockets darin. Setzen Sie XDG_RUNTIME_DIR auf einen privaten Ordner mit kurzem Pfad.</translation>
    </message>
    <message>
        <source>{folder}, which is for sockets, belongs to other users, or they can write to it. Remove it, or set XDG_RUNTIME_DIR to a private folder of your own.</source>
        <translation>{folder} ist für Sockets bestimmt, gehört aber anderen Benutzern, oder diese können hineinschreiben. Entfernen Sie den Ordner, oder setzen Sie XDG_RUNTIME_DIR auf einen eigenen privaten Ordner.</translation>
    </message>
    <message>
        <source>{file} cannot be used: {reason}. Move it away, or choose another folder with --data-dir.</source>
        <translation>{file} kann nicht verwendet werden: {reason}. Verschieben Sie die Datei, oder wählen Sie mit --data-dir einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The local server runs, but its file {file} cannot be read. Stop the server (process {pid}) and try again.</source>
        <translation>Der lokale Server läuft, aber seine Datei {file} kann nicht gelesen werden. Beenden Sie den Server (Prozess {pid}), und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>{folder} is a symbolic link. Remove it, or set XDG_RUNTIME_DIR.</source>
        <translation>{folder} ist ein symbolischer Link. Entfernen Sie ihn, oder setzen Sie XDG_RUNTIME_DIR.</translation>
    </message>
    <message>
        <source>There is no room left on the device that holds {folder} ({free} MB are free). Make room there, or choose another folder with --data-dir.</source>
        <translation>Auf dem Datenträger von {folder} ist kein Platz mehr ({free} MB sind frei). Schaffen Sie dort Platz, oder wählen Sie mit --data-dir einen anderen Ordner.</translation>
    </message>
    <message>
        <source>This installation does not recognise text itself: its languages are those of the server it connects to. For recognition on this machine: {remedy}</source>
        <translation>Diese Installation erkennt selbst keinen Text: Ihre Sprachen sind die des Servers, mit dem sie verbunden ist. Für Texterkennung auf diesem Rechner: {remedy}</translation>
    </message>
    <message>
        <source>The worker cannot list its languages: {reason}</source>
        <translation>Der Worker kann seine Sprachen nicht auflisten: {reason}</translation>
    </message>
    <message>
        <source>The worker does not respond. Run `ocrdesk doctor` to find out why.</source>
        <translation>Der Worker antwortet nicht. Führen Sie `ocrdesk doctor` aus, um den Grund zu finden.</translation>
    </message>
    <message>
        <source>{path}: a language&apos;s file is named after it, for example {example}. Rename it.</source>
        <translation>{path}: Die Datei einer Sprache ist nach ihr benannt, zum Beispiel {example}. Benennen Sie sie um.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>{path} kann nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be used: {reason}.</source>
        <translation>{path} kann nicht verwendet werden: {reason}.</translation>
    </message>
    <message>
        <source>The data for {name} cannot be used: {reason}.</source>
        <translation>Die Daten für {name} können nicht verwendet werden: {reason}.</translation>
    </message>
    <message>
        <source>Tesseract cannot use it</source>
        <translation>Tesseract kann sie nicht verwenden</translation>
    </message>
    <message>
        <source>it is not a traineddata file</source>
        <translation>es ist keine traineddata-Datei</translation>
    </message>
    <message>
        <source>its end is missing</source>
        <translation>ihr Ende fehlt</translation>
    </message>
    <message>
        <source>it lacks {missing}, so Tesseract 5 cannot use it</source>
        <translation>es fehlt {missing}, daher kann Tesseract 5 sie nicht verwenden</translation>
    </message>
    <message>
        <source>{file} exists and was not added by ocrdesk. Replace it with --force.</source>
        <translation>{file} gibt es schon, und ocrdesk hat sie nicht hinzugefügt. Ersetzen Sie sie mit --force.</translation>
    </message>
    <message>
        <source>{file} was changed since it was added. Delete it yourself if you no longer need it.</source>
        <translation>{file} wurde seit dem Hinzufügen geändert. Löschen Sie sie selbst, wenn Sie sie nicht mehr brauchen.</translation>
    </message>
    <message>
        <source>{name} belongs to the system ({file}) and was not added by ocrdesk. Remove it with: {remedy}</source>
        <translation>{name} gehört zum System ({file}) und wurde nicht von ocrdesk hinzugefügt. Entfernen mit: {remedy}</translation>
    </message>
    <message>
        <source>{name} is part of ocrdesk&apos;s packages ({file}) and cannot be removed.</source>
        <translation>{name} gehört zu den Paketen von ocrdesk ({file}) und lässt sich nicht entfernen.</translation>
    </message>
    <message>
        <source>{file} was not added by ocrdesk. Delete it yourself if you no longer need it.</source>
        <translation>{file} wurde nicht von ocrdesk hinzugefügt. Löschen Sie sie selbst, wenn Sie sie nicht mehr brauchen.</translation>
    </message>
    <message>
        <source>{name} is not installed.</source>
        <translation>{name} ist nicht installiert.</translation>
    </message>
    <message>
        <source>Another ocrdesk is adding languages to {folder}. Try again later.</source>
        <translation>Ein anderes ocrdesk fügt gerade Sprachen zu {folder} hinzu. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>{folder} cannot be written to: {reason}. Fix that, or choose another folder with --data-dir (OCRDESK_DATA_DIR).</source>
        <translation>In {folder} kann nicht geschrieben werden: {reason}. Beheben Sie das, oder wählen Sie mit --data-dir (OCRDESK_DATA_DIR) einen anderen Ordner.</translation>
    </message>
    <message>
        <source>There is not enough room in {folder}. Free some space and try again, or choose another folder with --data-dir (OCRDESK_DATA_DIR).</source>
        <translation>In {folder} ist nicht genug Platz. Schaffen Sie Platz und versuchen Sie es noch einmal, oder wählen Sie mit --data-dir (OCRDESK_DATA_DIR) einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The address of the language mirror, {mirror}, cannot be used: it must begin with http:// or https:// and name a folder.</source>
        <translation>Die Adresse des Spiegelservers für Sprachen, {mirror}, lässt sich nicht verwenden: Sie muss mit http:// oder https:// beginnen und einen Ordner nennen.</translation>
    </message>
    <message>
        <source>The language mirror {mirror} cannot be reached, or the connection was lost: {reason}. Try again later.</source>
        <translation>Der Spiegelserver {mirror} ist nicht erreichbar, oder die Verbindung ist abgebrochen: {reason}. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>The language mirror {mirror} responds with {status}. Try again later.</source>
        <translation>Der Spiegelserver {mirror} antwortet mit {status}. Versuchen Sie es später noch einmal.</translation>
    </message>
    <message>
        <source>The language mirror {mirror} has no {file} (it responds with {status}).</source>
        <translation>Der Spiegelserver {mirror} hat keine Datei {file} (er antwortet mit {status}).</translation>
    </message>
    <message>
        <source>The language mirror {mirror} has no {file} (it responds with {status}). Create it with `ocrdesk languages index FOLDER`.</source>
        <translation>Der Spiegelserver {mirror} hat keine Datei {file} (er antwortet mit {status}). Erstellen Sie sie mit `ocrdesk languages index FOLDER`.</translation>
    </message>
    <message>
        <source>The index of the language mirror {mirror} is too large to be one.</source>
        <translation>Der Index des Spiegelservers {mirror} ist zu groß, um einer zu sein.</translation>
    </message>
    <message>
        <source>The index of the language mirror {mirror} cannot be used: {reason}. Create it again with `ocrdesk languages index FOLDER`.</source>
        <translation>Der Index des Spiegelservers {mirror} lässt sich nicht verwenden: {reason}. Erstellen Sie ihn neu mit `ocrdesk languages index FOLDER`.</translation>
    </message>
    <message>
        <source>The language mirror {mirror} sends a {file} that differs from its index (another SHA-256). Try again; if that does not help, its index must be created again.</source>
        <translation>Der Spiegelserver {mirror} sendet eine Datei {file}, die nicht zu seinem Index passt (andere SHA-256). Versuchen Sie es noch einmal; hilft das nicht, muss sein Index neu erstellt werden.</translation>
    </message>
    <message>
        <source>The language mirror {mirror} sends a {file} that is larger than its index says. Its index must be created again.</source>
        <translation>Der Spiegelserver {mirror} sendet eine Datei {file}, die größer ist als in seinem Index angegeben. Sein Index muss neu erstellt werden.</translation>
    </message>
    <message>
        <source>The language mirror {mirror} does not resume {file}. Try again.</source>
        <translation>Der Spiegelserver {mirror} kann das Herunterladen von {file} nicht fortsetzen. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The download of {file} from the language mirror {mirror} was interrupted at {done} of {size} bytes. Try again.</source>
        <translation>Das Herunterladen von {file} vom Spiegelserver {mirror} ist bei {done} von {size} Bytes abgebrochen. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The language mirror {mirror} no longer has {name}.</source>
        <translation>Der Spiegelserver {mirror} hat {name} nicht mehr.</translation>
    </message>
    <message>
        <source>There is no room left on the disk, so nothing is added to the library. Make room there.</source>
        <translation>Auf dem Datenträger ist kein Platz mehr, daher wird nichts in die Bibliothek aufgenommen. Schaffen Sie dort Platz.</translation>
    </message>
    <message>
        <source>Another window or program is using the library. What is missing is added when it is free again; searches work then, too.</source>
        <translation>Ein anderes Fenster oder Programm verwendet die Bibliothek. Was fehlt, wird aufgenommen, sobald sie wieder frei ist; auch die Suche funktioniert dann wieder.</translation>
    </message>
    <message>
        <source>The library&apos;s file {file} is damaged. Move it away to start again; texts still on the server are added again.</source>
        <translation>Die Datei der Bibliothek, {file}, ist beschädigt. Verschieben Sie sie, um neu zu beginnen; Texte, die noch auf dem Server sind, werden wieder aufgenommen.</translation>
    </message>
    <message>
        <source>The library&apos;s file {file} cannot be used. Check that you can read and write it, or move it away.</source>
        <translation>Die Datei der Bibliothek, {file}, kann nicht verwendet werden. Prüfen Sie, ob Sie sie lesen und schreiben können, oder verschieben Sie sie.</translation>
    </message>
    <message>
        <source>The library&apos;s folder cannot be used: {reason}.</source>
        <translation>Der Ordner der Bibliothek kann nicht verwendet werden: {reason}.</translation>
    </message>
    <message>
        <source>A newer ocrdesk created this library. Use that version, or move the library&apos;s file away.</source>
        <translation>Ein neueres ocrdesk hat diese Bibliothek angelegt. Verwenden Sie dieses, oder verschieben Sie die Datei der Bibliothek.</translation>
    </message>
    <message>
        <source>The library cannot be used: this Python&apos;s SQLite has no full-text search (FTS5). Install a Python whose SQLite has it, for example the one from python.org.</source>
        <translation>Die Bibliothek kann nicht verwendet werden: SQLite in diesem Python hat keine Volltextsuche (FTS5). Installieren Sie ein Python, dessen SQLite sie hat, zum Beispiel das von python.org.</translation>
    </message>
    <message>
        <source>The library cannot be used: {reason}.</source>
        <translation>Die Bibliothek kann nicht verwendet werden: {reason}.</translation>
    </message>
    <message>
        <source>permission denied</source>
        <translation>keine Berechtigung</translation>
    </message>
    <message>
        <source>no space left on the device</source>
        <translation>auf dem Datenträger ist kein Platz mehr</translation>
    </message>
    <message>
        <source>the file system is read-only</source>
        <translation>das Dateisystem ist schreibgeschützt</translation>
    </message>
    <message>
        <source>no such file or folder</source>
        <translation>diese Datei oder diesen Ordner gibt es nicht</translation>
    </message>
    <message>
        <source>a file of this name already exists</source>
        <translation>eine Datei dieses Namens gibt es schon</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>es ist ein Ordner</translation>
    </message>
    <message>
        <source>a part of the path is not a folder</source>
        <translation>ein Teil des Pfads ist kein Ordner</translation>
    </message>
    <message>
        <source>the name is too long</source>
        <translation>der Name ist zu lang</translation>
    </message>
    <message>
        <source>the device reports an input/output error</source>
        <translation>der Datenträger meldet einen Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <source>the device or file is in use</source>
        <translation>der Datenträger oder die Datei wird gerade verwendet</translation>
    </message>
    <message>
        <source>too many files are open</source>
        <translation>zu viele Dateien sind geöffnet</translation>
    </message>
    <message>
        <source>the address is already in use</source>
        <translation>die Adresse wird schon verwendet</translation>
    </message>
    <message>
        <source>this machine does not have that address</source>
        <translation>dieser Rechner hat diese Adresse nicht</translation>
    </message>
    <message>
        <source>the connection was refused</source>
        <translation>die Verbindung wurde abgelehnt</translation>
    </message>
    <message>
        <source>it took too long</source>
        <translation>es dauerte zu lange</translation>
    </message>
    <message>
        <source>The server cannot reach Redis, so it accepts no work. Try again in a moment. Its operator starts Redis, or corrects REDIS_URL.</source>
        <translation>Der Server erreicht Redis nicht und nimmt deshalb keine Arbeit an. Versuchen Sie es gleich noch einmal. Der Betreiber startet Redis oder korrigiert REDIS_URL.</translation>
    </message>
    <message>
        <source>Redis did not answer in time, so the server accepts no work. Try again in a moment. Its operator finds out what keeps Redis busy, for instance with SLOWLOG GET.</source>
        <translation>Redis hat nicht rechtzeitig geantwortet, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es gleich noch einmal. Der Betreiber klärt, womit Redis beschäftigt ist, zum Beispiel mit SLOWLOG GET.</translation>
    </message>
    <message>
        <source>Redis has no memory left, so the server accepts no work. Delete jobs that are no longer needed, or try again later. Its operator raises maxmemory, lowers RESULT_TTL, or sets STORAGE_URL to keep files outside Redis.</source>
        <translation>Redis hat keinen Speicher mehr, deshalb nimmt der Server keine Arbeit an. Löschen Sie Aufträge, die nicht mehr gebraucht werden, oder versuchen Sie es später noch einmal. Der Betreiber erhöht maxmemory, senkt RESULT_TTL oder setzt STORAGE_URL, damit Dateien außerhalb von Redis liegen.</translation>
    </message>
    <message>
        <source>Redis is a read-only replica, so the server accepts no work. Try again in a moment. Its operator lets REDIS_URL lead to the primary, or makes this one the primary with REPLICAOF NO ONE.</source>
        <translation>Redis ist ein Replikat, das nur gelesen werden kann, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es gleich noch einmal. Der Betreiber lässt REDIS_URL auf den primären Server zeigen oder macht diesen mit REPLICAOF NO ONE zum primären.</translation>
    </message>
    <message>
        <source>Redis cannot save its data, so it refuses changes and the server accepts no work. Try again later. Its operator makes room on Redis&apos;s disk, or lets Redis write to its folder; the log of Redis says which.</source>
        <translation>Redis kann seine Daten nicht speichern und lehnt Änderungen ab, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es später noch einmal. Der Betreiber schafft Platz auf dem Datenträger von Redis oder lässt Redis in seinen Ordner schreiben; was davon nötig ist, steht im Protokoll von Redis.</translation>
    </message>
    <message>
        <source>Redis is loading its data after a start, so the server accepts no work yet. Try again in a moment.</source>
        <translation>Redis lädt nach einem Start seine Daten, deshalb nimmt der Server noch keine Arbeit an. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Redis refuses the server&apos;s login, so the server accepts no work. Try again later. Its operator corrects the user and the password in REDIS_URL.</source>
        <translation>Redis lehnt die Anmeldung des Servers ab, deshalb nimmt er keine Arbeit an. Versuchen Sie es später noch einmal. Der Betreiber korrigiert Benutzer und Passwort in REDIS_URL.</translation>
    </message>
    <message>
        <source>The server&apos;s user of Redis lacks rights, so the server accepts no work. Try again later. Its operator allows it all commands on all keys: ACL SETUSER NAME ~* &amp;* +@all</source>
        <translation>Dem Benutzer, mit dem sich der Server bei Redis anmeldet, fehlen Rechte, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es später noch einmal. Der Betreiber erlaubt ihm alle Befehle auf allen Schlüsseln: ACL SETUSER NAME ~* &amp;* +@all</translation>
    </message>
    <message>
        <source>A part of the Redis cluster is unavailable, so the server accepts no work. Try again in a moment. Its operator repairs the cluster; CLUSTER INFO says what is missing.</source>
        <translation>Ein Teil des Redis-Clusters ist nicht verfügbar, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es gleich noch einmal. Der Betreiber repariert den Cluster; was fehlt, zeigt CLUSTER INFO.</translation>
    </message>
    <message>
        <source>REDIS_URL names one node of a Redis cluster, so the server accepts no work. Try again later. Its operator writes it as redis+cluster://HOST:PORT, with several of the nodes.</source>
        <translation>REDIS_URL nennt einen einzelnen Knoten eines Redis-Clusters, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es später noch einmal. Der Betreiber schreibt redis+cluster://HOST:PORT, mit mehreren der Knoten.</translation>
    </message>
    <message>
        <source>Redis is a replica that has lost its primary, so the server accepts no work. Try again in a moment. Its operator starts the primary, or lets REDIS_URL lead to it.</source>
        <translation>Redis ist ein Replikat, das seinen primären Server verloren hat, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es gleich noch einmal. Der Betreiber startet den primären Server oder lässt REDIS_URL auf ihn zeigen.</translation>
    </message>
    <message>
        <source>Redis is busy with a script, so the server accepts no work. Try again in a moment. Its operator can end the script with SCRIPT KILL.</source>
        <translation>Redis ist mit einem Skript beschäftigt, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es gleich noch einmal. Der Betreiber kann das Skript mit SCRIPT KILL beenden.</translation>
    </message>
    <message>
        <source>Redis has fewer replicas than it needs to accept changes, so the server accepts no work. Try again in a moment. Its operator starts the replicas, or lowers min-replicas-to-write.</source>
        <translation>Redis hat weniger Replikate, als es für Änderungen braucht, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es gleich noch einmal. Der Betreiber startet die Replikate oder senkt min-replicas-to-write.</translation>
    </message>
    <message>
        <source>Too few replicas of Redis confirm changes, so it is not certain that this one lasts. Try again in a moment. The server&apos;s operator starts the replicas, or lowers REDIS_REPLICAS.</source>
        <translation>Zu wenige Replikate von Redis bestätigen Änderungen, deshalb ist nicht sicher, ob diese erhalten bleibt. Versuchen Sie es gleich noch einmal. Der Betreiber des Servers startet die Replikate oder setzt REDIS_REPLICAS herab.</translation>
    </message>
    <message>
        <source>Redis accepts no more connections, so the server accepts no work. Try again in a moment. Its operator raises maxclients.</source>
        <translation>Redis nimmt keine weiteren Verbindungen an, deshalb nimmt der Server keine Arbeit an. Versuchen Sie es gleich noch einmal. Der Betreiber erhöht maxclients.</translation>
    </message>
    <message>
        <source>Work of other callers waits, and yours has used {used} s of the workers&apos; time in the last {window} minutes; the limit is {limit} s. Try again in about {seconds} s.</source>
        <translation>Arbeit anderer wartet, und Ihre hat in den letzten {window} Minuten {used} s Zeit der Worker gebraucht; die Grenze liegt bei {limit} s. Versuchen Sie es in etwa {seconds} s noch einmal.</translation>
    </message>
    <message>
        <source>This PDF has {count} objects, but at most {limit} are supported. Save it again with another program (print it to PDF), or split it, and submit that.</source>
        <translation>Dieses PDF hat {count} Objekte, unterstützt werden höchstens {limit}. Speichern Sie es mit einem anderen Programm neu (als PDF drucken), oder teilen Sie es, und senden Sie das Ergebnis.</translation>
    </message>
    <message>
        <source>A part of this PDF grows to more than {limit} MB when it is unpacked. Save it again with another program (print it to PDF), and submit that.</source>
        <translation>Ein Teil dieses PDFs wächst beim Entpacken auf mehr als {limit} MB. Speichern Sie es mit einem anderen Programm neu (als PDF drucken), und senden Sie das Ergebnis.</translation>
    </message>
    <message>
        <source>This file has {count} pages, but at most {limit} are supported. Split it, and submit the parts.</source>
        <translation>Diese Datei hat {count} Seiten, unterstützt werden höchstens {limit}. Teilen Sie sie, und senden Sie die Teile.</translation>
    </message>
</context>
<context>
    <name>ExportActions</name>
    <message>
        <source>E&amp;xport…</source>
        <translation>E&amp;xportieren…</translation>
    </message>
    <message>
        <source>Write the selected results to files (Ctrl+E)</source>
        <translation>Die ausgewählten Ergebnisse in Dateien schreiben (Strg+E)</translation>
    </message>
    <message>
        <source>&amp;Join lines when copying</source>
        <translation>Beim Kopieren &amp;Zeilen verbinden</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export {count} files</source>
        <translation>{count} Dateien exportieren</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>&amp;Join the lines of a paragraph</source>
        <translation>Die Zeilen eines Absatzes &amp;verbinden</translation>
    </message>
    <message>
        <source>&amp;Format:</source>
        <translation>&amp;Format:</translation>
    </message>
    <message>
        <source>F&amp;older:</source>
        <translation>&amp;Ordner:</translation>
    </message>
    <message>
        <source>&amp;Name:</source>
        <translation>&amp;Name:</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>{name}: the file&apos;s name, {number}: its number in this export, {date}: today&apos;s date</source>
        <translation>{name}: der Name der Datei, {number}: ihre Nummer in diesem Export, {date}: das heutige Datum</translation>
    </message>
    <message>
        <source>&amp;Omit headers, footers and page numbers</source>
        <translation>Kopf- und Fußzeilen und Seitenzahlen &amp;weglassen</translation>
    </message>
    <message>
        <source>&amp;Replace existing files</source>
        <translation>Vorhandene Dateien &amp;ersetzen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Den Ordner wählen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Preview of the name</source>
        <translation>Vorschau des Namens</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>OpenDocument text</source>
        <translation>OpenDocument-Text</translation>
    </message>
    <message>
        <source>EPUB book</source>
        <translation>EPUB-Buch</translation>
    </message>
    <message>
        <source>Tables as an Excel workbook</source>
        <translation>Tabellen als Excel-Arbeitsmappe</translation>
    </message>
    <message>
        <source>Unknown field {{{field}}}. Use {{name}}, {{number}} or {{date}}.</source>
        <translation>Unbekanntes Feld {{{field}}}. Verwenden Sie {{name}}, {{number}} oder {{date}}.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>{name} was written.</source>
        <translation>{name} wurde geschrieben.</translation>
    </message>
    <message>
        <source>{count} files were written.</source>
        <translation>{count} Dateien wurden geschrieben.</translation>
    </message>
    <message>
        <source>Stopped: 1 file was not written.</source>
        <translation>Angehalten: 1 Datei wurde nicht geschrieben.</translation>
    </message>
    <message>
        <source>Stopped: {count} files were not written.</source>
        <translation>Angehalten: {count} Dateien wurden nicht geschrieben.</translation>
    </message>
    <message>
        <source>No table was found in {name}.</source>
        <translation>In {name} wurde keine Tabelle gefunden.</translation>
    </message>
    <message>
        <source>No text was found in {name}.</source>
        <translation>In {name} wurde kein Text gefunden.</translation>
    </message>
    <message>
        <source>Cannot write to the folder: {reason}. Choose another folder.</source>
        <translation>In den Ordner kann nicht geschrieben werden: {reason}. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Buttons</source>
        <translation>Schaltflächen</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>Reiner Text</translation>
    </message>
    <message>
        <source>Words as TSV</source>
        <translation>Wörter als TSV</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word-Dokument</translation>
    </message>
    <message>
        <source>Tables as CSV</source>
        <translation>Tabellen als CSV</translation>
    </message>
    <message>
        <source>Searchable PDF</source>
        <translation>Durchsuchbares PDF</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Not written: {name}: {reason}</source>
        <translation>Nicht geschrieben: {name}: {reason}</translation>
    </message>
    <message>
        <source>… and {count} more.</source>
        <translation>… und {count} weitere.</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find and replace</source>
        <translation>Suchen und ersetzen</translation>
    </message>
    <message>
        <source>Find in the document</source>
        <translation>Im Dokument suchen</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Replace with</source>
        <translation>Ersetzen durch</translation>
    </message>
    <message>
        <source>Match case</source>
        <translation>Groß-/Kleinschreibung beachten</translation>
    </message>
    <message>
        <source>Whole words only</source>
        <translation>Nur ganze Wörter</translation>
    </message>
    <message>
        <source>Previous hit</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Next hit</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation>Die Suche schließen</translation>
    </message>
    <message>
        <source>&amp;Replace</source>
        <translation>&amp;Ersetzen</translation>
    </message>
    <message>
        <source>Replace &amp;all</source>
        <translation>A&amp;lle ersetzen</translation>
    </message>
    <message>
        <source>Replace this hit</source>
        <translation>Diesen Treffer ersetzen</translation>
    </message>
    <message>
        <source>Replace all hits</source>
        <translation>Alle Treffer ersetzen</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message>
        <source>Not found.</source>
        <translation>Nicht gefunden.</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} von {count}</translation>
    </message>
    <message>
        <source>1 hit</source>
        <translation>1 Treffer</translation>
    </message>
    <message>
        <source>{count} hits</source>
        <translation>{count} Treffer</translation>
    </message>
    <message>
        <source>Hits</source>
        <translation>Treffer</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Not connected. Try again in a moment.</source>
        <translation>Nicht verbunden. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Replace all</source>
        <translation>Alle ersetzen</translation>
    </message>
    <message>
        <source>The text could not be searched: {reason}</source>
        <translation>Der Text konnte nicht durchsucht werden: {reason}</translation>
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
    <name>HitHighlighter</name>
    <message>
        <source>Replaced in 1 line.</source>
        <translation>In 1 Zeile ersetzt.</translation>
    </message>
    <message>
        <source>Replaced in {count} lines.</source>
        <translation>In {count} Zeilen ersetzt.</translation>
    </message>
</context>
<context>
    <name>HitList</name>
    <message>
        <source>Hits</source>
        <translation>Treffer</translation>
    </message>
</context>
<context>
    <name>HitsModel</name>
    <message>
        <source>Page {number} of {count}, {day}</source>
        <translation>Seite {number} von {count}, {day}</translation>
    </message>
</context>
<context>
    <name>ImageTextLink</name>
    <message>
        <source>Loading the page image…</source>
        <translation>Seitenbild wird geladen…</translation>
    </message>
</context>
<context>
    <name>InputSources</name>
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
        <source>There is no image and no file on the clipboard.</source>
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
    <name>JobActions</name>
    <message>
        <source>&amp;Pause</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Try again</source>
        <translation>&amp;Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>Nach &amp;oben</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>Nach &amp;unten</translation>
    </message>
    <message>
        <source>Move to t&amp;op</source>
        <translation>&amp;Ganz nach oben</translation>
    </message>
    <message>
        <source>Move to &amp;bottom</source>
        <translation>Ganz nach un&amp;ten</translation>
    </message>
    <message>
        <source>Pause a&amp;ll</source>
        <translation>A&amp;lle anhalten</translation>
    </message>
    <message>
        <source>Resu&amp;me all</source>
        <translation>Alle fo&amp;rtsetzen</translation>
    </message>
    <message>
        <source>Try all failed a&amp;gain</source>
        <translation>Alle fehlgeschlagenen noch ein&amp;mal versuchen</translation>
    </message>
    <message>
        <source>Ca&amp;ncel all</source>
        <translation>Alle a&amp;bbrechen</translation>
    </message>
    <message>
        <source>&amp;Select all</source>
        <translation>Alle aus&amp;wählen</translation>
    </message>
    <message>
        <source>&amp;Filter the list</source>
        <translation>Liste f&amp;iltern</translation>
    </message>
</context>
<context>
    <name>JobControl</name>
    <message>
        <source>{name}: the server no longer has this file. Open it again to read it.</source>
        <translation>{name}: Der Server hat diese Datei nicht mehr. Öffnen Sie sie noch einmal, um sie zu lesen.</translation>
    </message>
</context>
<context>
    <name>JobsPanel</name>
    <message>
        <source>Jobs and their filter</source>
        <translation>Aufträge und ihr Filter</translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation>Nach Namen filtern</translation>
    </message>
    <message>
        <source>Filter by state</source>
        <translation>Nach Status filtern</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartend</translation>
    </message>
    <message>
        <source>Being read</source>
        <translation>Wird gelesen</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>With problems</source>
        <translation>Mit Problemen</translation>
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
    <name>JournalWriter</name>
    <message>
        <source>Corrections stored on this computer were damaged. The damaged file is {file}.</source>
        <translation>Auf diesem Computer gespeicherte Korrekturen waren beschädigt. Die beschädigte Datei ist {file}.</translation>
    </message>
    <message>
        <source>{name}: unsaved corrections cannot be stored on this computer: {reason}</source>
        <translation>{name}: Nicht gespeicherte Korrekturen können nicht auf diesem Computer gespeichert werden: {reason}</translation>
    </message>
    <message>
        <source>Corrections stored on this computer cannot be read: {reason}</source>
        <translation>Auf diesem Computer gespeicherte Korrekturen können nicht gelesen werden: {reason}</translation>
    </message>
</context>
<context>
    <name>KeysPane</name>
    <message>
        <source>Keys</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>For the server at {host}.</source>
        <translation>Für den Server {host}.</translation>
    </message>
    <message>
        <source>The local server accepts this program without a key. Other people need a key when the server is shared on the network.</source>
        <translation>Der lokale Server nimmt dieses Programm ohne Schlüssel an. Andere brauchen einen Schlüssel, wenn der Server im Netz freigegeben ist.</translation>
    </message>
    <message>
        <source>Not connected.</source>
        <translation>Nicht verbunden.</translation>
    </message>
    <message>
        <source>You have no key for this server, and it does not require one.</source>
        <translation>Sie haben keinen Schlüssel für diesen Server, und er verlangt keinen.</translation>
    </message>
    <message>
        <source>This is your key. The window uses it now.</source>
        <translation>Dies ist Ihr Schlüssel. Das Fenster verwendet ihn jetzt.</translation>
    </message>
    <message>
        <source>Other programs that use it will stop working.</source>
        <translation>Andere Programme, die ihn verwenden, funktionieren dann nicht mehr.</translation>
    </message>
    <message>
        <source>Not connected. Try again in a moment.</source>
        <translation>Nicht verbunden. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>This is your new key. The window uses it now.</source>
        <translation>Dies ist Ihr neuer Schlüssel. Das Fenster verwendet ihn jetzt.</translation>
    </message>
    <message>
        <source>Revoke your key? It stops working immediately, for all programs, and cannot be restored. You lose access to your jobs on this server, which deletes them later.</source>
        <translation>Ihren Schlüssel widerrufen? Er gilt dann sofort für kein Programm mehr und kann nicht wiederhergestellt werden. Sie verlieren den Zugriff auf Ihre Aufträge auf diesem Server, der sie später löscht.</translation>
    </message>
    <message>
        <source>The key was revoked.</source>
        <translation>Der Schlüssel wurde widerrufen.</translation>
    </message>
    <message>
        <source>The keyring does not respond and may still contain it.</source>
        <translation>Der Schlüsselbund antwortet nicht und enthält ihn vielleicht noch.</translation>
    </message>
    <message>
        <source>The key for {name}. Copy it now and pass it on: it is shown only once.</source>
        <translation>Der Schlüssel für {name}. Kopieren Sie ihn jetzt und geben Sie ihn weiter: Er wird nur einmal angezeigt.</translation>
    </message>
    <message>
        <source>You can copy it only once, for other programs.</source>
        <translation>Sie können ihn nur einmal kopieren, für andere Programme.</translation>
    </message>
    <message>
        <source>Enter your e-mail address and your name.</source>
        <translation>Geben Sie Ihre E-Mail-Adresse und Ihren Namen ein.</translation>
    </message>
    <message>
        <source>Registering…</source>
        <translation>Wird registriert…</translation>
    </message>
    <message>
        <source>Replace your key with a new one? The old one expires {when}.</source>
        <translation>Ihren Schlüssel durch einen neuen ersetzen? Der alte läuft {when} ab.</translation>
    </message>
    <message>
        <source>Replace key</source>
        <translation>Schlüssel ersetzen</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>The old one expires on {when}.</source>
        <translation>Der alte läuft am {when} ab.</translation>
    </message>
    <message>
        <source>Revoke key</source>
        <translation>Schlüssel widerrufen</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>Widerrufen</translation>
    </message>
</context>
<context>
    <name>LanguageHint</name>
    <message>
        <source>Open {name} again</source>
        <translation>{name} noch einmal öffnen</translation>
    </message>
</context>
<context>
    <name>LanguageNotice</name>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>So lassen</translation>
    </message>
    <message>
        <source>This looks like {language}.</source>
        <translation>Das sieht aus wie {language}.</translation>
    </message>
    <message>
        <source>Recognise again in {language}</source>
        <translation>Noch einmal lesen: {language}</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Englisch</translation>
    </message>
    <message>
        <source>German</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Französisch</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Spanisch</translation>
    </message>
    <message>
        <source>Italian</source>
        <translation>Italienisch</translation>
    </message>
    <message>
        <source>Portuguese</source>
        <translation>Portugiesisch</translation>
    </message>
    <message>
        <source>Dutch</source>
        <translation>Niederländisch</translation>
    </message>
    <message>
        <source>Swedish</source>
        <translation>Schwedisch</translation>
    </message>
    <message>
        <source>Danish</source>
        <translation>Dänisch</translation>
    </message>
    <message>
        <source>Norwegian</source>
        <translation>Norwegisch</translation>
    </message>
    <message>
        <source>Polish</source>
        <translation>Polnisch</translation>
    </message>
    <message>
        <source>Czech</source>
        <translation>Tschechisch</translation>
    </message>
    <message>
        <source>Finnish</source>
        <translation>Finnisch</translation>
    </message>
    <message>
        <source>Turkish</source>
        <translation>Türkisch</translation>
    </message>
    <message>
        <source>Hungarian</source>
        <translation>Ungarisch</translation>
    </message>
    <message>
        <source>Romanian</source>
        <translation>Rumänisch</translation>
    </message>
</context>
<context>
    <name>LanguagesPane</name>
    <message>
        <source>Languages</source>
        <translation>Sprachen</translation>
    </message>
    <message>
        <source>Send the rejected files again</source>
        <translation>Die abgelehnten Dateien noch einmal senden</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Add from file…</source>
        <translation>Aus Datei hinzufügen…</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Languages of this computer</source>
        <translation>Sprachen dieses Computers</translation>
    </message>
    <message>
        <source>Language mirror</source>
        <translation>Spiegelserver für Sprachen</translation>
    </message>
    <message>
        <source>New jobs</source>
        <translation>Neue Aufträge</translation>
    </message>
    <message>
        <source>added here</source>
        <translation>hier hinzugefügt</translation>
    </message>
    <message>
        <source>Languages come from a mirror, which is a web folder made with “ocrdesk languages index” by somebody you trust, or from files with names such as fra.traineddata.</source>
        <translation>Sprachen kommen von einem Spiegelserver, also einem Webordner, den jemand Vertrauenswürdiges mit „ocrdesk languages index“ erstellt hat, oder aus Dateien mit Namen wie fra.traineddata.</translation>
    </message>
    <message>
        <source>Languages installed on this computer.</source>
        <translation>Auf diesem Computer installierte Sprachen.</translation>
    </message>
    <message>
        <source>Languages of the server at {host}. Its operator adds and removes them.</source>
        <translation>Sprachen des Servers {host}. Sein Betreiber fügt sie hinzu und entfernt sie.</translation>
    </message>
    <message>
        <source>Not connected, so the server&apos;s languages are unknown.</source>
        <translation>Nicht verbunden, die Sprachen des Servers sind daher unbekannt.</translation>
    </message>
    <message>
        <source>in your own folder</source>
        <translation>in Ihrem eigenen Ordner</translation>
    </message>
    <message>
        <source>included in ocrdesk</source>
        <translation>in ocrdesk enthalten</translation>
    </message>
    <message>
        <source>from the system</source>
        <translation>aus dem System</translation>
    </message>
    <message>
        <source>can be added, {size} MB</source>
        <translation>kann hinzugefügt werden, {size} MB</translation>
    </message>
    <message>
        <source>Add a language</source>
        <translation>Eine Sprache hinzufügen</translation>
    </message>
    <message>
        <source>Languages (*.traineddata)</source>
        <translation>Sprachen (*.traineddata)</translation>
    </message>
    <message>
        <source>Remove {name}? It can be added again.</source>
        <translation>{name} entfernen? Die Sprache kann wieder hinzugefügt werden.</translation>
    </message>
    <message>
        <source>Remove language</source>
        <translation>Sprache entfernen</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>1 file is being sent again.</source>
        <translation>1 Datei wird noch einmal gesendet.</translation>
    </message>
    <message>
        <source>{count} files are being sent again.</source>
        <translation>{count} Dateien werden noch einmal gesendet.</translation>
    </message>
</context>
<context>
    <name>LibraryFilters</name>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Search all recognised text</source>
        <translation>Im gesamten erkannten Text suchen</translation>
    </message>
    <message>
        <source>All words must be on the page. Put &quot;words in a row&quot; between quotation marks.</source>
        <translation>Alle Wörter müssen auf der Seite stehen. Setzen Sie &quot;aufeinanderfolgende Wörter&quot; in Anführungszeichen.</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>Dateiname</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeitraum</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Beliebig</translation>
    </message>
    <message>
        <source>Last 24 hours</source>
        <translation>Letzte 24 Stunden</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Letzte 7 Tage</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Letzte 30 Tage</translation>
    </message>
    <message>
        <source>Last 365 days</source>
        <translation>Letzte 365 Tage</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>All servers</source>
        <translation>Alle Server</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>Dieser Computer</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>&amp;Library</source>
        <translation>Bib&amp;liothek</translation>
    </message>
    <message>
        <source>Search all recognised text (Ctrl+L)</source>
        <translation>Im gesamten erkannten Text suchen (Strg+L)</translation>
    </message>
</context>
<context>
    <name>LibraryView</name>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Library settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Back to the list</source>
        <translation>Zur Liste</translation>
    </message>
    <message>
        <source>Hits and text</source>
        <translation>Treffer und Text</translation>
    </message>
    <message>
        <source>Search and hits</source>
        <translation>Suche und Treffer</translation>
    </message>
    <message>
        <source>{count} documents</source>
        <translation>{count} Dokumente</translation>
    </message>
    <message>
        <source>The best {count} pages</source>
        <translation>Die besten {count} Seiten</translation>
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
        <source>The library is switched off, so recognised text is not kept. You can switch it on in its settings.</source>
        <translation>Die Bibliothek ist ausgeschaltet, daher wird erkannter Text nicht aufbewahrt. Sie können sie in ihren Einstellungen einschalten.</translation>
    </message>
    <message>
        <source>The library is empty. Recognised text is kept here; you can search it as soon as a file is finished.</source>
        <translation>Die Bibliothek ist leer. Erkannter Text wird hier aufbewahrt; Sie können ihn durchsuchen, sobald eine Datei fertig ist.</translation>
    </message>
    <message>
        <source>Nothing found. Try fewer words, or other filters.</source>
        <translation>Nichts gefunden. Versuchen Sie es mit weniger Wörtern oder anderen Filtern.</translation>
    </message>
    <message>
        <source>Delete the stored text of {name}?</source>
        <translation>Den gespeicherten Text von {name} löschen?</translation>
    </message>
</context>
<context>
    <name>LocalServerForm</name>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
    <message>
        <source>Local server</source>
        <translation>Lokaler Server</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Wird geprüft…</translation>
    </message>
    <message>
        <source>One per core ({cores})</source>
        <translation>Einer je Kern ({cores})</translation>
    </message>
    <message>
        <source>Share it on the network; others need a key</source>
        <translation>Im Netz freigeben; andere brauchen einen Schlüssel</translation>
    </message>
    <message>
        <source>You create keys for other people under Keys. Data is not encrypted, so share the server only on a network that you trust. Others can use it while ocrdesk is open on this computer.</source>
        <translation>Schlüssel für andere erstellen Sie unter „Schlüssel“. Die Daten sind nicht verschlüsselt; geben Sie den Server nur in einem Netz frei, dem Sie vertrauen. Andere können ihn verwenden, solange ocrdesk auf diesem Computer offen ist.</translation>
    </message>
    <message>
        <source>A page may need up to {seconds} s of processing; waiting does not count. The variable OCR_TIMEOUT_PER_PAGE raises this limit.</source>
        <translation>Eine Seite darf bis zu {seconds} s Rechenzeit brauchen; Warten zählt nicht. Die Variable OCR_TIMEOUT_PER_PAGE erhöht diese Grenze.</translation>
    </message>
    <message>
        <source>Workers</source>
        <translation>Worker</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Wird gestartet…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird beendet…</translation>
    </message>
    <message>
        <source>Restarting…</source>
        <translation>Wird neu gestartet…</translation>
    </message>
    <message>
        <source>Not running.</source>
        <translation>Läuft nicht.</translation>
    </message>
    <message>
        <source>Running at {url}.</source>
        <translation>Läuft unter {url}.</translation>
    </message>
    <message>
        <source>Running at {url}. It was started with “ocrdesk serve”, so stop and configure it there.</source>
        <translation>Läuft unter {url}. Er wurde mit „ocrdesk serve“ gestartet; beenden und konfigurieren Sie ihn dort.</translation>
    </message>
    <message>
        <source>Others can connect to {where}</source>
        <translation>Andere erreichen ihn unter {where}</translation>
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
        <translation>Export</translation>
    </message>
</context>
<context>
    <name>NewKeyDisplay</name>
    <message>
        <source>New key</source>
        <translation>Neuer Schlüssel</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Copy key</source>
        <translation>Schlüssel kopieren</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>A key that begins with {prefix}</source>
        <translation>Ein Schlüssel, der mit {prefix} beginnt</translation>
    </message>
    <message>
        <source>The key was copied to the clipboard. It cannot be shown again.</source>
        <translation>Der Schlüssel wurde in die Zwischenablage kopiert. Er kann nicht noch einmal angezeigt werden.</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
</context>
<context>
    <name>OrphanedCorrections</name>
    <message>
        <source>Show corrections…</source>
        <translation>Korrekturen zeigen…</translation>
    </message>
    <message>
        <source>Page {number}</source>
        <translation>Seite {number}</translation>
    </message>
    <message>
        <source>(line deleted)</source>
        <translation>(Zeile gelöscht)</translation>
    </message>
    <message>
        <source>{name} was written.</source>
        <translation>{name} wurde geschrieben.</translation>
    </message>
    <message>
        <source>{name} could not be written: {reason}</source>
        <translation>{name} konnte nicht geschrieben werden: {reason}</translation>
    </message>
</context>
<context>
    <name>OrphanedDialog</name>
    <message>
        <source>Corrections that could not be saved</source>
        <translation>Korrekturen, die nicht gespeichert werden konnten</translation>
    </message>
    <message>
        <source>The server no longer has these results. These are the lines that you corrected.</source>
        <translation>Der Server hat diese Ergebnisse nicht mehr. Dies sind die Zeilen, die Sie korrigiert haben.</translation>
    </message>
    <message>
        <source>Corrected lines</source>
        <translation>Korrigierte Zeilen</translation>
    </message>
    <message>
        <source>Buttons</source>
        <translation>Schaltflächen</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>&amp;Verwerfen</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>&amp;Kopieren</translation>
    </message>
    <message>
        <source>&amp;Save as…</source>
        <translation>&amp;Speichern unter…</translation>
    </message>
    <message>
        <source>Save corrections</source>
        <translation>Korrekturen speichern</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Text (*.txt)</translation>
    </message>
</context>
<context>
    <name>OwnKey</name>
    <message>
        <source>Your key</source>
        <translation>Ihr Schlüssel</translation>
    </message>
    <message>
        <source>Replace key…</source>
        <translation>Schlüssel ersetzen…</translation>
    </message>
    <message>
        <source>Revoke key…</source>
        <translation>Schlüssel widerrufen…</translation>
    </message>
    <message>
        <source>The old key expires</source>
        <translation>Der alte Schlüssel läuft ab</translation>
    </message>
    <message>
        <source>Set by the operator</source>
        <translation>Vom Betreiber festgelegt</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>; the previous key expires on {when}</source>
        <translation>; der vorherige Schlüssel läuft am {when} ab</translation>
    </message>
    <message>
        <source>{requests} requests, {pages} pages, {amount}</source>
        <translation>{requests} Anfragen, {pages} Seiten, {amount}</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>Berechtigungen</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Erstellt</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>Läuft ab</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>Zuletzt verwendet</translation>
    </message>
    <message>
        <source>Used for</source>
        <translation>Verwendet für</translation>
    </message>
    <message>
        <source>immediately</source>
        <translation>sofort</translation>
    </message>
    <message>
        <source>after 1 hour</source>
        <translation>nach 1 Stunde</translation>
    </message>
    <message>
        <source>after 1 day</source>
        <translation>nach 1 Tag</translation>
    </message>
    <message>
        <source>after 7 days</source>
        <translation>nach 7 Tagen</translation>
    </message>
    <message>
        <source>send files</source>
        <translation>Dateien senden</translation>
    </message>
    <message>
        <source>read results</source>
        <translation>Ergebnisse lesen</translation>
    </message>
    <message>
        <source>manage all keys</source>
        <translation>alle Schlüssel verwalten</translation>
    </message>
</context>
<context>
    <name>PageBar</name>
    <message>
        <source>Page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Page number</source>
        <translation>Seitennummer</translation>
    </message>
    <message>
        <source>These areas look like text, but no word was read. They are outlined.</source>
        <translation>Diese Bereiche sehen wie Text aus, aber es wurde kein Wort gelesen. Sie sind umrandet.</translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation>von {count}</translation>
    </message>
    <message>
        <source>Not read: {count}</source>
        <translation>Nicht gelesen: {count}</translation>
    </message>
    <message>
        <source>Areas that were not read: {count}</source>
        <translation>Nicht gelesene Bereiche: {count}</translation>
    </message>
    <message>
        <source>Zoom: {percent} %</source>
        <translation>Zoom: {percent} %</translation>
    </message>
</context>
<context>
    <name>PageNavigation</name>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen…</translation>
    </message>
    <message>
        <source>This page could not be read: {reason}</source>
        <translation>Diese Seite konnte nicht gelesen werden: {reason}</translation>
    </message>
    <message>
        <source>No word was read on this page, although parts of it look like text.</source>
        <translation>Auf dieser Seite wurde kein Wort gelesen, obwohl Teile davon wie Text aussehen.</translation>
    </message>
    <message>
        <source>No text on this page.</source>
        <translation>Kein Text auf dieser Seite.</translation>
    </message>
</context>
<context>
    <name>PageTextView</name>
    <message>
        <source>Text of the page</source>
        <translation>Text der Seite</translation>
    </message>
</context>
<context>
    <name>PageView</name>
    <message>
        <source>Page image</source>
        <translation>Seitenbild</translation>
    </message>
    <message>
        <source>No word was read here.</source>
        <translation>Hier wurde kein Wort gelesen.</translation>
    </message>
</context>
<context>
    <name>Pane</name>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
</context>
<context>
    <name>PasswordForm</name>
    <message>
        <source>Password of the PDF</source>
        <translation>Passwort des PDFs</translation>
    </message>
    <message>
        <source>Password:</source>
        <translation>Passwort:</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>PastedImages</name>
    <message>
        <source>The image could not be saved in {folder}: {reason}.</source>
        <translation>Das Bild konnte nicht in {folder} gespeichert werden: {reason}.</translation>
    </message>
</context>
<context>
    <name>PdfOptionsBox</name>
    <message>
        <source>Turn pages &amp;upright</source>
        <translation>Seiten &amp;aufrecht drehen</translation>
    </message>
    <message>
        <source>&amp;Straighten every skewed scan</source>
        <translation>Jeden &amp;schiefen Scan gerade richten</translation>
    </message>
    <message>
        <source>For an &amp;archive: PDF/A-2b</source>
        <translation>Für ein Ar&amp;chiv: PDF/A-2b</translation>
    </message>
    <message>
        <source>The file follows the standard for archives as far as ocrdesk can check it.</source>
        <translation>Die Datei folgt der Norm für Archive, soweit ocrdesk das prüfen kann.</translation>
    </message>
    <message>
        <source>Leave out &amp;passwords and restrictions</source>
        <translation>&amp;Passwörter und Einschränkungen weglassen</translation>
    </message>
    <message>
        <source>Change s&amp;igned files too: their signatures become invalid</source>
        <translation>Auch &amp;unterschriebene Dateien ändern: Unterschriften werden ungültig</translation>
    </message>
    <message>
        <source>Searchable PDF</source>
        <translation>Durchsuchbares PDF</translation>
    </message>
</context>
<context>
    <name>PendingFilesSaver</name>
    <message>
        <source>A list of files that were not sent yet was damaged. Open those files again; the damaged list is {file}.</source>
        <translation>Eine Liste noch nicht gesendeter Dateien war beschädigt. Öffnen Sie diese Dateien noch einmal; die beschädigte Liste ist {file}.</translation>
    </message>
    <message>
        <source>The file is no longer there. It was moved, renamed or deleted.</source>
        <translation>Die Datei ist nicht mehr da. Sie wurde verschoben, umbenannt oder gelöscht.</translation>
    </message>
    <message>
        <source>The list of unsent files in {folder} cannot be read ({why}). Check that folder.</source>
        <translation>Die Liste der nicht gesendeten Dateien in {folder} kann nicht gelesen werden ({why}). Prüfen Sie diesen Ordner.</translation>
    </message>
    <message>
        <source>The list of unsent files could not be saved ({why}). Leave the window open until they are sent.</source>
        <translation>Die Liste der nicht gesendeten Dateien konnte nicht gespeichert werden ({why}). Lassen Sie das Fenster offen, bis sie gesendet sind.</translation>
    </message>
</context>
<context>
    <name>PrivacyPane</name>
    <message>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
    </message>
    <message>
        <source>ocrdesk sends data only to the server that you use, and collects no statistics.</source>
        <translation>ocrdesk sendet Daten nur an den Server, den Sie verwenden, und sammelt keine Statistiken.</translation>
    </message>
    <message>
        <source>Files and texts</source>
        <translation>Dateien und Texte</translation>
    </message>
    <message>
        <source>API keys</source>
        <translation>API-Schlüssel</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Sprachen</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Den Ordner öffnen</translation>
    </message>
    <message>
        <source>&amp;Keep all recognised text in the library, so that you can search it later</source>
        <translation>Allen erkannten Text in der Bibliothek &amp;behalten, damit Sie ihn später durchsuchen können</translation>
    </message>
    <message>
        <source>Files are sent to {host} and stored there with their text for one day, unless the operator has changed that. Removing a job from the list deletes it there immediately.</source>
        <translation>Dateien werden an {host} gesendet und dort mit ihrem Text einen Tag lang gespeichert, wenn der Betreiber nichts anderes eingestellt hat. Wenn Sie einen Auftrag aus der Liste entfernen, wird er dort sofort gelöscht.</translation>
    </message>
    <message>
        <source>Copies of the files and their text are stored in {folder} for one day after a job ends. Removing a job from the list deletes them immediately. Nothing leaves this computer.</source>
        <translation>Kopien der Dateien und ihr Text liegen bis einen Tag nach dem Ende eines Auftrags in {folder}. Wenn Sie einen Auftrag aus der Liste entfernen, werden sie sofort gelöscht. Nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>{file}: names and addresses of servers, the window&apos;s size and your choices; no keys.</source>
        <translation>{file}: Namen und Adressen von Servern, die Größe des Fensters und Ihre Einstellungen; keine Schlüssel.</translation>
    </message>
    <message>
        <source>The local server&apos;s log is {file}. It contains no text, file names or keys.</source>
        <translation>Das Protokoll des lokalen Servers ist {file}. Es enthält keine Texte, Dateinamen oder Schlüssel.</translation>
    </message>
    <message>
        <source>Languages that you added are in {folder}.</source>
        <translation>Sprachen, die Sie hinzugefügt haben, liegen in {folder}.</translation>
    </message>
</context>
<context>
    <name>PurgeMenu</name>
    <message>
        <source>Library settings</source>
        <translation>Einstellungen der Bibliothek</translation>
    </message>
    <message>
        <source>&amp;Keep recognised text in the library</source>
        <translation>Erkannten Text in der Bibliothek &amp;behalten</translation>
    </message>
    <message>
        <source>&amp;Delete this document…</source>
        <translation>&amp;Dieses Dokument löschen…</translation>
    </message>
    <message>
        <source>Delete &amp;old text…</source>
        <translation>Al&amp;ten Text löschen…</translation>
    </message>
    <message>
        <source>Delete stored text older than this number of days:</source>
        <translation>Gespeicherten Text löschen, der älter ist als (in Tagen):</translation>
    </message>
    <message>
        <source>Delete &amp;everything…</source>
        <translation>&amp;Alles löschen…</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>The stored text is deleted from this computer. Your files and the jobs in the list are kept.</source>
        <translation>Der gespeicherte Text wird von diesem Computer gelöscht. Ihre Dateien und die Aufträge in der Liste bleiben erhalten.</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete everything in the library?</source>
        <translation>Alles in der Bibliothek löschen?</translation>
    </message>
</context>
<context>
    <name>RegionCapture</name>
    <message>
        <source>Screen</source>
        <translation>Bildschirm</translation>
    </message>
    <message>
        <source>No screenshot could be taken. Allow ocrdesk to record the screen in the system&apos;s settings.</source>
        <translation>Es konnte kein Bildschirmfoto gemacht werden. Erlauben Sie ocrdesk in den Systemeinstellungen, den Bildschirm aufzunehmen.</translation>
    </message>
</context>
<context>
    <name>RegionReader</name>
    <message>
        <source>No part of the screen was chosen.</source>
        <translation>Es wurde kein Teil des Bildschirms ausgewählt.</translation>
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
        <source>the connection was lost; the text will be in the list later</source>
        <translation>die Verbindung ging verloren; der Text steht später in der Liste</translation>
    </message>
    <message>
        <source>The text is ready. Switch to the ocrdesk window to put it on the clipboard.</source>
        <translation>Der Text ist fertig. Wechseln Sie zum Fenster von ocrdesk, dann ist er in der Zwischenablage.</translation>
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
        <source>The part of the screen could not be read: {reason}</source>
        <translation>Der Teil des Bildschirms konnte nicht gelesen werden: {reason}</translation>
    </message>
</context>
<context>
    <name>Registration</name>
    <message>
        <source>Get a key</source>
        <translation>Einen Schlüssel holen</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>Registrieren</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>E-Mail-Adresse</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Ihr Name</translation>
    </message>
    <message>
        <source>The server gives you a key immediately, and stores the address with it.</source>
        <translation>Der Server gibt Ihnen sofort einen Schlüssel und speichert die Adresse dazu.</translation>
    </message>
</context>
<context>
    <name>Removals</name>
    <message>
        <source>{name} was removed from the list.</source>
        <translation>{name} wurde aus der Liste entfernt.</translation>
    </message>
    <message>
        <source>{count} entries were removed from the list.</source>
        <translation>{count} Einträge wurden aus der Liste entfernt.</translation>
    </message>
    <message>
        <source>1 document was deleted from the library.</source>
        <translation>1 Dokument wurde aus der Bibliothek gelöscht.</translation>
    </message>
    <message>
        <source>{count} documents were deleted from the library.</source>
        <translation>{count} Dokumente wurden aus der Bibliothek gelöscht.</translation>
    </message>
</context>
<context>
    <name>ReviewActions</name>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Page</source>
        <translation>&amp;Seite</translation>
    </message>
</context>
<context>
    <name>ReviewPane</name>
    <message>
        <source>Review</source>
        <translation>Prüfen</translation>
    </message>
</context>
<context>
    <name>ReviewWidgets</name>
    <message>
        <source>Image and text</source>
        <translation>Bild und Text</translation>
    </message>
    <message>
        <source>Page image</source>
        <translation>Seitenbild</translation>
    </message>
    <message>
        <source>Words of the page</source>
        <translation>Wörter der Seite</translation>
    </message>
</context>
<context>
    <name>ScreenPortal</name>
    <message>
        <source>There is no session bus, so the screen cannot be captured.</source>
        <translation>Es gibt keinen Sitzungsbus, daher kann der Bildschirm nicht aufgenommen werden.</translation>
    </message>
    <message>
        <source>This desktop has no portal for screenshots. Install xdg-desktop-portal and the backend for your desktop (such as xdg-desktop-portal-gnome, -kde or -wlr), then log in again.</source>
        <translation>Diese Arbeitsumgebung hat kein Portal für Bildschirmfotos. Installieren Sie xdg-desktop-portal und das Backend für Ihre Umgebung (etwa xdg-desktop-portal-gnome, -kde oder -wlr) und melden Sie sich neu an.</translation>
    </message>
    <message>
        <source>The desktop&apos;s portal returned no screenshot: {reason}</source>
        <translation>Das Portal der Arbeitsumgebung lieferte kein Bildschirmfoto: {reason}</translation>
    </message>
    <message>
        <source>The desktop did not allow a screenshot. Allow screenshots for ocrdesk in the system&apos;s settings, then try again from the window itself.</source>
        <translation>Die Arbeitsumgebung hat kein Bildschirmfoto erlaubt. Erlauben Sie ocrdesk in den Systemeinstellungen Bildschirmfotos, und versuchen Sie es dann direkt aus dem Fenster noch einmal.</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
</context>
<context>
    <name>ServerForm</name>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Delete key</source>
        <translation>Schlüssel löschen</translation>
    </message>
    <message>
        <source>Saved. The key is in the keyring.</source>
        <translation>Gespeichert. Der Schlüssel ist im Schlüsselbund.</translation>
    </message>
    <message>
        <source>Saved. The keyring has not responded yet. It stores the key as soon as it is unlocked.</source>
        <translation>Gespeichert. Der Schlüsselbund hat noch nicht geantwortet. Er speichert den Schlüssel, sobald er entsperrt ist.</translation>
    </message>
    <message>
        <source>Saved. The key could not be stored in a keyring. It is kept until ocrdesk is closed.</source>
        <translation>Der Server ist gespeichert. Der Schlüssel konnte nicht im Schlüsselbund abgelegt werden. Er bleibt, bis ocrdesk geschlossen wird.</translation>
    </message>
    <message>
        <source>Deleting the key…</source>
        <translation>Der Schlüssel wird gelöscht…</translation>
    </message>
    <message>
        <source>The key was deleted here. On the server it stays valid until it is revoked.</source>
        <translation>Der Schlüssel wurde hier gelöscht. Auf dem Server bleibt er gültig, bis er widerrufen wird.</translation>
    </message>
    <message>
        <source>The keyring is locked or does not respond, and still has the key. Unlock it, then try again.</source>
        <translation>Der Schlüsselbund ist gesperrt oder antwortet nicht und hat den Schlüssel noch. Entsperren Sie ihn und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>API-Schlüssel</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keiner</translation>
    </message>
    <message>
        <source>A key is stored; type to replace it</source>
        <translation>Ein Schlüssel ist gespeichert; zum Ersetzen tippen</translation>
    </message>
    <message>
        <source>Saving the key…</source>
        <translation>Der Schlüssel wird gespeichert…</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Gespeichert.</translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation>Wird getestet…</translation>
    </message>
</context>
<context>
    <name>ServerMenuButton</name>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Computer</translation>
    </message>
    <message>
        <source>Files are read on this computer and do not leave it. Click to use a server.</source>
        <translation>Dateien werden auf diesem Computer gelesen und verlassen ihn nicht. Klicken Sie, um einen Server zu verwenden.</translation>
    </message>
    <message>
        <source>Files are sent to {host} and read there. Click to use another server.</source>
        <translation>Dateien werden an {host} gesendet und dort gelesen. Klicken Sie, um einen anderen Server zu verwenden.</translation>
    </message>
    <message>
        <source>Sent to {host}</source>
        <translation>Gesendet an {host}</translation>
    </message>
    <message>
        <source>Server: {text}</source>
        <translation>Server: {text}</translation>
    </message>
    <message>
        <source>Manage servers…</source>
        <translation>Server verwalten…</translation>
    </message>
</context>
<context>
    <name>ServerSwitch</name>
    <message>
        <source>This computer</source>
        <translation>Dieser Computer</translation>
    </message>
    <message>
        <source>1 file is still being sent to {name}.</source>
        <translation>1 Datei wird noch an {name} gesendet.</translation>
    </message>
    <message>
        <source>{left} files are still being sent to {name}.</source>
        <translation>{left} Dateien werden noch an {name} gesendet.</translation>
    </message>
</context>
<context>
    <name>ServersPane</name>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Add server…</source>
        <translation>Server hinzufügen…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Use this server</source>
        <translation>Diesen Server verwenden</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>The window shows the jobs of one server at a time.</source>
        <translation>Das Fenster zeigt jeweils die Aufträge eines Servers.</translation>
    </message>
    <message>
        <source>Remove {name} from the list? Your data stays on the server.</source>
        <translation>{name} aus der Liste entfernen? Ihre Daten bleiben auf dem Server.</translation>
    </message>
    <message>
        <source>Files waiting to be sent there ({left}) are discarded.</source>
        <translation>Dateien, die noch dorthin gesendet werden sollen ({left}), werden verworfen.</translation>
    </message>
    <message>
        <source>{name} (in use)</source>
        <translation>{name} (wird verwendet)</translation>
    </message>
    <message>
        <source>Remove server</source>
        <translation>Server entfernen</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>{name}: not connected. Try again in a moment.</source>
        <translation>{name}: Nicht verbunden. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>{name}: the disk of this computer is full. Free some space, then the file is read.</source>
        <translation>{name}: Der Datenträger dieses Computers ist voll. Schaffen Sie Platz, dann wird die Datei gelesen.</translation>
    </message>
</context>
<context>
    <name>SettingsOpener</name>
    <message>
        <source>S&amp;ettings…</source>
        <translation>Ei&amp;nstellungen…</translation>
    </message>
    <message>
        <source>A language is missing.</source>
        <translation>Eine Sprache fehlt.</translation>
    </message>
    <message>
        <source>Languages…</source>
        <translation>Sprachen…</translation>
    </message>
</context>
<context>
    <name>SettingsWatch</name>
    <message>
        <source>The settings cannot be saved in {file}. Check that there is room on the disk, and that you can write to this file and its folder. Until then, changes hold for this window only.</source>
        <translation>Die Einstellungen können nicht in {file} gespeichert werden. Prüfen Sie, ob auf dem Datenträger Platz ist und ob Sie in diese Datei und ihren Ordner schreiben können. Bis dahin gelten Änderungen nur für dieses Fenster.</translation>
    </message>
    <message>
        <source>The settings file {file} is damaged and cannot be moved. Move it away; until then, settings are lost when you close the window.</source>
        <translation>Die Einstellungsdatei {file} ist beschädigt und kann nicht verschoben werden. Verschieben Sie sie; bis dahin gehen Einstellungen verloren, wenn Sie das Fenster schließen.</translation>
    </message>
    <message>
        <source>The settings file was damaged. The settings of an earlier start are used. Check them; the damaged file is {aside}.</source>
        <translation>Die Einstellungsdatei war beschädigt. Es gelten die Einstellungen eines früheren Starts. Prüfen Sie sie; die beschädigte Datei ist {aside}.</translation>
    </message>
    <message>
        <source>The settings file was damaged, so the settings are as after the installation. Check them; the damaged file is {aside}.</source>
        <translation>Die Einstellungsdatei war beschädigt, daher sind die Einstellungen wie nach der Installation. Prüfen Sie sie; die beschädigte Datei ist {aside}.</translation>
    </message>
</context>
<context>
    <name>SettingsWindow</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Schlüssel</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Sprachen</translation>
    </message>
    <message>
        <source>Watched folders</source>
        <translation>Überwachte Ordner</translation>
    </message>
    <message>
        <source>Behaviour</source>
        <translation>Verhalten</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
    </message>
    <message>
        <source>Pane</source>
        <translation>Bereich</translation>
    </message>
</context>
<context>
    <name>ShortcutsPane</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>Festlegen</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>Neue Tasten</translation>
    </message>
    <message>
        <source>Restore defaults</source>
        <translation>Standard wiederherstellen</translation>
    </message>
    <message>
        <source>Reassign</source>
        <translation>Neu zuweisen</translation>
    </message>
    <message>
        <source>Choose an action, press its new keys, and click Set. An empty field removes the shortcut.</source>
        <translation>Wählen Sie eine Aktion, drücken Sie ihre neuen Tasten und klicken Sie auf „Festlegen“. Ein leeres Feld entfernt das Tastenkürzel.</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>{keys} belongs to “{other}”. Reassign it, or press other keys.</source>
        <translation>{keys} gehört zu „{other}“. Weisen Sie es neu zu oder drücken Sie andere Tasten.</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Status</source>
        <translation>Status</translation>
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
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Fix it</source>
        <translation>Beheben</translation>
    </message>
    <message>
        <source>The local server is stopped</source>
        <translation>Der lokale Server läuft nicht</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Verbinden</translation>
    </message>
    <message>
        <source>Connecting to the server…</source>
        <translation>Verbindung zum Server wird aufgebaut…</translation>
    </message>
    <message>
        <source>Starting the local server…</source>
        <translation>Der lokale Server startet…</translation>
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
        <translation>Die Verbindung ist abgebrochen; neuer Versuch…</translation>
    </message>
    <message>
        <source>Not connected</source>
        <translation>Nicht verbunden</translation>
    </message>
    <message>
        <source>The local server could not start</source>
        <translation>Der lokale Server konnte nicht starten</translation>
    </message>
    <message>
        <source>The server cannot be used</source>
        <translation>Der Server kann nicht verwendet werden</translation>
    </message>
</context>
<context>
    <name>StoredText</name>
    <message>
        <source>Stored text</source>
        <translation>Gespeicherter Text</translation>
    </message>
</context>
<context>
    <name>TextPane</name>
    <message>
        <source>Selected job</source>
        <translation>Ausgewählter Auftrag</translation>
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
        <source>This file was not accepted</source>
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
        <source>No text was found, but there are areas that look like text. The review shows them.</source>
        <translation>Es wurde kein Text gefunden, aber es gibt Bereiche, die wie Text aussehen. Sie sind unter „Prüfen“ zu sehen.</translation>
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
    <name>ThumbnailStrip</name>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
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
        <source>&amp;Pause jobs and watched folders</source>
        <translation>Aufträge und überwachte Ordner &amp;anhalten</translation>
    </message>
    <message>
        <source>&amp;Resume jobs and watched folders</source>
        <translation>Aufträge und überwachte Ordner &amp;fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
</context>
<context>
    <name>UndoOffer</name>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undone.</source>
        <translation>Rückgängig gemacht.</translation>
    </message>
</context>
<context>
    <name>UsageChart</name>
    <message>
        <source>Requests per day</source>
        <translation>Anfragen pro Tag</translation>
    </message>
    <message>
        <source>Not used in this period</source>
        <translation>In dieser Zeit nicht verwendet</translation>
    </message>
    <message>
        <source>{total} requests in {days} days, most on {date}: {most}</source>
        <translation>{total} Anfragen in {days} Tagen, die meisten am {date}: {most}</translation>
    </message>
    <message>
        <source>{date}: {requests} requests, {pages} pages</source>
        <translation>{date}: {requests} Anfragen, {pages} Seiten</translation>
    </message>
</context>
<context>
    <name>WatchedFoldersPane</name>
    <message>
        <source>Watched folders</source>
        <translation>Überwachte Ordner</translation>
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
        <source>Paused: no new files are read until you resume.</source>
        <translation>Angehalten: Neue Dateien werden erst nach dem Fortsetzen gelesen.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}. ocrdesk tries again automatically.</source>
        <translation>{path} kann nicht gelesen werden: {reason}. ocrdesk versucht es automatisch noch einmal.</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <source>&amp;Watch these folders, and recognise new files in them</source>
        <translation>Diese Ordner &amp;überwachen und neue Dateien darin erkennen</translation>
    </message>
    <message>
        <source>When adding a folder, &amp;also recognise files already in it</source>
        <translation>Beim Hinzufügen eines Ordners &amp;auch vorhandene Dateien erkennen</translation>
    </message>
    <message>
        <source>Remove the selected folder</source>
        <translation>Den ausgewählten Ordner entfernen</translation>
    </message>
    <message>
        <source>R&amp;esume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>Resume watching</source>
        <translation>Überwachen fortsetzen</translation>
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
        <translation>Den markierten oder den ganzen Text kopieren</translation>
    </message>
    <message>
        <source>C&amp;ancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Stop reading the selected files</source>
        <translation>Das Lesen der ausgewählten Dateien abbrechen</translation>
    </message>
    <message>
        <source>&amp;Remove from list</source>
        <translation>Aus der Liste &amp;entfernen</translation>
    </message>
    <message>
        <source>Remove the selected entries from the list and the server; files and library stay</source>
        <translation>Die ausgewählten Einträge aus der Liste und vom Server entfernen; Dateien und Bibliothek bleiben</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
</context>
<context>
    <name>WordCorrection</name>
    <message>
        <source>Accept</source>
        <translation>Bestätigen</translation>
    </message>
    <message>
        <source>Correct</source>
        <translation>Korrigieren</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>WordEditor</name>
    <message>
        <source>Correct the word</source>
        <translation>Das Wort korrigieren</translation>
    </message>
    <message>
        <source>The word on the page</source>
        <translation>Das Wort auf der Seite</translation>
    </message>
    <message>
        <source>Corrected word</source>
        <translation>Korrigiertes Wort</translation>
    </message>
</context>
<context>
    <name>WordsBar</name>
    <message>
        <source>Words to check</source>
        <translation>Zu prüfende Wörter</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>{count} to check</source>
        <translation>{count} zu prüfen</translation>
    </message>
    <message>
        <source>Nothing to check</source>
        <translation>Nichts zu prüfen</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Wird gespeichert…</translation>
    </message>
    <message>
        <source>Kept on this computer until the server is back</source>
        <translation>Auf diesem Computer gespeichert, bis der Server wieder da ist</translation>
    </message>
    <message>
        <source>Not saved; kept on this computer</source>
        <translation>Nicht gespeichert; bleibt auf diesem Computer</translation>
    </message>
    <message>
        <source>Not saved: changed by somebody else</source>
        <translation>Nicht gespeichert: von jemand anderem geändert</translation>
    </message>
    <message>
        <source>Not saved: no longer on the server</source>
        <translation>Nicht gespeichert: nicht mehr auf dem Server</translation>
    </message>
</context>
<context>
    <name>_PagesModel</name>
    <message>
        <source>Page {number}</source>
        <translation>Seite {number}</translation>
    </message>
</context>
<context>
    <name>_ScreenWindow</name>
    <message>
        <source>Choose a part of the screen</source>
        <translation>Einen Teil des Bildschirms wählen</translation>
    </message>
    <message>
        <source>Drag a rectangle over the text. Or move with the arrow keys and set two corners with Enter.</source>
        <translation>Ziehen Sie ein Rechteck über den Text. Oder bewegen Sie das Kreuz mit den Pfeiltasten und setzen Sie zwei Ecken mit der Eingabetaste.</translation>
    </message>
    <message>
        <source>Drag over the text to read.  Keyboard: arrows, Enter.  Cancel: Esc</source>
        <translation>Über den Text ziehen.  Tastatur: Pfeile, Eingabe.  Abbrechen: Esc</translation>
    </message>
</context>
</TS>
