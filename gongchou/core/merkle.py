"""Merkle trees of RFC 9162 §2.1 over any hash: roots, inclusion and consistency proofs."""

from collections.abc import Sequence

from gongchou.core.canon import Hash


def leaf_hash(hash_: Hash, data: bytes) -> bytes:
    return hash_(b"\0" + data)


def node_hash(hash_: Hash, left: bytes, right: bytes) -> bytes:
    return hash_(b"\1" + left + right)


def _split(n: int) -> int:
    """The largest power of two below n (n ≥ 2)."""
    return int(1 << (n - 1).bit_length() - 1)


def root_of_hashes(hash_: Hash, leaves: Sequence[bytes]) -> bytes:
    """Root over leaf hashes; the root of nothing is H of the empty string."""
    if not leaves:
        return hash_(b"")
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(hash_, a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = [*paired, level[-1]] if len(level) % 2 else paired
    return level[0]


def root(hash_: Hash, leaves: Sequence[bytes]) -> bytes:
    """Root over the data of the leaves, in order."""
    return root_of_hashes(hash_, [leaf_hash(hash_, data) for data in leaves])


def path(hash_: Hash, leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Sibling hashes of leaf `index`, from the leaf upwards."""
    level = [leaf_hash(hash_, data) for data in leaves]
    if not 0 <= index < len(level):
        raise IndexError(index)
    siblings = []
    while len(level) > 1:
        if index ^ 1 < len(level):
            siblings.append(level[index ^ 1])
        paired = [node_hash(hash_, a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
        level = [*paired, level[-1]] if len(level) % 2 else paired
        index //= 2
    return siblings


def root_by_path(
    hash_: Hash, leaf: bytes, *, index: int, size: int, siblings: Sequence[bytes]
) -> bytes | None:
    """The root that a path leads to from leaf data, None where the path has the wrong length."""
    if not 0 <= index < size:
        return None
    current, rest, last = leaf_hash(hash_, leaf), list(siblings), size - 1
    while last:
        if index % 2 or index < last:
            if not rest:
                return None
            sibling = rest.pop(0)
            left, right = (sibling, current) if index % 2 else (current, sibling)
            current = node_hash(hash_, left, right)
        index, last = index // 2, last // 2
    return None if rest else current


def consistency(hash_: Hash, leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Proof that the first `old_size` leaves are a prefix of all leaves (RFC 9162 §2.1.4)."""
    hashes = [leaf_hash(hash_, data) for data in leaves]

    def proof(m: int, part: list[bytes], whole: bool) -> list[bytes]:
        if m == len(part):
            return [] if whole else [root_of_hashes(hash_, part)]
        k = _split(len(part))
        if m <= k:
            return [*proof(m, part[:k], whole), root_of_hashes(hash_, part[k:])]
        return [*proof(m - k, part[k:], False), root_of_hashes(hash_, part[:k])]

    return proof(old_size, hashes, True) if 0 < old_size < len(hashes) else []


def is_consistent(
    hash_: Hash,
    *,
    old: tuple[int, bytes],
    new: tuple[int, bytes],
    proof: Sequence[bytes],
) -> bool:
    """Whether a tree of (size, root) `old` is a prefix of `new`, by the proof."""
    (m, old_root), (n, new_root) = old, new
    if m == n:
        return not proof and old_root == new_root
    if m == 0:
        return not proof and n > 0 and old_root == root_of_hashes(hash_, [])
    if not 0 < m < n:
        return False
    nodes = [old_root, *proof] if m & (m - 1) == 0 else list(proof)
    return _fold(hash_, m, n, nodes) == (old_root, new_root)


def _fold(hash_: Hash, m: int, n: int, nodes: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots that the nodes of a consistency proof lead to (RFC 9162 §2.1.4.2)."""
    index, last = m - 1, n - 1
    while index % 2:
        index, last = index // 2, last // 2
    if not nodes:
        return None
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return None
        if index % 2 or index == last:
            old, new = node_hash(hash_, node, old), node_hash(hash_, node, new)
            while index and not index % 2:
                index, last = index // 2, last // 2
        else:
            new = node_hash(hash_, new, node)
        index, last = index // 2, last // 2
    return (old, new) if last == 0 else None
