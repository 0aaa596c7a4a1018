"""The draw log of a bureau: one RFC 9162 tree, an entry for every step of every draw."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from gongchou.core import merkle
from gongchou.core.canon import HASHES, Canonical, canon
from gongchou.core.chain import START, written
from gongchou.core.powers import Actor
from gongchou.core.refusals import Stale
from gongchou.drawing import models

HASH = HASHES["sha256"]


def root_before(bureau: str) -> str:
    """Root of the log as it stands; 64 zeros before its first entry."""
    last = models.DrawLogEntry.objects.filter(bureau__code=bureau).order_by("-number").first()
    return last.root if last else START


def enter(
    draw: models.Draw,
    kind: str,
    *,
    by: Actor,
    at: datetime,
    data: Mapping[str, Canonical] | None = None,
) -> str:
    """Add an entry; returns the new root. Two at once: the later one is asked to try again."""
    rows = models.DrawLogEntry.objects.filter(bureau=draw.bureau).order_by("number")
    leaves = [bytes.fromhex(leaf) for leaf in rows.values_list("leaf", flat=True)]
    entry: dict[str, Canonical] = {
        "number": len(leaves) + 1,
        "draw": draw.ref,
        "kind": kind,
        "by": by.name,
        "at": written(at),
        "data": dict(data or {}),
    }
    body = canon(entry)
    leaf = merkle.leaf_hash(HASH, body)
    root = merkle.root_of_hashes(HASH, [*leaves, leaf]).hex()
    try:
        with transaction.atomic():
            models.DrawLogEntry.objects.create(
                bureau=draw.bureau,
                number=len(leaves) + 1,
                draw=draw,
                kind=kind,
                body=body,
                leaf=leaf.hex(),
                root=root,
                at=at,
            )
    except IntegrityError as error:
        raise Stale("抽取日志刚有另一笔写入，这一步没有办理，请再提交一次。") from error
    return root
