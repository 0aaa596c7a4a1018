"""Who is who, as frozen rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Max, Prefetch, Q

from gongchou.accounts import models, second_factor
from gongchou.core.powers import ADMINISTRATORS, POWERS, SECOND_FACTOR, STEP_UP, Actor, Power
from gongchou.core.refusals import Refused
from gongchou.core.terms import BureauLevel, Role
from gongchou.web import clock

SIGN_INS = 20
# Each names those after it too, so the first that fits is meant.
BROWSERS = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BureauRow:
    code: str
    name: str
    bureau_level: BureauLevel
    superior: str
    is_partner: bool

    def is_above(self, other: "BureauRow") -> bool:
        """Whether this body stands higher in the administration."""
        levels = list(BureauLevel)
        return levels.index(self.bureau_level) < levels.index(other.bureau_level)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    ref: str
    login: str
    name: str
    bureau: str
    unit: str
    is_active: bool
    must_change_password: bool
    roles: frozenset[Role]

    @property
    def role_labels(self) -> str:
        return "、".join(role.label for role in Role if role in self.roles) or "尚无角色"


def _open_grants(on: date) -> Prefetch:
    held = Q(until=None) | Q(until__gt=on)
    rows = models.RoleGrant.objects.filter(held, since__lte=on)
    return Prefetch("grants", rows, to_attr="open_grants")


def _person(row: models.User) -> PersonRow:
    return PersonRow(
        ref=row.ref,
        login=row.login,
        name=row.name,
        bureau=row.bureau.code,
        unit=row.unit.name if row.unit else "",
        is_active=row.is_active,
        must_change_password=row.must_change_password,
        roles=frozenset(Role(grant.role) for grant in row.open_grants),  # type: ignore[attr-defined]
    )


def people(bureau: str, on: date, role: Role | None = None) -> list[PersonRow]:
    """Everybody of a bureau with the roles held on a day, by login."""
    rows = models.User.objects.filter(bureau__code=bureau).select_related("bureau", "unit")
    found = [_person(row) for row in rows.prefetch_related(_open_grants(on)).order_by("login")]
    return [person for person in found if role is None or role in person.roles]


def names(bureau: str) -> tuple[str, ...]:
    """Everybody who has or had an account of a bureau, so that no public text names them."""
    rows = models.User.objects.filter(bureau__code=bureau).order_by("name")
    return tuple(rows.values_list("name", flat=True).distinct())


def person(ref: str, on: date) -> PersonRow:
    rows = models.User.objects.filter(ref=ref).select_related("bureau", "unit")
    row = rows.prefetch_related(_open_grants(on)).first()
    if row is None:
        raise Refused(f"没有编号为 {ref} 的用户，请从用户列表进入。")
    return _person(row)


def login_of(ref: str) -> str:
    """The sign-in name of a person; every act of a phone asks."""
    return models.User.objects.filter(ref=ref).values_list("login", flat=True).first() or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """A role with its term, and why it is held beside one that it should be apart from."""

    role: Role
    since: date
    until: date | None
    overlap: str


def grants(ref: str, on: date) -> list[GrantRow]:
    """The grants of a person that are in force or still to come, by role."""
    rows = models.RoleGrant.objects.filter(Q(until=None) | Q(until__gt=on), user__ref=ref)
    order = list(Role)
    found = [
        GrantRow(role=Role(row.role), since=row.since, until=row.until, overlap=row.overlap)
        for row in rows.order_by("since")
    ]
    return sorted(found, key=lambda row: order.index(row.role))


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRow:
    power: Power
    needs_phone: bool
    asks_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSheet:
    """What a role may do, in the order of the powers."""

    role: Role
    is_administrator: bool
    powers: tuple[PowerRow, ...]


def role_sheets() -> tuple[RoleSheet, ...]:
    """Every role with its powers, from the table that every check asks."""
    return tuple(
        RoleSheet(
            role=role,
            is_administrator=role in ADMINISTRATORS,
            powers=tuple(
                PowerRow(
                    power=power, needs_phone=power in SECOND_FACTOR, asks_again=power in STEP_UP
                )
                for power in Power
                if power in POWERS[role]
            ),
        )
        for role in Role
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRow:
    """One browser of a person; `seen` is the last mark of work in it, to the minute."""

    number: int
    browser: str
    address: str
    at: datetime
    seen: datetime | None
    is_open: bool
    is_here: bool


def _browser(agent: str) -> str:
    """A browser's long name of itself in two words; the whole where none is known."""
    name = next((word for mark, word in BROWSERS if mark in agent), "")
    system = next((word for mark, word in SYSTEMS if mark in agent), "")
    return f"{name}（{system}）" if name and system else agent[:60]


