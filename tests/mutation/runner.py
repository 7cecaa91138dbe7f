"""Runs the tests against each mutant, in a fork of a process in which everything is ready: Django, the database, the
collected tests, and what a run without any mutant has shown of them."""

import gc
import inspect
import os
import pickle
import pkgutil
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from django.db import connections

from tests.mutation.mutants import Mutant

TRACER = sys.monitoring.COVERAGE_ID
PROFILE = "mutants"
# A mutant may never end. Its CPU is bounded, which is the same on a busy machine; the clock is for one that only waits.
CPU_SECONDS, CPU_TIMES = 10, 5
WALL_SECONDS, WALL_TIMES = 120, 20


class Outcome(Enum):
    KILLED = "killed"
    TIMEOUT = "timeout"
    SURVIVED = "survived"
    UNCOVERED = "uncovered"  # no test runs that line
    EQUIVALENT = "equivalent"  # no test can tell it: see equivalent.txt
    IDENTICAL = "identical"  # it compiles to the same code, so it is no mutant


@dataclass
class Baseline:
    """What each test costs and runs, by its number among the collected ones."""

    seconds: dict[int, float] = field(default_factory=dict)
    lines: dict[int, set[tuple[str, int]]] = field(default_factory=dict)
    failed: list[int] = field(default_factory=list)


