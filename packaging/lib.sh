# Functions of run.sh, test.sh and pin.sh: POSIX sh, sourced with $root set to the repository.
# They print to stderr only, because stdout is for the recognised text.
# shellcheck shell=sh

CANNOT_INSTALL=69 # an exit code that `ocrdesk ocr` never uses
VENV=$root/.venv
LOG=$VENV/install.log
STAMP=$VENV/.installed    # written at the end: Python's version, the folder, a checksum, the extra, one per line
MARKER=$VENV/.installing  # exists while an installation runs, and after one that was interrupted
just_installed=no
python=$VENV/bin/python # find_python sets another, which creates this one

unset PYTHONPATH PYTHONHOME # packages of other projects must not be imported

say() { printf '%s\n' "$*" >&2; }

stop() {
    say "ocrdesk: $*"
    exit "$CANNOT_INSTALL"
}

# quietly WHAT COMMAND…: runs the command, and shows its output only if it fails.
quietly() {
    what=$1
    shift
    "$@" >"$LOG" 2>&1 </dev/null && return
    cat "$LOG" >&2
    stop "$what failed. Its output is above."
}

# Some services and containers have no home folder, or cannot write to it.
ensure_home() {
    [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ] && return
    mkdir -p "$VENV/home" 2>/dev/null || return 0
    HOME=$VENV/home
    export HOME
}

# --- Python and the virtual environment ---

# Sets $python and $version: $PYTHON if it is set, else the first suitable Python on the PATH.
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
    stop "Python 3.11 or newer is needed (${seen:-$1 was not found}). Get it with: $(apt_command) python3 python3-venv"
}

can_make_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

# Prints the package with the parts that Debian and Ubuntu split from Python; nothing if it is not needed.
venv_package() {
    if [ -e "$VENV/bin/python" ] || can_make_venv; then return; fi
    if [ "$python" = python3 ]; then echo python3-venv; else echo "python$version-venv"; fi
}

# is_installed EXTRA: true if everything is installed, unchanged and in the same folder. Takes about 20 ms.
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

# True if .venv's Python still runs, has the version in the stamp, and is in the folder where it was created.
is_ours() {
    [ "$stamp_root" = "$root" ] && [ "$stamp_version" = "$(venv_version)" ]
}

venv_version() { "$VENV/bin/python" -I -S -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null || echo none; }

project_sum() { cat "$root/pyproject.toml" "$root/packaging/constraints.txt" | cksum; }

# ensure_installed EXTRA PURPOSE: creates .venv and installs ocrdesk[EXTRA] and the system's packages for the purpose
# (recognition, desktop or tests), unless they are installed.
ensure_installed() {
    ensure_home
    if ! is_installed "$1"; then
        mkdir -p "$VENV" 2>/dev/null && [ -w "$VENV" ] || stop "$VENV cannot be written: run this as the owner of $root"
        find_python
        exec 9>"$VENV/.lock"
        take_lock
        # The run that held the lock may have installed it.
        is_installed "$1" || install "$1" "$2"
        exec 9>&-
    fi
    # Recognition needs no system packages, and later runs should not spend time on the check.
    [ "$just_installed" = yes ] || [ "$2" = recognition ] || ensure_system "$2"
}

# The lock belongs to the open file: this shell holds it after Python has ended, and loses it when it ends.
take_lock() {
    "$python" -c '
import fcntl, sys
try:
    fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    print("Another run is installing. Waiting for it …", file=sys.stderr)
    fcntl.flock(9, fcntl.LOCK_EX)
'
}

install() {
    extra=$1
    if [ -f "$STAMP" ]; then
        read_stamp
        [ "$stamp_extra" != dev ] || extra=dev # keep the larger installation
        is_ours || clear_venv
    fi
    # Start again after an interrupted installation. Complete an environment that was created by hand.
    if [ -e "$MARKER" ] || ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then clear_venv; fi
    just_installed=yes
    ensure_system "$2"
    : >"$MARKER"
    rm -f "$STAMP"
    if [ ! -e "$VENV/bin/python" ]; then
        say "Creating $VENV with Python $version …"
        quietly "Creating the virtual environment" "$python" -m venv "$VENV"
    fi
    say "Installing ocrdesk and its dependencies into .venv (about 800 MB, one or two minutes) …"
    # The path of the constraints is relative because pip splits these variables at spaces.
    (
        cd "$root"
        export PIP_CONSTRAINT=packaging/constraints.txt PIP_BUILD_CONSTRAINT=packaging/constraints.txt
        export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0
        quietly "Installing with pip" "$VENV/bin/python" -m pip install -e ".[$extra]"
        # pip compiles packages, but not an editable one; where Python writes no bytecode, each start would compile it.
        "$VENV/bin/python" -m compileall -q -j 0 ocrdesk api worker >/dev/null 2>&1 || :
    ) || exit
    printf '%s\n' "$(venv_version)" "$root" "$(project_sum)" "$extra" >"$STAMP"
    rm -f "$MARKER"
}

# Removes everything except the lock, which this run holds, and the home folder.
clear_venv() { find "$VENV/" -mindepth 1 -maxdepth 1 ! -name .lock ! -name home -exec rm -rf {} +; }

# --- The system's packages ---

apt_command() { [ "$(id -u)" = 0 ] && echo "apt-get install" || echo "sudo apt-get install"; }

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# apt_install PACKAGE…: if it fails, shows the output of apt-get and returns false.
apt_install() {
    set -- env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "$@"
    "$@" >"$LOG" 2>&1 </dev/null 9>&- && return
    # Update the package lists and try again: new machines and containers have none.
    apt-get update -q >"$LOG" 2>&1 </dev/null 9>&- || :
    "$@" >>"$LOG" 2>&1 </dev/null 9>&- && return
    cat "$LOG" >&2
    say "apt-get failed. Its output is above."
    return 1
}

# missing_packages PURPOSE: prints their names on one line. The doctor knows them, and runs without an installation.
missing_packages() {
    names=$(venv_package && PYTHONPATH=$root "$python" -m ocrdesk.local.diagnostics.doctor --missing-packages "$1")
    printf '%s' "$names" | tr '\n' ' '
}

# union NAME…: prints each name once, on one line.
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

# ensure_system PURPOSE: installs missing system packages if it can. If not, it stops if the purpose needs them. Packages
# for other purposes are named once, during the installation.
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
    [ -z "$needed" ] || stop "system packages are missing. Get them with: $(apt_command) $wanted"
    [ -z "$wanted" ] || say "Not needed now, but for the desktop and some PDFs: $(apt_command) $wanted"
}
