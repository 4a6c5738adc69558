"""The generator: what it promises about any register."""

import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedupkit.customers import Customer, customer_to_dict
from dedupkit.errors import ConfigurationError
from dedupkit.samples import COUNTRIES, Kind, SampleRegister, generate_register

REGISTER = generate_register(4000, seed=7)
BY_ID = {customer.id: customer for customer in REGISTER.customers}
HARMLESS = {
    Kind.GMAIL_DOTS,
    Kind.LETTER_CASE,
    Kind.MARRIAGE,
    Kind.MISSING_FIELDS,
    Kind.MOVED_HOME,
    Kind.NEW_MOBILE,
    Kind.NEWSLETTER_ONLY,
    Kind.NICKNAME,
    Kind.PHONE_FORMAT,
    Kind.PHONE_IN_WRONG_FIELD,
    Kind.PLUS_TAG,
    Kind.SECOND_EMAIL,
    Kind.WEB_REGISTRATION,
}
DIGEST = """
from hashlib import sha256
from dedupkit.customers import canonical_json, customer_to_dict
from dedupkit.samples import generate_register
register = generate_register(600, seed=3)
data = [[customer_to_dict(card) for card in register.customers], dict(register.truth)]
data += [[[t.kind, *t.customers] for t in register.traits], dict(register.rows["orders"])]
print(sha256(canonical_json(data).encode()).hexdigest())
"""


def clues(card: Customer) -> Iterator[tuple[str, str]]:
    """Yield the contacts of a card, plainly normalized."""
    if card.email:
        local, _, domain = card.email.lower().partition("@")
        yield "email", f"{local.partition('+')[0].replace('.', '')}@{domain}"
    for phone in filter(None, (card.mobile, card.home_phone)):
        yield "phone", f"{card.country}{re.sub(r'[^0-9]', '', phone)[-7:]}"


def recognized_by(card: Customer) -> Iterator[object]:
    """Yield what a clerk would know the person by, whatever the country of the phone."""
    for kind, value in clues(card):
        yield kind, value.removeprefix(str(card.country))
    yield from filter(None, (card.birth_date, (card.street or "").lower()))


class TestAnyRegister:
    @given(
        st.integers(0, 120),
        st.integers(),
        st.sets(st.sampled_from(list(COUNTRIES)), min_size=1),
        st.sampled_from(["easy", "medium", "hard"]),
    )
    def test_is_as_large_as_asked_and_consistent(
        self, size: int, seed: int, countries: set[str], difficulty: str
    ) -> None:
        """The size is exact, every card has a truth, and all that is named is there."""
        codes = sorted(countries)
        register = generate_register(size, seed=seed, countries=codes, difficulty=difficulty)
        ids = [customer.id for customer in register.customers]
        assert len(ids) == size
        assert list(register.truth) == ids
        assert set(register.rows["orders"].values()) <= set(ids)
        assert all(set(trait.customers) <= set(ids) for trait in register.traits)
        assert {c.country for c in register.customers} <= {None, *codes}
        oracle = {(a, b) for a, b in combinations(ids, 2) if register.truth[a] == register.truth[b]}
        assert sorted(oracle) == sorted(register.pairs())
        assert all(register.truth[a] != register.truth[b] for a, b in register.near_misses())

    @given(st.integers())
    def test_is_the_same_for_the_same_arguments(self, seed: int) -> None:
        """Drawn twice, a register is equal in every field."""
        assert generate_register(60, seed=seed) == generate_register(60, seed=seed)


