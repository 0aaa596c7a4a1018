"""Who may send, and how each is read: the entered monitors as the listener asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TypeAlias

from gongchou.core.hj212.framing import DeviceProfile
from gongchou.core.hj212.words import FrameFault

Network: TypeAlias = IPv4Network | IPv6Network
STANDARD = DeviceProfile()


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One live monitor; no networks admit any address."""

    profile: DeviceProfile
    networks: tuple[Network, ...] = ()


@dataclass(slots=True)
class DeviceBook:
    """The live monitors by station number; a new mapping takes the place of the old one whole."""

    by_station: Mapping[str, Device]

    def profile_of(self, mn: str) -> DeviceProfile:
        device = self.by_station.get(mn)
        return device.profile if device else STANDARD

    def fault_of(self, mn: str, address: str) -> FrameFault | None:
        device = self.by_station.get(mn)
        if device is None:
            return FrameFault.UNKNOWN_DEVICE
        if device.networks and not any(ip_address(address) in net for net in device.networks):
            return FrameFault.WRONG_ADDRESS
        return None

    def stations(self) -> list[str]:
        return list(self.by_station)
