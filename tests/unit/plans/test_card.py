"""Plans as HTML: every value side by side, escaped."""

import re
from html.parser import HTMLParser

import pytest
from attrs import evolve

from dedupkit.customers import Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.markup import STYLE
from dedupkit.merging import (
    FlagRules,
    MergePolicy,
    Resolution,
    ask_person,
    concatenate,
    fill_blank,
    plan_merge,
)
from dedupkit.plans import (
    AddValue,
    Blocker,
    Create,
    CreateGroup,
    Delete,
    Disposition,
    Expectation,
    Notice,
    Plan,
    PlanKind,
    RemoveValue,
    Repoint,
    Restore,
    SetConsent,
    SetField,
    SetWebProfile,
    Step,
    Total,
    UndoPlan,
    redact_plan,
)
from dedupkit.plans.card import plan_card
from dedupkit.plans.describe import REDACTED

HOSTILE = '<img src=x onerror="alert(1)">'


def said(state: ConsentState, endpoint: str | None = None) -> Consent:
    """Say something about the newsletter."""
    return Consent("newsletter", "email", state, endpoint=endpoint)


MASTER = Customer(
    id="1",
    number="7",
    first_name=HOSTILE,
    email="a@b.no",
    notes="regular",
    groups=["members"],
    consents=[said(ConsentState.GRANTED)],
    balances=[Balance("store_credit", "NOK", 10)],
    web_profile=WebProfile(id="w1", username=HOSTILE),
)
OTHER = Customer(
    id="2",
    first_name="Ann",
    email="ann@b.no",
    mobile="+47 912 34 567",
    notes=HOSTILE,
    flags=["vip"],
    groups=[HOSTILE],
    consents=[said(ConsentState.WITHDRAWN), said(ConsentState.GRANTED, HOSTILE)],
    balances=[Balance("store_credit", "NOK", 5), Balance("loyalty", "points", 3, programme="club")],
    extra={"vat_no": HOSTILE},
    external_ids={"app": [HOSTILE]},
)
POLICY = MergePolicy(
    fields={"email": ask_person, "mobile": fill_blank, "notes": concatenate},
    flags=FlagRules(permissive=["vip"]),
)


class Reader(HTMLParser):
    """Reads a card back: the tags, and the cells of every row by its name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.rows: dict[str, list[str]] = {}
        self.struck: list[str] = []
        self.text = ""
        self._row: list[str] = []
        self._is_struck = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a row, a cell, a struck value."""
        self.tags.append(tag)
        if tag == "tr":
            self._row = []
        elif tag in {"td", "th"}:
            self._row.append("")
        elif tag == "del":
            self.struck.append("")
            self._is_struck = True

    def handle_endtag(self, tag: str) -> None:
        """End a row."""
        if tag == "tr":
            self.rows.setdefault(self._row[0], self._row[1:])
        elif tag == "del":
            self._is_struck = False
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        """Note text where it stands."""
        self.text += data
        if self._row:
            self._row[-1] += data
        if self._is_struck:
            self.struck[-1] += data


def read(plan: Plan) -> Reader:
    """Draw a plan and read it back."""
    return Reader(plan_card(plan, styled=False))


PLAN = plan_merge(
    MASTER,
    [OTHER, Customer(id="3"), Customer(id="4", name="Kari")],
    policy=POLICY,
    relations=["orders"],
    corrections={"city": "Moss"},
    dispositions={"3": Disposition.SKIP, "4": Disposition.KEEP},
    blockers=[Blocker(code="erasure_pending", customers=("2",))],
)


def test_hostile_values_stay_text() -> None:
    """Names, notes, groups, own fields, ids, logins and endpoints."""
    card = read(PLAN)
    assert not {"img", "script"} & set(card.tags)
    assert card.text.count(HOSTILE) >= 7


def test_columns_are_the_cards_that_take_part_and_the_result() -> None:
    """Skipped ones are named above."""
    card = read(PLAN)
    head = card.rows["field"]
    assert [cell.rpartition(" ")[2] for cell in head] == ["master", "merged", "kept", "result"]
    assert "left out: 3" in card.text


def test_each_cell_says_what_becomes_of_its_value() -> None:
    """Kept, taken with its card, corrected, joined, blank."""
    rows = read(PLAN).rows
    assert rows["first name"][-1] == HOSTILE
    assert rows["mobile"] == ["", "+47 912 34 567", "", "+47 912 34 567 from 2"]
    assert rows["address"][-1] == "Moss corrected"
    assert rows["notes"][-1] == f"regular\n{HOSTILE} with 2"
    assert rows["groups"][-1] == f"{HOSTILE}members with 2"
    assert rows["vat no"][-1] == "(blank)"


