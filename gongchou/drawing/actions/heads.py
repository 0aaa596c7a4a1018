"""Heads of the draw log: signed by the bureau every day, cosigned by the superior."""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.accounts import reads as accounts
from gongchou.accounts.models import Bureau
from gongchou.audit import actions as audit
from gongchou.core import merkle
from gongchou.core.canon import Canonical
from gongchou.core.chain import START, written
from gongchou.core.event_kinds import EventKind
from gongchou.core.powers import Actor, Power, check
from gongchou.core.refusals import NotAllowed, Refused, Stale
from gongchou.drawing import models, signing, strongbox
from gongchou.drawing.actions._log import HASH


def _signer(bureau: str, at: datetime) -> tuple[bytes, bytes]:
    """The bureau's key, made at the first use."""
    row = models.LogKey.objects.filter(bureau__code=bureau).first()
    if row is None:
        private, public = signing.fresh_signer()
        locked = strongbox.hide(strongbox.server_key(), private, about=f"log-key {bureau}")
        holder = Bureau.objects.get(code=bureau)
        models.LogKey.objects.create(bureau=holder, public=public, locked=locked, made_at=at)
        return private, public
    about = f"log-key {bureau}"
    return strongbox.show(strongbox.server_key(), bytes(row.locked), about=about), bytes(row.public)


@transaction.atomic
def sign_log(*, by: Actor, at: datetime) -> int:
    """Sign the log as it stands; returns its size. Nothing happens where that is signed already."""
    check(by, Power.SIGN_LOG)
    last = models.DrawLogEntry.objects.filter(bureau__code=by.bureau).order_by("-number").first()
    if last is None:
        raise Refused("抽取日志还是空的，没有可以签署的树根。冻结第一份底册后再办理。")
    if models.LogHead.objects.filter(bureau__code=by.bureau, size=last.number).exists():
        return int(last.number)
    private, public = _signer(by.bureau, at)
    head = signing.Head(bureau=by.bureau, size=last.number, root=last.root, at=written(at))
    try:
        with transaction.atomic():
            models.LogHead.objects.create(
                bureau=last.bureau,
                size=last.number,
                root=last.root,
                at=at,
                signature=signing.sign(private, head),
            )
    except IntegrityError as error:
        raise Stale("抽取日志刚被他人签署，请刷新页面。") from error
    data: dict[str, Canonical] = {"size": last.number, "root": last.root, "key": public.hex()}
    audit.append(EventKind.LOG_HEAD_SIGNED, about=f"L{by.bureau}", by=by, at=at, data=data)
    return int(last.number)


def _kept(bureau: str, size: int, root: str) -> tuple[int, str]:
    """What the superior kept: as typed, else as cosigned last, else nothing yet."""
    if root:
        return size, "".join(root.split()).lower()
    rows = models.LogCosignature.objects.filter(head__bureau__code=bureau)
    last = rows.select_related("head").order_by("-head__size").first()
    return (last.head.size, last.head.root) if last else (0, START)


def _proof(head: models.LogHead, kept: tuple[int, str]) -> list[str]:
    """The consistency proof from the kept head to this one; Refused where there is none."""
    rows = models.DrawLogEntry.objects.filter(bureau=head.bureau, number__lte=head.size)
    bodies = [bytes(body) for body in rows.order_by("number").values_list("body", flat=True)]
    size, root = kept
    proof = merkle.consistency(HASH, bodies, size)
    start = merkle.root(HASH, []) if kept == (0, START) else bytes.fromhex(root)
    is_same = merkle.root(HASH, bodies).hex() == head.root
    new = (head.size, bytes.fromhex(head.root))
    if not (is_same and merkle.is_consistent(HASH, old=(size, start), new=new, proof=proof)):
        raise Refused(
            f"日志与留存的树根（{size} 条）不相接，不能见证：此前的内容可能被改动，或者抄录有误。"
            "请先核对抄录；确认无误的，请暂停抽取并通知审计人员。"
        )
    return [node.hex() for node in proof]


@transaction.atomic
def cosign_head(
    size: int,
    *,
    bureau: str = "",
    kept_size: int = 0,
    kept_root: str = "",
    by: Actor,
    at: datetime,
) -> None:
    """The superior confirms that the head of a bureau continues the one it kept before."""
    check(by, Power.WITNESS_LOG)
    code = bureau or by.bureau
    if not accounts.watches(by.bureau, code):
        raise NotAllowed("您所在的机关不是这个机构的上级机关，不能见证它的抽取日志。")
    rows = models.LogHead.objects.select_related("bureau")
    head = rows.filter(bureau__code=code, size=size).first()
    if head is None:
        raise Refused(f"没有 {size} 条处的签名树根，请刷新页面后重新选择。")
    kept = _kept(code, kept_size, kept_root)
    if models.LogCosignature.objects.filter(head__bureau__code=code, head__size__gte=size):
        raise Stale("这个树根或更晚的树根已经见证过，不再办理。请刷新页面。")
    if len(kept[1]) != 64 or set(kept[1]) - set("0123456789abcdef"):
        raise Refused("留存的树根应为 64 位十六进制，请按纸面或文件逐位抄录。")
    proof = _proof(head, kept)
    try:
        with transaction.atomic():
            models.LogCosignature.objects.create(
                head=head,
                person_ref=by.ref,
                person_name=by.name,
                organ=accounts.bureau(by.bureau).name,
                kept_size=kept[0],
                kept_root=kept[1],
                proof=proof,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("这个树根刚被他人见证，请刷新页面。") from error
    data: dict[str, Canonical] = {
        "size": size,
        "root": head.root,
        "kept": kept[0],
        "kept_root": kept[1],
    }
    for chain in sorted({code, by.bureau}):
        signer = replace(by, bureau=chain)
        audit.append(EventKind.LOG_HEAD_COSIGNED, about=f"L{code}", by=signer, at=at, data=data)
