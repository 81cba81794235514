"""Where each value stands in a workbook, so that a terminal can name its cell: no openpyxl here."""