def test_values_not_chosen_are_struck_through_and_stay_readable() -> None:
    """Nothing is hidden."""
    assert {"Ann", "Kari", HOSTILE} <= set(read(PLAN).struck)


def test_values_that_a_person_has_yet_to_choose_are_not_struck_through() -> None:
    """Neither those of a field, nor a flag that may be left."""
    assert not {"a@b.no", "ann@b.no", "vip"} & set(read(PLAN).struck)


def test_what_one_field_had_no_room_for_is_marked_where_it_came() -> None:
    """The card that it comes from."""
    other = Customer(id="2", mobile="+47 40 00 00 01", language="en")
    plan = plan_merge(
        Customer(id="1", mobile="+47 912 34 567", language="nb"),
        [other],
        policy=MergePolicy.keep_all_contacts(),
    )
    rows = read(plan).rows
    assert rows["other phones"][-1] == "+47 40 00 00 01 with 2"
    assert rows["notes"][-1] == "language: en with 2"


def test_what_is_taken_out_of_a_field_is_a_change() -> None:
    """It comes from no card."""
    policy = MergePolicy(groups=lambda *_: Resolution(None))
    cards = [Customer(id="1", groups=["members"]), Customer(id="2")]
    assert read(plan_merge(cards[0], cards[1:], policy=policy)).rows["groups"][-1] == (
        "(blank) changed"
    )


def test_conflicts_list_their_choices_in_their_cell() -> None:
    """A question about a field, and one about a single flag."""
    rows = read(PLAN).rows
    assert rows["email"][-1] == "choose for email1: a@b.no2: ann@b.no"
    assert rows["flags"][-1] == "(blank)choose for flags.vipsetleave"


def test_a_question_about_no_field_lists_its_choices_below() -> None:
    """Nobody would find the answer in the comparison."""
    firm = Customer(id="2", company="Fjord AS")
    text = read(plan_merge(Customer(id="1", name="Anna"), [firm])).text
    assert text.count("choose for person_and_organizationmerge") == 1
    asked = plan_merge(MASTER, [OTHER], policy=MergePolicy(fields={"email": ask_person}))
    assert read(asked).text.count("choose for email") == 1


def test_consents_are_a_matrix_with_the_rule() -> None:
    """Purpose by channel, the state in words, who said otherwise."""
    card = read(PLAN)
    assert "Consents (refusal_wins)" in card.text
    held = f"withdrawn from 2granted ({HOSTILE}) from 2"
    assert card.rows["newsletter"] == [f"{held}granted 1"]


def test_consents_that_the_master_has_by_itself_are_not_marked() -> None:
    """Only what changes bears a mark."""
    plan = plan_merge(MASTER, [Customer(id="2", consents=[said(ConsentState.PENDING)])])
    assert read(plan).rows["newsletter"] == ["grantedpending 2"]


def test_a_cell_of_consents_that_stay_is_not_marked() -> None:
    """Only one in which something changes."""
    plan = plan_merge(MASTER, [Customer(id="2", consents=[said(ConsentState.PENDING)])])
    marks = Marks(plan_card(plan, styled=False)).texts
    assert "grantedpending 2" not in marks.get("dk-taken", [])


def test_a_question_about_one_flag_stands_below_the_others() -> None:
    """Those that are carried over are not in question, whatever dots the name has."""
    policy = MergePolicy(flags=FlagRules(permissive=["a.b"]))
    master, other = Customer(id="1", flags=["press"]), Customer(id="2", flags=["a.b"])
    card = read(plan_merge(master, [other], policy=policy))
    assert card.rows["flags"][-1] == "presschoose for flags.a.bsetleave"
    assert card.struck == []


def test_consents_that_a_rule_made_are_marked_as_changed() -> None:
    """Where no other card has said them."""
    step = SetConsent("1", None, said(ConsentState.GRANTED), origin=("1",))
    plan = evolve(plan_merge(MASTER, [Customer(id="2")]), steps=[step])
    assert read(plan).rows["newsletter"] == ["granted changed"]


def test_balances_before_and_after() -> None:
    """Per kind, programme and unit, of the master alone."""
    rows = read(PLAN).rows
    assert rows["store_credit"] == ["10", "15", "NOK"]
    assert rows["loyalty club"] == ["0", "3", "points"]


def test_findings_say_their_grade_in_words() -> None:
    """Colour alone tells nothing."""
    text = read(PLAN).text
    assert "Needs an answer: the flag vip" in text
    assert "Forbidden: the erasure of 2 is pending" in text
    assert "Notice: 1 and 2 disagree" in text
    assert text.endswith(PLAN.warning)


