"""`bin/bench`: every module of this folder that has `run()`, each figure as a ratio to a floor of the same run."""

import json
import os
import pkgutil
import sys
from importlib import import_module
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

ROOT = Path(__file__).resolve().parents[2]


def modules(chosen: list[str]) -> list[str]:
    found = [found.name for found in pkgutil.iter_modules([str(Path(__file__).parent)]) if found.name != "__main__"]
    return [name for name in found if not chosen or name in chosen]


def main(chosen: list[str]) -> None:
    django.setup()
    rows = []
    for name in modules(chosen):
        module = import_module(f"tests.bench.{name}")
        if hasattr(module, "run"):
            print(f"measuring {name}…", flush=True)
            rows += module.run()
    print(f"\n{'what':<58} {'ours':>12} {'floor':>12} {'ratio':>7}  aim")
    for row in rows:
        print(f"{row['name']:<58} {row['ours']:>12,.0f} {row['floor']:>12,.0f} {row['ratio']:>7.2f}  {row['aim']}")
    report = ROOT / "var" / "bench.json"
    report.parent.mkdir(exist_ok=True)
    report.write_text(json.dumps(rows, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
