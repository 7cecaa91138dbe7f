#!/bin/sh
# Finds a Python that can run the site: 3.12 or newer, with venv and ensurepip. Candidates are run, not believed:
# version managers leave shims on PATH that only print an error.
#
#   find_python.sh                 prints its path
#   find_python.sh --run ARGS...   becomes that Python, with these arguments
#   find_python.sh --fits PATH     succeeds when PATH can run what is installed in a virtual environment
#
# PYTHON in the environment overrides the search.

fits() {
    "$1" -c "import sys; sys.version_info >= (3, 12) or sys.exit(1); import $2" </dev/null >/dev/null 2>&1
}


candidates() {
    for version in 3.14 3.13 3.12; do
        command -v "python$version"
    done
    command -v python3
    command -v python
    home=${HOME:-/nonexistent}
    for folder in \
        "${PYENV_ROOT:-$home/.pyenv}"/versions/*/bin \
        "${UV_PYTHON_INSTALL_DIR:-$home/.local/share/uv/python}"/*/bin \
        "${ASDF_DATA_DIR:-$home/.asdf}"/installs/python/*/bin \
        "${MISE_DATA_DIR:-$home/.local/share/mise}"/installs/python/*/bin \
        "$home"/.local/bin /usr/local/bin /opt/*/bin /opt/python/*/bin /opt/hostedtoolcache/Python/*/*/bin \
        /opt/homebrew/bin /opt/homebrew/opt/python@3.*/bin /usr/local/opt/python@3.*/bin \
        /home/linuxbrew/.linuxbrew/bin /Library/Frameworks/Python.framework/Versions/*/bin \
        "$home"/miniconda3/bin "$home"/miniforge3/bin "$home"/anaconda3/bin
    do
        for name in python3.14 python3.13 python3.12 python3 python; do
            [ -x "$folder/$name" ] && echo "$folder/$name"
        done
    done
}

search() {
    if [ -n "$PYTHON" ]; then
        fits "$PYTHON" "venv, ensurepip" && command -v "$PYTHON" && return
        echo "PYTHON=$PYTHON is not a Python 3.12 or newer with the venv module; name another, or leave PYTHON out." >&2
        return 1
    fi
    candidates | {
        nearly=
        while IFS= read -r candidate; do
            fits "$candidate" "venv, ensurepip" && echo "$candidate" && exit 0
            [ -z "$nearly" ] && fits "$candidate" sys && nearly=$candidate
        done
        if [ -n "$nearly" ]; then
            echo "$nearly is new enough but has no venv module: install it (Debian and Ubuntu: apt install python3-venv)." >&2
        else
            echo "No Python 3.12 or newer was found: install one from python.org or your package manager," \
                "or say where it is with PYTHON=/path/to/python3." >&2
        fi
        exit 1
    }
}

case $1 in
    --fits)
        fits "$2" pip
        ;;
    --run)
        shift
        python=$(search) || exit 1
        exec "$python" "$@"
        ;;
    *)
        search
        ;;
esac
