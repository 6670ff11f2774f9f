"""Is this a scan of a sealed paper: a PDF, a JPEG or a PNG? Told by its content, never by its name."""

LARGEST_SCAN = 20 * 1024 * 1024

_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


def scan_type(content: bytes) -> str:
    """Return the media type of a scan. Raises ValueError that says what stands against it and what to do."""
    if not content:
        raise ValueError("the file is empty; scan the sealed letter again")
    if len(content) > LARGEST_SCAN:
        raise ValueError(
            f"the file has {len(content) // 1024} KB, above the {LARGEST_SCAN // (1024 * 1024)} MB of a scan; "
            "scan it with a lower resolution"
        )
    for beginning, media_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return media_type
    raise ValueError(
        "the file is no PDF, JPEG or PNG, whatever its name says; scan the sealed letter to one of these"
    )
