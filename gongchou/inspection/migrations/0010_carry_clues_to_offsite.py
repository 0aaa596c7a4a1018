"""Clues have one home, the room `offsite`: what was kept here is carried over, whole."""

import hashlib
import json
from datetime import timedelta
from typing import Any

from django.db import migrations

PENDING, VERIFYING, ARCHIVED = "pending", "verifying", "archived"
CARRIED = "由旧版线索登记转入。"


def carry(apps: Any, schema_editor: Any) -> None:
    new = apps.get_model("offsite", "Clue")
    endings = {e.clue_id: e for e in apps.get_model("inspection", "ClueEnding").objects.all()}
    bureaus = {b.code: b for b in apps.get_model("accounts", "Bureau").objects.all()}
    for old in apps.get_model("inspection", "Clue").objects.select_related("visit").order_by("pk"):
        ending = endings.get(old.pk)
        bureau = old.visit.bureau if old.visit else bureaus[old.letter_bureau]
        made = new.objects.create(bureau=bureau, **_fields(old, ending))
        digest = _evidence(apps, made, old)
        for number, (was, to, why, who, at) in enumerate(_steps(old, ending), 1):
            apps.get_model("offsite", "ClueMove").objects.create(
                clue=made,
                number=number,
                was=was,
                to=to,
                why=why[:500],
                evidence=digest,
                by_ref=who.by_ref,
                by_name=who.by_name,
                at=at,
            )


def _fields(old: Any, ending: Any) -> dict[str, Any]:
    visit = ending.visit if ending and ending.visit else None
    return {
        "ref": old.ref,
        "subject_id": visit.subject_id if visit else None,
        "subject_name": visit.subject_name if visit else "",
        "origin": "letter" if old.letter else "seen",
        "family": "working",
        "severity": 2,
        "place": old.place,
        "says": old.says,
        "letter": old.letter,
        "seen_at_visit": old.visit.ref if old.visit else "",
        "seen_near": old.visit.subject_name if old.visit else "",
        "client_id": old.client_id,
        "started_at": old.at,
        "ended_at": old.at,
        "state": _steps(old, ending)[-1][1],
        "due_on": (old.at + timedelta(days=2)).date(),
        "visit": visit.ref if visit else "",
        "by_ref": old.by_ref,
        "by_name": old.by_name,
        "at": old.at,
    }


def _steps(old: Any, ending: Any) -> list[tuple[str, str, str, Any, Any]]:
    """What is known of the old clue; whether it was found true was not kept."""
    steps = [("", PENDING, CARRIED, old, old.at)]
    if ending and ending.visit and ending.visit.state != "reviewed":
        why = f"{CARRIED}个案检查 {ending.visit.ref} 已派发。"
        steps.append((PENDING, VERIFYING, why, ending, ending.at))
    elif ending and ending.visit:
        why = f"{CARRIED}个案检查 {ending.visit.ref} 已完成，旧登记没有载明是否查实。"
        steps.append((PENDING, ARCHIVED, why, ending, ending.at))
    elif ending:
        steps.append((PENDING, ARCHIVED, f"{CARRIED}{ending.says}", ending, ending.at))
    return steps


def _evidence(apps: Any, made: Any, old: Any) -> str:
    body = {"client_id": old.client_id, "place": old.place, "says": old.says}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    digest = hashlib.sha256(text.encode()).hexdigest()
    apps.get_model("offsite", "ClueEvidence").objects.create(
        clue=made,
        digest=digest,
        severity=2,
        started_at=old.at,
        ended_at=old.at,
        body=body,
        by_ref=old.by_ref,
        by_name=old.by_name,
        at=old.at,
    )
    return digest


class Migration(migrations.Migration):
    dependencies = [
        ("inspection", "0009_signatures_append_only"),
        ("offsite", "0004_clues_append_only"),
    ]
    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
