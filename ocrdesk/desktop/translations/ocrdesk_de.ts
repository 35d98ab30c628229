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
    <name>JobsView</name>
    <message>
        <source>Jobs</source>
        <translation>Aufträge</translation>
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
    <name>Session</name>
    <message>
        <source>{name}: not connected just now. Try again in a moment.</source>
        <translation>{name}: gerade nicht verbunden. Versuchen Sie es gleich noch einmal.</translation>
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
        <source>The local engine could not start</source>
        <translation>Das lokale Programm zum Lesen konnte nicht starten</translation>
    </message>
    <message>
        <source>The server cannot be used</source>
        <translation>Der Server ist nicht zu benutzen</translation>
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
        <source>Remove the selected entries and their text; the files themselves stay</source>
        <translation>Die gewählten Einträge und ihren Text entfernen; die Dateien selbst bleiben</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
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