def test_bookkeeping_is_folded_away() -> None:
    """It is there for those who look."""
    card = read(PLAN)
    assert card.tags.index("details") < card.tags.index("/details")
    assert card.rows["number"] == ["7", "", "", "7"]


def test_a_merge_of_nothing_is_drawn() -> None:
    """Blank cards have nothing to compare."""
    nothing = plan_merge(Customer(id="1"), [Customer(id="2")])
    assert read(nothing).rows["field"] == ["customer 1 master", "customer 2 is merged", "result"]


def test_styled_unless_the_page_is() -> None:
    """A notebook cell brings the stylesheet, a page has it once."""
    assert "<style>" in PLAN._repr_html_()
    assert "<style>" not in plan_card(PLAN, styled=False)


def test_nothing_is_loaded_or_run() -> None:
    """No script, no handler, no address."""
    card = plan_card(PLAN)
    assert not {"script", "link", "img", "iframe"} & set(Reader(card).tags)
    assert "url(" not in card
    assert "@import" not in card


def test_a_redacted_plan_says_why_it_is_bare() -> None:
    """Of any kind."""
    text = read(redact_plan(PLAN)).text
    assert "was taken out of this plan" in text
    assert "Notice: consents disagree: 1 and 2" in text


LOGIN = WebProfile(id="w1", username="anna")


