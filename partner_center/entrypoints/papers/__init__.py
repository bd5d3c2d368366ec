"""Papers: documents that leave the product as PDF, written as data and set by a template."""

from partner_center.entrypoints.papers.blocks import Block, blocks
from partner_center.entrypoints.papers.printing import Fact, NoFonts, Paper, pdf
from partner_center.entrypoints.papers.tables import Column, table

__all__ = ["Block", "Column", "Fact", "NoFonts", "Paper", "blocks", "pdf", "table"]
