"""Errors: what they say, and that they survive the way to another process."""

import pickle

import pytest

from dedupkit.errors import (
    ContradictionError,
    DedupkitError,
    ExecutionError,
    Fault,
    FileFault,
    InvalidCustomerError,
    InvalidFileError,
    StalePlanError,
    StaleWriteError,
)

PLAN = "0123456789abcdef"
ERRORS: dict[str, DedupkitError] = {
    "customer '7' is invalid: email: is no address": InvalidCustomerError(
        "7", [Fault("email", "is no address")]
    ),
    "new.csv: row 2, column 'epost': is no address; is empty": InvalidFileError(
        "new.csv",
        [FileFault(row=2, column="epost", problem="is no address"), FileFault(problem="is empty")],
    ),
    "1 and 3 are judged different, and also the same by way of 1 = 2 = 3; "
    "take one of these judgements back first": ContradictionError(["1", "2", "3"]),
    "plan 0123456789ab: it has blockers": ExecutionError(PLAN, "it has blockers"),
    "plan 0123456789ab: stale, customers changed since it was made: 1, 2; plan again": (
        StalePlanError(PLAN, ["2", "1"])
    ),
    "changed by another writer meanwhile: 1, 2; load and try again": StaleWriteError(["2", "1"]),
}


@pytest.mark.parametrize("message", ERRORS)
def test_the_message_says_what_and_where(message: str) -> None:
    """Ids, fields, files and places, in order, and what to do."""
    assert str(ERRORS[message]) == message


@pytest.mark.parametrize("error", ERRORS.values(), ids=lambda error: type(error).__name__)
def test_pickling_keeps_the_data(error: DedupkitError) -> None:
    """Message and attributes come out of a pool of processes as they were."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
