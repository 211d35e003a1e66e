"""What of a comment of codes.h goes into a binding that is read under any code page: its ASCII part."""
import re


def ascii_only(comment):
    without = re.sub(r" \([^()]*[^\x00-\x7f][^()]*\)", "", comment)  # "patient number (照会番号): …"
    without = re.sub(r"^[^\x00-\x7f]+(?:: )?", "", without)  # "利用者証明用: four digits"
    if not without.isascii():
        raise ValueError(f"not ASCII: {comment}")
    return without
