"""What outsiders send in: kept unchanged, numbered beyond guessing, handled step by step."""

import io

import pytest
from django.db import DatabaseError, transaction
from PIL import Image

from gongchou.audit import reads as audit
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import outsider
from gongchou.core.refusals import Invalid, NotAllowed, Refused, WrongState
from gongchou.core.terms import IntakeKind, IntakeOutcome, IntakeState, RatingQuestion, Role
from gongchou.intake import actions, models, reads
from gongchou.intake.files import LARGEST, clean
from gongchou.web.pages import PAGE
from tests.conftest import AT, BUREAU

pytestmark = pytest.mark.database
CHANCE = bytes(range(15))


def draft(**fields) -> actions.LetterDraft:
    ordinary = {
        "kind": IntakeKind.COMPLAINT,
        "subject": "演示化工",
        "says": "夜里有刺鼻气味",
        "contact": "13800000000",
    }
    return actions.LetterDraft(**(ordinary | fields))


def sent(chance: bytes = CHANCE, **fields) -> actions.Receipt:
    return actions.send_letter(draft(**fields), chance=chance, by=outsider(BUREAU), at=AT)


def photo(size=(40, 30), place: bytes = b"") -> bytes:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "39.63N 118.18E"
    Image.new("RGB", size, "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_letter_is_found_with_both_halves_of_its_receipt_only(bureau):
    receipt = sent()
    assert reads.by_receipt(receipt.ref, receipt.code).state is IntakeState.RECEIVED
    assert reads.by_receipt(receipt.ref.lower(), receipt.code.lower()) is not None
    assert reads.by_receipt(receipt.ref, sent(bytes(range(1, 16))).code) is None
    assert reads.by_receipt(receipt.ref, "") is None


def test_the_code_and_the_contact_are_in_no_event_and_the_code_in_no_table(bureau):
    receipt = sent()
    events = f"{[link.event for link in audit.events(BUREAU, about=receipt.ref, limit=5)]}"
    assert EventKind.LETTER_RECEIVED.value in events
    assert "13800000000" not in events
    assert receipt.code not in f"{list(models.Letter.objects.values())}{events}"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_nobody_changes_a_letter_not_even_in_the_database(bureau, change):
    sent()
    rows = models.Letter.objects.all()
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(says="没有气味") if change == "update" else rows._raw_delete("default")
    assert reads.letters(BUREAU, IntakeKind.COMPLAINT)[0].subject == "演示化工"


def test_a_letter_is_taken_once_answered_once_and_the_sender_reads_the_answer(chen):
    receipt = sent()
    with pytest.raises(WrongState):
        actions.answer_letter(receipt.ref, IntakeOutcome.CLUE, "先答", by=chen, at=AT)
    actions.take_letter(receipt.ref, by=chen, at=AT)
    with pytest.raises(WrongState):
        actions.take_letter(receipt.ref, by=chen, at=AT)
    actions.answer_letter(receipt.ref, IntakeOutcome.CLUE, "已列为线索", by=chen, at=AT)
    assert reads.by_receipt(receipt.ref, receipt.code).answer.says == "已列为线索"
    assert reads.waiting(BUREAU, IntakeKind.COMPLAINT) == ()


def test_an_appeal_is_answered_above_the_office_that_checked(chen, person):
    receipt = sent(kind=IntakeKind.APPEAL, about="V1")
    with pytest.raises(NotAllowed, match="答复申诉"):
        actions.take_letter(receipt.ref, by=chen, at=AT)
    lin = person("lin", "林局长", Role.LEADER)
    actions.take_letter(receipt.ref, by=lin, at=AT)
    with pytest.raises(Invalid, match="不能这样办结"):
        actions.answer_letter(receipt.ref, IntakeOutcome.CLUE, "不", by=lin, at=AT)


def test_strangers_inspectors_and_other_bureaus_read_no_letter(chen, person, stranger):
    receipt = sent()
    for actor in (stranger, person("li", "李执法", Role.INSPECTOR)):
        with pytest.raises(NotAllowed):
            actions.view_letter(receipt.ref, by=actor, at=AT)
    with pytest.raises(Refused, match="没有这个编号"):
        reads.letter(receipt.ref, "999999")
    actions.view_letter(receipt.ref, by=chen, at=AT)
    kinds = [link.event.kind for link in audit.events(BUREAU, about=receipt.ref, limit=5)]
    assert EventKind.LETTER_VIEWED in kinds


def test_officers_do_not_write_as_outsiders(chen):
    with pytest.raises(NotAllowed):
        actions.send_letter(draft(), chance=CHANCE, by=chen, at=AT)


@pytest.mark.parametrize("fields", [{"says": " "}, {"says": "长" * 4001}, {"subject": "\0 "}])
def test_what_says_nothing_or_too_much_is_refused(bureau, fields):
    with pytest.raises(Invalid):
        sent(**fields)


def test_a_picture_loses_what_the_camera_wrote_into_it():
    kept = clean("现场.jpg", photo())
    assert b"118.18E" in photo()
    assert b"118.18E" not in kept.content
    assert len(Image.open(io.BytesIO(kept.content)).getexif()) == 0


BAD = {
    "空": b"",
    "过大": b"\xff\xd8" + b"0" * LARGEST,
    "网页": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "压缩包": b"PK\x03\x04" + b"0" * 100,
    "程序": b"MZ" + b"0" * 100,
    "冒充图片": b"\xff\xd8\xff\xe0" + b"0" * 100,
    "会动的 PDF": b"%PDF-1.7 /OpenAction << /S /JavaScript >>",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_a_file_that_is_not_a_plain_picture_or_paper_is_refused(content):
    with pytest.raises(Invalid):
        clean("x.jpg", content)


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    Image.new("1", (6000, 6000)).save(out, "PNG")
    with pytest.raises(Invalid, match="像素"):
        clean("x.png", out.getvalue())


def yes(**no) -> dict[RatingQuestion, bool]:
    return {one: one.value not in no for one in RatingQuestion}


def test_a_code_rates_once_and_nothing_ties_the_answer_to_it(bureau):
    actions.rate("2026Q1", yes(was_fair=1), code="AAAA", by=outsider(BUREAU), at=AT)
    with pytest.raises(Refused, match="已经评价过"):
        actions.rate("2026Q1", yes(), code="aa-aa", by=outsider(BUREAU), at=AT)
    fields = {field.name for field in models.RatingCount._meta.get_fields()}
    assert fields == {"id", "bureau", "quarter", "question", "is_yes", "count"}
    [link] = audit.events(BUREAU, about="2026Q1", limit=5)
    assert dict(link.event.data) == {}


def test_ratings_are_shown_when_the_quarter_is_over_and_five_have_rated(bureau):
    for code in ("A", "B", "C", "D"):
        actions.rate("2026Q1", yes(), code=code, by=outsider(BUREAU), at=AT)
    assert not reads.ratings(BUREAU, "2026Q1", is_over=True).counts
    actions.rate("2026Q1", yes(was_fair=1), code="E", by=outsider(BUREAU), at=AT)
    assert not reads.ratings(BUREAU, "2026Q1", is_over=False).counts
    counts = reads.ratings(BUREAU, "2026Q1", is_over=True).counts
    assert counts[RatingQuestion.WAS_FAIR] == (4, 1)


def test_an_unfinished_rating_is_refused_and_may_be_sent_again(bureau):
    with pytest.raises(Invalid):
        actions.rate("2026Q1", {}, code="A", by=outsider(BUREAU), at=AT)
    actions.rate("2026Q1", yes(), code="A", by=outsider(BUREAU), at=AT)


def test_each_is_led_only_to_the_letters_that_are_theirs_to_answer(chen, person, signed_in):
    appeal, mending = (
        sent(kind=IntakeKind.APPEAL, about="V1"),
        sent(bytes(range(1, 16)), kind=IntakeKind.MENDING, about="V1"),
    )
    lin = person("lin", "林局长", Role.LEADER)
    for actor, own, other in ((lin, appeal, mending), (chen, mending, appeal)):
        browser = signed_in(actor)
        page = browser.get("/visits/letters/").content.decode()
        assert f"/visits/letters/{own.ref}/" in page
        assert f"/visits/letters/{other.ref}/" not in page
        assert other.ref in page
        assert browser.get(f"/visits/letters/{other.ref}/").status_code == 403


@pytest.mark.parametrize(
    ("outcome", "is_told"), [(IntakeOutcome.ACCEPTED, True), (IntakeOutcome.NOT_ACCEPTED, False)]
)
def test_an_upheld_appeal_says_what_has_to_follow(person, signed_in, outcome, is_told):
    lin, ref = person("lin", "林局长", Role.LEADER), sent(kind=IntakeKind.APPEAL, about="V1").ref
    actions.take_letter(ref, by=lin, at=AT)
    actions.answer_letter(ref, outcome, "已核对", by=lin, at=AT)
    page = signed_in(lin).get(f"/visits/letters/{ref}/").content.decode()
    assert ("申诉已采纳" in page) is is_told


def test_a_flood_of_complaints_is_listed_in_pages(chen, signed_in):
    for number in range(PAGE + 1):
        sent(bytes([number, *range(14)]))
    browser = signed_in(chen)
    first, second = (browser.get(f"/offsite/complaints/?page={n}").content.decode() for n in (1, 2))
    assert (first.count(">群众举报</td>"), second.count(">群众举报</td>")) == (PAGE, 1)
    assert "第 2 ／ 2 页" in second
