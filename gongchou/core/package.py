"""What is sent to the superior after a quarter, and what it still lacks (the Plan's 四（五）).

Each part goes as an electronic file and as a stamped scan of the same thing.
"""

from collections.abc import Collection

from gongchou.core.terms import PackageForm, PackagePart, PackageState

Held = Collection[tuple[PackagePart, PackageForm]]


def missing(held: Held) -> tuple[str, ...]:
    """A sentence for each part that is not there in one of its forms, in order."""
    return tuple(
        f"缺少{part.label}的{form.label}。"
        for part in PackagePart
        for form in PackageForm
        if (part, form) not in held
    )


def state(held: Held, *, is_sent: bool, is_received: bool) -> PackageState:
    """How far a package has come; ready only when nothing is missing."""
    if is_received:
        return PackageState.RECEIVED
    if is_sent:
        return PackageState.SENT
    return PackageState.INCOMPLETE if missing(held) else PackageState.READY
