"""What the tests need beside the packages: the pages' assets and the compiled messages."""

from __future__ import annotations

import contextlib
import sys

from partner_center.launcher import assets, environment, messages, processes
from partner_center.launcher.errors import CannotStart


def main() -> int:
    data = environment.data_dir()
    (data / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with contextlib.ExitStack() as stack:
            fetching = assets.begin(data, fonts=True)
            if fetching is not None:
                stack.callback(processes.stop, fetching)
            messages.compile_all()
            assets.finish(fetching, data, fonts=True)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
