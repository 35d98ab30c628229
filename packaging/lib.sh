# What run.sh, test.sh and pin.sh share: POSIX sh, sourced with $root set to the repository.
# It writes to stderr only: stdout belongs to the recognised text.
# shellcheck shell=sh

CANNOT_INSTALL=69 # our own exit code, which `ocrdesk ocr` never uses
VENV=$root/.venv
LOG=$VENV/install.log
STAMP=$VENV/.installed    # four lines, written once all is in: Python's version, our folder, a checksum, the extra
MARKER=$VENV/.installing  # there while an installation runs; one that was interrupted leaves it behind
just_installed=no
python=$VENV/bin/python # find_python names another, to make this one with

unset PYTHONPATH PYTHONHOME # other projects' packages are not ours to import

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "ocrdesk: $*"
    exit "$CANNOT_INSTALL"
}

# quietly WHAT COMMAND…: its output is shown only when it fails, and then in full.
quietly() {
    what=$1
    shift
    "$@" >"$LOG" 2>&1 </dev/null && return
    cat "$LOG" >&2
    stop "$what failed. All that it said is above."
}

# Some services and containers have no home folder, or one that they may not write in.
ensure_home() {
    [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ] && return
    mkdir -p "$VENV/home" 2>/dev/null || return 0
    HOME=$VENV/home
    export HOME
}

# --- Python and the virtual environment ---

# Sets $python and $version: $PYTHON if it is set, else the first on the PATH that will do.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.14 python3.13 python3.12 python3.11
    fi
    seen=
    for python; do
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && return
        seen="${seen:+$seen, }$python is $version"
    done
    stop "Python 3.11 or newer is needed (${seen:-there is no $1 here}). Get it with: $(apt_command) python3 python3-venv"
}

can_make_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

# The package with what Debian and Ubuntu leave out of their Python; nothing when it is there or not needed any more.
venv_package() {
    if [ -e "$VENV/bin/python" ] || can_make_venv; then return; fi
    if [ "$python" = python3 ]; then echo python3-venv; else echo "python$version-venv"; fi
}

# is_installed EXTRA: everything is in, nothing has changed since, and the folder has not moved. Takes some 20 ms.
is_installed() {
    [ -f "$STAMP" ] && [ ! -e "$MARKER" ] || return 1
    read_stamp
    [ "$stamp_sum" = "$(project_sum)" ] && is_ours || return 1
    [ "$stamp_extra" = "$1" ] || [ "$stamp_extra" = dev ]
}

read_stamp() {
    { IFS= read -r stamp_version && IFS= read -r stamp_root && IFS= read -r stamp_sum && IFS= read -r stamp_extra; } <"$STAMP" ||
        stamp_version='' stamp_root='' stamp_sum='' stamp_extra=''
}

# Whether .venv's Python still runs, as the version that the stamp names and in the folder that it was made in.
is_ours() {
    [ "$stamp_root" = "$root" ] && [ "$stamp_version" = "$(venv_version)" ]
}

venv_version() { "$VENV/bin/python" -I -S -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none; }

project_sum() { cat "$root/pyproject.toml" "$root/packaging/constraints.txt" | cksum; }

# ensure_installed EXTRA PURPOSE: makes .venv and installs ocrdesk[EXTRA] and the system's packages for the purpose
# (recognition, desktop or tests), unless that is done.
ensure_installed() {
    ensure_home
    if ! is_installed "$1"; then
        mkdir -p "$VENV" 2>/dev/null && [ -w "$VENV" ] || stop "$VENV cannot be written: run this as the owner of $root"
        find_python
        exec 9>"$VENV/.lock"
        take_lock
        # Whoever held the lock may just have done it.
        is_installed "$1" || install "$1" "$2"
        exec 9>&-
    fi
    # Recognition needs nothing of the system, and a second run should cost nothing.
    [ "$just_installed" = yes ] || [ "$2" = recognition ] || ensure_system "$2"
}

