"""A paper goes through a pocket printer or under a stamp, and through an office scanner."""

import random
import subprocess
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
import zxingcpp
from PIL import Image, ImageChops, ImageDraw, ImageFilter

SCAN_DPI, THERMAL_DPI = 150, 203


def pages_at(pdf: bytes, dpi: int, *options: str) -> list[Image.Image]:
    """Every page as another program draws it."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "paper.pdf")
        source.write_bytes(pdf)
        command = ["pdftoppm", "-r", str(dpi), "-png", *options, str(source), f"{folder}/page"]
        subprocess.run(command, check=True, capture_output=True)
        found = sorted(Path(folder).glob("page*.png"))
        return [Image.open(path).convert("RGB") for path in found]


def thermal(page: Image.Image) -> Image.Image:
    """What a 203-dpi print head leaves: dots or none, some of them missing; then a crooked scan."""
    dots = page.convert("L").point(lambda value: 255 if value > 140 else 0)
    chance, spots = random.Random(58), ImageDraw.Draw(dots)
    for _ in range(dots.width * dots.height // 400):
        spots.point((chance.randrange(dots.width), chance.randrange(dots.height)), fill=255)
    size = (dots.width * SCAN_DPI // THERMAL_DPI, dots.height * SCAN_DPI // THERMAL_DPI)
    return _scanned(dots.resize(size, Image.Resampling.BILINEAR), 1.5)


def stamped(page: Image.Image) -> Image.Image:
    """A round red seal whose rim lies across the code, then a grey scan, a little crooked."""
    seal = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(seal)
    radius = page.width * 20 // 210
    corner = zxingcpp.read_barcodes(page)[0].position.top_right
    x, y = corner.x + radius // 2, corner.y + radius // 2
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline="#e05050", width=7)
    draw.regular_polygon((x, y, radius // 3), 5, fill="#e05050")
    return _scanned(ImageChops.multiply(page, seal).convert("L"), 1.0)


def _scanned(page: Image.Image, degrees: float) -> Image.Image:
    turned = page.rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    return turned.filter(ImageFilter.GaussianBlur(0.6))


def code_on(page: Image.Image) -> str:
    """The text of the one code that a reader finds, or nothing."""
    found = zxingcpp.read_barcodes(page)
    return found[0].text if len(found) == 1 else ""


def shapes_of(pdf: bytes, wanted: str, size: int = 40) -> dict[str, bytes]:
    """How each of these characters looks where it first stands, brought to one size."""
    found: dict[str, bytes] = {}
    for page in pypdfium2.PdfDocument(pdf):
        words, height = page.get_textpage(), page.get_height()
        drawn = page.render(scale=4).to_pil().convert("L")
        text = words.get_text_range()
        for place, letter in enumerate(text):
            if letter in wanted and letter not in found:
                left, bottom, right, top = words.get_charbox(place)
                corners = (left, height - top, right, height - bottom)
                box = tuple(round(4 * edge) for edge in corners)
                found[letter] = drawn.crop(box).resize((size, size)).tobytes()
    return found


def alike(shapes: dict[str, bytes], dark: int = 128) -> list[str]:
    """Characters that look like one another, as two gaps do, or like nothing."""
    bits = {letter: [value < dark for value in shape] for letter, shape in shapes.items()}
    blank = [letter for letter, dots in bits.items() if sum(dots) < len(dots) // 20]
    same = [
        one + other
        for one, other in combinations(bits, 2)
        if sum(a != b for a, b in zip(bits[one], bits[other], strict=True)) < len(bits[one]) // 20
    ]
    return blank + same