class Runner:
    """A plugin for pytest: instead of running the tests once, it runs what tells about each mutant."""

    def __init__(
        self,
        mutants: Sequence[Mutant],
        *,
        packages: Sequence[str],
        most: int | None,
        said: Callable[[Mutant, Outcome, str], None],
    ) -> None:
        self.mutants, self.packages, self.most, self.said = mutants, packages, most, said
        self.broken: list[str] = []  # tests that fail without any mutant
        self.sound: set[int] = set()  # and tests that were seen to pass without one, by themselves
        self._has_failed = False

    def pytest_collection(self) -> None:
        import hypothesis  # not before pytest, which rewrites its assertions

        # The same examples each time; the first one that fails is enough.
        hypothesis.settings.register_profile(
            PROFILE,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        hypothesis.settings.load_profile(PROFILE)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        # With its lock off a refusal has to fail: what else is wrong does not show.
        items[:] = [item for item in items if "lock off" not in item.name]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._has_failed |= report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = session.items
        for package in self.packages:
            _import_all(package)
        gc.unfreeze()
        self.functions = _functions({str(Path(package).resolve()) for package in self.packages})
        self._prepare()
        gc.collect()
        gc.freeze()  # a fork that collects would copy all of it
        baseline = pickle.loads(_forked(self._baseline).output)  # noqa: S301  our own child's
        killers: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        for mutant in self.mutants:
            codes = self._changed(mutant)
            if not codes and not mutant.constant:
                self.said(mutant, Outcome.IDENTICAL, "")
                continue
            where = (mutant.path, mutant.name.split(": ", maxsplit=1)[0])
            tests = sorted(self._tests(mutant, baseline), key=partial(self._place, mutant, killers[where], baseline))
            tests = tests[: self.most]
            outcome, killer = self._try(mutant, codes, tests, baseline)
            if killer is not None:
                killers[where][killer] += 1
            self.said(mutant, outcome, "" if killer is None else self.items[killer].nodeid)
        self.broken = [self.items[number].nodeid for number in baseline.failed]
        return True

    def _prepare(self) -> None:
        """Run one test, so that what lasts for the session is there before the first fork, the database above all."""
        if connections["default"].vendor != "sqlite":
            pytest.exit("Each mutant gets a copy of the database: mutants are run on SQLite only.", returncode=2)
        first = next(
            (item for item in self.items if _uses_database(item) and not _is_transactional(item)), self.items[0]
        )
        self._passes(first, next((item for item in self.items if item is not first), first))
        for connection in connections.all():
            connection.close()

    def _passes(self, item: pytest.Item, next_item: pytest.Item) -> bool:
        self._has_failed = False
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=next_item)
        return not self._has_failed

    def _run(self, numbers: Sequence[int]) -> Iterator[tuple[int, bool]]:
        """Each test's number and whether it passes; what lasts for the session stays, after the last one too."""
        self.items[0].session._setupstate.teardown_exact(self.items[numbers[0]])  # leave only what the first one shares
        for number, following in zip(numbers, [*numbers[1:], None], strict=True):
            item = self.items[number]
            after = self.items[following] if following is not None else self.items[number - 1]
            yield number, self._passes(item, after)

    def _baseline(self) -> bytes:
        found = Baseline()
        hits: set[tuple[str, int]] = set()

        def on_line(code: CodeType, line: int) -> object:
            hits.add((code.co_filename, line))
            return sys.monitoring.DISABLE

        sys.monitoring.use_tool_id(TRACER, "mutants")
        sys.monitoring.register_callback(TRACER, sys.monitoring.events.LINE, on_line)
        for functions in self.functions.values():
            for function in functions:
                for code in _nested(function.__code__):
                    sys.monitoring.set_local_events(TRACER, code, sys.monitoring.events.LINE)
        order = sorted(range(len(self.items)), key=lambda number: _is_transactional(self.items[number]))
        started = time.process_time()
        for number, passes in self._run(order):
            ended = time.process_time()
            found.seconds[number], started = ended - started, ended
            found.lines[number] = set(hits)
            if not passes:
                found.failed.append(number)
            hits.clear()
            sys.monitoring.restart_events()
        return pickle.dumps(found)

    def _tests(self, mutant: Mutant, baseline: Baseline) -> list[int]:
        wanted = {(str(Path(mutant.path).resolve()), line) for line in mutant.lines}
        if mutant.constant:
            wanted = {
                (code.co_filename, line)
                for functions in self.functions.values()
                for function in functions
                for code in _nested(function.__code__)
                if mutant.constant in code.co_names
                for _, _, line in code.co_lines()
                if line
            }
        return [
            number
            for number, lines in baseline.lines.items()
            if number not in baseline.failed and not wanted.isdisjoint(lines)
        ]

    def _place(
        self, mutant: Mutant, kills: Counter[int], baseline: Baseline, number: int
    ) -> tuple[bool, int, bool, float, int]:
        """First tests that have killed others of this function, then those named for its module, then cheap ones."""
        item = self.items[number]
        is_named = item.path.stem == f"test_{Path(mutant.path).stem}"
        return _is_transactional(item), -kills[number], not is_named, baseline.seconds[number], number

    def _changed(self, mutant: Mutant) -> dict[tuple[str, str, int], CodeType]:
        if mutant.constant:
            return {}
        path = str(Path(mutant.path).resolve())
        before = _by_key(compile(Path(path).read_text(), path, "exec", dont_inherit=True), path)
        after = _by_key(mutant.compiled(), path)
        return {key: code for key, code in after.items() if code != before.get(key)}

    def _try(
        self, mutant: Mutant, codes: dict[tuple[str, str, int], CodeType], tests: list[int], baseline: Baseline
    ) -> tuple[Outcome, int | None]:
        if not tests:
            return Outcome.UNCOVERED, None
        seconds = sum(baseline.seconds[each] for each in tests)
        ended = self._forked_tests(tests, lambda: self._put(mutant, codes), seconds=seconds)
        if ended.is_timeout:
            return Outcome.TIMEOUT, None
        if not ended.output:
            return Outcome.KILLED, None  # not even pytest survived it
        killer: int | None = pickle.loads(ended.output)  # noqa: S301  our own child's
        if killer is None:
            return Outcome.SURVIVED, None
        if killer not in self.sound:
            alone = self._forked_tests([killer], lambda: None, seconds=baseline.seconds[killer])
            if alone.output != pickle.dumps(
                None
            ):  # it leans on the tests before it, and would kill whatever it is given
                baseline.failed.append(killer)
                return self._try(mutant, codes, [each for each in tests if each != killer], baseline)
            self.sound.add(killer)
        return Outcome.KILLED, killer

    def _forked_tests(self, tests: Sequence[int], change: Callable[[], None], *, seconds: float) -> "_Ended":
        """Run these tests, which take so long, in a fork until one fails; the output is its number, or None."""

        def run() -> bytes:
            cpu = int(CPU_SECONDS + CPU_TIMES * seconds)
            resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
            change()
            return pickle.dumps(next((number for number, passes in self._run(tests) if not passes), None))

        return _forked(run, seconds=WALL_SECONDS + WALL_TIMES * seconds)

    def _put(self, mutant: Mutant, codes: dict[tuple[str, str, int], CodeType]) -> None:
        """Into the functions as they live, so that code that imported, decorated or registered one has the mutant."""
        if mutant.constant:
            _put_constant(mutant)
            return
        for key, code in codes.items():
            for function in self.functions.get(key, ()):
                # It may have lost the `super()` for which the function holds its class.
                free = code.co_freevars or function.__code__.co_freevars
                function.__code__ = code.replace(co_freevars=free)


