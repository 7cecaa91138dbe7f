"""`make mutants`: small faults in `mail/`, `access/`, `purchases/`, `learning/`; which of them no test notices."""

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.runner import Outcome, Runner

PACKAGES = ["mail", "access", "purchases", "learning"]
NOT_MUTATED = {"tests", "migrations"}
EQUIVALENT = Path(__file__).parent / "equivalent.txt"
MOST = 5  # per cent that may survive


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make mutants ARGS=...", description=__doc__)
    parser.add_argument("paths", nargs="*", default=PACKAGES, help="modules or folders; all four of them")
    parser.add_argument("--sample", type=int, metavar="N", help="only N of them, the same ones each time")
    parser.add_argument("--tests", nargs="+", default=PACKAGES, metavar="PATH", help="the tests that are to notice")
    parser.add_argument("--most", type=int, metavar="N", help="only the N likeliest tests for each: a quick look")
    parser.add_argument("--match", default="", metavar="TEXT", help="only those whose name holds this text")
    parser.add_argument("--list", action="store_true", help="name the mutants and run nothing")
    options = parser.parse_args(arguments)
    chosen = [mutant for mutant in _all(options.paths) if options.match in mutant.name]
    if options.sample:
        chosen = sorted(sorted(chosen, key=lambda each: each.rank)[: options.sample], key=lambda each: each.path)
    if options.list:
        print("\n".join(mutant.name for mutant in chosen))
        return 0
    return _run(chosen, tests=options.tests, most=options.most)


def _all(paths: Sequence[str]) -> list[Mutant]:
    files = [file for path in map(Path, paths) for file in ([path] if path.is_file() else sorted(path.rglob("*.py")))]
    return [
        mutant for file in files if not NOT_MUTATED & set(file.parts) for mutant in mutants(file.read_text(), str(file))
    ]


def _run(chosen: Sequence[Mutant], *, tests: Sequence[str], most: int | None) -> int:
    equivalent = {line for line in EQUIVALENT.read_text().splitlines() if line and not line.startswith("#")}
    found: defaultdict[str, Counter[Outcome]] = defaultdict(Counter)
    stale: list[str] = []
    started = time.monotonic()

    def said(mutant: Mutant, outcome: Outcome, killer: str) -> None:
        if mutant.name in equivalent and outcome in {Outcome.SURVIVED, Outcome.UNCOVERED}:
            outcome = Outcome.EQUIVALENT
        elif mutant.name in equivalent:
            stale.append(f"{mutant.name} (by {killer})")
        if mutant.path not in found:
            print(mutant.path, flush=True)
        found[mutant.path][outcome] += 1
        if outcome in {Outcome.SURVIVED, Outcome.UNCOVERED}:
            print(f"  {outcome.value} in line {mutant.lines.start}: {mutant.name}", flush=True)

    runner = Runner(chosen, packages=PACKAGES, most=most, said=said)
    options = ["-p", "no:randomly", "-p", "no:xdist", "-s", "-q", "-m", "not soak and not browser"]
    status = pytest.main([*options, *tests], plugins=[runner])
    if status != pytest.ExitCode.OK and not found:  # one that was stopped tells what it knows
        return int(status)
    for test in runner.broken:
        print(f"left out, as it fails without any mutant: {test}")
    for name in stale:
        print(f"called equivalent, and yet killed: {name}")
    return max(_report(found, seconds=time.monotonic() - started), bool(runner.broken or stale), int(status))


def _report(found: dict[str, Counter[Outcome]], *, seconds: float) -> int:
    total: Counter[Outcome] = Counter()
    print(f"\n{'module':40} {'killed':>7} {'timeout':>7} {'survived':>8} {'uncovered':>9} {'equivalent':>10}")
    for path, counts in [*sorted(found.items()), ("in all", total)]:
        columns = zip(
            [Outcome.KILLED, Outcome.TIMEOUT, Outcome.SURVIVED, Outcome.UNCOVERED, Outcome.EQUIVALENT],
            [7, 7, 8, 9, 10],
            strict=True,
        )
        if counts is not total:
            total.update(counts)
        print(f"{path:40} " + " ".join(f"{counts[outcome]:{width}}" for outcome, width in columns))
    alive = total[Outcome.SURVIVED] + total[Outcome.UNCOVERED]
    counted = alive + total[Outcome.KILLED] + total[Outcome.TIMEOUT]
    print(
        f"{alive} of {counted} mutants survive ({100 * alive / max(1, counted):.1f} %), in {seconds / 60:.0f} minutes."
    )
    return int(100 * alive >= MOST * counted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
