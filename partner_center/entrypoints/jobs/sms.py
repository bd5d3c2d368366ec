"""The port for SMS: what a provider has to do. Without one, texts go to the console and to a folder of the demo."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from partner_center.kernel.ids import new_id

MOST_KEPT = 500
log = logging.getLogger("partner_center.jobs")


@dataclass(frozen=True)
class Text:
    """One SMS: providers want the signature and the template they approved beside the words."""

    number: str
    signature: str
    template: str
    words: str


class Provider(Protocol):
    """Whoever takes a text; raises OSError when it may be tried again, ValueError when the number is refused."""

    def send(self, text: Text) -> str:
        """Hand the text over. Returns the provider's id of it."""


class Console:
    """No provider: a line in the log without the number, and in a demo a file for the page of texts."""

    def send(self, text: Text) -> str:
        name = str(new_id())
        log.info("sms", extra={"template": text.template, "sms_id": name})
        if settings.DEMO:
            _keep(folder(), name, text)
        return name


def folder() -> Path:
    return Path(settings.DATA) / "sms"


def _keep(into: Path, name: str, text: Text) -> None:
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = into / f"{name}.draft"
    draft.write_text(json.dumps(asdict(text), ensure_ascii=False), encoding="utf-8")
    draft.replace(into / f"{name}.json")
    for old in sorted(into.glob("*.json"))[:-MOST_KEPT]:
        old.unlink(missing_ok=True)


def provider() -> Provider:
    """Who takes the texts of this installation."""
    return Console()
