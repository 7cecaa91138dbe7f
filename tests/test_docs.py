"""The documentation against the code: the paths, names, links, commands and settings it speaks of exist."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from config import production_checks
from tests.test_layout import ROOT, tracked

PAGES = [page for page in tracked("*.md") if page.name != "CHANGELOG.md" and "vendor" not in page.parts]
FILES = {path.relative_to(ROOT).as_posix() for path in tracked()}
FOLDERS = {parent.as_posix() for file in FILES for parent in Path(file).parents} - {"."}
# Folders that a room has because of Django, pytest or Wagtail: no room of their own.
PLUMBING = {"management", "migrations", "models", "static", "templatetags", "tests"}
SUFFIXES = {".conf", ".css", ".html", ".js", ".md", ".py", ".toml", ".txt", ".vtt", ".webp"}
IMPORT_PATH = [ROOT, ROOT / "site"]
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)", re.MULTILINE)


@cache
def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return FENCE.sub("", page.read_text())


def quoted(page: Path) -> Iterator[str]:
    """The words in backticks."""
    for span in re.findall(r"`([^`\n]+)`", prose(page)):
        yield from span.split()


def is_repository_path(word: str) -> bool:
    """Whether it names a file or a folder of ours, right or wrong: not a URL, nor a file of a running site."""
    if word.startswith(("/", "http")) or re.search(r"[<>{}$|=]", word):
        return False
    return Path(word).suffix in SUFFIXES or ("/" in word and word.split("/", maxsplit=1)[0] in FOLDERS)


def exists(path: str) -> bool:
    """Also by a pattern, and a bare name anywhere."""
    if "/" not in path and "*" not in path:
        return any(Path(file).name == path for file in FILES)
    return path.rstrip("/") in FILES | FOLDERS or any(ROOT.glob(path))


def slugs(page: Path) -> set[str]:
    """What the headings of a page are linked by."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def module_of(dotted: list[str]) -> tuple[Path, list[str]] | None:
    """The module that the beginning of a dotted name leads to, and what is left of the name."""
    for length in range(len(dotted), 0, -1):
        for folder in IMPORT_PATH:
            stem = folder.joinpath(*dotted[:length])
            for path in (stem.with_suffix(".py"), stem / "__init__.py"):
                if path.is_file():
                    return path, dotted[length:]
    return None