def sign_ins(ref: str, session_key: str, now: datetime) -> list[SignInRow]:
    """The newest sign-ins of a person, the one asking marked."""
    rows = list(models.SignIn.objects.filter(user__ref=ref).order_by("-at", "-pk")[:SIGN_INS])
    keys = [row.session_key for row in rows if row.ended_at is None]
    ends = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.real(now))
    expires = dict(ends.values_list("session_key", "expire_date"))
    return [
        SignInRow(
            number=row.pk,
            browser=_browser(row.agent),
            address=row.address or "",
            at=row.at,
            seen=_seen(row, expires),
            is_open=row.session_key in expires,
            is_here=row.session_key == session_key,
        )
        for row in rows
    ]


def _seen(row: models.SignIn, expires: Mapping[str, datetime]) -> datetime | None:
    """The last mark of work: a session's end is so much later than its last renewal."""
    if row.session_key not in expires:
        return row.ended_at
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return clock.shown(expires[row.session_key] - age)


def last_sign_ins(bureau: str) -> dict[str, datetime]:
    """When each person of the bureau last signed in, by ref; who never did is not in it."""
    rows = models.SignIn.objects.filter(user__bureau__code=bureau)
    return dict(rows.values_list("user__ref").annotate(last=Max("at")))


def has_factor(ref: str) -> bool:
    """Whether a phone is bound."""
    return models.SecondFactor.objects.filter(user__ref=ref, confirmed_at__isnull=False).exists()


def waiting_key(ref: str) -> bytes | None:
    """The key that waits for its first code, for the picture on the page."""
    row = models.SecondFactor.objects.filter(user__ref=ref, confirmed_at=None).first()
    return second_factor.opened(bytes(row.key), ref) if row else None


def spare_codes(ref: str) -> int:
    return models.RecoveryCode.objects.filter(user__ref=ref, used_at=None).count()


def ref_of(login: str) -> str:
    row = models.User.objects.filter(login=login).only("ref").first()
    if row is None:
        raise Refused(f"没有登录名为 {login} 的用户，请先用 gongchou user create 新建。")
    return row.ref


def actor_of(ref: str, on: date) -> Actor:
    """The actor that a person is on a day; a disabled person has no roles."""
    found = person(ref, on)
    roles = found.roles if found.is_active else frozenset[Role]()
    return Actor(ref=found.ref, name=found.name, bureau=found.bureau, roles=roles)


def claimed(login: str) -> Actor | None:
    """Whom a login names, without any role: nobody has proved to be that person."""
    row = models.User.objects.filter(login=login).select_related("bureau").first()
    return Actor(ref=row.ref, name=row.name, bureau=row.bureau.code) if row else None


def _bureau(row: models.Bureau) -> BureauRow:
    return BureauRow(
        code=row.code,
        name=row.name,
        bureau_level=BureauLevel(row.bureau_level),
        superior=row.superior.code if row.superior else "",
        is_partner=row.is_partner,
    )


def bureaus() -> list[BureauRow]:
    rows = models.Bureau.objects.select_related("superior").order_by("code")
    return [_bureau(row) for row in rows]


def partner_codes() -> frozenset[str]:
    """Departments whose people come along to joint checks and to nothing else."""
    rows = models.Bureau.objects.filter(is_partner=True)
    return frozenset(rows.values_list("code", flat=True))


def bureau(code: str) -> BureauRow:
    row = models.Bureau.objects.select_related("superior").filter(code=code).first()
    if row is None:
        raise Refused(f"没有代码为 {code} 的机构，请核对 --bureau。")
    return _bureau(row)


def sole_bureau() -> str:
    """Code of the only own bureau; Refused where there is none or the caller must choose."""
    above = {row.superior for row in bureaus()}
    codes = [row.code for row in bureaus() if not row.is_partner and row.code not in above]
    if len(codes) != 1:
        known = "、".join(codes) or "尚未建立，请用 gongchou bureau create 新建"
        raise Refused(f"请用 --bureau 指明机构代码（现有：{known}）。")
    return codes[0]


def units(bureau: str) -> list[UnitRow]:
    rows = models.InternalUnit.objects.filter(bureau__code=bureau).order_by("code")
    return [UnitRow(code=row.code, name=row.name) for row in rows]


def watches(superior: str, bureau: str) -> bool:
    """Whether the people of one bureau watch over another.

    Where no superior has been named yet, whoever sits in the bureau itself for it.
    """
    named = models.Bureau.objects.filter(code=bureau).values_list("superior__code", flat=True)
    return (named.first() or bureau) == superior


def watched(superior: str) -> list[BureauRow]:
    """The bureaus that the people of this one watch over; itself, last, where nobody else does."""
    rows = models.Bureau.objects.select_related("superior").filter(is_partner=False)
    mine = Q(superior__code=superior) | Q(superior=None, code=superior)
    found = [_bureau(row) for row in rows.filter(mine).order_by("code")]
    return sorted(found, key=lambda row: row.code == superior)
