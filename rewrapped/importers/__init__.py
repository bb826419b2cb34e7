"""Files -> rows: detection, ZIP safety, one module per format, the ledger. No database, no network.

reader = UploadReader(paths, include_incognito=False, now=now)
for file in reader:          # a FileReading each, memory stays flat
    store(file.data, reader.identities, reader.labels)
"""

from rewrapped.importers.reader import UploadReader
from rewrapped.importers.rows import ROW, FileProblem, FileReading, Format, Identity, Reason, Rows

__all__ = ["ROW", "FileProblem", "FileReading", "Format", "Identity", "Reason", "Rows", "UploadReader"]
