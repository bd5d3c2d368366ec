"""Markdown that was read, as blocks of data: what a template sets, and in which nothing is an instruction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from unicodedata import east_asian_width

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

Block = dict[str, Any]
MARKS = ("strong", "em")


def blocks(tokens: Sequence[Token]) -> list[Block]:
    """A text's headings, paragraphs, lists, quotations, tables and rules, in their order."""
    return [_block(node) for node in SyntaxTreeNode(tokens).children]


def _block(node: SyntaxTreeNode) -> Block:
    match node.type:
        case "heading":
            return {"kind": "heading", "level": int(node.tag[1:]), "words": _words_in(node)}
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "blockquote":
            return {"kind": "quote", "blocks": [_block(child) for child in node.children]}
        case "table":
            return _table(node)
        case "hr":
            return {"kind": "rule"}
        case _:
            return {"kind": "paragraph", "words": _words_in(node)}


def _list(node: SyntaxTreeNode) -> Block:
    return {
        "kind": "list",
        "ordered": node.type == "ordered_list",
        "start": int(node.attrs.get("start", 1)),
        "items": [[_block(child) for child in item.children] for item in node.children],
    }


def _table(node: SyntaxTreeNode) -> Block:
    rows = [[_words_in(cell) for cell in row.children] for part in node.children for row in part.children]
    return {"kind": "table", "head": rows[0], "rows": rows[1:], "widths": [1] * len(rows[0])}


def _words_in(node: SyntaxTreeNode) -> list[Block]:
    inner = [child for child in node.children if child.type == "inline"]
    return _words(word for child in inner for word in child.children) if inner else [_text(_content(node))]


def _words(nodes: Iterable[SyntaxTreeNode], within: tuple[str, ...] = ()) -> list[Block]:
    return [word for node in nodes if node.content or node.type != "text" for word in _word(node, within)]


def _word(node: SyntaxTreeNode, within: tuple[str, ...]) -> list[Block]:
    """What stands in bold within bold is bold once, so that nothing nests without end."""
    if node.type in within:
        return _words(node.children, within)
    if node.type in MARKS:
        return [{"kind": node.type, "words": _words(node.children, (*within, node.type))}]
    if node.type == "hardbreak":
        return [{"kind": "break"}]
    return [_text(_gap(node) if node.type == "softbreak" else _content(node))]


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


def _gap(node: SyntaxTreeNode) -> str:
    """What a line's end in the source stands for: a space, but none between Chinese characters."""
    before, after = node.previous_sibling, node.next_sibling
    last, first = _content(before)[-1:] if before else "", _content(after)[:1] if after else ""
    return "" if _wide(last) and _wide(first) else " "


def _wide(letter: str) -> bool:
    return bool(letter) and east_asian_width(letter) in "WF"


def _content(node: SyntaxTreeNode) -> str:
    return "".join(map(_content, node.children)) if node.children else node.content
