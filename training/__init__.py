"""How the shipped spaCy pipeline is made: `python -m training --corpora ../shared/corpora`.

Two halves are trained apart, each with an encoder of its own, on one core each: ``syntax`` (tagger, morphologizer,
parser) and ``ner``. They are assembled with a rule lemmatizer into one pipeline, scored, and written as an installable
package. docs/model.md has the results.
"""
