"""One entity, one entry: the mentions of a document linked into entities (coreference, in-document and across)."""