def _put_constant(mutant: Mutant) -> None:
    path = str(Path(mutant.path).resolve())
    module = next(each for each in list(sys.modules.values()) if getattr(each, "__file__", None) == path)
    before = vars(module)[mutant.constant]
    space = dict(vars(module))
    exec(mutant.compiled(), space)  # noqa: S102  the module's own statement
    for each in list(sys.modules.values()):
        if getattr(each, "__dict__", {}).get(mutant.constant) is before:
            setattr(each, mutant.constant, space[mutant.constant])


@dataclass(frozen=True)
class _Ended:
    output: bytes
    is_timeout: bool


def _forked(run: Callable[[], bytes], *, seconds: float = 3600) -> _Ended:
    """What a fork of this process returns from `run`, with a copy of the database of its own; b"" if it died."""
    with tempfile.TemporaryDirectory(prefix="lectern-mutant-") as folder:
        output = Path(folder) / "output"
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            _become_child(Path(folder), run, output)
        status, is_late = _wait(child, seconds=seconds)
        killed_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        is_timeout = is_late or killed_by in {signal.SIGXCPU, signal.SIGKILL}
        return _Ended(output.read_bytes() if output.exists() and not is_timeout else b"", is_timeout)


def _become_child(folder: Path, run: Callable[[], bytes], output: Path) -> None:
    status = 1
    errors = os.fdopen(os.dup(2), "w")
    try:
        os.setsid()  # what a test starts is in a group of its own, and ends with it
        signal.signal(
            signal.SIGINT, signal.default_int_handler
        )  # ignored, and by their children too, in a background job
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        _own_database(folder)
        written = run()
        output.write_bytes(written)
        status = 0
    except BaseException:  # said here: nobody above is there to say it
        traceback.print_exc(file=errors)
        errors.flush()
    finally:
        os._exit(status)


def _own_database(folder: Path) -> None:
    settings = connections["default"].settings_dict
    if Path(settings["NAME"]).exists():  # else no test here uses one
        shutil.copy(settings["NAME"], folder / "test.sqlite3")
        settings["NAME"] = str(folder / "test.sqlite3")


def _wait(child: int, *, seconds: float) -> tuple[int, bool]:
    end, nap = time.monotonic() + seconds, 0.002
    is_late = False
    try:
        while True:
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                return status, is_late
            if time.monotonic() > end and not is_late:
                is_late = True
                os.kill(child, signal.SIGKILL)
            time.sleep(nap)
            nap = min(nap * 1.5, 0.05)
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)


def _import_all(package: str) -> None:
    """What is only imported when it is needed must be here before the first fork."""
    for found in pkgutil.walk_packages([package], prefix=f"{package}."):
        if not {"tests", "migrations"} & set(found.name.split(".")):
            import_module(found.name)


def _functions(folders: set[str]) -> dict[tuple[str, str, int], list[FunctionType]]:
    found: defaultdict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if type(each) is FunctionType and any(each.__code__.co_filename.startswith(f"{folder}/") for folder in folders):
            found[_key(each.__code__, each.__code__.co_filename)].append(each)
    return found


def _key(code: CodeType, path: str) -> tuple[str, str, int]:
    return path, code.co_qualname, code.co_firstlineno


def _by_key(code: CodeType, path: str) -> dict[tuple[str, str, int], CodeType]:
    return {_key(each, path): each for each in _nested(code) if each.co_flags & inspect.CO_OPTIMIZED}


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _uses_database(item: Any) -> bool:
    return "db" in item.fixturenames or item.get_closest_marker("django_db") is not None


def _is_transactional(item: Any) -> bool:
    """Whether it empties the database when it is done: what comes after it would find no pages."""
    marker = item.get_closest_marker("django_db")
    return bool({"transactional_db", "live_server"} & set(item.fixturenames)) or bool(
        marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0]))
    )
