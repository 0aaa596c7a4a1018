"""SM4 in ECB without padding, as HJ 212-2025 enciphers the whole groups of a packet's content."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_BYTES = 16


def decrypt(key: bytes, groups: bytes) -> bytes:
    """The clear text of whole groups of 16 bytes."""
    step = Cipher(algorithms.SM4(key), modes.ECB()).decryptor()
    return step.update(groups) + step.finalize()


def encrypt(key: bytes, groups: bytes) -> bytes:
    step = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    return step.update(groups) + step.finalize()
