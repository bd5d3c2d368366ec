# Sourced by ./run and ./test with $root set: makes .venv and installs hash-pinned requirements, once.

# Compiled once, for all the processes that follow: where nothing is kept, each compiles Django again.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX="$root/.venv/pycache"

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return 0
        fi
    done
    echo "Partner Center needs Python 3.11 or newer. Install it and start again." >&2
    exit 2
}

# A virtual environment holds absolute paths: one that was moved, or left half made, is made again.
make_venv() {
    if [ "$(cat .venv/.home 2>/dev/null)" = "$root" ] && .venv/bin/python -c '' 2>/dev/null; then
        return 0
    fi
    find_python
    echo "Making .venv with $("$python" --version)."
    rm -rf .venv
    # With a pip that can install into it, a venv without one is made in a tenth of the time.
    if "$python" -m venv --without-pip .venv 2>/dev/null && bootstrap "$python" -m pip --python .venv/bin/python; then
        printf '%s' "$root" > .venv/.home
        return 0
    fi
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        echo "Python could not make a virtual environment. On Debian: apt-get install python3-venv" >&2
        exit 2
    fi
    printf '%s' "$root" > .venv/.home
}

# bootstrap PIP...: installs uv with the pin and hashes it has in requirements.txt. Without uv, pip does the same, slower.
bootstrap() {
    .venv/bin/python -c 'import uv' 2>/dev/null && return 0
    awk '/^uv==/ {on = 1} on {print} on && !/\\$/ {exit}' requirements.txt > .venv/uv.txt
    "$@" --disable-pip-version-check install --quiet --no-deps --require-hashes -r .venv/uv.txt >.venv/uv.log 2>&1
}

install() {
    if bootstrap .venv/bin/python -m pip; then
        .venv/bin/python -m uv pip install --quiet --python .venv/bin/python "$@"
    else
        .venv/bin/python -m pip --disable-pip-version-check install --quiet "$@"
    fi
}

# The checkout itself: importable, and its command; what an editable installation does, without building one.
put_on_path() {
    .venv/bin/python -c 'import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "partner_center.pth").write_text(sys.argv[1])' "$root"
    printf '#!/bin/sh\nexec "%s/.venv/bin/python" -P -m partner_center.entrypoints.cli.main "$@"\n' "$root" \
        > .venv/bin/partner-center
    chmod +x .venv/bin/partner-center
}

# set_up requirements.txt: the stamp is written last, so an interrupted installation is repeated.
set_up() {
    make_venv
    stamp=.venv/.installed-$1
    want=$(cat "$1" pyproject.toml | cksum)
    if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ]; then
        return 0
    fi
    echo "Installing $1."
    install --require-hashes -r "$1"
    put_on_path
    printf '%s' "$want" > "$stamp"
}
