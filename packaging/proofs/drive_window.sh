#!/bin/sh
# drive_window.sh WORD…: opens the window with a scan, drops another on it with the mouse, and waits for both texts.
#
# The words are the command, in which %F stands for the file, as in a menu entry. Runs on an X display of its own, beside
# "a scan.png" and drag_source.tcl. It asks the local server for the texts, with the token of the user's data folder.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
data=$HOME/.local/share/ocrdesk
words="Most mistakes in recognised text"
limit=${LIMIT_S:-180} # for each of them, in seconds
window=

# wait_for WHAT COMMAND…: repeats the command until it succeeds; ends the proof after the limit.
wait_for() {
    what=$1
    shift
    tries=$((limit * 5))
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || { echo "Not seen within $limit s: $what" >&2; exit 1; }
        [ -z "$window" ] || kill -0 "$window" 2>/dev/null || { echo "The window ended before: $what" >&2; exit 1; }
        sleep 0.2
    done
}

ask() {
    url=$(sed -n 's/.*"url": *"\([^"]*\)".*/\1/p' "$data/backend.json")
    printf 'X-API-Key: %s\n' "$(cat "$data/token")" | curl --silent --fail --header @- "$url/api/v1/$1"
}

# has_text NAME: succeeds when a finished job for a file of this name has the words.
has_text() {
    for id in $(ask "ocr/jobs?status=finished" | tr '{' '\n' | grep -F "\"$1\"" | sed -n 's/.*"job_id": *"\([^"]*\)".*/\1/p'); do
        ask "ocr/result/$id" | grep -q "$words" && return
    done
    return 1
}

has_window() { xdotool search --onlyvisible "$@" | grep -q .; }

cp "$here/a scan.png" "$HOME/dropped.png"
for word; do
    shift
    [ "$word" != %F ] || word="$here/a scan.png"
    set -- "$@" "$word"
done
"$@" &
window=$!
wait_for "the window" has_window --class '^ocrdesk$'
number=$(xdotool search --onlyvisible --class '^ocrdesk$' | head -n 1)
xdotool windowmove "$number" 0 0 windowsize "$number" 1000 800
wait_for "the text of the file from the command line" has_text "a scan.png"
echo "The file from the command line has its text."

wish "$here/drag_source.tcl" "$HOME/dropped.png" &
source=$!
wait_for "the source of the drag" has_window --name '^drag source$'
xdotool mousemove 1200 400 mousedown 1
for place in "1190 400" "1150 400" "900 400" "600 400" "500 350" "490 345"; do
    # shellcheck disable=SC2086 # two numbers
    xdotool mousemove $place
    sleep 0.3 # a hand is slower than X
done
xdotool mouseup 1
wait_for "the text of the dropped file" has_text "dropped.png"
echo "The dropped file has its text."

if command -v import >/dev/null; then import -window root "$HOME/window.png"; fi

kill "$source" "$window"
code=0
wait "$window" || code=$?
echo "The window closed with $code."
exit "$code"
