import pathlib
import subprocess

import pytest

import cases

ROOT = pathlib.Path(__file__).parents[2]
ALL = cases.SERIES | cases.VOLUMES | cases.LACKING | cases.REAL


def pytest_report_header():
    if not cases.REAL:
        return "real masks are skipped: the CT data of docs and training is not at ../shared/data"


@pytest.fixture(scope="session")
def written(tmp_path_factory):
    """All cases by name, with what Rust wrote in their folders."""
    folder = tmp_path_factory.mktemp("exports")
    made = {name: make() for name, make in ALL.items()}
    for name, case in made.items():
        case.write(folder / name)
    command = ["cargo", "run", "--locked", "--quiet", "--package=rachis-ct", "--example=write_exports", "--"]
    subprocess.run(command + [case.folder for case in made.values()], cwd=ROOT, check=True)
    return made
