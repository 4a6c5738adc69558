"""The published schema: what is written fits it, and it names neither more nor less than the code.

`docs/reference/plan.schema.json` is written by hand, for people; these tests hold it to the code.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any

import attrs
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.customers import (
    ADDRESS_FIELDS,
    FIELDS,
    Address,
    Balance,
    Consent,
    ConsentState,
    Customer,
    WebProfile,
    canonical_json,
)
from dedupkit.errors import PlanFormatError
from dedupkit.execution import execute, undo
from dedupkit.merging import MergePolicy, ask_person, concatenate, plan_merge
from dedupkit.plans import (
    STEP_TYPES,
    Blocker,
    Candidate,
    Choice,
    Conflict,
    Create,
    CustomerChange,
    Decision,
    Delete,
    Disposition,
    DuplicateCard,
    Expectation,
    MergePlan,
    MovedRows,
    Notice,
    Plan,
    PlanKind,
    Receipt,
    RemovedRow,
    SetField,
    Total,
    UndoPlan,
    UndoReason,
    plan_undo,
    redact_plan,
    redact_receipt,
)
from dedupkit.stores.memory import MemoryStore
from dedupkit.testing.strategies import customers, registers

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[3]
GOLDEN = sorted(Path(__file__).with_name("golden").glob("v1/*.json"), key=lambda path: path.stem)
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs/reference/plan.schema.json").read_text("utf-8"))
DEFS: dict[str, dict[str, Any]] = SCHEMA["$defs"]

VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
check = VALIDATOR.validate

#: Definition → the class whose values it describes.
CLASSES: Mapping[str, type] = {
    **STEP_TYPES,
    "merge_plan": MergePlan,
    "change_plan": Plan,
    "undo_plan": UndoPlan,
    "receipt": Receipt,
    "expectation": Expectation,
    "duplicate": DuplicateCard,
    "decision": Decision,
    "candidate": Candidate,
    "total": Total,
    "finding": Notice,
    "conflict": Conflict,
    "choice": Choice,
    "customer_change": CustomerChange,
    "moved_rows": MovedRows,
    "removed_row": RemovedRow,
    "customer": Customer,
    "address": Address,
    "consent": Consent,
    "balance": Balance,
    "profile": WebProfile,
}

#: Members that a document has beside the attributes of its class.
ENVELOPE = {"format", "version", "id", "step"}

#: Objects whose members are not the format's: names of the host's own.
FREE = {"map", "extra", "external_ids"}


# --- The schema and the code ----------------------------------------------------------------------


def test_it_is_a_schema() -> None:
    """Of the draft that it names."""
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema_rs.meta.validate(SCHEMA)


@pytest.mark.parametrize("name", CLASSES)
def test_members_are_the_attributes_of_the_class(name: str) -> None:
    """No more and no less; required where the class has no default, or where all are written."""
    definition, attributes = DEFS[name], attrs.fields_dict(CLASSES[name])
    always = {key for key, a in attributes.items() if a.default is attrs.NOTHING or not a.init}
    if name == "profile":
        always = set(attributes)
    envelope = {key for key in definition["properties"] if key in ENVELOPE - set(attributes)}
    assert set(definition["properties"]) - envelope == set(attributes)
    assert set(definition.get("required", ())) - envelope == always
    assert definition["additionalProperties"] is False


def test_the_table_of_fields_is_the_customer() -> None:
    """In the order in which people read them."""
    assert list(DEFS["customer"]["properties"]) == list(FIELDS)
    assert list(DEFS["address"]["properties"]) == list(ADDRESS_FIELDS)


def test_findings_of_both_grades_have_the_same_members() -> None:
    """One definition describes both."""
    assert set(attrs.fields_dict(Notice)) == set(attrs.fields_dict(Blocker))


def test_every_step_has_a_definition_that_bears_its_name() -> None:
    """In the order of the vocabulary."""
    assert DEFS["step"]["oneOf"] == [{"$ref": f"#/$defs/{name}"} for name in STEP_TYPES]
    for name in STEP_TYPES:
        assert DEFS[name]["properties"]["step"] == {"const": name}


@pytest.mark.parametrize(
    ("definition", "values"),
    [
        (DEFS["plan_kind"], PlanKind),
        (DEFS["duplicate"]["properties"]["disposition"], Disposition),
        (DEFS["receipt"]["properties"]["because"], UndoReason),
        (DEFS["consent"]["properties"]["state"], ConsentState),
    ],
    ids=["kind", "disposition", "because", "state"],
)
def test_enumerations_are_written_out(definition: Mapping[str, Any], values: type[Enum]) -> None:
    """Every value of each."""
    assert definition["enum"] == [value.value for value in values]


@pytest.mark.parametrize("name", CLASSES)
def test_what_reprs_hide_is_marked_as_personal_data(name: str) -> None:
    """A reader in another language learns what to protect."""
    properties = DEFS[name]["properties"]
    hidden = [a.name for a in attrs.fields(CLASSES[name]) if a.repr is False]
    if CLASSES[name] in {Customer, Address}:  # their reprs name the members that have a value
        kept = {"id", "allow_merge", "tenant", "merged_into", "kept_for", "version"}
        hidden = [member for member in properties if member not in kept]
    unmarked = [m for m in hidden if not properties[m]["description"].endswith("Personal data.")]
    assert unmarked == []


# --- Documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_golden_files_fit(path: Path) -> None:
    """Whoever wrote one could have checked it."""
    check(json.loads(path.read_text("utf-8")))


POLICIES = (
    MergePolicy(),
    MergePolicy.fill_blanks(),
    MergePolicy.keep_all_contacts(),
    MergePolicy.web_shop(),
    MergePolicy(default=ask_person, fields={"notes": concatenate}),
)


@st.composite
def merges(draw: st.DrawFn) -> tuple[MergePlan, tuple[Customer, ...]]:
    """Draw a merge plan of any policy and dispositions, and its register."""
    cards = draw(registers(min_size=2, max_size=4))
    plan = plan_merge(
        cards[0],
        cards[1:],
        policy=draw(st.sampled_from(POLICIES)),
        dispositions={card.id: draw(st.sampled_from(Disposition)) for card in cards[1:]},
        relations=["orders"],
        corrections=draw(st.sampled_from([{}, {"city": "Moss", "email": None}])),
    )
    return plan, cards


@given(merges())
def test_merges_their_undos_and_all_receipts_fit(
    merge: tuple[MergePlan, tuple[Customer, ...]],
) -> None:
    """Whatever the cards hold, as they are and redacted."""
    plan, cards = merge
    check(plan.to_dict())
    check(redact_plan(plan).to_dict())
    if plan.is_applicable:
        store = MemoryStore(cards, {"orders": {f"o{card.id}": card.id for card in cards}})
        receipt = execute(plan, store, by="anna", at=AT)
        check(plan_undo(receipt, store.get(receipt.ids)).to_dict())
        undone = undo(receipt, store, by="anna", at=AT, because=UndoReason.WRONG_CHOICE)
        for written in (receipt, undone, redact_receipt(receipt)):
            check(written.to_dict())


@given(customers("1"), customers("1"))
def test_imports_and_edits_fit(card: Customer, other: Customer) -> None:
    """Whole customers, and every field from what it was to what it becomes."""
    edits = [SetField("1", name, getattr(card, name), getattr(other, name)) for name in FIELDS]
    check(Plan(kind=PlanKind.IMPORT, steps=[Create(card)], request="r").to_dict())
    check(Plan(kind=PlanKind.EDIT, steps=[*edits, Delete(other)]).to_dict())


# --- What does not fit ----------------------------------------------------------------------------


def objects(part: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every object of a document whose members are the format's."""
    if isinstance(part, dict):
        if not (path and path[-1] in FREE):
            yield path
        for key, member in part.items():
            yield from objects(member, *path, key)
    elif isinstance(part, list):
        for position, member in enumerate(part):
            yield from objects(member, *path, position)


