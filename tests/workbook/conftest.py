"""The workbooks that several files of tests read."""

from .support import libreoffice as libreoffice
from .support import written as written
