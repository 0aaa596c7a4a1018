"""Trees: every leaf proves its place, every growth proves that nothing was rewritten."""

import hashlib

import pytest

from gongchou.core import merkle
from gongchou.core.canon import HASHES, canon, hash_of
from tests.core.draw_samples import EXAMPLES, PROFILES, VECTORS

SHA256 = HASHES["sha256"]
LEAVES = [f"第{i}行".encode() for i in range(40)]
# the eight leaves of the certificate transparency reference tests
KNOWN = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip


def prefix_root(n):
    return merkle.root(SHA256, LEAVES[:n])


def test_the_known_tree_of_eight_leaves():
    wanted = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert merkle.root(SHA256, KNOWN).hex() == wanted


def test_root_of_nothing():
    assert merkle.root(SHA256, []) == hashlib.sha256(b"").digest()


@pytest.mark.parametrize("profile", PROFILES)
def test_published_roster_root_and_path(profile):
    hash_, wanted = hash_of(profile), VECTORS[profile]
    leaves = [canon(row) for row in EXAMPLES[profile]["roster"]]
    assert merkle.leaf_hash(hash_, leaves[0]).hex() == wanted["leaf0"]
    assert [len(leaves), merkle.root(hash_, leaves).hex()] == wanted["roster"]
    assert [p.hex() for p in merkle.path(hash_, leaves, 5)] == wanted["path_of_5"]


@pytest.mark.parametrize("n", range(1, 40))
def test_every_leaf_proves_its_place_and_no_other(n):
    leaves, root = LEAVES[:n], prefix_root(n)
    for i in range(n):
        path = merkle.path(SHA256, leaves, i)
        for j in range(-1, n + 1):
            found = merkle.root_by_path(SHA256, leaves[i], index=j, size=n, siblings=path)
            assert (found == root) == (i == j)


@pytest.mark.parametrize("n", range(2, 40))
def test_a_path_too_long_or_too_short_proves_nothing(n):
    path = merkle.path(SHA256, LEAVES[:n], n // 2)
    for wrong in (path[1:], path[:-1], [*path, path[0]]):
        found = merkle.root_by_path(SHA256, LEAVES[n // 2], index=n // 2, size=n, siblings=wrong)
        assert found != prefix_root(n)


def test_no_place_outside_the_tree():
    for i in (-1, 3):
        with pytest.raises(IndexError):
            merkle.path(SHA256, LEAVES[:3], i)


@pytest.mark.parametrize("n", range(41))
def test_growth_is_proved_for_every_earlier_size(n):
    for m in range(n + 1):
        proof = merkle.consistency(SHA256, LEAVES[:n], m)
        old, new = (m, prefix_root(m)), (n, prefix_root(n))
        assert merkle.is_consistent(SHA256, old=old, new=new, proof=proof)


@pytest.mark.parametrize("n", range(2, 41))
def test_a_rewritten_past_is_not_consistent(n):
    rewritten = [b"changed", *LEAVES[1:n]]
    new = (n, merkle.root(SHA256, rewritten))
    for m in range(1, n):
        proof = merkle.consistency(SHA256, rewritten, m)
        assert not merkle.is_consistent(SHA256, old=(m, prefix_root(m)), new=new, proof=proof)
        assert not merkle.is_consistent(SHA256, old=(m, prefix_root(m)), new=new, proof=[])


def test_a_damaged_proof_is_refused():
    old, new = (7, prefix_root(7)), (23, prefix_root(23))
    proof = merkle.consistency(SHA256, LEAVES[:23], 7)
    for k in range(len(proof)):
        assert not merkle.is_consistent(
            SHA256, old=old, new=new, proof=[*proof[:k], bytes(32), *proof[k + 1 :]]
        )
        assert not merkle.is_consistent(SHA256, old=old, new=new, proof=proof[:k])
    assert not merkle.is_consistent(SHA256, old=old, new=new, proof=[*proof, bytes(32)])


def test_a_tree_does_not_shrink():
    assert not merkle.is_consistent(
        SHA256, old=(9, prefix_root(9)), new=(8, prefix_root(8)), proof=[]
    )


def test_a_node_never_passes_for_a_leaf():
    a, b = (merkle.leaf_hash(SHA256, leaf) for leaf in LEAVES[:2])
    assert merkle.root(SHA256, [a + b]) != prefix_root(2)
