"""The words of the wire: versions, faults, dialects and deviations."""

from gongchou.core.terms import Term


class PacketVersion(Term):
    OF_2005 = "2005", "HJ/T 212-2005"
    OF_2017 = "2017", "HJ 212-2017"
    OF_2025 = "2025", "HJ 212-2025"


class FrameFault(Term):
    """Why the bytes of a monitor were put into quarantine."""

    HEAD = "head", "没有完整的包头"
    CUT = "cut", "数据包不完整"
    LENGTH = "length", "声明的长度与内容不符"
    CRC = "crc", "校验码不符"
    CRC_IMPOSSIBLE = "crc_impossible", "校验码不可能出现"
    MODBUS = "modbus", "用了 Modbus 校验码"
    NO_KEY = "no_key", "数据加密，没有登记密钥"
    WRONG_KEY = "wrong_key", "密钥不对"
    NO_TEXT = "no_text", "文字编码无法识别"
    NO_STATION = "no_station", "没有设备编号"
    NO_COMMAND = "no_command", "没有命令编码"
    NO_CONTENT = "no_content", "没有数据区"
    TIME = "time", "时间不成立"
    FACTOR = "factor", "因子编码过长"
    REFUSED = "refused", "数据库不接受"
    UNKNOWN_DEVICE = "unknown_device", "设备没有登记"
    WRONG_ADDRESS = "wrong_address", "来自没有登记的地址"


class Dialect(Term):
    """A manner of one device's framing that a person has allowed."""

    LENGTH = "length", "按实际长度读取"
    MODBUS = "modbus", "按 Modbus 校验码核对"


class Deviation(Term):
    """How an accepted packet departs from the standard."""

    GBK = "gbk", "文字为 GBK 编码"
    SINGLE_MARK = "single_mark", "数据区标记不成对"
    NO_SEPARATOR = "no_separator", "数据区前缺分号"
    LOOSE_SEPARATOR = "loose_separator", "数据区末尾多分号"
    COMMA_IN_HEADER = "comma_in_header", "包头用逗号分隔"
    ODD_FLAG = "odd_flag", "拆分包和应答标志不是数字"
    NO_PIECE_NUMBER = "no_piece_number", "标明分包而没有包号"
    TIME_DIGITS = "time_digits", "时间位数不同"
    COMMA_IN_VALUE = "comma_in_value", "数值中有逗号"
    REPEATED_FIELD = "repeated_field", "同一项报了两个值"