def at(document: Any, path: tuple[str | int, ...]) -> dict[str, Any]:  # noqa: ANN401  # JSON
    """Return the object at a path."""
    for key in path:
        document = document[key]
    found: dict[str, Any] = document
    return found


def is_read(document: dict[str, Any]) -> bool:
    """Tell whether a document is taken back, of which nobody can say that it was altered."""
    if "original_id" not in document and "id" in document:
        form = {name: part for name, part in document.items() if name != "id"}
        document["id"] = sha256(canonical_json(form).encode()).hexdigest()
    kind = Receipt if document.get("format") == "customer-receipt" else Plan
    try:
        kind.from_json(json.dumps(document))
    except PlanFormatError:
        return False
    return True


DOCUMENTS = {path.stem: json.loads(path.read_text("utf-8")) for path in GOLDEN}
PLACES = [(name, path) for name, document in DOCUMENTS.items() for path in objects(document)]
MEMBERS = [
    (name, path, key)
    for name, path in PLACES
    if not name.startswith("receipt")  # without a digest a receipt fills in what is left out
    for key in at(DOCUMENTS[name], path)
]


@given(st.sampled_from(PLACES))
def test_a_member_that_nobody_knows_is_refused(place: tuple[str, tuple[str | int, ...]]) -> None:
    """Wherever it stands, by the schema and by the reader."""
    name, path = place
    document = deepcopy(DOCUMENTS[name])
    at(document, path)["color"] = "blue"
    assert not VALIDATOR.is_valid(document)
    assert not is_read(document)