class TestDeterminism:
    def test_does_not_depend_on_hashing(self) -> None:
        """Processes with other hash seeds draw the same register."""
        digests = {
            subprocess.run(
                [sys.executable, "-c", DIGEST],
                env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": ":".join(sys.path)},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for hash_seed in ("1", "2")
        }
        assert len(digests) == 1

    def test_another_seed_gives_another_register(self) -> None:
        """Nothing is fixed but the tables."""
        assert generate_register(50, seed=1) != generate_register(50, seed=2)

    def test_survives_pickling(self) -> None:
        """A register can be sent to another process."""
        register = generate_register(50)
        assert pickle.loads(pickle.dumps(register)) == register  # noqa: S301  # our own bytes


class TestRealism:
    def test_a_fair_share_has_several_cards(self) -> None:
        """About 28 % of the cards are in clusters of two to six."""
        sizes = [len(ids) for ids in REGISTER.clusters()]
        assert 0.23 < sum(sizes) / len(REGISTER.customers) < 0.33
        assert set(sizes) == {2, 3, 4, 5, 6}

    def test_duplicates_are_scattered(self) -> None:
        """Cards of one person are far apart: about a third of the register on average."""
        place = {customer.id: at for at, customer in enumerate(REGISTER.customers)}
        gaps = [place[b] - place[a] for a, b in REGISTER.pairs()]
        assert 0.28 < sum(gaps) / len(gaps) / len(place) < 0.39

    @pytest.mark.parametrize(
        ("field", "low", "high"),
        [
            ("birth_date", 0.52, 0.68),
            ("company", 0.03, 0.10),
            ("email", 0.6, 0.8),
            ("mobile", 0.55, 0.8),
            ("home_phone", 0.08, 0.3),
            ("street", 0.6, 0.8),
            ("web_profile", 0.25, 0.5),
            ("balances", 0.1, 0.3),
            ("consents", 0.3, 0.5),
            ("country", 0.93, 0.99),
            ("number", 0.94, 0.99),
        ],
    )
    def test_fields_are_filled_in_as_in_life(self, field: str, low: float, high: float) -> None:
        """Most cards have names and some contact; nobody has everything."""
        share = sum(bool(getattr(card, field)) for card in BY_ID.values()) / len(BY_ID)
        assert low < share < high

    @pytest.mark.parametrize("kind", list(Kind))
    def test_every_kind_occurs(self, kind: Kind) -> None:
        """A register of some thousand cards shows every kind of error and of tie."""
        assert REGISTER.of_kind(kind)

    def test_web_registrations_have_no_orders(self) -> None:
        """Who only registered or wants the newsletter has bought nothing."""
        buyers = set(REGISTER.rows["orders"].values())
        for trait in REGISTER.of_kind(Kind.WEB_REGISTRATION, Kind.NEWSLETTER_ONLY):
            assert not buyers.intersection(trait.customers)

    def test_web_registrations_tell_little(self) -> None:
        """All have an e-mail address, few an address."""
        cards = [BY_ID[t.customers[0]] for t in REGISTER.of_kind(Kind.WEB_REGISTRATION)]
        assert all(card.email for card in cards)
        assert sum(bool(card.street) for card in cards) < 0.4 * len(cards)


class TestDistinctPersons:
    def test_contacts_are_shared_for_a_reason(self) -> None:
        """Two persons have a mailbox or a number in common only where a tie says why."""
        register = generate_register(3000, seed=9, difficulty="easy")
        slips = {
            trait.customers[0]
            for trait in register.of_kind(Kind.EMAIL_TYPING_ERROR, Kind.PHONE_TYPING_ERROR)
        }
        near = {frozenset(pair) for pair in register.near_misses()}
        holders: dict[tuple[str, str], list[str]] = {}
        for card in register.customers:
            if card.country and card.id not in slips:
                for clue in clues(card):
                    holders.setdefault(clue, []).append(card.id)
        unexplained = [
            (a, b)
            for ids in holders.values()
            for a, b in combinations(dict.fromkeys(ids), 2)
            if register.truth[a] != register.truth[b] and frozenset((a, b)) not in near
        ]
        assert unexplained == []

    def test_twins_share_the_birth_date(self) -> None:
        """Where both cards of twins have one, it is the same but for errors."""
        pairs = [(BY_ID[a], BY_ID[b]) for a, b in REGISTER.near_misses(Kind.TWINS)]
        dated = [(a, b) for a, b in pairs if a.birth_date and b.birth_date]
        assert sum(a.birth_date == b.birth_date for a, b in dated) > 0.7 * len(dated) > 0

    def test_fathers_and_sons_with_and_without_dates(self) -> None:
        """Some can be told apart by their birth dates, some cannot."""
        pairs = [(BY_ID[a], BY_ID[b]) for a, b in REGISTER.near_misses(Kind.FATHER_AND_SON)]
        assert {bool(a.birth_date and b.birth_date) for a, b in pairs} == {True, False}

    def test_placeholders_stand_on_cards_of_many(self) -> None:
        """The cards of a placeholder all bear it."""
        for trait in REGISTER.of_kind(Kind.PLACEHOLDER):
            cards = [BY_ID[customer_id] for customer_id in trait.customers]
            assert set.intersection(*({card.email, card.mobile} for card in cards)) - {None}

    def test_walk_ins_are_nobody(self) -> None:
        """Each is a person of its own, without any contact but a placeholder."""
        for trait in REGISTER.of_kind(Kind.WALK_IN):
            persons = {REGISTER.truth[customer_id] for customer_id in trait.customers}
            assert len(persons) == len(trait.customers)
            assert not [i for i in trait.customers if BY_ID[i].street or BY_ID[i].birth_date]


class TestDuplicates:
    def test_have_something_in_common(self) -> None:
        """Two cards of one person share a contact, a birth date or a street, errors aside."""
        spoiled = {
            trait.customers[0]
            for trait in REGISTER.traits
            if not trait.kind.is_tie and trait.kind not in HARMLESS
        }
        pairs = [ids for ids in REGISTER.clusters() if len(ids) == 2]
        clean = [ids for ids in pairs if not spoiled.intersection(ids)]
        assert len(clean) > 50
        for left, right in clean:
            assert {*recognized_by(BY_ID[left])} & {*recognized_by(BY_ID[right])}

    def test_difficulty_changes_the_errors(self) -> None:
        """A harder register has more errors on as many cards."""
        errors = [
            sum(not trait.kind.is_tie for trait in register.traits)
            for register in (
                generate_register(1500, difficulty=name) for name in ("easy", "medium", "hard")
            )
        ]
        assert errors[0] < errors[1] < errors[2]


class TestArguments:
    def test_unknown_countries_are_named(self) -> None:
        """All unknown ones at once, with those that are known."""
        with pytest.raises(ConfigurationError, match="FI, FR; choose from NO"):
            generate_register(10, countries=("FR", "NO", "FI"))

    def test_no_country_is_refused(self) -> None:
        """There must be one."""
        with pytest.raises(ConfigurationError, match="none given"):
            generate_register(10, countries=())

    def test_unknown_difficulty_is_refused(self) -> None:
        """The known ones are named."""
        with pytest.raises(ConfigurationError, match="easy, medium, hard"):
            generate_register(10, difficulty="insane")

    def test_a_negative_size_is_refused(self) -> None:
        """A size counts cards."""
        with pytest.raises(ConfigurationError, match="size"):
            generate_register(-1)


class TestFaces:
    def test_no_personal_data_in_the_repr(self) -> None:
        """A register that is printed shows its size."""
        assert repr(REGISTER) == "SampleRegister(4000 customers)"

    def test_describe_counts(self) -> None:
        """Cards, clusters, rows and kinds are counted, a line each."""
        lines = dict(line.split(": ") for line in REGISTER.describe().splitlines())
        assert lines["customers"] == "4000"
        assert int(lines["pairs of duplicates"]) == sum(1 for _ in REGISTER.pairs())
        assert int(lines["twins"]) == len(REGISTER.of_kind("twins"))

    def test_of_kind_takes_several(self) -> None:
        """Without a kind it returns all."""
        assert REGISTER.of_kind() == REGISTER.traits
        assert {t.kind for t in REGISTER.of_kind("twins", Kind.COUPLE)} == {"twins", "couple"}

    def test_an_empty_register(self) -> None:
        """Nobody is a register too."""
        register = generate_register(0)
        assert (register.customers, register.traits) == ((), ())
        assert isinstance(register, SampleRegister)
        assert [customer_to_dict(card) for card in register.customers] == []
