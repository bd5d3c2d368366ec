"""Files of rows that people make in a spreadsheet: read carefully, whatever they turn out to be."""

from partner_center.entrypoints.sheets.columns import COLUMNS, cells, rows_of
from partner_center.entrypoints.sheets.refused import BadFile
from partner_center.entrypoints.sheets.sniffing import Limits, read

__all__ = ["COLUMNS", "BadFile", "Limits", "cells", "read", "rows_of"]
