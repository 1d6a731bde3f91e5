import csv
import re

from amazon.operations import OPERATIONS
from tests.amazon import models

RATE_ROW = re.compile(r"\|\s*([0-9.]+)\s*\|\s*([0-9.]+)\s*\|")
#: Its usage plan is given as "n" in the model, and not at all in the list.
UNPUBLISHED = "listPrepDetails"
REPORTED = models.FOLDER.parent / "sp-api-operations.csv"


def test_every_operation_is_named_after_itself() -> None:
    assert [name for name, known in OPERATIONS.items() if name != known.name] == []
    assert len(OPERATIONS) == 43


@models.needs_models
def test_verbs_and_paths_are_those_of_the_official_models() -> None:
    official = {
        name: (model.verb, model.path)
        for name, model in models.operations().items()
        if name in OPERATIONS
    }

    ours = {name: (known.verb, known.path) for name, known in OPERATIONS.items()}

    assert ours == official


@models.needs_models
def test_rates_are_those_of_the_usage_plans_in_the_official_models() -> None:
    official = {UNPUBLISHED: (2, 6)}
    for name in OPERATIONS.keys() - official.keys():
        row = RATE_ROW.search(models.operations()[name].description)
        assert row, f"{name} has no usage plan"
        official[name] = (float(row[1]), int(row[2]))

    ours = {name: (known.rate, known.burst) for name, known in OPERATIONS.items()}

    assert ours == official


@models.needs_models
def test_rates_are_those_of_the_list_of_operations() -> None:
    with REPORTED.open(encoding="utf-8") as file:
        listed = {
            (row["operation"], row["path"]): (
                float(row["model_rate_per_s"]),
                int(row["model_burst"]),
            )
            for row in csv.DictReader(file)
            if row["operation"] in OPERATIONS and row["operation"] != UNPUBLISHED
        }

    ours = {
        (known.name, known.path): (known.rate, known.burst)
        for known in OPERATIONS.values()
        if known.name != UNPUBLISHED
    }

    assert ours.items() <= listed.items()


def test_every_operation_names_the_role_to_tick() -> None:
    assert [name for name, known in OPERATIONS.items() if not known.role] == []


def test_what_must_not_happen_twice_is_all_that_changes_something_but_papers() -> None:
    changing = {name for name, known in OPERATIONS.items() if known.verb != "GET"}

    harmless = {name for name in changing if not OPERATIONS[name].is_only_once}

    assert harmless == {"createReport", "createMarketplaceItemLabels"}
    assert len(changing) == 16
