"""What a verb returned, printed as JSON."""

from __future__ import annotations

import json

from partner_center.kernel.codec import to_json


def told(result: object) -> int:
    """Print it; the exit code is that of success."""
    print(json.dumps(to_json(result), ensure_ascii=False, indent=2))
    return 0