# The lock belongs to the open file, so it is ours after Python has ended, and free as soon as we end, however we do.
take_lock() {
    "$python" -c '
import fcntl, sys
try:
    fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Another run is installing; waiting for it …", file=sys.stderr)
    fcntl.flock(9, fcntl.LOCK_EX)
'
}

install() {
    extra=$1
    if [ -f "$STAMP" ]; then
        read_stamp
        [ "$stamp_extra" != dev ] || extra=dev # more than was asked for stays
        is_ours || clear_venv
    fi
    # A folder that an interrupted installation left is made anew; one that somebody made by hand is completed.
    if [ -e "$MARKER" ] || ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then clear_venv; fi
    just_installed=yes
    ensure_system "$2"
    : >"$MARKER"
    rm -f "$STAMP"
    if [ ! -e "$VENV/bin/python" ]; then
        say "Making $VENV with Python $version …"
        quietly "Making the virtual environment" "$python" -m venv "$VENV"
    fi
    say "Installing ocrdesk and what it needs into .venv (some 800 MB; a minute or two) …"
    # The constraints' path is a relative one because pip splits these variables at spaces.
    (
        cd "$root"
        export PIP_CONSTRAINT=packaging/constraints.txt PIP_BUILD_CONSTRAINT=packaging/constraints.txt
        export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0
        quietly "Installing with pip" "$VENV/bin/python" -m pip install -e ".[$extra]"
    ) || exit
    printf '%s\n' "$(venv_version)" "$root" "$(project_sum)" "$extra" >"$STAMP"
    rm -f "$MARKER"
}

# Everything but the lock that we hold, and the home folder.
clear_venv() { find "$VENV/" -mindepth 1 -maxdepth 1 ! -name .lock ! -name home -exec rm -rf {} +; }

# --- The system's packages ---

apt_command() { [ "$(id -u)" = 0 ] && echo "apt-get install" || echo "sudo apt-get install"; }

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# apt_install PACKAGE…: false, and all that apt-get said, when it fails.
apt_install() {
    set -- env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "$@"
    "$@" >"$LOG" 2>&1 </dev/null 9>&- && return
    # The lists are missing or old: new machines and containers come without any.
    apt-get update -q >"$LOG" 2>&1 </dev/null 9>&- || :
    "$@" >>"$LOG" 2>&1 </dev/null 9>&- && return
    cat "$LOG" >&2
    say "apt-get failed. All that it said is above."
    return 1
}

# missing_packages PURPOSE: names on one line. The doctor knows them, and says so even before anything is installed.
missing_packages() {
    names=$(venv_package && PYTHONPATH=$root "$python" -m ocrdesk.local.diagnostics.doctor --missing-packages "$1")
    printf '%s' "$names" | tr '\n' ' '
}

# union NAME…: each name once, on one line.
union() {
    found=
    for name; do
        case " $found " in
        *" $name "*) ;;
        *) found="${found:+$found }$name" ;;
        esac
    done
    printf '%s' "$found"
}

# ensure_system PURPOSE: installs what the system lacks if it can. Otherwise it stops when the purpose needs it; what only
# other purposes need is said once, with the installation.
ensure_system() {
    needed=$(missing_packages "$1")
    wanted=$needed
    # shellcheck disable=SC2046,SC2086 # lists of names
    [ "$just_installed" = no ] || wanted=$(union $needed $(missing_packages all))
    [ -n "$wanted" ] || return 0
    if can_apt; then
        say "Installing system packages: $wanted …"
        # shellcheck disable=SC2086 # a list of names
        apt_install $wanted || :
        needed=$(missing_packages "$1")
        wanted=$needed
    fi
    [ -z "$needed" ] || stop "the system lacks packages. Get them with: $(apt_command) $wanted"
    [ -z "$wanted" ] || say "Not needed now, but for the desktop and for rare PDFs: $(apt_command) $wanted"
}
