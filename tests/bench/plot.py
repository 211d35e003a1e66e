"""The picture of docs/performance.md as plain SVG: each ratio beside its aim, and the growth, both axes logarithmic."""
import math
from xml.sax.saxutils import escape

WIDTH, BAR, LEFT, TOP = 960, 24, 400, 60
GOOD, BAD, GREY, INK = "#2a7f62", "#b3532d", "#999999", "#222222"
LINES = ("#2a7f62", "#999999", "#3b6ea5", "#b3532d")


def text(x, y, words, size=12, anchor="start", color=INK):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{color}">'
            f'{escape(words)}</text>')


def line(x1, y1, x2, y2, color=GREY, width=1.0, dash=""):
    style = f' stroke-dasharray="{dash}"' if dash else ""
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}" '
            f'stroke-width="{width}"{style}/>')


def bars(rows, top):
    """Measured divided by the aim: left of the line is better than the aim."""
    judged = [one for one in rows if one["limit"]]
    lowest = min([-1.0, *(math.floor(math.log10(one["ratio"] / one["limit"])) for one in judged)])
    highest = max([1.0, *(math.ceil(math.log10(one["ratio"] / one["limit"])) for one in judged)])
    place = lambda v: LEFT + (math.log10(v) - lowest) / (highest - lowest) * (WIDTH - LEFT - 90)
    bottom = top + 10 + BAR * len(judged)
    yield text(20, top - 12, "Measured ÷ aim (left of the line: the aim is met)", 14)
    for power in range(int(lowest), int(highest) + 1):
        x = place(10 ** power)
        yield line(x, top, x, bottom, INK if power == 0 else "#dddddd", 1.5 if power == 0 else 1)
        yield text(x, bottom + 14, f"{10 ** power:g}", 11, "middle")
    for number, one in enumerate(judged):
        y, value = top + 8 + BAR * number, one["ratio"] / one["limit"]
        x, aim = place(value), place(1)
        color = GOOD if value <= 1 else BAD
        yield text(LEFT - 8, y + 12, one["work"], 11, "end")
        yield (f'<rect x="{min(x, aim):.1f}" y="{y:.1f}" width="{max(abs(x - aim), 1):.1f}" height="{BAR - 8}" '
               f'fill="{color}"/>')
        yield text(x + 5 if value > 1 else x - 5, y + 12, f"{value:.2g}", 11, "start" if value > 1 else "end", color)


def growth(left, top, width, height, title, lines, key, series):
    """One logarithmic chart: series are (field, factor, name)."""
    yield text(left - 40, top - 12, title, 14)
    if len(lines) < 2:
        return
    xs = [one[key] for one in lines]
    ys = [one[field] * factor for one in lines for field, factor, _ in series]
    low, high = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    span = math.log10(xs[-1] / xs[0])
    at_x = lambda v: left + math.log10(v / xs[0]) / span * width
    at_y = lambda v: top + height - (math.log10(v) - low) / max(high - low, 1) * height
    for power in range(low, high + 1):
        yield line(left, at_y(10 ** power), left + width, at_y(10 ** power), "#dddddd")
        yield text(left - 5, at_y(10 ** power) + 4, f"{10 ** power:g}", 11, "end")
    for x in xs:
        yield text(at_x(x), top + height + 16, f"{x:,}", 11, "middle")
    for number, (field, factor, name) in enumerate(series):
        color = LINES[number]
        points = " ".join(f"{at_x(one[key]):.1f},{at_y(one[field] * factor):.1f}" for one in lines)
        yield f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>'
        yield text(left + number % 2 * width / 2, top + height + 36 + 16 * (number // 2), name, 11, color=color)


def drawing(rows, people, readers):
    judged = sum(1 for one in rows if one["limit"])
    second = TOP + BAR * judged + 90
    half = (WIDTH - 180) / 2
    parts = [
        *bars(rows, TOP),
        *growth(70, second, half, 190, "Bulk result against persons", people, "people",
                [("ours_wall", 1, "libshikaku, s"), ("floor_wall", 1, "xmllint --stream, s"),
                 ("ours_peak", 0.001, "libshikaku, MB"), ("floor_peak", 0.001, "xmllint --stream, MB")]),
        *growth(70 + half + 90, second, half, 190, "Against readers", readers, "readers",
                [("list_ms", 1, "readers listed, ms"), ("peer_ms", 1, "OpenSC's slots listed, ms"),
                 ("card_ms", 1, "one card, plan C, ms"), ("idle_kib", 0.001, "idle watch, MB")])]
    body = "\n".join(parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{second + 255:.0f}" '
            f'font-family="sans-serif">\n<rect width="100%" height="100%" fill="#ffffff"/>\n{body}\n</svg>\n')