def names_in(body: list[ast.stmt]) -> dict[str, list[ast.stmt]]:
    """What a module or a class defines or imports, and what each of it has in turn."""
    found: dict[str, list[ast.stmt]] = {}
    for statement in body:
        match statement:
            case ast.ClassDef(name=name, body=inner):
                found[name] = inner
            case ast.FunctionDef(name=name):
                found[name] = []
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found |= {alias.asname or alias.name: [] for alias in names}
            case ast.Assign(targets=targets):
                found |= {target.id: [] for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found[name] = []
    return found


def resolves(dotted: str) -> bool:
    found = module_of(dotted.split("."))
    if found is None:
        return False
    path, rest = found
    body = ast.parse(path.read_text()).body
    for name in rest:
        if name not in (names := names_in(body)):
            return False
        body = names[name]
    return True


def is_dotted_name(word: str) -> bool:
    """Whether it is a name in one of our packages."""
    head = word.split(".", maxsplit=1)[0]
    is_ours = any((folder / head / "__init__.py").is_file() for folder in IMPORT_PATH)
    return is_ours and Path(word).suffix not in SUFFIXES and bool(re.fullmatch(r"\w+(\.\w+)+", word))


def words() -> list[tuple[str, str]]:
    """The rows of the table of words in docs/architecture.md: a word, and the file it is to be found in."""
    return re.findall(
        r"^\| \*\*(.+?)\*\* \|.*\| `([^`]+)` \|$", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE
    )


def tree() -> str:
    """The rooms as docs/architecture.md draws them."""
    return re.findall(r"^```\n(.*?)^```", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE | re.DOTALL)[0]


def drawn() -> Iterator[tuple[str, list[str]]]:
    """The folders of the tree, and the modules named beside each."""
    room = ""
    for line in tree().splitlines():
        if found := re.match(r"( *)(\S+)/ +(.*)", line):
            indent, folder, said = found.groups()
            room = room if indent else folder
            yield (f"{room}/{folder}" if indent else folder), re.findall(r"\w+\.py\b", said)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_paths_exist(page: Path) -> None:
    paths = [word for word in quoted(page) if is_repository_path(word)]

    assert [path for path in paths if not (any(page.parent.glob(path)) or exists(path))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in map("".join, LINK.findall(prose(page))):
        path, _, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not link.startswith("http") and (not target.exists() or (anchor and anchor not in slugs(target))):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_dotted_names_resolve(page: Path) -> None:
    assert [word for word in quoted(page) if is_dotted_name(word) and not resolves(word)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_names_beside_a_path_are_in_that_file(page: Path) -> None:
    """As README writes them: a module, and in brackets what of it is meant."""
    beside = re.findall(r"`([\w/]+)\.py` \(`(\w+)`", prose(page))

    assert [f"{path}.{name}" for path, name in beside if not resolves(f"{path.replace('/', '.')}.{name}")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_classes_and_make_targets_exist(page: Path) -> None:
    targets = re.findall(r"^([a-z]+)(?: [a-z]+)*:", (ROOT / "Makefile").read_text(), re.MULTILINE)
    classes = {word for word in quoted(page) if re.fullmatch(r"([A-Z][a-z]+){2,}", word)}

    assert [target for target in re.findall(r"`make (\w+)", prose(page)) if target not in targets] == []
    assert classes - code_words() == set()


@cache
def code_words() -> frozenset[str]:
    return frozenset(word for path in tracked("*.py") for word in re.findall(r"\w+", path.read_text()))


def test_dotted_names_of_other_shapes_do_not_resolve() -> None:
    assert resolves("access.gate.decisions.decide_for")
    assert resolves("access.middleware.EmailGateMiddleware.process_view")
    assert not resolves("access.gate.decisions.ask")
    assert not resolves("access.middleware.EmailGateMiddleware.process")
    assert not resolves("access.standing")


def test_there_are_words() -> None:
    assert len(words()) >= 20


@pytest.mark.parametrize(("word", "path"), words())
def test_word_is_in_the_file_that_its_row_names(word: str, path: str) -> None:
    assert re.search(rf"\b{word}\b", (ROOT / path).read_text(), re.IGNORECASE)


def test_tree_names_every_folder_of_every_room() -> None:
    folders = dict(drawn())
    rooms = {folder for folder in folders if "/" not in folder}
    missing = {
        folder
        for folder in FOLDERS
        if folder.count("/") == 1 and folder.split("/")[0] in rooms and folder not in folders
    }

    assert folders.keys() - FOLDERS == set()
    assert [folder for folder in missing if folder.split("/")[1] not in PLUMBING] == []


def test_modules_in_the_tree_exist() -> None:
    missing = [
        f"{folder}/{name}" for folder, names in drawn() for name in names if not (ROOT / folder / name).is_file()
    ]

    assert missing == []


READERS = {"text", "number", "flag", "names", "get", "setdefault"}


def settings_read() -> dict[str, str]:
    """Every variable that the site's settings and launcher read, and the default where the code states one."""
    found: dict[str, str] = {}
    for path in [ROOT / "manage.py", *tracked("site/config/*.py")]:
        for call in ast.walk(ast.parse(path.read_text())):
            if not isinstance(call, ast.Call) or not call.args or not is_reader(call.func):
                continue
            name, *more = [*call.args, *(keyword.value for keyword in call.keywords)]
            if isinstance(name, ast.Constant) and re.fullmatch("[A-Z][A-Z_]+", str(name.value)):
                default = folded(more[0]) if more else None
                found[str(name.value)] = str(default or "").lower() or found.get(str(name.value), "")
    return found


def is_reader(function: ast.expr) -> bool:
    """Whether it reads the environment: a function of config.env, or a method of os.environ."""
    match function:
        case ast.Attribute(value=ast.Name(id="env"), attr=name):
            return name in READERS
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="os"), attr="environ"), attr=name):
            return name in READERS
        case ast.Name(id=name):
            return name in READERS
    return False


def folded(value: ast.expr) -> object:
    """A constant, or a product of numbers; None for anything else."""
    match value:
        case ast.Constant(value=constant):
            return str(constant)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return int(str(folded(left))) * int(str(folded(right)))
    return None


def settings_table() -> dict[str, str]:
    """The rows of docs/settings.md: a variable, and the cell with its default."""
    page = (ROOT / "docs/settings.md").read_text()
    return dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", page, re.MULTILINE))


def test_settings_table_has_every_variable_that_is_read_and_no_other() -> None:
    assert settings_table().keys() == settings_read().keys()


def test_example_of_the_environment_has_every_variable_that_is_read_and_no_other() -> None:
    example = re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert sorted(example) == sorted(settings_read())


def test_settings_table_says_the_defaults_of_the_code() -> None:
    table = settings_table()
    stated = {name: default for name, default in settings_read().items() if default}

    assert len(stated) >= 12
    assert {name: table[name] for name, default in stated.items() if default not in table[name].lower()} == {}


def test_settings_table_marks_what_production_requires() -> None:
    marked = {name for name, default in settings_table().items() if "**required**" in default}

    assert marked == set(production_checks.REQUIRED)


DECISIONS = tracked("docs/decisions/*.md")


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_decision_has_a_number_a_date_and_a_status(page: Path) -> None:
    title, _, status, *_ = page.read_text().splitlines()

    assert title.startswith(f"# {int(page.stem[:4])}. ")
    found = re.fullmatch(r"Accepted, (?P<day>\d{4}-\d\d-\d\d)(?:; overturned by \[\d{4}\]\((?P<by>\S+)\))?\.", status)
    assert found
    assert date.fromisoformat(found["day"])
    assert found["by"] is None or (page.parent / found["by"]).is_file()


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(page.stem[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
