"""The merge card: every value side by side, escaped."""

from html.parser import HTMLParser

from dedupkit.customers import Balance, Consent, ConsentState, Customer, WebProfile
from dedupkit.merging import FlagRules, MergePolicy, ask_person, concatenate, fill_blank, plan_merge
from dedupkit.plans import Blocker, Disposition, MergePlan
from dedupkit.plans.card import merge_card

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


def read(plan: MergePlan) -> Reader:
    """Draw a plan and read it back."""
    return Reader(merge_card(plan, styled=False))


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
    assert rows["mobile"] == ["", "+47 912 34 567", "", "+47 912 34 567from 2"]
    assert rows["address"][-1] == "Mosscorrected"
    assert rows["notes"][-1] == f"regular\n{HOSTILE}with 2"
    assert rows["groups"][-1] == f"{HOSTILE}memberswith 2"
    assert rows["vat no"][-1] == "(blank)"


def test_values_not_chosen_are_struck_through_and_stay_readable() -> None:
    """Nothing is hidden."""
    assert {"Ann", "ann@b.no", "Kari", "vip", HOSTILE} <= set(read(PLAN).struck)


def test_conflicts_list_their_choices_in_their_cell() -> None:
    """A question about a field, and one about a single flag."""
    rows = read(PLAN).rows
    assert "choose for email1: a@b.no2: ann@b.no" in rows["email"][-1]
    assert "choose for flags.vipset: Trueleave: False" in rows["flags"][-1]


def test_consents_are_a_matrix_with_the_rule() -> None:
    """Purpose by channel, the state in words, who said otherwise."""
    card = read(PLAN)
    assert "Consents (refusal_wins)" in card.text
    assert card.rows["newsletter"] == [f"withdrawngranted ({HOSTILE})granted 1"]


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
    assert read(nothing).rows["field"] == ["customer 1 1 master", "customer 2 2 merged", "result"]


def test_styled_unless_the_page_is() -> None:
    """A notebook cell brings the stylesheet, a page has it once."""
    assert "<style>" in PLAN._repr_html_()
    assert "<style>" not in merge_card(PLAN, styled=False)