@pytest.mark.parametrize(
    ("step", "row"),
    [
        (SetField("1", "city", "Moss", "Oslo"), ["city", "Moss", "Oslo"]),
        (SetField("1", "city", None, "Oslo"), ["city", "", "Oslo"]),
        (SetField("1", "city", "Moss", None), ["city", "Moss", "(blank)"]),
        (AddValue("1", "flags", "vip"), ["flags", "", "vip added"]),
        (RemoveValue("1", "external_ids.app", "a1"), ["app", "a1", " removed"]),
        (
            SetConsent("1", None, said(ConsentState.GRANTED)),
            ["consents", "", "newsletter by email granted"],
        ),
        (
            SetWebProfile("1", LOGIN, evolve(LOGIN, username="anne")),
            ["web profile username", "anna", "anne"],
        ),
        (Create(Customer(id="1")), ["id", "", "1"]),
        (Delete(Customer(id="1")), ["id", "1", "(blank)"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else type(value).__name__,
)
def test_what_a_step_changes_of_a_field_is_a_row(step: Step, row: list[str]) -> None:
    """Before and after, what goes is struck through."""
    card = read(Plan(kind=PlanKind.EDIT, steps=[step]))
    assert card.rows["1"] == row
    assert card.struck == ([row[1]] if row[1] else [])


def test_what_moves_between_cards_is_listed() -> None:
    """An undo: rows, cards, groups."""
    steps = (Restore("2", "1"), Repoint("orders", "1", "2", only=("o1",)), CreateGroup(HOSTILE))
    card = read(UndoPlan(undoes="0" * 64, steps=steps, expects=[Expectation("1", None, "")]))
    assert card.text.startswith("Undo of what was done to customer 1What else is done2 comes")
    assert card.text.endswith(f"orders (1 row): 1 -> 2group {HOSTILE} is created")


def test_other_plans_tell_totals_findings_and_the_warning() -> None:
    """As a merge does."""
    plan = Plan(
        kind=PlanKind.EDIT,
        totals=[Total(kind="loyalty", unit="points", before=1, after=2)],
        notices=[Notice(code="group_stays", data={"group": "choir"})],
        warning="Look twice.",
    )
    text = read(plan).text
    assert "loyalty: 1 -> 2 points, all cards together" in text
    assert "Notice: the group choir stays" in text
    assert text.endswith("Look twice.")


def test_a_large_import_is_cut_short_and_says_so() -> None:
    """A notebook stays usable."""
    steps = [SetField(str(number), "city", None, "Oslo") for number in range(1_300)]
    card = read(Plan(kind=PlanKind.IMPORT, steps=steps))
    assert len(card.rows) == 1 + 200
    assert card.text.endswith("… and 1,100 more changes")


def test_a_change_of_two_hundred_fields_is_drawn_whole() -> None:
    """Nothing is said to be missing where nothing is."""
    steps = [SetField(str(number), "city", None, "Oslo") for number in range(200)]
    card = read(Plan(kind=PlanKind.IMPORT, steps=steps))
    assert len(card.rows) == 1 + 200
    assert "more changes" not in card.text


def test_changes_stand_below_their_columns() -> None:
    """Whose field, which, and what it held and holds."""
    card = read(Plan(kind=PlanKind.EDIT, steps=[SetField("1", "city", None, "Oslo")]))
    assert card.rows["customer"] == ["field", "before", "after"]


def test_a_consent_that_is_taken_back_is_struck_through() -> None:
    """As every other value that goes."""
    step = SetConsent("1", said(ConsentState.GRANTED), None)
    card = read(Plan(kind=PlanKind.EDIT, steps=[step]))
    assert card.rows["1"] == ["consents", "newsletter by email granted", "(blank)"]


def test_each_column_names_its_card() -> None:
    """As a clerk calls it, by number and id, and what becomes of it."""
    named = [f"{HOSTILE} 7 · 1 master", "Ann 2 is merged", "Kari 4 is kept", "result"]
    assert read(PLAN).rows["field"] == named


def test_a_number_that_is_the_id_is_told_once() -> None:
    """Registers that number their customers by id repeat nothing."""
    plan = plan_merge(Customer(id="1", number="1"), [Customer(id="2", number="8")])
    assert read(plan).rows["field"][:2] == ["customer 1 master", "customer 8 · 2 is merged"]


@pytest.mark.parametrize(
    ("skipped", "caption"),
    [((), "Merge into 1field"), (("2", "3"), "Merge into 1 (left out: 2, 3)field")],
)
def test_the_caption_names_all_that_are_left_out(skipped: tuple[str, ...], caption: str) -> None:
    """And says nothing where none is."""
    plan = plan_merge(
        Customer(id="1"),
        [Customer(id=card) for card in ("2", "3", "4")],
        dispositions=dict.fromkeys(skipped, Disposition.SKIP),
    )
    assert read(plan).text.startswith(caption)


def test_what_is_folded_is_the_bookkeeping_alone() -> None:
    """What a clerk decides stays in sight, the own fields of the host too."""
    html = plan_card(PLAN, styled=False)
    shown, _, rest = html.partition("<details>")
    folded = Reader(rest.partition("</details>")[0])
    assert {"first name", "vat no", "address"} <= set(Reader(shown).rows)
    assert folded.rows["field"] == ["1", "2", "4", "result"]
    assert set(folded.rows) == {"field", "number"}
    assert folded.text.startswith("Bookkeeping")
    assert "consents" not in Reader(html).rows


def test_what_moves_is_listed_below_its_heading() -> None:
    """Step by step, as in the text of the plan."""
    plan = plan_merge(Customer(id="1"), [Customer(id="2", web_profile=LOGIN)], relations=["orders"])
    assert "What movesweb profile anna: 2 -> 1orders: 2 -> 1" in read(plan).text


def test_tables_of_consents_and_balances_name_their_columns() -> None:
    """And whose balances they are."""
    card = read(PLAN)
    assert card.rows["purpose"] == ["email"]
    assert card.rows["kind"] == ["before", "after", "unit"]
    assert "Balances of 1" in card.text


def test_balances_of_one_kind_stand_side_by_side() -> None:
    """One without a programme, and one with."""
    points = [Balance("loyalty", "points", 3, programme="club"), Balance("loyalty", "points", 4)]
    rows = read(plan_merge(Customer(id="1"), [Customer(id="2", balances=points)])).rows
    assert rows["loyalty"] == ["0", "4", "points"]
    assert rows["loyalty club"] == ["0", "3", "points"]


def test_states_of_consents_are_words() -> None:
    """As people write them."""
    plan = plan_merge(
        Customer(id="1", consents=[said(ConsentState.NEVER_ASKED)]), [Customer(id="2")]
    )
    assert read(plan).rows["newsletter"] == ["never asked"]


def test_a_consent_that_several_cards_refuse_names_them() -> None:
    """Whoever looks for one finds it."""
    no = Customer(id="1", consents=[said(ConsentState.WITHDRAWN)])
    yes = [Customer(id=card, consents=[said(ConsentState.GRANTED)]) for card in ("2", "3")]
    assert read(plan_merge(no, yes)).rows["newsletter"] == ["withdrawngranted 2, 3"]
    assert read(plan_merge(yes[0], [no, evolve(no, id="4")])).rows["newsletter"] == [
        "withdrawn from 1, 4granted 2"
    ]


def test_members_are_in_one_order() -> None:
    """However many cards they come from."""
    cards = [Customer(id=str(n), groups=[g]) for n, g in enumerate(["d", "b", "c", "a"])]
    assert read(plan_merge(cards[0], cards[1:])).rows["groups"][-1] == "abcd with 1, 2, 3"


def test_nothing_is_drawn_of_what_there_is_not() -> None:
    """A plan without totals, findings and a warning is its headline."""
    card = read(Plan(kind=PlanKind.EDIT))
    assert card.text == "Edit of no customer"
    assert card.tags.count("p") == 1


def test_totals_stand_side_by_side() -> None:
    """What all cards hold together, per kind."""
    kinds = ("loyalty", "store_credit")
    totals = [Total(kind=kind, unit="points", before=1, after=1) for kind in kinds]
    plan = Plan(kind=PlanKind.EDIT, totals=totals)
    assert "1 points, all cards together; store_credit: 1" in read(plan).text
    assert len(Marks(plan_card(plan, styled=False)).texts["dk-soft"]) == 1


# --- How it looks: the classes that carry a meaning -----------------------------------------------

EDIT = Plan(
    kind=PlanKind.EDIT,
    steps=[
        *(SetField("1", "city", "Moss", city) for city in [None, *["Oslo"] * 200]),
        AddValue("1", "flags", "vip"),
        CreateGroup("choir"),
    ],
    original_id="0" * 64,
)


CONSENTS = f"withdrawn from 2granted ({HOSTILE}) from 2"


class Marks(HTMLParser):
    """Reads a card back: the text of every element, by its class."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self._open: list[tuple[list[str], list[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin to note what an element holds."""
        self._open.append(((dict(attrs).get("class") or "").split(), []))

    def handle_data(self, data: str) -> None:
        """Note text for all elements that it stands in."""
        for _, parts in self._open:
            parts.append(data)

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        classes, parts = self._open.pop()
        for class_ in classes:
            self.texts.setdefault(class_, []).append("".join(parts))


@pytest.mark.parametrize("plan", [PLAN, EDIT], ids=["merge", "edit"])
def test_elements_and_classes_are_those_that_the_stylesheet_knows(plan: Plan) -> None:
    """What it does not know would look like anything."""
    html = plan_card(plan, styled=False)
    words = "b bdi caption del details div h3 li p span summary table tbody td th thead tr ul"
    assert set(re.findall(r"<(\w+)", html)) <= set(words.split())
    assert set(Marks(html).texts) <= {"dedupkit", *re.findall(r"\.(dk-\w+)", STYLE)}


@pytest.mark.parametrize(
    ("class_", "expected"),
    [
        ("dk-chip", ["master", "is merged", "is kept"]),
        ("dk-taken", ["Moss corrected", "+47 912 34 567 from 2", f"{CONSENTS}granted 1"]),
        ("dk-tag", ["corrected", "from 2", "with 2"]),
        ("dk-conflict", ["choose for email1: a@b.no2: ann@b.no"]),
        ("dk-soft", ["(blank)", "granted 1"]),
        ("dk-stop", ["Forbidden: the erasure of 2 is pending"]),
        ("dk-finding", ["Forbidden: the erasure of 2 is pending"]),
        ("dk-warning", [PLAN.warning]),
        ("dk-item", [HOSTILE, "members", "Ann", "granted 1", "withdrawn from 2"]),
        ("dk-result", ["result", HOSTILE, "Moss corrected"]),
    ],
)
def test_what_a_reader_looks_for_is_marked(class_: str, expected: list[str]) -> None:
    """Roles, values from elsewhere, what is open, what is struck out, what forbids."""
    assert set(expected) <= set(Marks(plan_card(PLAN, styled=False)).texts[class_])


def test_what_is_settled_is_not_marked_as_if_it_stopped_anything() -> None:
    """A notice is there to be read."""
    marks = Marks(plan_card(PLAN, styled=False)).texts
    assert all(
        text.startswith("Notice") for text in set(marks["dk-finding"]) - set(marks["dk-stop"])
    )
    assert not any(text.startswith("Notice") for text in marks["dk-stop"])


def test_values_of_the_master_are_not_marked_as_taken() -> None:
    """Nor is a blank, or a question."""
    taken = Marks(plan_card(PLAN, styled=False)).texts["dk-taken"]
    assert not {HOSTILE, "(blank)", "choose for email1: a@b.no2: ann@b.no"} & set(taken)


def test_changes_of_other_plans_are_marked_too() -> None:
    """What a field holds afterwards, what becomes of one value, and that it is redacted."""
    marks = Marks(plan_card(EDIT, styled=False)).texts
    assert set(marks["dk-taken"]) == {"(blank)", "Oslo"}
    assert marks["dk-stop"] == [REDACTED]
    added = Plan(kind=PlanKind.EDIT, steps=[AddValue("1", "flags", "vip")])
    assert Marks(plan_card(added, styled=False)).texts["dk-tag"] == ["added"]