@given(st.sampled_from(MEMBERS))
def test_schema_and_reader_agree_on_what_may_be_missing(
    member: tuple[str, tuple[str | int, ...], str],
) -> None:
    """Take any one member out: both refuse, or both accept."""
    name, path, key = member
    document = deepcopy(DOCUMENTS[name])
    del at(document, path)[key]
    assert VALIDATOR.is_valid(document) == is_read(document)


@pytest.mark.parametrize(
    ("name", "path", "key"),
    [
        ("edit", (), "kind"),
        ("edit", (), "format"),
        ("edit", (), "version"),
        ("merge", ("duplicates", 0), "disposition"),
        ("merge", ("steps", 0), "step"),
        ("merge", ("steps", -2, "after", "consent"), "state"),
        ("receipt-undo", (), "because"),
        ("receipt-undo", (), "kind"),
        ("receipt-merge", ("changes", 0, "after", "customer", "consents", 0), "state"),
    ],
)
def test_a_word_that_is_none_of_the_possible_ones_is_refused(
    name: str, path: tuple[str | int, ...], key: str
) -> None:
    """By the schema and by the reader."""
    document = deepcopy(DOCUMENTS[name])
    at(document, path)[key] = "perhaps"
    assert not VALIDATOR.is_valid(document)
    assert not is_read(document)


@pytest.mark.parametrize(
    ("path", "key", "wrong"),
    [
        (("expects", 0), "fingerprint", "1"),
        (("totals", 0, "before"), "decimal", "1e3"),
        (("totals", 0, "before"), "decimal", 5),
        (("steps", 10, "after"), "date", "9.3.1971"),
        (("steps", 16, "before", "consent"), "at", "2026-03-01 09:00"),
        (("steps", 7), "unit", "Points"),
        (("steps", 0), "origin", []),
        ((), "decisions", []),
        ((), "warning", 5),
    ],
)
def test_values_of_the_wrong_shape_do_not_fit(
    path: tuple[str | int, ...], key: str, wrong: object
) -> None:
    """Numbers are exact, days and moments are written in one way, what is empty is left out."""
    document = deepcopy(DOCUMENTS["merge"])
    at(document, path)[key] = wrong
    assert not VALIDATOR.is_valid(document)
